"""What matching reads and keeps: its inputs, the office's weights, decisions of officers, nightly runs.

Nothing but the inputs is in the two input tables, and no age, sex, religion, marital status or photo is among them:
what is not there cannot count (SE Menaker M/6/HK.04/V/2025). Triggers keep the rows in step with people and vacancies;
the SQL functions they call are in migration 0001_matching_functions.
"""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvassing.models import Vacancy
from jobseekers import nik
from jobseekers.models.people import JobSeeker


class Skill(models.Model):
    """A skill as somebody wrote it, in small letters; spelling differences in case and spaces are one skill."""

    id = models.AutoField(primary_key=True)  # fits the int[] that intarray works on
    key = models.TextField(unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class MatchPerson(models.Model):
    """Somebody usable, as matching sees them. There is a row for exactly the people of `JobSeeker.objects.usable()`.

    `keys`: ids of skills; and, as negative numbers, the wished occupations by their first digit, first two and first
    four digits with a 1 before them ("5223" -> -15, -152, -15223), so that the count of common ones says how near.
    `places`: 0 for anywhere, or the chosen region codes as numbers ("18.72.01" -> 187201), and the cities that are near
    (of the home and of the chosen places) as negative numbers.
    """

    job_seeker = models.OneToOneField(JobSeeker, models.CASCADE, primary_key=True, related_name="match")
    wage = models.IntegerField()  # rupiah a month; 0: not named
    education = models.SmallIntegerField()
    experience = models.SmallIntegerField()  # whole years, as of the last change or the last nightly run
    keys = ArrayField(models.IntegerField())
    places = ArrayField(models.IntegerField())

    class Meta:
        default_permissions = ()
        indexes = [
            GinIndex(OpClass("keys", "gin__int_ops"), name="match_person_keys", fastupdate=False),
        ]

    def __str__(self) -> str:
        return str(self.job_seeker_id)


class MatchVacancy(models.Model):
    """A published vacancy, as matching sees it. Numbers mean the same as in MatchPerson; narrow columns first."""

    vacancy = models.OneToOneField(Vacancy, models.CASCADE, primary_key=True, related_name="match")
    last_day = models.DateField()
    wage = models.IntegerField()  # rupiah a month; 0: not known
    major = models.IntegerField()  # the occupation by its first digit, first two, first four
    submajor = models.IntegerField()
    occupation = models.IntegerField()
    province = models.IntegerField()
    city = models.IntegerField()
    district = models.IntegerField()
    education = models.SmallIntegerField()  # the lowest rank that may apply: SMA where SMK is asked
    experience = models.SmallIntegerField()  # whole years
    asked_count = models.SmallIntegerField()  # number of asked skills, at least 1
    asked = ArrayField(models.IntegerField())  # ids of skills

    class Meta:
        default_permissions = ()
        indexes = [
            GinIndex(
                OpClass(F("asked") + F("occupation"), "gin__int_ops"), name="match_vacancy_keys", fastupdate=False
            ),
        ]

    def __str__(self) -> str:
        return str(self.vacancy_id)


class PublishedVacancy(Vacancy):
    """Carries the trigger that keeps MatchVacancy in step: canvassing itself knows nothing of matching."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            pgtrigger.Trigger(
                name="match",
                when=pgtrigger.After,
                operation=pgtrigger.Insert
                | pgtrigger.Delete
                | pgtrigger.UpdateOf(
                    "state", "skills", "occupation_id", "education_id", "region_id", "experience_years", "valid_until",
                    "wage_min", "wage_max", "wage_period",
                ),
                func="PERFORM jobseekers_match_vacancy(COALESCE(NEW.id, OLD.id)); RETURN NULL;",
            )
        ]  # fmt: skip


class MatchWeights(models.Model):
    """How much each reason counts. One row, edited by the office and shown on every match."""

    skills = models.PositiveSmallIntegerField(_("keterampilan"), default=6)  # times the share of asked skills
    occupation = models.PositiveSmallIntegerField(pgettext_lazy("KBJI", "jabatan"), default=2)
    place = models.PositiveSmallIntegerField(pgettext_lazy("satu", "tempat"), default=2)
    wage = models.PositiveSmallIntegerField(_("upah"), default=1)
    experience = models.PositiveSmallIntegerField(_("pengalaman"), default=1)

    class Meta:
        verbose_name = _("bobot kecocokan")
        verbose_name_plural = pgettext_lazy("jamak", "bobot kecocokan")
        permissions = [("view_fairness", "Can see who is proposed and placed, by sex, age group and disability")]
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

    @property
    def most(self) -> int:
        """What somebody for whom everything fits gets."""
        return self.skills + self.occupation + self.place + self.wage + self.experience


@pghistory.track()
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
            nik.absent("reason", name="override_without_nik"),
            models.UniqueConstraint(fields=["vacancy", "job_seeker"], name="override_once"),
            models.CheckConstraint(
                condition=~Q(reason=""), name="override_reasoned", violation_error_message=_("Tulis alasannya.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vacancy_id}/{self.job_seeker_id}: {self.get_verdict_display()}"


class MatchRun(models.Model):
    """One nightly comparison of everybody with every open vacancy: how far it is and what it found."""

    started_at = models.DateTimeField(_("mulai"), default=timezone.now)
    finished_at = models.DateTimeField(_("selesai"), null=True)
    total = models.PositiveIntegerField(_("lowongan"), default=0)
    done = models.PositiveIntegerField(_("sudah dihitung"), default=0)
    people = models.PositiveIntegerField(_("pencari kerja"), default=0)
    unmatched = models.PositiveIntegerField(_("lowongan tanpa orang yang cocok"), default=0)

    class Meta:
        ordering = ["-started_at", "-pk"]
        default_permissions = ()
        verbose_name = _("pencocokan malam")
        verbose_name_plural = pgettext_lazy("jamak", "pencocokan malam")
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="match_run_done_of_total"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(done=F("total"), finished_at__gte=F("started_at")),
                name="match_run_finished_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"
