import secrets
from datetime import timedelta
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
            models.UniqueConstraint(fields=["job_seeker", "channel"], name="chat_once_per_person"),
            models.UniqueConstraint(
                fields=["channel", "address"],
                condition=Q(state="active"),
                name="chat_once_per_address",
                violation_error_message=_("Nomor atau percakapan ini sudah dipakai orang lain."),
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="chat_code_once"),
            models.CheckConstraint(
                condition=~Q(state="pending") | (~Q(code="") & Q(code_until__isnull=False)), name="chat_pending_has_code"
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

    def stop(self) -> bool:
        """Never write there again, and forget where it is. False when it was stopped already."""
        alive = ChatSubscription.objects.filter(pk=self.pk).exclude(state=self.State.STOPPED)
        return bool(
            alive.update(
                state=self.State.STOPPED, address="", code="", code_until=None, stopped_at=timezone.now()
            )
        )
