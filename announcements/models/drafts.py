import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Now
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User, current_office
from accounts.roles import Role
from announcements.models.announcements import (
    AGAIN_MISFIT,
    CONTENT_MISFIT,
    LONGEST_HEADLINE,
    LONGEST_TEXT,
    MOST_PARAGRAPHS,
    REMINDER_MISFIT,
    Announcement,
    ChannelKey,
    content_fits,
    title_without_nik,
)
from canvassing.models import Vacancy
from jobseekers import nik
from training.models import Cohort


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User) -> Self:
        """The office sees all; a canvasser the own."""
        if user.has_role(Role.PUBLISHER, Role.MANAGER, Role.ADMIN):
            return self
        if user.has_role(Role.CANVASSER):
            return self.filter(created_by=user)
        return self.none()

    def editable_by(self, user: User) -> Self:
        """Only by who wrote it, so that who approves has never had a hand in it."""
        if not user.has_perm("announcements.change_draft"):
            return self.none()
        return self.visible_to(user).filter(created_by=user, state=Draft.State.DRAFT)

    def waiting_for(self, user: User) -> Self:
        """What this person may approve: of others, unless the office lets authors publish."""
        if not user.has_perm("announcements.approve_draft"):
            return self.none()
        submitted = self.visible_to(user).filter(state=Draft.State.SUBMITTED)
        return submitted if current_office().author_may_publish else submitted.exclude(created_by=user)

    def scheduled(self) -> Self:
        return self.filter(state=Draft.State.SCHEDULED)


class Draft(models.Model):
    """Vacancies, one class or news until it starts: composed by one, approved by another, sent now or at a time.

    Facts are frozen and vacancies counted as told only when it starts and becomes an Announcement.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Konsep")
        SUBMITTED = "submitted", _("Menunggu persetujuan")
        SCHEDULED = "scheduled", _("Dijadwalkan")
        STARTED = "started", _("Diumumkan")
        EMPTY = "empty", _("Tidak jadi: tidak ada yang tersisa")
        CANCELLED = "cancelled", _("Dibatalkan")

    KINDS = {
        State.DRAFT: "neutral",
        State.SUBMITTED: "warn",
        State.SCHEDULED: "info",
        State.STARTED: "ok",
        State.EMPTY: "bad",
        State.CANCELLED: "neutral",
    }  # of the status label

    class Content(models.TextChoices):
        """Same values as Announcement.Kind."""

        VACANCIES = "vacancies", _("Lowongan")
        COURSE = "course", _("Pelatihan")
        NEWS = "news", _("Kabar kantor")

    REMINDER = "reminder"  # a form of its own for vacancies that were announced

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    state = models.CharField(_("keadaan"), max_length=9, choices=State.choices, default=State.DRAFT, editable=False)
    content = models.CharField(
        _("jenis"),
        max_length=9,
        choices=Content.choices,
        default=Content.VACANCIES,
        db_default=Content.VACANCIES,
        editable=False,
    )
    title = models.CharField(_("judul"), max_length=120)
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, related_name="+", verbose_name=_("angkatan"))
    text = models.TextField(_("isi kabar"), max_length=LONGEST_TEXT, blank=True, default="", db_default="")
    valid_until = models.DateField(_("kabar berlaku sampai"), null=True, blank=True)
    vacancies = models.ManyToManyField(Vacancy, related_name="+", verbose_name=_("lowongan"))
    is_reminder = models.BooleanField(_("pengingat"), default=False, db_default=False, editable=False)
    tell_again = models.BooleanField(
        _("kirim lagi juga kepada yang sudah mendapatnya"), default=False, db_default=False
    )  # of a reminder
    channels = ArrayField(
        models.CharField(max_length=12, choices=ChannelKey.choices), default=list, blank=True, verbose_name=_("kanal")
    )  # made by hand; those that need no hand are always used
    scheduled_for = models.DateTimeField(_("diumumkan pada"), null=True, blank=True)
    note = models.CharField(_("catatan untuk penyetuju"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("penyusun")
    )
    created_at = models.DateTimeField(_("dibuat"), db_default=Now(), editable=False)
    submitted_at = models.DateTimeField(_("diajukan"), null=True, editable=False)
    comment = models.CharField(_("alasan dikembalikan"), max_length=300, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("penyetuju"),
    )  # fmt: skip
    approved_at = models.DateTimeField(_("disetujui"), null=True, editable=False)
    approved_by_author = models.BooleanField(_("disetujui penyusunnya sendiri"), default=False, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("dibatalkan oleh"),
    )  # fmt: skip
    announcement = models.OneToOneField(
        Announcement, models.PROTECT, null=True, editable=False, related_name="draft", verbose_name=_("pengumuman")
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("konsep pengumuman")
        verbose_name_plural = pgettext_lazy("jamak", "konsep pengumuman")
        permissions = [("approve_draft", "Can approve announcements that others composed")]
        indexes = [
            models.Index(fields=["scheduled_for"], condition=Q(state="scheduled"), name="draft_scheduled"),
            models.Index(fields=["submitted_at"], condition=Q(state="submitted"), name="draft_submitted"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""), name="draft_titled", violation_error_message=_("Isi judulnya.")
            ),
            models.CheckConstraint(
                condition=content_fits("content"),
                name="draft_content_fits",
                violation_error_message=CONTENT_MISFIT,
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), LONGEST_TEXT),
                name="draft_text_short",
                violation_error_message=_("Isi kabar paling banyak 1.200 huruf."),
            ),
            models.CheckConstraint(
                condition=~Q(content="news") | Q(LessThanOrEqual(Length("title"), LONGEST_HEADLINE)),
                name="draft_headline_short",
                violation_error_message=_("Judul kabar paling banyak 70 huruf."),
            ),
            models.CheckConstraint(
                condition=~Q(text__regex=rf"(\S[^\n]*\n\s*){{{MOST_PARAGRAPHS}}}\S"),
                name="draft_paragraphs_few",
                violation_error_message=_("Paling banyak 10 paragraf. Gabungkan beberapa baris."),
            ),
            models.CheckConstraint(
                condition=Q(is_reminder=False) | Q(content="vacancies"),
                name="draft_reminder_of_vacancies",
                violation_error_message=REMINDER_MISFIT,
            ),
            models.CheckConstraint(
                condition=Q(tell_again=False) | Q(is_reminder=True),
                name="draft_again_is_reminder",
                violation_error_message=AGAIN_MISFIT,
            ),
            nik.absent("text", name="draft_without_nik"),
            title_without_nik("content", "draft_title_without_nik"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(approved_by_author=True) | ~Q(approved_by=F("created_by")),
                name="draft_second_person",
                violation_error_message=_("Pengumuman yang Anda susun disetujui rekan lain."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(submitted_at__isnull=False),
                name="draft_submitted_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"], approved_by=None, approved_at=None)
                | Q(state="cancelled")
                | Q(state__in=["scheduled", "started", "empty"], approved_by__isnull=False, approved_at__isnull=False),
                name="draft_approved_by_somebody",
                violation_error_message=_("Yang dijadwalkan atau diumumkan sudah disetujui seseorang."),
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(scheduled_for__gt=F("approved_at"), scheduled_for__isnull=False),
                name="draft_scheduled_ahead",
                violation_error_message=_("Waktunya harus sesudah saat disetujui."),
            ),
            models.CheckConstraint(
                condition=Q(state="started", announcement__isnull=False) | (~Q(state="started") & Q(announcement=None)),
                name="draft_started_is_announced",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="transitions",
                field="state",
                transitions=[
                    ("draft", "submitted"),
                    ("draft", "cancelled"),
                    ("submitted", "draft"),
                    ("submitted", "scheduled"),
                    ("submitted", "started"),
                    ("submitted", "cancelled"),
                    ("scheduled", "started"),
                    ("scheduled", "empty"),
                    ("scheduled", "cancelled"),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("draft_detail", args=[self.pk])

    @property
    def kind(self) -> str:
        return self.KINDS[self.State(self.state)]

    @property
    def form(self) -> str:
        """Which of announcements.forms.DRAFT_FORMS it was composed with."""
        return self.REMINDER if self.is_reminder else self.content

    @property
    def content_name(self) -> str:
        return str(_("Pengingat lowongan") if self.is_reminder else self.get_content_display())

    @property
    def is_notice(self) -> bool:
        return self.content in Announcement.NOTICES

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_submitted(self) -> bool:
        return self.state == self.State.SUBMITTED

    @property
    def is_scheduled(self) -> bool:
        return self.state == self.State.SCHEDULED

    @property
    def is_empty(self) -> bool:
        return self.state == self.State.EMPTY

    @property
    def is_alive(self) -> bool:
        return self.is_draft or self.is_submitted or self.is_scheduled
