import uuid
from datetime import date, datetime, timedelta
from typing import Any, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from canvassing.models import Occupation
from canvassing.reference import reference_names

ORGANISERS = (Role.CANVASSER, Role.MANAGER)


class Course(models.Model):
    """A training programme (program pelatihan) that cohorts repeat: what is taught, in how many hours, to whom."""

    title = models.CharField(pgettext_lazy("pelatihan", "nama"), max_length=120, unique=True)
    trade = models.ForeignKey(Occupation, models.PROTECT, related_name="+", verbose_name=_("kejuruan (KBJI)"))
    summary = models.TextField(_("isi pelatihan"), max_length=1500)
    skills = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("keterampilan yang didapat"),
        help_text=_("Pisahkan dengan koma."),
    )
    requirements = models.TextField(_("syarat"), max_length=1000, blank=True)
    lesson_hours = models.PositiveSmallIntegerField(_("jam pelajaran (45 menit)"))
    is_current = models.BooleanField(_("dipakai"), default=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        ordering = ["title"]
        verbose_name = _("program pelatihan")
        verbose_name_plural = pgettext_lazy("jamak", "program pelatihan")
        constraints = [
            models.CheckConstraint(
                condition=Q(lesson_hours__range=(1, 2000)),
                name="course_hours",
                violation_error_message=_("Jam pelajaran antara 1 dan 2.000."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class CourseUnit(models.Model):
    """One unit of competence (unit SKKNI), printed on the back of the certificate."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="units")
    code = models.CharField(_("kode unit"), max_length=30, blank=True)
    title = models.CharField(_("judul unit"), max_length=200)
    lesson_hours = models.PositiveSmallIntegerField(_("jam pelajaran"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("unit kompetensi")
        verbose_name_plural = pgettext_lazy("jamak", "unit kompetensi")

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()


class AdmissionRule(models.Model):
    """A condition that applicants of a course must meet. `training/conditions.py` says what each kind looks at."""

    class Kind(models.TextChoices):
        ONE_A_YEAR = "one_a_year", _("Belum ikut pelatihan lain tahun ini")
        LOWEST_EDUCATION = "education", _("Pendidikan paling rendah (tingkat)")
        LOWEST_AGE = "age_from", _("Umur paling muda")
        HIGHEST_AGE = "age_to", _("Umur paling tua")
        RESIDENT = "resident", _("Warga kota ini")
        REGISTERED = "registered", _("Punya kartu AK/I yang berlaku")

    NEEDS_VALUE = (Kind.LOWEST_EDUCATION, Kind.LOWEST_AGE, Kind.HIGHEST_AGE)

    course = models.ForeignKey(Course, models.CASCADE, related_name="rules")
    kind = models.CharField(_("syarat"), max_length=12, choices=Kind.choices)
    value = models.PositiveSmallIntegerField(_("nilai"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("syarat peserta")
        verbose_name_plural = pgettext_lazy("jamak", "syarat peserta")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "kind"], name="rule_once", violation_error_message=_("Syarat ini sudah ada.")
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["education", "age_from", "age_to"], value__isnull=False)
                | (~Q(kind__in=["education", "age_from", "age_to"]) & Q(value=None)),
                name="rule_value_where_needed",
                violation_error_message=_("Isi nilai untuk pendidikan dan umur, kosongkan untuk yang lain."),
            ),
        ]

    def __str__(self) -> str:
        if self.kind == self.Kind.LOWEST_EDUCATION:
            level = reference_names().education_level(self.value or 0)
            return _("Pendidikan paling rendah %(level)s") % {"level": level}
        label = str(self.get_kind_display())
        return f"{label}: {self.value}" if self.value is not None else label


class CohortQuerySet(models.QuerySet["Cohort"]):
    def visible_to(self, user: User) -> Self:
        """The office all; a trainer the own ones."""
        if user.has_role(*ORGANISERS, Role.PUBLISHER):
            return self
        return self.filter(trainer=user) if user.has_role(Role.TRAINER) else self.none()

    def editable_by(self, user: User) -> Self:
        return self if user.has_role(*ORGANISERS) else self.none()

    def public(self) -> Self:
        return self.exclude(state=Cohort.State.DRAFT)

    def with_people_for(self, user: User) -> Self:
        """Those whose people somebody may see: an organiser all, a trainer the own, whatever other roles there are."""
        if user.has_role(*ORGANISERS):
            return self
        return self.filter(trainer=user) if user.has_role(Role.TRAINER) else self.none()

    def taking_applications(self, now: datetime | None = None) -> Self:
        today = timezone.localdate(now)
        return self.filter(state=Cohort.State.OPEN, announced_at=None, intake_from__lte=today, intake_until__gte=today)


@pghistory.track(exclude=["taken", "version"])
class Cohort(models.Model):
    """One run of a course (angkatan): when, where, who teaches, and its seats.

    `taken` is kept by a trigger on enrolments and can never be more than `capacity`, whoever writes.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Disiapkan")
        OPEN = "open", _("Diumumkan")
        RUNNING = "running", _("Berjalan")
        FINISHED = "finished", pgettext_lazy("pelatihan", "Selesai")
        CANCELLED = "cancelled", pgettext_lazy("pelatihan", "Batal")

    class Intake(models.TextChoices):
        SELECTION = "selection", _("Seleksi: berkas, tes, wawancara")
        FIRST_COME = "first_come", _("Tanpa seleksi: yang mendaftar lebih dulu")

    KEPT = ("id", "taken", "state", "announced_at", "complaints_until")

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts", verbose_name=_("program pelatihan"))
    name = models.CharField(
        pgettext_lazy("pelatihan", "angkatan"), max_length=60, help_text=_("Misalnya Angkatan III 2026.")
    )
    state = models.CharField(_("keadaan"), max_length=9, choices=State.choices, default=State.DRAFT, editable=False)
    begins_on = models.DateField(pgettext_lazy("pelatihan", "mulai"))
    ends_on = models.DateField(pgettext_lazy("pelatihan", "selesai"))
    place = models.CharField(pgettext_lazy("satu", "tempat"), max_length=200)
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="cohorts", verbose_name=_("pelatih")
    )
    capacity = models.PositiveSmallIntegerField(_("kursi"), default=16)
    reserves = models.PositiveSmallIntegerField(
        _("cadangan"), default=2, help_text=_("Berapa orang di daftar tunggu yang diumumkan sebagai cadangan.")
    )
    taken = models.PositiveSmallIntegerField(_("kursi terisi"), default=0, editable=False)
    budget = models.CharField(_("sumber dana"), max_length=80, blank=True)
    intake = models.CharField(_("cara masuk"), max_length=10, choices=Intake.choices, default=Intake.SELECTION)
    intake_from = models.DateField(_("pendaftaran dibuka"))
    intake_until = models.DateField(_("pendaftaran ditutup"))
    offer_hours = models.PositiveSmallIntegerField(_("tawaran kursi berlaku (jam)"), default=48)
    replace_until_day = models.PositiveSmallIntegerField(
        _("peserta boleh diganti sampai hari ke-"), default=3, help_text=_("0: tidak diganti lagi sesudah mulai.")
    )
    attendance_percent = models.PositiveSmallIntegerField(_("kehadiran untuk sertifikat (%)"), default=80)
    announced_at = models.DateTimeField(_("hasil seleksi diumumkan"), null=True, editable=False)
    complaints_until = models.DateField(_("sanggahan sampai"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-begins_on", "-pk"]
        verbose_name = _("angkatan")
        verbose_name_plural = pgettext_lazy("jamak", "angkatan")
        permissions = [("announce_cohort", "Can announce the result of a selection")]
        indexes = [models.Index(fields=["-begins_on", "-id"], name="cohort_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "name"],
                name="cohort_named_once",
                violation_error_message=_("Angkatan ini sudah ada untuk program itu."),
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="cohort_not_oversold",
                violation_error_message=_("Kursi tidak boleh kurang dari yang sudah terisi atau ditawarkan."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__range=(1, 500)),
                name="cohort_capacity",
                violation_error_message=_("Kursi antara 1 dan 500."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("begins_on")),
                name="cohort_ends_after_begin",
                violation_error_message=_("Tanggal selesai tidak boleh sebelum tanggal mulai."),
            ),
            models.CheckConstraint(
                condition=Q(intake_until__gte=F("intake_from"), intake_until__lte=F("begins_on")),
                name="cohort_intake_before_begin",
                violation_error_message=_("Pendaftaran ditutup sesudah dibuka, dan paling lambat pada hari mulai."),
            ),
            models.CheckConstraint(
                condition=Q(attendance_percent__range=(1, 100), offer_hours__range=(1, 720), replace_until_day__lte=60),
                name="cohort_rules_sane",
                violation_error_message=_("Kehadiran 1–100 %, tawaran 1–720 jam, penggantian sampai hari ke-60."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(  # only the trigger of enrolments counts
                name="taken_is_counted",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("taken"),
                func="IF pg_trigger_depth() < 2 THEN NEW.taken := OLD.taken; END IF; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A change of what forms know; counter, state and announcement go their own ways and are never written back."""
        if self.pk is not None:
            kwargs.setdefault("update_fields", [f.name for f in self._meta.concrete_fields if f.name not in self.KEPT])
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("cohort_public", args=[self.pk, slugify(str(self)) or "pelatihan"])

    def move(self, to: str) -> bool:
        """Go to the next state; False when a colleague was faster or the way does not exist."""
        origins = [start for start, end in TRANSITIONS if end == to]
        moved = Cohort.objects.filter(pk=self.pk, state__in=origins).update(state=to)
        self.refresh_from_db()
        return bool(moved)

    @property
    def takes_applications(self) -> bool:
        open_now = self.state == self.State.OPEN and self.announced_at is None
        return open_now and self.intake_from <= timezone.localdate() <= self.intake_until

    @property
    def free(self) -> int:
        return self.capacity - self.taken

    @property
    def last_replacement_day(self) -> date:
        """Until the end of this day a free seat may be offered. The day before the start when nobody is replaced."""
        return self.begins_on + timedelta(days=self.replace_until_day - 1)

    @property
    def may_offer(self) -> bool:
        return self.state in (self.State.OPEN, self.State.RUNNING) and timezone.localdate() <= self.last_replacement_day


State = Cohort.State
TRANSITIONS = frozenset(
    {
        (State.DRAFT, State.OPEN),
        (State.OPEN, State.RUNNING),
        (State.RUNNING, State.FINISHED),
        (State.DRAFT, State.CANCELLED),
        (State.OPEN, State.CANCELLED),
        (State.RUNNING, State.CANCELLED),
    }
)
