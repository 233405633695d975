import secrets
from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from jobseekers import nik
from jobseekers.models.alerts import CONSENT_VERSION, SavedSearch
from jobseekers.models.devices import new_key
from jobseekers.models.people import JobSeeker

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that look alike
CODE_LENGTH = 8
CODE_LIFE = timedelta(days=1)


def new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))


class ChatSubscriptionQuerySet(models.QuerySet["ChatSubscription"]):
    def active(self) -> Self:
        return self.filter(state=ChatSubscription.State.ACTIVE)

    def at(self, channel: str, address: str) -> Self:
        """Whose chat this is: one row or none."""
        return self.active().filter(channel=channel, address=address)

    def linkable(self, channel: str, code: str) -> Self:
        """The row whose owner has just sent its code, while the code is good."""
        pending = self.filter(channel=channel, state=ChatSubscription.State.PENDING, code_until__gt=timezone.now())
        return pending.filter(code=code.upper())


class ChatSubscription(SavedSearch):
    """Somebody of the records wants new vacancies of one search in WhatsApp or Telegram.

    Whose chat it is is proved by sending us a one-time code from it; until then no address is known.
    """

    class Channel(models.TextChoices):
        """Same values as announcements.models.ChannelKey."""

        WHATSAPP = "whatsapp_msg", "WhatsApp"
        TELEGRAM = "telegram_msg", "Telegram"

    class State(models.TextChoices):
        PENDING = "pending", _("Menunggu kode")
        ACTIVE = "active", _("Aktif")
        STOPPED = "stopped", _("Berhenti")

    key = models.CharField(max_length=32, default=new_key, unique=True, editable=False)
    job_seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="chats", verbose_name=_("pencari kerja"))
    channel = models.CharField(_("kanal"), max_length=12, choices=Channel.choices)
    address = models.CharField(_("nomor atau percakapan"), max_length=32, blank=True)  # of the provider, see chats.link
    language = models.CharField(_("bahasa"), max_length=2, default="id")
    state = models.CharField(_("keadaan"), max_length=7, choices=State.choices, default=State.PENDING)
    code = models.CharField(max_length=CODE_LENGTH, blank=True, editable=False)
    code_until = models.DateTimeField(null=True, editable=False)
    consent_version = models.CharField(_("versi persetujuan"), max_length=10, default=CONSENT_VERSION)
    consented_at = models.DateTimeField(_("disetujui"))
    linked_at = models.DateTimeField(_("tersambung"), null=True)
    stopped_at = models.DateTimeField(_("berhenti"), null=True)
    objects = ChatSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("langganan lewat pesan")
        verbose_name_plural = pgettext_lazy("jamak", "langganan lewat pesan")
        ordering = ["channel", "pk"]
        constraints = [
            *SavedSearch.Meta.constraints,
            models.UniqueConstraint(fields=["job_seeker", "channel"], name="chat_once_per_person"),
            models.UniqueConstraint(
                fields=["channel", "address"],
                condition=Q(state="active"),
                name="chat_once_per_address",
                violation_error_message=_("Nomor atau percakapan ini sudah dipakai orang lain."),
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="chat_code_once"),
            models.CheckConstraint(
                condition=~Q(state="pending") | (~Q(code="") & Q(code_until__isnull=False)),
                name="chat_pending_has_code",
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | (~Q(address="") & Q(code="", linked_at__isnull=False)),
                name="chat_active_is_linked",
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | Q(address="", code="", stopped_at__isnull=False),
                name="chat_stopped_is_empty",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="transitions",
                field="state",
                transitions=[
                    ("pending", "active"),
                    ("pending", "stopped"),
                    ("active", "stopped"),
                    ("stopped", "pending"),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.criteria.in_words()}"

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_pending(self) -> bool:
        return self.state == self.State.PENDING

    @property
    def has_code(self) -> bool:
        """One that would still be taken."""
        return self.code_until is not None and timezone.now() < self.code_until

    def stop(self) -> bool:
        """Never write there again, and forget where it is. False when it was stopped already."""
        alive = ChatSubscription.objects.filter(pk=self.pk).exclude(state=self.State.STOPPED)
        return bool(
            alive.update(state=self.State.STOPPED, address="", code="", code_until=None, stopped_at=timezone.now())
        )


class ChatMessageQuerySet(models.QuerySet["ChatMessage"]):
    def visible_to(self, user: User) -> Self:
        """The office reads what people write to it; nobody else does."""
        return self if user.has_role(Role.CANVASSER, Role.MANAGER) else self.none()

    def open(self) -> Self:
        return self.filter(state=ChatMessage.State.OPEN)

    def old(self, now: datetime) -> Self:
        return self.filter(received_at__lt=now - ChatMessage.KEPT)


class ChatMessage(models.Model):
    """What somebody has written to us: understood and acted upon at once, or waiting for a person of the office."""

    KEPT = timedelta(days=180)
    WHATSAPP_WINDOW = timedelta(hours=24)  # how long WhatsApp lets us answer in words of our own
    LONGEST = 1000  # characters

    class Kind(models.TextChoices):
        START = "start", _("Menyambungkan percakapan")
        EMPLOYED = "employed", _("Sudah kerja")
        SEEKING = "seeking", _("Masih cari")
        STOP = "stop", _("Berhenti")
        OTHER = "other", _("Pesan lain")

    class State(models.TextChoices):
        DONE = "done", _("Dijawab sistem")
        OPEN = "open", _("Menunggu petugas")
        ANSWERED = "answered", _("Dijawab petugas")

    class Way(models.TextChoices):
        CHAT = "chat", _("Kirim ke percakapannya")
        BY_HAND = "hand", _("Sudah saya hubungi sendiri (telepon atau di loket)")

    channel = models.CharField(_("kanal"), max_length=12, choices=ChatSubscription.Channel.choices)
    event_id = models.CharField(max_length=200, editable=False)  # of the provider
    job_seeker = models.ForeignKey(
        JobSeeker, models.CASCADE, null=True, related_name="chat_messages", verbose_name=_("pencari kerja")
    )  # null: a chat that nobody has connected
    address = models.CharField(_("nomor atau percakapan"), max_length=32)
    text = models.CharField(_("pesan"), max_length=LONGEST, blank=True)
    kind = models.CharField(_("dipahami sebagai"), max_length=8, choices=Kind.choices)
    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices)
    received_at = models.DateTimeField(_("diterima"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diambil oleh")
    )
    answer = models.CharField(_("jawaban"), max_length=LONGEST, blank=True)
    way = models.CharField(_("dijawab lewat"), max_length=4, choices=Way.choices, blank=True)
    answered_at = models.DateTimeField(_("dijawab"), null=True)
    objects = ChatMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("pesan masuk")
        verbose_name_plural = pgettext_lazy("jamak", "pesan masuk")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["received_at", "id"], condition=Q(state="open"), name="chat_message_open"),
            models.Index(fields=["received_at", "id"], name="chat_message_age"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["channel", "event_id"], name="chat_message_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="", way="")
                | (Q(state="answered", answered_at__isnull=False, taken_by__isnull=False) & ~Q(answer="") & ~Q(way="")),
                name="chat_message_answered_is_complete",
                violation_error_message=_("Tulis jawabannya dan pilih caranya."),
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False), name="chat_message_answered_is_dated"
            ),
            nik.absent("text", "answer", name="chat_message_without_nik"),
        ]
        triggers = [
            pgtrigger.FSM(name="transitions", field="state", transitions=[("done", "open"), ("open", "answered")])
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.received_at:%d-%m-%Y %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def masked_address(self) -> str:
        """Enough to tell two strangers apart: "...4321"."""
        return f"…{self.address[-4:]}"

    @property
    def chat_until(self) -> datetime | None:
        """Until when the service lets us answer there; None is for good."""
        return self.received_at + self.WHATSAPP_WINDOW if self.channel == ChatSubscription.Channel.WHATSAPP else None

    @property
    def chat_is_possible(self) -> bool:
        return self.chat_until is None or timezone.now() < self.chat_until

    def take(self, user: User) -> bool:
        """Say "I see to it". False when somebody else has it, or it is answered."""
        free = ChatMessage.objects.open().filter(pk=self.pk, taken_by=None)
        return bool(free.update(taken_by=user))

    def settle(self, user: User, *, answer: str, way: str) -> bool:
        """Keep the answer. False when somebody was faster."""
        mine = ChatMessage.objects.open().filter(pk=self.pk)
        return bool(
            mine.update(state=self.State.ANSWERED, taken_by=user, answer=answer, way=way, answered_at=timezone.now())
        )
