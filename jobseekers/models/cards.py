import uuid
from datetime import date, timedelta
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from jobseekers import card_numbers, nik
from jobseekers.models.people import JobSeeker

REMIND_BEFORE_REPORT, REMIND_BEFORE_END = timedelta(days=14), timedelta(days=30)
REPORT_OPENS = timedelta(days=30)  # before it is due; earlier, one tap too many would use up the next row
RENEWAL_OPENS = timedelta(days=30)  # before the last day, when a new card may be asked for


def default_terms() -> list[str]:
    return [
        "Kartu ini gratis dan berlaku nasional.",
        "Selama belum bekerja, pemegang kartu melapor setiap 6 bulan.",
        "Perubahan data atau sudah mendapat pekerjaan dilaporkan ke kantor.",
        "Pemberi kerja yang menerima pemegang kartu mengembalikan kartu ini ke kantor.",
    ]


class CardSettings(models.Model):
    """How this office issues AK/I cards. One row. Defaults: research/domain.md 1.3 and 1.4."""

    class Paper(models.TextChoices):
        A4 = "a4", _("A4, dipotong")
        F4 = "f4", _("F4, dipotong")
        CARD = "card", _("Kartu 15 × 10,5 cm, bolak-balik")

    number_format = models.CharField(
        _("bentuk nomor"),
        max_length=60,
        default="{city}/{serial:06}/{year}",
        help_text=_("{city} kode kota, {serial} nomor urut, {day} {month} {year} tanggal terbit."),
    )
    next_serial = models.PositiveIntegerField(_("nomor urut berikut"), default=1)
    valid_months = models.PositiveSmallIntegerField(_("berlaku (bulan)"), default=24)
    report_months = models.PositiveSmallIntegerField(_("lapor tiap (bulan)"), default=6)
    report_rows = models.PositiveSmallIntegerField(_("baris lapor di kartu"), default=3)
    grace_days = models.PositiveSmallIntegerField(_("masa tenggang lapor (hari)"), default=30)
    paper = models.CharField(_("kertas"), max_length=4, choices=Paper.choices, default=Paper.A4)
    area = models.CharField(_("berlaku untuk"), max_length=80, default="Berlaku nasional")
    terms = ArrayField(models.CharField(max_length=200), verbose_name=_("ketentuan"), default=default_terms)
    signer_name = models.CharField(_("nama penanda tangan"), max_length=120, blank=True)
    signer_title = models.CharField(_("jabatan penanda tangan"), max_length=120, default="Pengantar Kerja")
    signer_nip = models.CharField(_("NIP"), max_length=21, blank=True)

    class Meta:
        verbose_name = _("pengaturan kartu AK/I")
        verbose_name_plural = pgettext_lazy("jamak", "pengaturan kartu AK/I")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1), name="card_settings_one_row", violation_error_message=_("Pengaturan hanya satu.")
            ),
            models.CheckConstraint(
                condition=Q(valid_months__range=(1, 120), report_months__range=(1, 24), report_rows__range=(1, 8)),
                name="card_settings_sane",
                violation_error_message=_("Berlaku 1–120 bulan, lapor tiap 1–24 bulan, 1–8 baris lapor."),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        if wrong := card_numbers.problem(self.number_format):
            raise ValidationError({"number_format": wrong})

    @classmethod
    def current(cls) -> "CardSettings":
        return cls.objects.get_or_create(pk=1)[0]


class CardQuerySet(models.QuerySet["RegistrationCard"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(job_seeker__in=JobSeeker.objects.visible_to(user))

    def waiting(self) -> Self:
        return self.filter(state=RegistrationCard.State.REQUESTED)

    def standing(self) -> Self:
        """Issued and neither ended nor past its last day, whether or not the sweep has run."""
        return self.filter(state=RegistrationCard.State.ISSUED, valid_until__gte=timezone.localdate())

    def ending(self, today: date) -> Self:
        """In the last weeks of their validity."""
        return self.standing().filter(valid_until__lte=today + REMIND_BEFORE_END)

    def late(self, today: date) -> Self:
        """Standing, of somebody in the register, with a report that was due before today."""
        overdue = PeriodicReport.objects.filter(reported_on=None, due_on__lt=today)
        return self.standing().filter(job_seeker__in_register=True, pk__in=overdue.values("card"))

    def run_out(self, today: date) -> Self:
        """Past their last day and not yet ended."""
        return self.filter(state=RegistrationCard.State.ISSUED, valid_until__lt=today)

    def unreported(self, today: date, *, grace_days: int) -> Self:
        """No report within the time of grace. Who has left the register, or has asked for restriction, is let be."""
        late = PeriodicReport.objects.filter(reported_on=None, due_on__lt=today - timedelta(days=grace_days))
        return self.filter(
            state=RegistrationCard.State.ISSUED,
            job_seeker__in_register=True,
            job_seeker__restricted_at=None,
            pk__in=late.values("card"),
        )


@pghistory.track()
class RegistrationCard(models.Model):
    """AK/I, the proof that somebody is registered as looking for work. Free; two years; a report every six months."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Diajukan")
        ISSUED = "issued", pgettext_lazy("kartu", "Terbit")
        REFUSED = "refused", _("Ditolak")
        ENDED = "ended", _("Tidak berlaku")

    class End(models.TextChoices):
        EXPIRED = "expired", _("Habis masa berlaku")
        NO_REPORT = "no_report", _("Tidak lapor")
        PLACED = "placed", _("Sudah bekerja")
        REPLACED = "replaced", _("Diganti kartu baru")
        ASKED = "asked", _("Diminta pemegang")

    job_seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="cards", verbose_name=_("pencari kerja"))
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # what the QR code opens
    state = models.CharField(_("keadaan"), max_length=9, choices=State.choices, default=State.REQUESTED, editable=False)
    requested_at = models.DateTimeField(_("diajukan"), default=timezone.now, editable=False)
    refusal = models.CharField(_("alasan ditolak"), max_length=300, blank=True)
    number = models.CharField(_("nomor"), max_length=40, blank=True, editable=False)
    issued_on = models.DateField(pgettext_lazy("kartu", "terbit"), null=True, editable=False)
    valid_until = models.DateField(_("berlaku sampai"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    ended_on = models.DateField(_("berakhir"), null=True, editable=False)
    end = models.CharField(_("sebab berakhir"), max_length=9, choices=End.choices, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)  # of the last day
    objects = CardQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = _("kartu AK/I")
        verbose_name_plural = pgettext_lazy("jamak", "kartu AK/I")
        permissions = [("issue_card", "Can issue or refuse a registration card")]
        indexes = [
            models.Index(fields=["state", "requested_at", "id"], name="card_by_state"),
            models.Index(fields=["-requested_at", "-id"], name="card_newest"),
            models.Index(fields=["valid_until"], condition=Q(state="issued"), name="card_last_day"),
        ]
        constraints = [
            nik.absent("refusal", name="card_without_nik"),
            models.CheckConstraint(
                condition=Q(state__in=("requested", "refused"), number="")
                | Q(
                    state__in=("issued", "ended"),
                    issued_on__isnull=False,
                    valid_until__gt=F("issued_on"),
                    decided_by__isnull=False,
                )
                & ~Q(number=""),
                name="card_issued_is_complete",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(refusal=""), name="card_refusal_reasoned"),
            models.CheckConstraint(
                condition=(Q(state="ended", ended_on__isnull=False) & ~Q(end=""))
                | (~Q(state="ended") & Q(ended_on=None, end="")),
                name="card_end_dated",
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="card_number_once"),
            models.UniqueConstraint(
                fields=["job_seeker"],
                condition=Q(state="requested"),
                name="card_one_request",
                violation_error_message=_("Permintaan kartu sudah ada dan sedang diperiksa."),
            ),
            models.UniqueConstraint(fields=["job_seeker"], condition=Q(state="issued"), name="card_one_valid"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.get_state_display())

    @property
    def is_standing(self) -> bool:
        return (
            self.state == self.State.ISSUED
            and self.valid_until is not None
            and self.valid_until >= timezone.localdate()
        )

    @property
    def check_path(self) -> str:
        return reverse("check", args=[self.token])

    @property
    def invalid_since(self) -> date | None:
        """The first day on which the card says nothing any more, also while the sweep has yet to end it."""
        if self.state == self.State.ENDED or self.valid_until is None:
            return self.ended_on
        return None if self.is_standing else self.valid_until + timedelta(days=1)

    @property
    def may_be_renewed(self) -> bool:
        return self.valid_until is None or timezone.localdate() >= self.valid_until - RENEWAL_OPENS

    def next_report(self) -> "PeriodicReport | None":
        return self.reports.filter(reported_on=None).order_by("number").first()


class ReportQuerySet(models.QuerySet["PeriodicReport"]):
    def to_remind(self, today: date) -> Self:
        """Due soon, not yet asked for, of people who still look for work and can be written to."""
        return self.filter(
            reported_on=None,
            reminded_at=None,
            due_on__lte=today + REMIND_BEFORE_REPORT,
            card__state=RegistrationCard.State.ISSUED,
            card__valid_until__gte=today,
            card__job_seeker__in_register=True,
            card__job_seeker__restricted_at=None,
        ).exclude(card__job_seeker__email="")


class PeriodicReport(models.Model):
    """One row on the card: the holder says every six months whether work is still wanted."""

    class Answer(models.TextChoices):
        SEEKING = "seeking", _("Masih mencari kerja")
        WORKING = "working", _("Sudah bekerja")
        STOPPED = "stopped", _("Tidak mencari lagi")

    class Via(models.TextChoices):
        MESSAGE = "message", _("Tautan di pesan")
        PAGE = "page", _("Halaman akun")
        DESK = "desk", _("Loket")

    card = models.ForeignKey(RegistrationCard, models.CASCADE, related_name="reports")
    number = models.PositiveSmallIntegerField(_("ke"))
    due_on = models.DateField(_("paling lambat"))
    reminded_at = models.DateTimeField(null=True, editable=False)
    reported_on = models.DateField(_("dilaporkan"), null=True, blank=True)
    answer = models.CharField(_("jawaban"), max_length=7, choices=Answer.choices, blank=True)
    via = models.CharField(_("lewat"), max_length=7, choices=Via.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["card", "number"]
        verbose_name = _("wajib lapor")
        verbose_name_plural = pgettext_lazy("jamak", "wajib lapor")
        indexes = [models.Index(fields=["due_on"], condition=Q(reported_on=None), name="report_due")]
        constraints = [
            models.UniqueConstraint(fields=["card", "number"], name="report_once"),
            models.CheckConstraint(
                condition=Q(reported_on=None, answer="", via="")
                | (Q(reported_on__isnull=False) & ~Q(answer="") & ~Q(via="")),
                name="report_answered_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id}/{self.number}"

    @property
    def opens_on(self) -> date:
        return self.due_on - REPORT_OPENS

    @property
    def is_open(self) -> bool:
        return self.reported_on is None and timezone.localdate() >= self.opens_on

    def days_left(self, today: date) -> int:
        return (self.due_on - today).days
