from collections import defaultdict
from datetime import timedelta
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from announcements.models.announcements import Announcement, ChannelKey, Issue
from announcements.models.controls import Suppression, masked
from jobseekers.models import AlertSubscription


class State(models.TextChoices):
    QUEUED = "queued", _("Menunggu")
    CLAIMED = "claimed", _("Diambil pengirim")
    SENDING = "sending", _("Sedang dikirim")
    SENT = "sent", _("Diterima server")
    DELIVERED = "delivered", _("Sampai")
    BOUNCED = "bounced", _("Kembali")
    FAILED = "failed", _("Gagal")
    EXPIRED = "expired", _("Lewat waktu")
    SUPPRESSED = "suppressed", _("Tidak dikirim")
    CANCELLED = "cancelled", _("Dibatalkan")
    UNKNOWN = "unknown", _("Tidak pasti")


WAITING = (State.QUEUED, State.CLAIMED, State.SENDING)
LEFT = (State.SENT, State.DELIVERED, State.UNKNOWN)  # the recipient has it, or may have it
FORGOTTEN = "terhapus-"  # what an erased address begins with
ENDED = tuple(state for state in State if state not in WAITING and state != State.UNKNOWN)

# The only ways from one state to another; the database refuses every other way too.
TRANSITIONS: frozenset[tuple[str, str]] = frozenset(
    {
        (State.QUEUED, State.CLAIMED),
        (State.QUEUED, State.EXPIRED),
        (State.QUEUED, State.CANCELLED),
        (State.CLAIMED, State.QUEUED),  # lease ran out, quiet hours, or the sender gave it back
        (State.CLAIMED, State.SENDING),
        (State.CLAIMED, State.EXPIRED),
        (State.CLAIMED, State.SUPPRESSED),
        (State.CLAIMED, State.CANCELLED),
        (State.SENDING, State.SENT),
        (State.SENDING, State.QUEUED),  # try again later
        (State.SENDING, State.FAILED),
        (State.SENDING, State.UNKNOWN),
        (State.SENT, State.DELIVERED),
        (State.SENT, State.BOUNCED),
        (State.UNKNOWN, State.DELIVERED),
        (State.UNKNOWN, State.BOUNCED),
        (State.UNKNOWN, State.QUEUED),  # an officer has it repeated
        (State.UNKNOWN, State.FAILED),  # an officer gives it up
    }
)


class Reason(models.TextChoices):
    """Why a delivery stands where it stands, in words for the office."""

    ACCEPTED = "accepted", _("Diterima server")
    BUSY = "busy", _("Server tujuan minta dicoba lagi nanti")
    UNREACHABLE = "unreachable", _("Server pengirim tidak bisa dihubungi")
    NO_ANSWER = "no_answer", _("Sambungan putus sebelum server menjawab")
    INTERRUPTED = "interrupted", _("Program berhenti di tengah pengiriman")
    REFUSED = "refused", _("Ditolak server tujuan")
    UNKNOWN_ADDRESS = "unknown_address", _("Alamat tidak dikenal server tujuan")
    GONE = "gone", _("Penerima sudah berhenti di perangkat atau aplikasinya")
    OWN_ERROR = "own_error", _("Kesalahan program kita")
    TRIED_OUT = "tried_out", _("Sudah dicoba berkali-kali, selalu ditunda")
    GIVEN_UP = "given_up", _("Petugas memutuskan tidak mengulang")
    UNSUBSCRIBED = "unsubscribed", _("Sudah berhenti langganan")
    SUPPRESSED = "suppressed", _("Alamat ada di daftar yang tidak dikirimi")
    WITHDRAWN = "withdrawn", _("Lowongan atau pelatihannya sudah tidak terbuka")
    CANCELLED = "cancelled", _("Pengumuman ditarik")
    EXPIRED = "expired", _("Masa berlakunya lewat sebelum terkirim")
    QUIET = "quiet", _("Menunggu pagi, di luar jam tenang")


ADVICE: dict[str, Any] = {
    Reason.REFUSED: _("Tidak dicoba lagi. Hubungi orangnya dengan cara lain bila perlu."),
    Reason.UNKNOWN_ADDRESS: _("Tidak dikirimi lagi. Bila alamatnya ternyata benar, admin menghapusnya dari daftar."),
    Reason.GONE: _("Sudah dihapus dari daftar, tidak ada yang perlu dilakukan."),
    Reason.OWN_ERROR: _("Beri tahu admin: catatan server menyebut sebabnya."),
    Reason.TRIED_OUT: _("Hubungi orangnya dengan cara lain bila perlu."),
    Reason.NO_ANSWER: _("Mungkin sudah sampai. Ulangi bila dua surat lebih baik daripada tidak ada."),
    Reason.INTERRUPTED: _("Mungkin sudah sampai. Ulangi bila dua surat lebih baik daripada tidak ada."),
    Reason.GIVEN_UP: _("Sudah diputuskan."),
}


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> Self:
        """Whoever may see the ledger sees every row, with addresses masked."""
        return self if user.has_perm("announcements.view_delivery") else self.none()

    def waiting(self) -> Self:
        return self.filter(state__in=WAITING)

    def ended(self) -> Self:
        return self.filter(state__in=ENDED)

    def transactional(self) -> Self:
        """Mail to one person about his or her own doings, whose address is still there."""
        return self.filter(announcement=None).exclude(address__startswith=FORGOTTEN)

    def due(self, channel: str, *, least_priority: int) -> Self:
        """What may be claimed now, in the order in which it should leave."""
        queued = self.filter(state=State.QUEUED, channel=channel, not_before__lte=Now())
        return queued.filter(priority__lte=least_priority).order_by("priority", "not_before", "pk")

    def lease_over(self, state: str) -> Self:
        return self.filter(state=state, lease_until__lt=Now())

    def tallies(self) -> dict[tuple[int, str], dict[str, int]]:
        """How many stand in each state, by (announcement, channel)."""
        counted = self.order_by().values_list("announcement_id", "channel", "state").annotate(number=Count("*"))
        found: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
        for announcement_id, channel, state, number in counted:
            found[announcement_id, channel][state] = number
        return found

    def problems(self) -> Self:
        """What did not go as it should: refused, failed, or nobody knows."""
        return self.filter(state__in=(State.FAILED, State.BOUNCED, State.UNKNOWN))

    def with_pauses(self) -> Self:
        """Each with `paused_until`: until when its address gets no announcements, where mail came back from there."""
        pauses = Suppression.objects.filter(address=OuterRef("address"), until__gt=Now())
        return self.annotate(paused_until=Subquery(pauses.values("until")))

    def needing_action(self) -> Self:
        """What waits for somebody of the office: uncertain ones, and errors of our own of the last week.

        Mail to one person is not among it: a sign-in code is asked for again long before anybody would look.
        """
        recent = Q(state=State.FAILED, last_class=Reason.OWN_ERROR, created_at__gte=Now() - timedelta(days=7))
        return self.filter(Q(state=State.UNKNOWN) | recent, announcement__isnull=False)


NO_VACANCIES = models.Value([], ArrayField(models.BigIntegerField()))


class Delivery(models.Model):
    """One message to one address: the row that decides whether something is sent, was sent, or must not be.

    A mail of an announcement has a subscription and the vacancies it may speak of; what it says is composed when
    it leaves. A transactional mail (a sign-in code, say) has its whole text in `message` until it has left.
    """

    State = State
    Reason = Reason

    class Priority(models.IntegerChoices):
        CRITICAL = 0, _("Segera")
        BULK = 5, _("Biasa")

    # Three changes a mail are written to every index of this table, so none is here that another one covers.
    announcement = models.ForeignKey(
        Announcement, models.PROTECT, null=True, db_index=False, related_name="deliveries", verbose_name=_("pengumuman")
    )
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="deliveries", verbose_name=_("keping"))
    # The oldest search of this address that fits. When the person has it erased the row stays, without address.
    subscription = models.ForeignKey(
        AlertSubscription, models.SET_NULL, null=True, related_name="deliveries", verbose_name=_("langganan")
    )
    channel = models.CharField(_("kanal"), max_length=12, choices=ChannelKey.choices)
    address = models.CharField(_("alamat"), max_length=254)
    vacancy_ids = ArrayField(models.BigIntegerField(), db_default=NO_VACANCIES)
    message = models.BinaryField(null=True, editable=False)
    message_id = models.CharField(max_length=200, editable=False)  # the same on every try

    priority = models.PositiveSmallIntegerField(_("urutan"), choices=Priority.choices, default=Priority.BULK)
    state = models.CharField(_("keadaan"), max_length=10, choices=State.choices, db_default=State.QUEUED)
    not_before = models.DateTimeField(_("tidak sebelum"), db_default=Now())
    expires_at = models.DateTimeField(_("berlaku sampai"))
    lease_until = models.DateTimeField(null=True, editable=False)
    token = models.UUIDField(null=True, editable=False)  # of the claim that holds the row
    attempts = models.PositiveSmallIntegerField(_("percobaan"), db_default=0)
    ambiguous = models.PositiveSmallIntegerField(_("akhir tidak jelas"), db_default=0)
    last_class = models.CharField(_("sebab"), max_length=16, choices=Reason.choices, blank=True, db_default="")
    last_detail = models.CharField(_("kode"), max_length=40, blank=True, db_default="")
    provider_ref = models.CharField(_("jawaban server"), max_length=200, blank=True, db_default="")
    created_at = models.DateTimeField(_("dibuat"), db_default=Now())
    sent_at = models.DateTimeField(_("terkirim"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("diputuskan oleh"),
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("kiriman")
        verbose_name_plural = pgettext_lazy("jamak", "kiriman")
        permissions = [("settle_delivery", "Can cancel announcements and settle uncertain deliveries")]
        indexes = [
            # The only index of the queue: with a second one a claim may be planned as a sort of the whole queue.
            models.Index(
                fields=["channel", "priority", "not_before", "id"], condition=Q(state="queued"), name="delivery_due"
            ),
            # Not by state, or `begin`, which knows the row's key, may be planned as a walk through all leases.
            models.Index(fields=["lease_until"], condition=Q(lease_until__isnull=False), name="delivery_leased"),
            models.Index(fields=["announcement", "channel", "state"], name="delivery_counts"),
            models.Index(
                fields=["created_at"],
                condition=Q(state="unknown") | Q(state="failed", last_class="own_error"),
                name="delivery_needing_action",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(announcement=None) & ~Q(address__startswith=FORGOTTEN),
                name="delivery_transactional",
            ),
            models.Index(fields=["address"], name="delivery_address"),
            models.Index(fields=["settled_by"], condition=Q(settled_by__isnull=False), name="delivery_settled_by"),
        ]
        constraints = [
            # The idempotency key. Transactional mail has no announcement, so it may repeat.
            models.UniqueConstraint(fields=["announcement", "address", "channel"], name="delivery_once_per_address"),
            models.CheckConstraint(
                condition=Q(message=None) | Q(state__in=[*WAITING, State.UNKNOWN]), name="delivery_message_purged"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "sending"]) | Q(token__isnull=False, lease_until__isnull=False),
                name="delivery_leased_has_token",
            ),
            models.CheckConstraint(
                condition=Q(announcement=None, issue=None) | Q(announcement__isnull=False, issue__isnull=False),
                name="delivery_has_issue",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="transitions",
                field="state",
                transitions=sorted((str(start), str(end)) for start, end in TRANSITIONS),
            ),
            # A mail that has left, or never will, need not stay readable in the database.
            pgtrigger.Trigger(
                name="purge_message",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state__in=[str(state) for state in ENDED]),
                func="NEW.message := NULL; RETURN NEW;",
            ),
            # Erasing a subscription erases the address from the ledger; the counts stay right.
            pgtrigger.Trigger(
                name="forget_address",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("subscription_id"),
                condition=pgtrigger.Q(old__subscription__isnull=False, new__subscription__isnull=True),
                func=f"NEW.address := '{FORGOTTEN}' || NEW.id; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.masked_address}"

    @property
    def masked_address(self) -> str:
        if self.channel == ChannelKey.EMAIL:
            return masked(self.address)
        return f"{self.get_channel_display()} {self.address[:6]}"  # a random key, nobody's name

    @property
    def is_transactional(self) -> bool:
        return self.announcement_id is None

    @property
    def is_uncertain(self) -> bool:
        return self.state == State.UNKNOWN

    @property
    def advice(self) -> str:
        return str(ADVICE.get(self.last_class, ""))


class Attempt(models.Model):
    """One try to hand a message over, written when it ended. Never changed, never deleted."""

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, db_index=False, related_name="tries", verbose_name=_("kiriman")
    )  # its index is the one of `attempt_numbered`
    number = models.PositiveSmallIntegerField(_("percobaan ke"))
    started_at = models.DateTimeField(_("mulai"))
    ended_at = models.DateTimeField(_("selesai"), db_default=Now())
    outcome = models.CharField(_("hasil"), max_length=16, choices=Reason.choices)
    code = models.CharField(_("kode"), max_length=40, blank=True)
    provider_ref = models.CharField(_("jawaban server"), max_length=200, blank=True)
    process = models.CharField(_("proses"), max_length=80, blank=True)

    class Meta:
        ordering = ["delivery", "number"]
        verbose_name = _("percobaan kirim")
        verbose_name_plural = pgettext_lazy("jamak", "percobaan kirim")
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempt_numbered")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.delivery_id}, {self.number}: {self.get_outcome_display()}"
