from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from announcements.models.announcements import ChannelKey


class Suppression(models.Model):
    """An address that gets nothing, whatever it has subscribed to: for good, or until a moment."""

    class Reason(models.TextChoices):
        UNKNOWN_ADDRESS = "unknown", _("Alamat tidak dikenal server tujuan")
        COMPLAINT = "complaint", _("Penerima mengadu")
        RETURNED = "returned", _("Tiga surat kembali dalam 14 hari")
        BY_HAND = "by_hand", _("Dicatat petugas")

    BOUNCES, BOUNCE_DAYS, PAUSE_DAYS = 3, 14, 30

    address = models.EmailField(_("alamat e-mail"), unique=True)
    reason = models.CharField(_("alasan"), max_length=12, choices=Reason.choices, default=Reason.BY_HAND)
    since = models.DateTimeField(_("sejak"), db_default=Now())
    until = models.DateTimeField(_("sampai"), null=True, blank=True)  # null: for good

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = _("alamat yang tidak dikirimi")
        verbose_name_plural = pgettext_lazy("jamak", "alamat yang tidak dikirimi")
        constraints = [
            models.CheckConstraint(
                condition=Q(address=Lower("address")),
                name="suppression_address_lower",
                violation_error_message=_("Tulis alamat dengan huruf kecil."),
            ),
            models.CheckConstraint(
                condition=Q(reason="returned", until__isnull=False, until__gt=F("since"))
                | (~Q(reason="returned") & Q(until=None)),
                name="suppression_pause_ends",
                violation_error_message=_("Jeda karena surat kembali berakhir, yang lain tidak."),
            ),
        ]

    def __str__(self) -> str:
        return masked(self.address)

    @staticmethod
    def close(address: str, reason: str) -> None:
        """Nothing any more to this address; a pause becomes that too."""
        Suppression.objects.filter(address=address.lower(), reason=Suppression.Reason.RETURNED).update(
            reason=reason, since=Now(), until=None
        )
        Suppression.objects.bulk_create([Suppression(address=address.lower(), reason=reason)], ignore_conflicts=True)

    @staticmethod
    def pause(address: str) -> None:
        """Nothing to this address for a while, counted from now; what is closed stays closed."""
        moments = {"since": Now(), "until": Now() + timedelta(days=Suppression.PAUSE_DAYS)}
        Suppression.objects.filter(address=address.lower(), reason=Suppression.Reason.RETURNED).update(**moments)
        paused = Suppression(address=address.lower(), reason=Suppression.Reason.RETURNED, **moments)
        Suppression.objects.bulk_create([paused], ignore_conflicts=True)


def masked(address: str) -> str:
    """For eyes that need not know the person: "siti@contoh.id" -> "s***@contoh.id"."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***{at}{domain}" if at else address


class ChannelControl(models.Model):
    """How fast a channel may send, and whether it should try at all: token bucket and circuit breaker.

    One row per channel. Whoever claims deliveries holds the row's lock for a moment, so that all processes on
    all machines together keep the rate.
    """

    FAILURES_TO_OPEN = 5
    FIRST_PAUSE, LONGEST_PAUSE = 60, 900  # seconds

    channel = models.CharField(_("kanal"), max_length=12, choices=ChannelKey.choices, primary_key=True)
    paused = models.BooleanField(_("dihentikan petugas"), default=False)
    per_minute = models.PositiveIntegerField(
        _("paling banyak per menit"), null=True, blank=True, help_text=_("Kosong: menurut pengaturan server.")
    )
    tokens = models.FloatField(default=0, editable=False)
    refilled_at = models.DateTimeField(null=True, editable=False)  # null: the bucket is full
    failures_in_row = models.PositiveIntegerField(_("gagal berturut-turut"), default=0, editable=False)
    open_until = models.DateTimeField(_("istirahat sampai"), null=True, editable=False)
    open_seconds = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("kendali kanal")
        verbose_name_plural = pgettext_lazy("jamak", "kendali kanal")

    def __str__(self) -> str:
        return self.get_channel_display()

    @property
    def messages_per_minute(self) -> int:
        return self.per_minute or settings.PER_MINUTE.get(self.channel) or settings.MAIL_PER_MINUTE

    @property
    def is_broken(self) -> bool:
        """The server has not answered several times in a row; every claim is now a single probe."""
        return self.failures_in_row >= self.FAILURES_TO_OPEN

    @classmethod
    def note_failure(cls, channel: str) -> None:
        """The server could not be reached. The fifth time in a row opens the breaker."""
        opens = Q(failures_in_row=cls.FAILURES_TO_OPEN - 1)
        cls.objects.filter(pk=channel).update(
            failures_in_row=F("failures_in_row") + 1,
            open_until=Case(When(opens, then=Now() + timedelta(seconds=cls.FIRST_PAUSE)), default=F("open_until")),
            open_seconds=Case(
                When(opens, then=Value(cls.FIRST_PAUSE)), default=F("open_seconds"), output_field=IntegerField()
            ),
        )
