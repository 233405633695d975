from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvassing.models import Vacancy
from jobseekers.models.people import JobSeeker


class MatchWeights(models.Model):
    """How much each reason counts. One row, edited by the office and shown on every match.

    No age, sex, religion, marital status or photo among them (SE Menaker M/6/HK.04/V/2025).
    """

    skills = models.PositiveSmallIntegerField(_("keterampilan"), default=6)  # times the share of asked skills
    occupation = models.PositiveSmallIntegerField(pgettext_lazy("KBJI", "jabatan"), default=2)
    place = models.PositiveSmallIntegerField(pgettext_lazy("satu", "tempat"), default=2)
    wage = models.PositiveSmallIntegerField(_("upah"), default=1)
    experience = models.PositiveSmallIntegerField(_("pengalaman"), default=1)

    class Meta:
        verbose_name = _("bobot kecocokan")
        verbose_name_plural = pgettext_lazy("jamak", "bobot kecocokan")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="weights_one_row"),
            models.CheckConstraint(
                condition=Q(skills__lte=10, occupation__lte=10, place__lte=10, wage__lte=10, experience__lte=10),
                name="weights_sane",
                violation_error_message=_("Bobot antara 0 dan 10."),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> "MatchWeights":
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class MatchOverride(models.Model):
    """An officer knows better than the numbers: puts somebody forward or leaves somebody out, and says why."""

    class Verdict(models.TextChoices):
        FORWARD = "forward", _("Usulkan")
        LEAVE_OUT = "leave_out", _("Jangan usulkan")

    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="overrides")
    job_seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="overrides")
    verdict = models.CharField(_("keputusan"), max_length=9, choices=Verdict.choices)
    reason = models.CharField(_("alasan"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("keputusan petugas")
        verbose_name_plural = pgettext_lazy("jamak", "keputusan petugas")
        constraints = [
            models.UniqueConstraint(fields=["vacancy", "job_seeker"], name="override_once"),
            models.CheckConstraint(
                condition=~Q(reason=""), name="override_reasoned", violation_error_message=_("Tulis alasannya.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vacancy_id}/{self.job_seeker_id}: {self.get_verdict_display()}"
