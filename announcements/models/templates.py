from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from announcements.models.announcements import Announcement, ChannelKey

KINDS = [choice for choice in Announcement.Kind.choices if choice[0] != Announcement.Kind.CORRECTION]


class PieceTemplateQuerySet(models.QuerySet["PieceTemplate"]):
    def of(self, channel: str, language: str, kind: str = Announcement.Kind.VACANCIES) -> Self:
        """All versions of one template, the newest first."""
        return self.filter(channel=channel, kind=kind, language=language).order_by("-version")

    def newest(self) -> Self:
        """One row a template: the version that is used."""
        return self.order_by("channel", "kind", "language", "-version").distinct("channel", "kind", "language")


class PieceTemplate(models.Model):
    """One version of the words around the facts, by kind, channel and language; see announcements.piece_templates.

    Version 0 is in the code. The newest one is used; each piece keeps the versions that made it (Issue.wording).
    """

    channel = models.CharField(_("kanal"), max_length=12, choices=ChannelKey.choices)
    kind = models.CharField(_("jenis"), max_length=12, choices=KINDS, default=Announcement.Kind.VACANCIES)
    language = models.CharField(_("bahasa"), max_length=2, choices=settings.LANGUAGES)
    version = models.PositiveSmallIntegerField(_("versi"))
    texts = models.JSONField(_("kalimat"), blank=True, default=dict)  # by name of the field; {}: back to the default
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("disimpan oleh")
    )
    created_at = models.DateTimeField(_("disimpan"), db_default=Now())

    objects = PieceTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("templat")
        verbose_name_plural = pgettext_lazy("jamak", "templat")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "kind", "language", "version"],
                name="piece_template_version_once",
                violation_error_message=_("Templat ini baru saja diubah orang lain. Baca lagi dulu."),
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="piece_template_after_default"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} ({self.language}), {self.version}"

    @property
    def is_default(self) -> bool:
        return not self.texts
