from decimal import Decimal
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from jobseekers import nik
from training.models.courses import Cohort
from training.models.enrolments import Enrolment


class Criterion(models.Model):
    """One line of a cohort's score sheet: "Tes tulis", 0 to 100, counts 60 of 100."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="criteria")
    label = models.CharField(_("yang dinilai"), max_length=80)
    most = models.PositiveSmallIntegerField(_("nilai tertinggi"), default=100)
    weight = models.PositiveSmallIntegerField(_("bobot"), default=50)
    order = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("kriteria seleksi")
        verbose_name_plural = pgettext_lazy("jamak", "kriteria seleksi")
        constraints = [
            models.UniqueConstraint(fields=["cohort", "label"], name="criterion_once"),
            models.CheckConstraint(
                condition=Q(most__range=(1, 100), weight__range=(1, 100)),
                name="criterion_sane",
                violation_error_message=_("Nilai tertinggi dan bobot antara 1 dan 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ScoreSheetQuerySet(models.QuerySet["ScoreSheet"]):
    def counting(self) -> Self:
        return self.filter(relation="")

    def by(self, user: User) -> Self:
        return self.filter(assessor=user)


@pghistory.track()
class ScoreSheet(models.Model):
    """What one assessor gives one applicant, once; or the relation that keeps the assessor from judging."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="sheets")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    relation = models.CharField(_("hubungan dengan pelamar"), max_length=120, blank=True)
    points = models.JSONField(_("nilai"), default=dict)  # {primary key of the criterion: points}
    total = models.DecimalField(_("jumlah"), max_digits=5, decimal_places=2, null=True)  # 0 to 100, by the weights
    note = models.CharField(_("catatan"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("lembar nilai")
        verbose_name_plural = pgettext_lazy("jamak", "lembar nilai")
        constraints = [
            nik.absent("note", name="score_sheet_without_nik"),
            models.UniqueConstraint(
                fields=["enrolment", "assessor"],
                name="sheet_once",
                violation_error_message=_("Anda sudah menilai orang ini."),
            ),
            models.CheckConstraint(
                condition=(Q(relation="") & Q(total__isnull=False)) | (~Q(relation="") & Q(total=None)),
                name="sheet_relation_excludes",
                violation_error_message=_("Siapa yang punya hubungan dengan pelamar tidak menilainya."),
            ),
            models.CheckConstraint(condition=Q(total=None) | Q(total__range=(0, 100)), name="sheet_total"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.total if self.total is not None else self.relation}"

    @staticmethod
    def weigh(criteria: list[Criterion], points: dict[int, int]) -> Decimal:
        """The total of a sheet, 0 to 100: each criterion's share of its highest mark, by weight."""
        weights = sum(each.weight for each in criteria)
        gained = sum((Decimal(points[each.pk]) / each.most * each.weight for each in criteria), Decimal(0))
        return (100 * gained / weights).quantize(Decimal("0.01")) if weights else Decimal(0)


class Complaint(models.Model):
    """An applicant says that the result of the selection is wrong, within the time for it; the office answers."""

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="complaint")
    words = models.TextField(_("sanggahan"), max_length=1000)
    at = models.DateTimeField(_("kapan"), default=timezone.now)
    answer = models.CharField(_("jawaban"), max_length=500, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at"]
        verbose_name = _("sanggahan")
        verbose_name_plural = pgettext_lazy("jamak", "sanggahan")
        constraints = [
            nik.absent("words", "answer", name="complaint_without_nik"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & Q(answered_at__isnull=False) & Q(answered_by__isnull=False)),
                name="complaint_answer_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.words[:40]}"
