import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from training.models.courses import Cohort
from training.models.enrolments import Enrolment


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(cohort__in=Cohort.objects.with_people_for(user))


class Session(models.Model):
    """One meeting of a cohort on one day."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="sessions")
    on = models.DateField(_("tanggal"))
    topic = models.CharField(_("materi"), max_length=150)
    lesson_hours = models.PositiveSmallIntegerField(_("jam pelajaran"), default=8)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # of the QR code on the wall
    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        verbose_name = _("pertemuan")
        verbose_name_plural = pgettext_lazy("jamak", "pertemuan")
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "on", "topic"],
                name="session_once",
                violation_error_message=_("Pertemuan ini sudah ada."),
            ),
            models.CheckConstraint(
                condition=Q(lesson_hours__range=(1, 16)),
                name="session_hours",
                violation_error_message=_("Jam pelajaran sehari antara 1 dan 16."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d-%m-%Y} {self.topic}"

    @property
    def has_begun(self) -> bool:
        return self.on <= timezone.localdate()


class Attendance(models.Model):
    """Whether a participant was there. The last word counts; `via` says whose it was."""

    class Mark(models.TextChoices):
        PRESENT = "present", _("Hadir")
        EXCUSED = "excused", _("Izin")
        ABSENT = "absent", _("Tidak hadir")

    class Via(models.TextChoices):
        LIST = "list", _("Daftar pelatih")
        QR = "qr", _("Kode QR")

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attendances")
    mark = models.CharField(_("kehadiran"), max_length=7, choices=Mark.choices)
    via = models.CharField(_("lewat"), max_length=4, choices=Via.choices, default=Via.LIST)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)  # by the clock of the trainer's phone, where it can be right

    class Meta:
        ordering = ["session", "enrolment"]
        verbose_name = _("kehadiran")
        verbose_name_plural = pgettext_lazy("jamak", "kehadiran")
        constraints = [models.UniqueConstraint(fields=["session", "enrolment"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.get_mark_display()}"


class AttendanceEntry(models.Model):
    """One word of a list, as it arrived and what became of it. Never changed; `Attendance` is what stands.

    The phone gives each its `entry_id`, so that a word sent again is known, and says which mark it showed (`seen`).
    """

    class Result(models.TextChoices):
        KEPT = "kept", _("Tersimpan")
        OLDER = "older", _("Kalah oleh tanda yang lebih baru dari orang yang sama")
        CONFLICT = "conflict", _("Ditandai lain oleh orang lain, tidak ditimpa")

    entry_id = models.UUIDField(unique=True)
    session = models.ForeignKey(Session, models.CASCADE, related_name="entries")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attendance_entries")
    mark = models.CharField(_("kehadiran"), max_length=7, choices=Attendance.Mark.choices)
    seen = models.CharField(_("yang terlihat"), max_length=7, choices=Attendance.Mark.choices, blank=True)
    result = models.CharField(_("hasil"), max_length=8, choices=Result.choices)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(_("jam di telepon"))
    received_at = models.DateTimeField(_("jam di server"), default=timezone.now)

    class Meta:
        ordering = ["received_at", "pk"]
        verbose_name = _("catatan kehadiran")
        verbose_name_plural = pgettext_lazy("jamak", "catatan kehadiran")
        constraints = [
            models.CheckConstraint(
                condition=Q(mark__in=Attendance.Mark.values, seen__in=["", *Attendance.Mark.values]),
                name="attendance_entry_marks",
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.get_mark_display()}, {self.get_result_display()}"
