from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from announcements.models.drafts import Draft


class DraftStep(models.Model):
    """Who did what with a draft, when, with which words. Written with the step itself; never changed, never deleted."""

    class Step(models.TextChoices):
        COMPOSED = "composed", _("Disusun")
        CHANGED = "changed", _("Diubah")
        SUBMITTED = "submitted", _("Diajukan")
        RETURNED = "returned", _("Dikembalikan")
        TAKEN_BACK = "taken_back", _("Ditarik kembali")
        APPROVED = "approved", _("Disetujui")
        SCHEDULED = "scheduled", _("Dijadwalkan")
        STARTED = "started", _("Diumumkan")
        EMPTY = "empty", _("Tidak jadi: tidak ada yang tersisa")
        CANCELLED = "cancelled", _("Dibatalkan")

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="steps", verbose_name=_("konsep pengumuman"))
    step = models.CharField(_("langkah"), max_length=10, choices=Step.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("siapa")
    )  # null: the clock
    at = models.DateTimeField(_("kapan"), db_default=Now())
    version = models.PositiveIntegerField(_("versi"))
    comment = models.CharField(_("catatan"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("langkah konsep")
        verbose_name_plural = pgettext_lazy("jamak", "langkah konsep")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(step="returned", comment=""),
                name="draft_step_returned_says_why",
                violation_error_message=_("Tulis alasannya, supaya penyusun tahu apa yang diperbaiki."),
            ),
            models.CheckConstraint(
                condition=Q(actor__isnull=False) | Q(step__in=["started", "empty"]), name="draft_step_has_actor"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.draft_id}: {self.get_step_display()}"

    @property
    def is_scheduled(self) -> bool:
        return self.step == self.Step.SCHEDULED

    @classmethod
    def note(cls, draft: Draft, step: str, *, by: Any = None, comment: str = "") -> None:
        """Belongs into the transaction of the step, after it."""
        cls.objects.create(draft=draft, step=step, actor=by, version=draft.version, comment=comment)
