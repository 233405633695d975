import uuid
from datetime import date, timedelta
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from canvassing.models.employers import Employer

REMINDER_DAYS = (7, 14, 21)


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> Self:
        seers = (Role.CANVASSER, Role.PUBLISHER, Role.MANAGER)
        return self if user.has_role(*seers) else self.none()

    def editable_by(self, user: User) -> Self:
        return self.filter(officer=user) if user.has_role(Role.CANVASSER) else self.none()

    def planned(self) -> Self:
        return self.filter(state=Visit.State.PLANNED)

    def done(self) -> Self:
        return self.filter(state=Visit.State.DONE)

    def due(self, today: date) -> Self:
        """Visits planned for today or earlier that have no result yet, and those done today."""
        return self.filter(
            Q(state=Visit.State.PLANNED, planned_for__date__lte=today) | Q(state=Visit.State.DONE, visited_on=today)
        )

    def to_call_back(self, today: date) -> Self:
        """Done visits whose next step is due and not ticked off."""
        return self.done().filter(next_step_on__lte=today, next_step_done_at=None)


@pghistory.track()
class Visit(models.Model):
    """A canvasser goes to, or calls on, an employer. It is closed only with who, when, result and next step."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Direncanakan")
        DONE = "done", _("Selesai")
        CANCELLED = "cancelled", _("Batal")

    class Outcome(models.TextChoices):
        VACANCIES = "vacancies", _("Ada lowongan")
        PROMISED = "promised", _("Akan mengabari")
        NONE = "none", _("Belum butuh orang")
        REFUSED = "refused", _("Tidak bersedia")
        ABSENT = "absent", _("Tidak bertemu siapa pun")

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="visits", verbose_name=_("perusahaan"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="visits", verbose_name=_("petugas")
    )
    state = models.CharField(_("keadaan"), max_length=10, choices=State.choices, default=State.PLANNED)
    planned_for = models.DateTimeField(_("rencana"), default=timezone.now)
    purpose = models.CharField(_("tujuan"), max_length=200, blank=True)
    visited_on = models.DateField(_("tanggal kunjungan"), null=True, blank=True)
    person_met = models.CharField(_("bertemu dengan"), max_length=120, blank=True)
    outcome = models.CharField(_("hasil"), max_length=10, choices=Outcome.choices, blank=True)
    report = models.TextField(_("catatan"), max_length=2000, blank=True)
    next_step = models.CharField(_("langkah berikut"), max_length=200, blank=True)
    next_step_on = models.DateField(_("tanggal langkah berikut"), null=True, blank=True)
    next_step_done_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_for", "-pk"]
        verbose_name = _("kunjungan")
        verbose_name_plural = pgettext_lazy("jamak", "kunjungan")
        indexes = [
            models.Index(fields=["-planned_for", "-id"]),
            models.Index(fields=["next_step_on"], condition=Q(next_step_done_at=None), name="visit_next_step_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done")
                | (
                    Q(visited_on__isnull=False, next_step_on__isnull=False)
                    & ~Q(person_met="")
                    & ~Q(outcome="")
                    & ~Q(next_step="")
                ),
                name="visit_done_is_complete",
                violation_error_message=_(
                    "Kunjungan selesai perlu nama yang ditemui, waktu, hasil, dan langkah berikut dengan tanggalnya."
                ),
            ),
            models.CheckConstraint(
                condition=Q(next_step_on__isnull=True)
                | Q(visited_on__isnull=True)
                | Q(next_step_on__gte=F("visited_on")),
                name="visit_next_step_later",
                violation_error_message=_("Langkah berikut tidak bisa sebelum kunjungan."),
            ),
        ]

    def __str__(self) -> str:
        when = self.visited_on or timezone.localdate(self.planned_for)
        return f"{self.employer}, {when:%d-%m-%Y}"

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    def days_overdue(self, today: date) -> int:
        return (today - self.next_step_on).days if self.next_step_on else 0

    def reminder_day(self, today: date) -> int | None:
        """Which of the reminders at day 7, 14, 21 after the visit has come, or None before the first."""
        if not self.visited_on or self.next_step_done_at:
            return None
        age = today - self.visited_on
        return max((day for day in REMINDER_DAYS if age >= timedelta(days=day)), default=None)

    def tick_next_step(self) -> None:
        Visit.objects.filter(pk=self.pk, next_step_done_at=None).update(next_step_done_at=timezone.now())
