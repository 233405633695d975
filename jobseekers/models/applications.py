import uuid
from datetime import date, timedelta
from typing import Any, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Func, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from canvassing.models import Employer, Vacancy
from jobseekers import card_numbers, nik
from jobseekers.models.people import JobSeeker


class State(models.TextChoices):
    APPLIED = "applied", _("Melamar")
    REFERRED = "referred", _("Surat pengantar terbit")
    INVITED = "invited", _("Dipanggil wawancara")
    ACCEPTED = "accepted", pgettext_lazy("lamaran", "Diterima")
    REJECTED = "rejected", _("Belum diterima")
    SILENT = "silent", _("Perusahaan tidak menjawab")
    WITHDRAWN = "withdrawn", _("Dibatalkan pelamar")


RUNNING = (State.APPLIED, State.REFERRED, State.INVITED)
ENDED = (State.REJECTED, State.SILENT, State.WITHDRAWN)  # somebody may apply again
ANSWERS = (State.INVITED, State.ACCEPTED, State.REJECTED)  # what an employer can say
TRANSITIONS: frozenset[tuple[str, str]] = frozenset(
    {
        (State.APPLIED, State.REFERRED),
        (State.APPLIED, State.REJECTED),
        (State.APPLIED, State.WITHDRAWN),
        (State.APPLIED, State.SILENT),
        (State.REFERRED, State.INVITED),
        (State.REFERRED, State.ACCEPTED),
        (State.REFERRED, State.REJECTED),
        (State.REFERRED, State.WITHDRAWN),
        (State.REFERRED, State.SILENT),
        (State.INVITED, State.ACCEPTED),
        (State.INVITED, State.REJECTED),
        (State.INVITED, State.WITHDRAWN),
        (State.INVITED, State.SILENT),
        (State.SILENT, State.INVITED),  # the employer answers after all
        (State.SILENT, State.ACCEPTED),
        (State.SILENT, State.REJECTED),
    }
)


class StepRefused(Exception):
    """The application is no longer in a state from which this step is allowed; the message says what to do."""


class ReferralSettings(models.Model):
    """How this office refers and places people. One row."""

    class Boundary(models.TextChoices):
        PROVINCE = "province", _("Provinsi")
        CITY = "city", _("Kabupaten atau kota")

    number_format = models.CharField(
        _("bentuk nomor surat"),
        max_length=60,
        default="562/{serial:03}/Rujukan/{year}",
        help_text=_("{city} kode kota, {serial} nomor urut, {day} {month} {year} tanggal terbit."),
    )
    answer_days = models.PositiveSmallIntegerField(_("jawaban ditunggu (hari)"), default=14)
    silence_days = models.PositiveSmallIntegerField(_("ditutup sesudah lewat (hari)"), default=7)
    local_within = models.CharField(
        _("AKL berarti di dalam"), max_length=8, choices=Boundary.choices, default=Boundary.PROVINCE
    )  # research/domain.md 3.2: the boundary is not settled

    class Meta:
        verbose_name = _("pengaturan rujukan")
        verbose_name_plural = pgettext_lazy("jamak", "pengaturan rujukan")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1), name="referral_settings_one_row", violation_error_message=_("Pengaturan hanya satu.")
            ),
            models.CheckConstraint(
                condition=Q(answer_days__range=(1, 90), silence_days__range=(1, 90)),
                name="referral_settings_sane",
                violation_error_message=_("Batas waktu antara 1 dan 90 hari."),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        if wrong := card_numbers.problem(self.number_format):
            raise ValidationError({"number_format": wrong})

    @classmethod
    def current(cls) -> "ReferralSettings":
        return cls.objects.get_or_create(pk=1)[0]


class OutcomeReason(models.Model):
    """Why an application ended, coded for counting, with what the person reads and may do next. The office edits it."""

    code = models.SlugField(_("kode"), max_length=30, primary_key=True)
    label = models.CharField(_("untuk petugas"), max_length=100)
    words = models.CharField(_("untuk pelamar"), max_length=300)
    next_step = models.CharField(_("langkah berikut untuk pelamar"), max_length=200, blank=True)
    is_current = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        ordering = ["label"]
        verbose_name = _("alasan hasil lamaran")
        verbose_name_plural = pgettext_lazy("jamak", "alasan hasil lamaran")

    def __str__(self) -> str:
        return self.label


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User) -> Self:
        """The office all, a BKK officer those of the own graduates, a job seeker the own ones."""
        if user.has_role(Role.CANVASSER, Role.MANAGER):
            return self
        if user.has_role(Role.BKK_OFFICER):
            return self.filter(job_seeker__in=JobSeeker.objects.visible_to(user))
        return self.filter(job_seeker__user=user)

    def running(self) -> Self:
        return self.filter(state__in=RUNNING)

    def standing(self) -> Self:
        """Those beside which the same person cannot apply for the same vacancy again."""
        return self.exclude(state__in=ENDED)

    def waiting_for_answer(self) -> Self:
        return self.filter(state=State.REFERRED)

    def accepted_not_placed(self) -> Self:
        """The employer or an officer says "accepted"; nobody has made sure that the work has begun."""
        return self.filter(state=State.ACCEPTED, placement=None)

    def silent(self, today: date, *, silence_days: int) -> Self:
        """Running, and the last day for an answer is so long past that the office closes them."""
        return self.running().filter(answer_by__lt=today - timedelta(days=silence_days))


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_role(Role.CANVASSER, Role.MANAGER) else self.none()

    def to_remind(self, today: date) -> Self:
        """Somebody still waits: once when the last day is near, once when it has passed."""
        near = Q(reminded_at=None, answer_by__lte=today + Referral.REMIND_BEFORE)
        passed = Q(reminded_at__date__lte=F("answer_by"), answer_by__lt=today)
        waiting = Application.objects.waiting_for_answer().filter(job_seeker__restricted_at=None)
        return self.filter(near | passed, pk__in=waiting.values("referral"))


class Referral(models.Model):
    """A letter of introduction (surat pengantar) that takes one or several people to one vacancy."""

    REMIND_BEFORE = timedelta(days=2)
    LINK_DAYS = 180  # how long the employer can answer with the letter's link

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # the employer answers with it
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="referrals", verbose_name=_("lowongan"))
    serial = models.PositiveIntegerField(_("nomor urut"), editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    number = models.CharField(_("nomor surat"), max_length=60, unique=True, editable=False)
    issued_on = models.DateField(_("tanggal surat"), default=timezone.localdate)
    answer_by = models.DateField(_("jawaban ditunggu sampai"))
    addressee = models.CharField(_("kepada"), max_length=200)
    note = models.CharField(_("tambahan di surat"), max_length=500, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    reminded_at = models.DateTimeField(_("diingatkan"), null=True, editable=False)
    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("surat pengantar")
        verbose_name_plural = pgettext_lazy("jamak", "surat pengantar")
        constraints = [
            nik.absent("note", name="referral_without_nik"),
            models.UniqueConstraint(fields=["year", "serial"], name="referral_serial_once"),
            models.CheckConstraint(
                condition=Q(answer_by__gt=F("issued_on")),
                name="referral_answer_later",
                violation_error_message=_("Jawaban ditunggu sesudah tanggal surat."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def answer_path(self) -> str:
        return reverse("employer_answer", args=[self.token])

    @property
    def link_is_over(self) -> bool:
        return timezone.localdate() > self.issued_on + timedelta(days=self.LINK_DAYS)


@pghistory.track()
class Application(models.Model):
    """One person wants one vacancy, or the office proposes it: from the first word to the last answer."""

    State = State

    class Way(models.TextChoices):
        SITE = "site", _("Lewat situs ini")
        OWN = "own", _("Langsung ke perusahaan")
        OFFICE = "office", _("Diusulkan kantor")

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    job_seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="applications")
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="applications", verbose_name=_("lowongan"))
    way = models.CharField(_("jalur"), max_length=6, choices=Way.choices)
    state = models.CharField(_("keadaan"), max_length=9, choices=State.choices, default=State.APPLIED, editable=False)
    message = models.TextField(_("pesan untuk perusahaan"), max_length=1000, blank=True)
    referral = models.ForeignKey(
        Referral, models.PROTECT, null=True, blank=True, editable=False, related_name="applications"
    )
    reason = models.ForeignKey(OutcomeReason, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    answer_by = models.DateField(_("jawaban ditunggu sampai"), null=True, editable=False)
    answered_at = models.DateTimeField(_("perusahaan menjawab"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )  # null: the person
    created_at = models.DateTimeField(_("tanggal"), auto_now_add=True)
    moved_at = models.DateTimeField(_("terakhir berubah"), default=timezone.now, editable=False)
    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("lamaran")
        verbose_name_plural = pgettext_lazy("jamak", "lamaran")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="application_newest"),
            models.Index(
                fields=["answer_by"],
                condition=Q(state__in=["applied", "referred", "invited"]),
                name="application_silent",
            ),
        ]
        constraints = [
            nik.absent("message", name="application_without_nik"),
            models.UniqueConstraint(
                fields=["job_seeker", "vacancy"],
                condition=~Q(state__in=["withdrawn", "rejected", "silent"]),
                name="application_once",
                violation_error_message=_("Lamaran untuk lowongan ini sudah ada."),
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | Q(reason__isnull=False), name="application_rejection_reasoned"
            ),
            models.CheckConstraint(
                condition=~Q(state="referred") | Q(referral__isnull=False), name="application_referred_by_letter"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="transitions",
                field="state",
                transitions=sorted((str(a), str(b)) for a, b in TRANSITIONS),
            )
        ]

    def __str__(self) -> str:
        return f"{self.job_seeker_id} → {self.vacancy_id}"

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @transaction.atomic
    def move(self, to: str, *, by: User | None, note: str = "", **changes: Any) -> None:
        """Go to state `to` if the row still stands where an allowed way begins; log who and why.

        Raises StepRefused when somebody else was faster or no such way exists.
        """
        origins = [start for start, end in TRANSITIONS if end == to]
        locked = Application.objects.select_for_update(no_key=True).filter(pk=self.pk, state__in=origins)
        before = locked.values_list("state", flat=True).first()
        if before is None:
            raise StepRefused(_("Keadaan lamaran sudah berubah. Muat ulang halaman ini."))
        now = timezone.now()
        Application.objects.filter(pk=self.pk, state=before).update(state=to, moved_at=now, **changes)
        ApplicationLog.objects.create(application=self, actor=by, from_state=before, to_state=to, note=note)
        self.refresh_from_db()


class ApplicationLog(models.Model):
    """Every step of an application. Never changed; goes only with the person."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="log")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("kapan"), auto_now_add=True)
    from_state = models.CharField(_("dari"), max_length=9, choices=State.choices, blank=True)
    to_state = models.CharField(_("menjadi"), max_length=9, choices=State.choices)
    note = models.CharField(_("catatan"), max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("riwayat lamaran")
        verbose_name_plural = pgettext_lazy("jamak", "riwayat lamaran")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]
        constraints = [nik.absent("note", name="application_log_without_nik")]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.get_to_state_display()}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, user: User) -> Self:
        if user.has_role(Role.CANVASSER, Role.MANAGER):
            return self
        return self.filter(job_seeker__user=user)

    def planned(self) -> Self:
        return self.filter(state=Appointment.State.PLANNED)

    def on(self, day: date) -> Self:
        return self.filter(begins_at__date=day)


class TimeRange(Func):
    """From begin to end, so that 9.00-9.30 and 9.30-10.00 do not overlap."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def _free(*whose: str) -> Any:
    """No two planned appointments of the same person or officer overlap."""
    time = TimeRange("begins_at", "ends_at", RangeBoundary())
    return [*((name, RangeOperators.EQUAL) for name in whose), (time, RangeOperators.OVERLAPS)]


class Appointment(models.Model):
    """An interview at an employer or a talk at the office, with a place and a time."""

    class Kind(models.TextChoices):
        INTERVIEW = "interview", _("Wawancara")
        COUNSELLING = "counselling", _("Konseling")

    class State(models.TextChoices):
        PLANNED = "planned", _("Direncanakan")
        KEPT = "kept", _("Datang")
        MISSED = "missed", _("Tidak datang")
        CANCELLED = "cancelled", _("Batal")

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    job_seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="appointments")
    application = models.ForeignKey(
        Application, models.CASCADE, null=True, blank=True, editable=False, related_name="appointments"
    )
    kind = models.CharField(_("jenis"), max_length=11, choices=Kind.choices)
    begins_at = models.DateTimeField(pgettext_lazy("janji", "mulai"))
    minutes = models.PositiveSmallIntegerField(_("lama (menit)"), default=30)
    ends_at = models.DateTimeField(editable=False)  # begins_at + minutes
    place = models.CharField(pgettext_lazy("satu", "tempat"), max_length=200)
    note = models.CharField(_("yang perlu dibawa"), max_length=300, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    state = models.CharField(_("keadaan"), max_length=9, choices=State.choices, default=State.PLANNED)
    reminded_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["begins_at", "pk"]
        verbose_name = _("janji temu")
        verbose_name_plural = pgettext_lazy("jamak", "janji temu")
        indexes = [models.Index(fields=["begins_at"], name="appointment_by_time")]
        constraints = [
            nik.absent("note", name="appointment_without_nik"),
            models.CheckConstraint(
                condition=Q(minutes__range=(5, 480)),
                name="appointment_minutes",
                violation_error_message=_("Lama pertemuan antara 5 menit dan 8 jam."),
            ),
            ExclusionConstraint(
                name="appointment_person_free",
                expressions=_free("job_seeker"),
                condition=Q(state="planned"),
                violation_error_message=_("Orang ini sudah punya janji pada jam itu. Pilih jam lain."),
            ),
            ExclusionConstraint(
                name="appointment_officer_free",
                expressions=_free("officer"),
                condition=Q(state="planned"),
                violation_error_message=_("Petugas sudah punya janji pada jam itu. Pilih jam atau petugas lain."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.begins_at):%d-%m-%Y %H.%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.begins_at and self.minutes:
            self.ends_at = self.begins_at + timedelta(minutes=self.minutes)

    def settle(self, state: str) -> bool:
        """Kept, missed or cancelled, once; False when that was noted before."""
        return bool(Appointment.objects.planned().filter(pk=self.pk).update(state=state))


class TalentListQuerySet(models.QuerySet["TalentList"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_role(Role.CANVASSER, Role.MANAGER) else self.none()

    def with_sizes(self) -> Self:
        """Each with `size`, the number of people who may be shown."""
        usable = Q(entries__job_seeker__in=JobSeeker.objects.usable())
        return self.annotate(size=Count("entries", filter=usable))


class TalentList(models.Model):
    """A saved list of people, for an employer that hires often or a job fair; matching may refill it at night."""

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("nama daftar"), max_length=120)
    employer = models.ForeignKey(
        Employer, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("perusahaan")
    )
    vacancy = models.ForeignKey(
        Vacancy,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="talent_lists",
        verbose_name=_("diisi tiap malam menurut lowongan"),
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    objects = TalentListQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("daftar bakat")
        verbose_name_plural = pgettext_lazy("jamak", "daftar bakat")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="talent_list_named")]

    def __str__(self) -> str:
        return self.name


class TalentListEntry(models.Model):
    talent_list = models.ForeignKey(TalentList, models.CASCADE, related_name="entries")
    job_seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="talent_entries")
    by_matching = models.BooleanField(_("diisi otomatis"), default=False)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-added_at", "-pk"]
        verbose_name = _("orang di daftar bakat")
        verbose_name_plural = pgettext_lazy("jamak", "orang di daftar bakat")
        constraints = [models.UniqueConstraint(fields=["talent_list", "job_seeker"], name="talent_entry_once")]

    def __str__(self) -> str:
        return f"{self.talent_list_id}/{self.job_seeker_id}"
