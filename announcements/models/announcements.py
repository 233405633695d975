from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from canvassing.models import Vacancy
from jobseekers import nik
from training.models import Cohort


class Audience(models.TextChoices):
    """The frequency that a subscriber has chosen; same values as AlertSubscription.Frequency."""

    INSTANT = "instant", _("Langsung")
    DAILY = "daily", _("Ringkasan harian")


class ChannelKey(models.TextChoices):
    WEB = "web", _("Halaman web")
    EMAIL = "email", _("E-mail")
    PUSH = "push", _("Pemberitahuan di perangkat")
    WHATSAPP_MESSAGE = "whatsapp_msg", _("Pesan WhatsApp")
    TELEGRAM_MESSAGE = "telegram_msg", _("Pesan Telegram")
    WHATSAPP = "whatsapp", _("Teks WhatsApp")
    INSTAGRAM = "instagram", _("Teks Instagram")
    TELEGRAM = "telegram", _("Teks Telegram")
    RADIO_30 = "radio_30", _("Radio 30 detik")
    RADIO_60 = "radio_60", _("Radio 60 detik")
    BOARD = "board", _("Papan pengumuman")
    LETTER = "letter", _("Surat ke kecamatan")


# What needs no hand; of these, those that the office has set up are used for every announcement
AUTOMATIC = (
    ChannelKey.WEB,
    ChannelKey.EMAIL,
    ChannelKey.PUSH,
    ChannelKey.WHATSAPP_MESSAGE,
    ChannelKey.TELEGRAM_MESSAGE,
)
# What one approval gives unless somebody chooses; the Sekretaris Daerah's letter is asked for by name.
USUAL = tuple(key for key in ChannelKey if key != ChannelKey.LETTER)


CONTENT_MISFIT = _("Pelatihan menunjuk satu angkatan, kabar punya isi, lowongan tidak keduanya.")
REMINDER_MISFIT = _("Hanya lowongan yang bisa diingatkan.")
AGAIN_MISFIT = _("Hanya pengingat yang bisa dikirim lagi kepada yang sudah mendapat.")
# Of news: what a poster holds
LONGEST_TEXT = 1200  # characters
LONGEST_HEADLINE = 70  # characters, three big lines
MOST_PARAGRAPHS = 10  # more would be small print


def content_fits(field: str) -> Q:
    """Whether cohort, text and validity are those of the kind in `field`, of an announcement and of a draft alike."""
    nothing = Q(cohort=None, text="", valid_until=None)
    course = Q(**{field: "course"}, cohort__isnull=False, text="", valid_until=None)
    news = Q(**{field: "news"}, cohort=None) & ~Q(text="")
    return course | news | (~Q(**{f"{field}__in": ["course", "news"]}) & nothing)


def title_without_nik(field: str, name: str) -> models.CheckConstraint:
    """Of news, whose title is the headline; other titles only the office reads."""
    return models.CheckConstraint(
        condition=~Q(**{field: "news"}) | ~Q(title__regex=nik.IN_TEXT),
        name=name,
        violation_error_message=_("NIK tidak boleh ada di sini."),
    )


NO_CHANNELS = Value([], ArrayField(models.CharField(max_length=12)))


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def visible_to(self, user: User) -> Self:
        """The office sees all; a canvasser those that speak of a vacancy he or she entered, and own news of others."""
        if user.has_role(Role.PUBLISHER, Role.MANAGER, Role.ADMIN):
            return self
        if user.has_role(Role.CANVASSER):
            mine = AnnouncedVacancy.objects.filter(vacancy__created_by=user)
            own = mine.filter(announcement=OuterRef("pk"))
            corrected = mine.filter(announcement=OuterRef("corrects__announcement"))
            composed = Q(kind__in=Announcement.NOTICES, created_by=user)
            about = "corrects__announcement"
            composed |= Q(**{f"{about}__kind__in": Announcement.NOTICES, f"{about}__created_by": user})
            return self.filter(Exists(own) | Exists(corrected) | composed)
        return self.none()

    def running(self) -> Self:
        return self.filter(state=Announcement.State.RUNNING)

    def held(self) -> Self:
        return self.filter(state=Announcement.State.HELD)

    def stoppable(self) -> Self:
        """What has not all left; and news as long as it has its page, also when its last mail has."""
        on_its_page = self.filter(kind=Announcement.Kind.NEWS, state=Announcement.State.DONE)
        return self.running() | self.held() | on_its_page

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def published_news(self) -> Self:
        """What has its public page, valid or not: from the word of the second person until it is called back."""
        return self.filter(kind=Announcement.Kind.NEWS).exclude(state=Announcement.State.CANCELLED)


class Announcement(models.Model):
    """What is said, to whom, until when, and who stands for it. Each channel makes one Issue of it."""

    class Kind(models.TextChoices):
        VACANCIES = "vacancies", _("Lowongan")
        COURSE = "course", _("Pelatihan")
        NEWS = "news", _("Kabar kantor")
        CORRECTION = "correction", _("Koreksi")

    class State(models.TextChoices):
        HELD = "held", _("Menunggu kepala dinas")
        RUNNING = "running", _("Berjalan")
        DONE = "done", _("Selesai")
        CANCELLED = "cancelled", _("Ditarik")

    NOTICES = (Kind.COURSE, Kind.NEWS)  # what speaks of no vacancy, see announcements.contents

    kind = models.CharField(_("jenis"), max_length=12, choices=Kind.choices, default=Kind.VACANCIES)
    title = models.CharField(_("judul"), max_length=300)
    audience = models.CharField(_("penerima"), max_length=7, choices=Audience.choices, default=Audience.INSTANT)
    period_key = models.CharField(max_length=40, unique=True, null=True, editable=False)  # noqa: DJ001, NULLs may repeat
    vacancies = models.ManyToManyField(
        Vacancy, through="AnnouncedVacancy", related_name="announcements", verbose_name=_("lowongan")
    )
    # Of a class: which. Of news: the text, and the last day on which it is true where there is one.
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, null=True, related_name="announcements", verbose_name=_("angkatan")
    )
    text = models.TextField(_("isi kabar"), blank=True, default="", db_default="")
    valid_until = models.DateField(_("kabar berlaku sampai"), null=True)
    # Of vacancies that were announced before: that they are still open, and whether also to those who know.
    is_reminder = models.BooleanField(_("pengingat"), default=False, db_default=False, editable=False)
    tell_again = models.BooleanField(
        _("juga kepada yang sudah mendapat"), default=False, db_default=False, editable=False
    )
    # Of a correction: the piece that left with an old fact, and which correction of that piece it is, from 1.
    corrects = models.ForeignKey(
        "Issue", models.PROTECT, null=True, editable=False, related_name="corrections", verbose_name=_("yang dikoreksi")
    )
    correction_number = models.PositiveSmallIntegerField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("pembuat")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("penyetuju")
    )
    created_at = models.DateTimeField(_("dibuat"), db_default=Now())
    expires_at = models.DateTimeField(_("berlaku sampai"))
    state = models.CharField(_("keadaan"), max_length=9, choices=State.choices, default=State.RUNNING)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ditarik oleh")
    )
    cancelled_at = models.DateTimeField(_("ditarik"), null=True)

    # How far the list of recipients has been written: channels that are through, the last subscription looked at of
    # the one that is being written, and when all had been.
    expanded_channels = ArrayField(
        models.CharField(max_length=12), default=list, db_default=NO_CHANNELS, editable=False
    )
    expanded_to = models.BigIntegerField(default=0, editable=False)
    expanded_at = models.DateTimeField(_("penerima lengkap"), null=True, editable=False)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("pengumuman")
        verbose_name_plural = pgettext_lazy("jamak", "pengumuman")
        permissions = [("release_announcement", "Can let an announcement go to many recipients")]
        indexes = [models.Index(fields=["id"], condition=Q(state="running"), name="announcement_running")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="held") | Q(approved_by=None, expanded_at=None),
                name="announcement_held_is_unapproved",
                violation_error_message=_("Pengumuman yang ditahan belum disetujui dan belum dikirim."),
            ),
            models.CheckConstraint(
                condition=Q(kind="correction", corrects__isnull=False, correction_number__isnull=False)
                | Q(~Q(kind="correction"), corrects=None, correction_number=None),
                name="announcement_correction_names_piece",
                violation_error_message=_("Koreksi harus menunjuk keping yang dikoreksi."),
            ),
            models.CheckConstraint(
                condition=content_fits("kind"),
                name="announcement_content_fits_kind",
                violation_error_message=CONTENT_MISFIT,
            ),
            models.CheckConstraint(
                condition=Q(is_reminder=False) | Q(kind="vacancies", audience="instant"),
                name="announcement_reminder_of_vacancies",
                violation_error_message=REMINDER_MISFIT,
            ),
            models.CheckConstraint(
                condition=Q(tell_again=False) | Q(is_reminder=True),
                name="announcement_again_is_reminder",
                violation_error_message=AGAIN_MISFIT,
            ),
            nik.absent("text", name="announcement_without_nik"),
            title_without_nik("kind", "announcement_title_without_nik"),
            models.UniqueConstraint(
                fields=["corrects", "correction_number"],
                condition=~Q(state="cancelled"),
                name="announcement_correction_once",
                violation_error_message=_("Koreksi ini sudah diumumkan."),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="transitions",
                field="state",
                # A finished one runs again when an officer has a delivery repeated; finished news is called back.
                transitions=[
                    ("held", "running"),
                    ("held", "cancelled"),
                    ("running", "done"),
                    ("running", "cancelled"),
                    ("done", "running"),
                    ("done", "cancelled"),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("announcement_detail", args=[self.pk])

    @property
    def number(self) -> str:
        return f"P-{timezone.localtime(self.created_at).year}-{max(self.pk, 0):03d}"  # below 0: only a preview

    @property
    def is_correction(self) -> bool:
        return self.kind == self.Kind.CORRECTION

    @property
    def is_notice(self) -> bool:
        return self.kind in self.NOTICES

    @property
    def public_path(self) -> str:
        """Where the public reads of it. News is known by the number of its draft, which its preview shows already."""
        if self.cohort is not None:
            return self.cohort.get_absolute_url()
        return news_path(self.draft.pk, self.title) if self.kind == self.Kind.NEWS else reverse("vacancy_list")

    @property
    def is_over(self) -> bool:
        """Of news: whether it is no longer true."""
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def is_stoppable(self) -> bool:
        """As AnnouncementQuerySet.stoppable."""
        return self.is_running or self.is_held or (self.kind == self.Kind.NEWS and not self.is_cancelled)


def news_path(draft_id: int, title: str) -> str:
    return reverse("news_detail", args=[draft_id, slugify(title)[:60].strip("-") or "kabar"])


class AnnouncedVacancy(models.Model):
    """A vacancy in an announcement. The database lets each audience hear of a vacancy once, but for a reminder."""

    announcement = models.ForeignKey(Announcement, models.CASCADE)
    vacancy = models.ForeignKey(Vacancy, models.PROTECT)
    audience = models.CharField(max_length=7, choices=Audience.choices, editable=False)  # kept by a trigger
    again = models.BooleanField(default=False, db_default=False, editable=False)  # in a reminder; kept by the trigger

    class Meta:
        verbose_name = _("lowongan yang diumumkan")
        verbose_name_plural = pgettext_lazy("jamak", "lowongan yang diumumkan")
        constraints = [
            models.UniqueConstraint(
                fields=["vacancy", "audience"],
                condition=Q(again=False),
                name="vacancy_announced_once",
                violation_error_message=_("Lowongan ini sudah diumumkan."),
            ),
            models.UniqueConstraint(fields=["announcement", "vacancy"], name="announcement_names_vacancy_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="copy_audience",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "SELECT audience, is_reminder INTO NEW.audience, NEW.again FROM announcements_announcement "
                    "WHERE id = NEW.announcement_id; RETURN NEW;"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id}: {self.vacancy_id}"


def unannounced_vacancies(audience: str = Audience.INSTANT) -> QuerySet[Vacancy]:
    """Open vacancies that this audience has not been told of, oldest first."""
    told = AnnouncedVacancy.objects.filter(vacancy=OuterRef("pk"), audience=audience)
    return Vacancy.objects.open().filter(~Exists(told)).order_by("published_at", "pk")


def repeatable_vacancies() -> QuerySet[Vacancy]:
    """Open vacancies that were announced, with `last_told`; the first to close on top.

    Without those whose recipients are still being written or wait for the head: who gets them is not known yet.
    """
    told = AnnouncedVacancy.objects.filter(vacancy=OuterRef("pk"))
    on_their_way = told.filter(announcement__state__in=["held", "running"], announcement__expanded_at=None)
    last = told.filter(audience=Audience.INSTANT).order_by("-announcement__created_at")
    told_at = Subquery(last.values("announcement__created_at")[:1])
    found = Vacancy.objects.open().filter(~Exists(on_their_way)).annotate(last_told=told_at)
    return found.exclude(last_told=None).order_by("valid_until", "pk")


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(announcement__in=Announcement.objects.visible_to(user))

    def newest(self) -> "list[Issue]":
        """The last version of each channel's piece."""
        return list({issue.channel: issue for issue in self.order_by("facts_version", "pk")}.values())


class Issue(models.Model):
    """One channel's piece of an announcement, frozen as it was published. A correction is a further version."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="issues", verbose_name=_("pengumuman"))
    channel = models.CharField(_("kanal"), max_length=12, choices=ChannelKey.choices)
    facts_version = models.PositiveSmallIntegerField(_("versi isi"), default=1)
    facts = models.JSONField(_("fakta"), default=list)  # see announcements.facts
    head = models.JSONField(
        _("kepala"), default=dict, db_default=Value({}, models.JSONField())
    )  # the office as it stood, see announcements.channels.hand
    wording = models.JSONField(
        _("versi templat"), default=dict, db_default=Value({}, models.JSONField())
    )  # by language, 0 where it is the default; see announcements.piece_templates
    subject = models.CharField(_("judul"), max_length=400)
    text = models.TextField(_("teks"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    created_at = models.DateTimeField(_("dibuat"), db_default=Now())

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("keping")
        verbose_name_plural = pgettext_lazy("jamak", "keping")
        ordering = ["announcement", "facts_version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "channel", "facts_version"], name="issue_version_once")
        ]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("piece_detail", args=[self.pk])
