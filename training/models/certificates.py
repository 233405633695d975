import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobseekers import card_numbers
from jobseekers.models import JobSeeker
from training.models.courses import Cohort
from training.models.enrolments import Enrolment


class TrainingSettings(models.Model):
    """How this office trains. One row."""

    number_format = models.CharField(
        _("bentuk nomor sertifikat"),
        max_length=60,
        default="563/{serial:06}/Pelatihan/{year}",
        help_text=_("{city} kode kota, {serial} nomor urut, {day} {month} {year} tanggal terbit."),
    )
    next_serial = models.PositiveIntegerField(_("nomor urut berikut"), default=1)
    complaint_days = models.PositiveSmallIntegerField(_("masa sanggah (hari)"), default=3)
    signer_name = models.CharField(_("nama penanda tangan"), max_length=120, blank=True)
    signer_title = models.CharField(_("jabatan penanda tangan"), max_length=120, default="Kepala Dinas")
    signer_nip = models.CharField(_("NIP"), max_length=21, blank=True)

    class Meta:
        verbose_name = _("pengaturan pelatihan")
        verbose_name_plural = pgettext_lazy("jamak", "pengaturan pelatihan")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1), name="training_settings_one_row", violation_error_message=_("Pengaturan hanya satu.")
            ),
            models.CheckConstraint(
                condition=Q(complaint_days__range=(1, 30)),
                name="training_settings_sane",
                violation_error_message=_("Masa sanggah antara 1 dan 30 hari."),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        if wrong := card_numbers.problem(self.number_format):
            raise ValidationError({"number_format": wrong})

    @classmethod
    def current(cls) -> "TrainingSettings":
        return cls.objects.get_or_create(pk=1)[0]


class TrainingCertificateQuerySet(models.QuerySet["TrainingCertificate"]):
    def standing(self) -> Self:
        return self.filter(revoked_on=None)


class TrainingCertificate(models.Model):
    """Sertifikat pelatihan: this person has attended and finished this cohort. Numbered, checked by its QR code.

    `facts` are what the paper says of the class and who signed it, as they were on the day of issue and never changed:
    {course, cohort, begins, ends, place, lesson_hours, units: [[code, title, hours]], signer_title, signer_name,
    signer_nip}. What it says of the person is read from the record at each print.
    """

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="certificate")
    number = models.CharField(_("nomor"), max_length=60, unique=True)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issued_on = models.DateField(_("terbit"), default=timezone.localdate)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    facts = models.JSONField(_("isi saat terbit"), default=dict, editable=False)
    revoked_on = models.DateField(_("dicabut"), null=True, blank=True)
    objects = TrainingCertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("sertifikat pelatihan")
        verbose_name_plural = pgettext_lazy("jamak", "sertifikat pelatihan")
        permissions = [("issue_certificate", "Can issue certificates of training")]
        constraints = [models.CheckConstraint(condition=~Q(facts={}), name="certificate_facts_frozen")]
        triggers = [
            pgtrigger.Protect(
                name="facts_frozen", operation=pgtrigger.UpdateOf("facts"), condition=pgtrigger.AnyChange("facts")
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def training(self) -> str:
        """The course and the cohort as they were called."""
        return f"{self.facts['course']}, {self.facts['cohort']}"

    @property
    def check_path(self) -> str:
        return reverse("certificate_check", args=[self.token])


class CertificateRun(models.Model):
    """Certificates for a whole cohort in the background, in batches; the row says how far it is."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="certificate_runs")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    total = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("penerbitan sertifikat")
        verbose_name_plural = pgettext_lazy("jamak", "penerbitan sertifikat")
        constraints = [
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(finished_at=None), name="certificate_run_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="certificate_run_done"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.done}/{self.total}"


class CompetenceCertificate(models.Model):
    """Sertifikat kompetensi: passed the test of an LSP. Made elsewhere, recorded here."""

    job_seeker = models.ForeignKey(JobSeeker, models.PROTECT, related_name="competence_certificates")
    enrolment = models.ForeignKey(
        Enrolment, models.SET_NULL, null=True, blank=True, related_name="competence_certificates"
    )
    scheme = models.CharField(_("skema"), max_length=150)
    body = models.CharField(_("LSP"), max_length=120)
    number = models.CharField(pgettext_lazy("sertifikat", "nomor"), max_length=60)
    issued_on = models.DateField(pgettext_lazy("sertifikat", "terbit"))
    valid_until = models.DateField(_("berlaku sampai"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("sertifikat kompetensi")
        verbose_name_plural = pgettext_lazy("jamak", "sertifikat kompetensi")
        constraints = [
            models.UniqueConstraint(
                fields=["body", "number"],
                name="competence_once",
                violation_error_message=_("Sertifikat dengan nomor ini sudah tercatat."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("issued_on")),
                name="competence_valid_later",
                violation_error_message=_("Berlaku sampai harus sesudah tanggal terbit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}, {self.number}"
