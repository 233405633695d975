import uuid
from datetime import date, datetime, timedelta
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from canvassing.models import Employer, Region, Vacancy
from jobseekers.models.applications import Application
from jobseekers.models.people import JobSeeker
from jobseekers.models.register import RegisterEvent


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: User) -> Self:
        if user.has_role(Role.CANVASSER, Role.MANAGER):
            return self
        if user.has_role(Role.BKK_OFFICER):
            return self.filter(job_seeker__in=JobSeeker.objects.visible_to(user))
        return self.filter(job_seeker__user=user)


@pghistory.track()
class Placement(models.Model):
    """Somebody has begun to work: a dated event with employer, vacancy, date and scope."""

    class Scope(models.TextChoices):
        AKL = "akl", _("AKL, dalam provinsi")
        AKAD = "akad", _("AKAD, antarprovinsi")
        AKAN = "akan", _("AKAN, luar negeri")

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    job_seeker = models.ForeignKey(JobSeeker, models.PROTECT, related_name="placements")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="placements", verbose_name=_("pemberi kerja"))
    vacancy = models.ForeignKey(
        Vacancy, models.PROTECT, null=True, blank=True, related_name="placements", verbose_name=_("lowongan")
    )
    application = models.OneToOneField(
        Application, models.SET_NULL, null=True, blank=True, editable=False, related_name="placement"
    )
    event = models.OneToOneField(
        RegisterEvent, models.PROTECT, null=True, editable=False, related_name="placement"
    )  # null for somebody who was not in the register
    position = models.CharField(_("pekerjaan"), max_length=120)
    started_on = models.DateField(_("mulai bekerja"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("wilayah kerja"))
    scope = models.CharField(_("jenis antar kerja"), max_length=4, choices=Scope.choices)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    recorded_at = models.DateTimeField(_("dicatat"), auto_now_add=True)
    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["-started_on", "-pk"]
        verbose_name = _("penempatan")
        verbose_name_plural = pgettext_lazy("jamak", "penempatan")
        indexes = [models.Index(fields=["-started_on", "-id"], name="placement_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["job_seeker", "employer", "started_on"],
                name="placement_once",
                violation_error_message=_("Penempatan ini sudah tercatat."),
            ),
            models.CheckConstraint(condition=~Q(position=""), name="placement_titled"),
        ]

    def __str__(self) -> str:
        return f"{self.position}, {self.started_on:%d-%m-%Y}"


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(placement__in=Placement.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(answer="")

    def reachable(self) -> Self:
        """Of people who are still in the records and have not asked to be left alone."""
        person = "placement__job_seeker"
        return self.filter(**{f"{person}__restricted_at": None}).exclude(**{f"{person}__state": JobSeeker.State.ERASED})

    def due(self, today: date) -> Self:
        return self.filter(due_on__lte=today)

    def to_ask(self, today: date) -> Self:
        """Due, not yet asked, of people with an e-mail address."""
        return self.open().due(today).reachable().filter(asked_at=None).exclude(placement__job_seeker__email="")

    def to_call(self, now: datetime | None = None) -> Self:
        """Asked by message a week ago and not answered, or without an address: somebody telephones."""
        now = now or timezone.now()
        week_ago = now - timedelta(days=FollowUp.DAYS_BEFORE_CALL)
        told = Q(asked_at__lte=week_ago) | Q(placement__job_seeker__email="")
        return self.open().due(timezone.localdate(now)).reachable().filter(told)


class FollowUp(models.Model):
    """What has become of somebody 3, 6 and 12 months after starting. "Not reached" is an answer of its own."""

    class Answer(models.TextChoices):
        SAME_JOB = "same_job", _("Masih bekerja di sana")
        OTHER_JOB = "other_job", _("Bekerja di tempat lain")
        BUSINESS = "business", _("Usaha sendiri")
        SEEKING = "seeking", _("Mencari kerja lagi")
        STUDYING = "studying", _("Sekolah atau kuliah")
        NOT_REACHED = "not_reached", _("Tidak terhubungi")

    class Via(models.TextChoices):
        MESSAGE = "message", _("Tautan di pesan")
        PHONE = "phone", _("Telepon")

    MONTHS = (3, 6, 12)
    DAYS_BEFORE_CALL = 7
    CALLS = 3  # after so many failed calls somebody is "not reached"
    LAST_OPEN = timedelta(days=90)  # how long the last answer can be corrected

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="follow_ups")
    months = models.PositiveSmallIntegerField(_("bulan ke"))
    due_on = models.DateField(_("jatuh tempo"))
    asked_at = models.DateTimeField(_("ditanya"), null=True, editable=False)
    answer = models.CharField(_("jawaban"), max_length=11, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(_("dijawab"), null=True, editable=False)
    via = models.CharField(_("lewat"), max_length=7, choices=Via.choices, blank=True)
    calls = models.PositiveSmallIntegerField(pgettext_lazy("panggilan", "telepon"), default=0, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("tindak lanjut penempatan")
        verbose_name_plural = pgettext_lazy("jamak", "tindak lanjut penempatan")
        indexes = [models.Index(fields=["due_on"], condition=Q(answer=""), name="follow_up_open")]
        constraints = [
            models.UniqueConstraint(fields=["placement", "months"], name="follow_up_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, via="")
                | (~Q(answer="") & Q(answered_at__isnull=False) & ~Q(via="")),
                name="follow_up_answered_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id}/{self.months}"

    @property
    def correctable_until(self) -> date:
        """Until the next question is due an answer may be given or changed."""
        later = self.placement.follow_ups.filter(due_on__gt=self.due_on).order_by("due_on").first()
        return later.due_on - timedelta(days=1) if later else self.due_on + self.LAST_OPEN
