from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from jobseekers import nik
from jobseekers.models.people import JobSeeker

HOURS = 72  # UU 27/2022 art. 30-34, 40-41: 3 x 24 hours


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def visible_to(self, user: User) -> Self:
        if user.has_role(Role.CANVASSER, Role.MANAGER):
            return self
        return self.filter(job_seeker__user=user)

    def open(self) -> Self:
        return self.filter(state=DataRequest.State.OPEN)


class DataRequest(models.Model):
    """What somebody asks about the own data, and the 72 hours in which the office answers (UU 27/2022)."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("Salinan data")
        CORRECTION = "correction", _("Perbaikan data")
        WITHDRAWAL = "withdrawal", _("Tarik persetujuan")
        RESTRICTION = "restriction", _("Batasi pemrosesan")
        ERASURE = "erasure", _("Hapus data")

    class State(models.TextChoices):
        OPEN = "open", _("Menunggu")
        DONE = "done", _("Selesai")
        REFUSED = "refused", _("Ditolak")

    job_seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="data_requests")
    kind = models.CharField(_("permintaan"), max_length=11, choices=Kind.choices)
    words = models.TextField(_("penjelasan"), max_length=1000, blank=True)
    via = models.CharField(_("lewat"), max_length=4, choices=JobSeeker.Via.choices)
    received_at = models.DateTimeField(_("diterima"), default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("keadaan"), max_length=7, choices=State.choices, default=State.OPEN)
    erase_alerts = models.BooleanField(_("langganan kabar ikut dihapus"), default=False)  # of an erasure
    answer = models.CharField(_("jawaban kantor"), max_length=500, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(_("ditangani"), null=True)
    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        verbose_name = _("permintaan data pribadi")
        verbose_name_plural = pgettext_lazy("jamak", "permintaan data pribadi")
        indexes = [models.Index(fields=["received_at"], condition=Q(state="open"), name="data_request_open")]
        constraints = [
            nik.absent("words", "answer", name="data_request_without_nik"),
            models.UniqueConstraint(
                fields=["job_seeker", "kind"],
                condition=Q(state="open"),
                name="data_request_one_open",
                violation_error_message=_("Permintaan yang sama sedang ditangani."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", handled_at=None) | (~Q(state="open") & Q(handled_at__isnull=False)),
                name="data_request_handled_dated",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(answer=""), name="data_request_refusal_reasoned"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_state_display()}"

    @property
    def due_at(self) -> datetime:
        return self.received_at + timedelta(hours=HOURS)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def hours_late(self) -> int:
        return -self.hours_left()

    def hours_left(self) -> int:
        """Whole hours until the law's limit; negative when it has passed."""
        return int((self.due_at - timezone.now()).total_seconds() // 3600)
