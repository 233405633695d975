from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from jobseekers import nik
from jobseekers.models import JobSeeker, Placement
from training.models.courses import Cohort
from training.models.enrolments import Enrolment


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def visible_to(self, user: User) -> Self:
        if user.has_role(Role.CANVASSER, Role.MANAGER, Role.TRAINER):
            return self.filter(enrolment__cohort__in=Cohort.objects.with_people_for(user))
        return self.filter(enrolment__job_seeker__user=user)

    def open(self) -> Self:
        return self.filter(answer="")

    def entrepreneurs(self) -> Self:
        """The newest word about each graduate with a business of the own."""
        rows = self.filter(answer=Outcome.Answer.BUSINESS).exclude(enrolment__job_seeker__state=JobSeeker.State.ERASED)
        newest = rows.order_by("enrolment__job_seeker", "-answered_at", "-pk").distinct("enrolment__job_seeker")
        return self.filter(pk__in=newest.values("pk"))

    def pictured(self) -> Self:
        return self.exclude(business_photo=None)

    def with_photo(self) -> Self:
        """`photo`: the key of the newest row with a photo of the same person in the same class, or None."""
        pictured = Outcome.objects.pictured().filter(enrolment=OuterRef("enrolment")).order_by("-answered_at", "-pk")
        return self.defer("business_photo").annotate(photo=Subquery(pictured.values("pk")[:1]))

    def due(self, today: date) -> Self:
        return self.filter(due_on__lte=today)

    def reachable(self) -> Self:
        person = "enrolment__job_seeker"
        return self.filter(**{f"{person}__restricted_at": None}).exclude(**{f"{person}__state": JobSeeker.State.ERASED})

    def to_ask(self, today: date) -> Self:
        return self.open().due(today).reachable().filter(asked_at=None).exclude(enrolment__job_seeker__email="")

    def to_call(self, now: datetime | None = None) -> Self:
        """Asked a week ago and not answered, or without an address: somebody telephones."""
        now = now or timezone.now()
        told = Q(asked_at__lte=now - Outcome.BEFORE_CALL) | Q(enrolment__job_seeker__email="")
        return self.open().due(timezone.localdate(now)).reachable().filter(told)


class Outcome(models.Model):
    """What has become of a graduate 3, 6 and 12 months after the end. "Not reached" is an answer of its own."""

    class Answer(models.TextChoices):
        EMPLOYED = "employed", _("Bekerja")
        BUSINESS = "business", _("Usaha sendiri")
        SEEKING = "seeking", _("Masih mencari kerja")
        STUDYING = "studying", _("Sekolah atau kuliah")
        NOT_REACHED = "not_reached", _("Tidak terhubungi")

    class Via(models.TextChoices):
        MESSAGE = "message", _("Tautan di pesan")
        PHONE = "phone", _("Telepon")

    MONTHS = (3, 6, 12)
    BEFORE_CALL = timedelta(days=7)
    DETAILS = ("employer_name", "business_name", "business_sector")

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="outcomes")
    months = models.PositiveSmallIntegerField(_("bulan ke"))
    due_on = models.DateField(_("jatuh tempo"))
    asked_at = models.DateTimeField(_("ditanya"), null=True, editable=False)
    answer = models.CharField(_("jawaban"), max_length=11, choices=Answer.choices, blank=True)
    employer_name = models.CharField(_("tempat kerja"), max_length=120, blank=True)
    placement = models.ForeignKey(Placement, models.SET_NULL, null=True, blank=True, related_name="+")
    business_name = models.CharField(_("nama usaha"), max_length=120, blank=True)
    business_sector = models.CharField(_("bidang usaha"), max_length=80, blank=True)
    business_photo = models.BinaryField(_("foto usaha"), null=True, editable=False)  # a JPEG drawn anew
    answered_at = models.DateTimeField(_("dijawab"), null=True, editable=False)
    via = models.CharField(_("lewat"), max_length=7, choices=Via.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    objects = OutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("hasil sesudah lulus")
        verbose_name_plural = pgettext_lazy("jamak", "hasil sesudah lulus")
        indexes = [models.Index(fields=["due_on"], condition=Q(answer=""), name="outcome_open")]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "months"], name="outcome_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, via="")
                | (~Q(answer="") & Q(answered_at__isnull=False) & ~Q(via="")),
                name="outcome_answered_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(business_photo=None) | Q(answer="business"),
                name="outcome_photo_of_a_business",
                violation_error_message=_("Foto hanya untuk usaha sendiri."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}/{self.months}"

    @property
    def photo_kept(self) -> str:
        """For the copy of one's own data."""
        return str(_("ada")) if self.business_photo else ""


class Feedback(models.Model):
    """What a participant says about the class, once; shown to the trainer without the name."""

    STARS = (MinValueValidator(1), MaxValueValidator(5))

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="feedback")
    content = models.PositiveSmallIntegerField(_("materi"), validators=STARS)
    teaching = models.PositiveSmallIntegerField(_("cara mengajar"), validators=STARS)
    facilities = models.PositiveSmallIntegerField(_("tempat dan alat"), validators=STARS)
    words = models.TextField(_("saran"), max_length=1000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("umpan balik")
        verbose_name_plural = pgettext_lazy("jamak", "umpan balik")
        constraints = [
            nik.absent("words", name="feedback_without_nik"),
            models.CheckConstraint(
                condition=Q(content__range=(1, 5), teaching__range=(1, 5), facilities__range=(1, 5)),
                name="feedback_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.content}/{self.teaching}/{self.facilities}"
