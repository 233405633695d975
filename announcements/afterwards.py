"""What was told about a delivery after we had handed it over moves the ledger's row on, never back."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from announcements.channels.gateways import forget_chat
from announcements.models import Delivery, ProviderEvent, Suppression
from announcements.models.announcements import ChannelKey
from announcements.models.deliveries import WAITING, Reason, State
from announcements.told import Told

Kind = ProviderEvent.Kind
HANDED_OVER = (State.SENT, State.UNKNOWN)  # what an event can still say something new about
CONSEQUENCES: dict[str, dict[str, Any]] = {
    Kind.DELIVERED: {"state": State.DELIVERED},
    Kind.READ: {"state": State.DELIVERED},
    Kind.FAILED: {"state": State.BOUNCED, "last_class": Reason.REFUSED},
    Kind.UNKNOWN_ADDRESS: {"state": State.BOUNCED, "last_class": Reason.UNKNOWN_ADDRESS},
}
SUPPRESSED = {
    Kind.UNKNOWN_ADDRESS: Suppression.Reason.UNKNOWN_ADDRESS,
    Kind.COMPLAINT: Suppression.Reason.COMPLAINT,
}


@transaction.atomic
def keep(told: Told) -> bool:
    """Write down an event and apply it. False when it is known already, or speaks of nothing of ours."""
    delivery = _delivery(told)
    if delivery is None:
        return False
    event, is_new = ProviderEvent.objects.get_or_create(
        channel=told.channel,
        event_id=told.event_id,
        defaults={"kind": told.kind, "delivery": delivery, "code": told.code},
    )
    if not is_new:
        return False
    if told.gone:
        forget_chat(delivery)
    apply(event)
    return True


def _delivery(told: Told) -> Delivery | None:
    """A mail is named by Message-ID and recipient together: whoever guesses an address cannot have it suppressed."""
    rows = Delivery.objects.filter(channel=told.channel)
    if told.delivery is not None:
        return rows.filter(pk=told.delivery).first()
    return rows.filter(address__in={told.address, told.address.lower()}, message_id=told.message_id).first()


@transaction.atomic
def apply(event: ProviderEvent) -> bool:
    """False while our own result is not written yet; the sweep comes back to it."""
    delivery = Delivery.objects.select_for_update(no_key=True).get(pk=event.delivery_id)
    if delivery.state in WAITING:
        return False
    if delivery.state in HANDED_OVER and (changes := CONSEQUENCES.get(Kind(event.kind))):
        detail = event.code or delivery.last_detail
        Delivery.objects.filter(pk=delivery.pk).update(**changes, last_detail=detail)
    reason = SUPPRESSED.get(Kind(event.kind))
    if delivery.channel == ChannelKey.EMAIL:
        if reason:
            Suppression.close(delivery.address, reason)
        elif event.kind == Kind.FAILED and _keeps_returning(delivery.address):
            Suppression.pause(delivery.address)
    ProviderEvent.objects.filter(pk=event.pk).update(applied_at=Now())
    return True


def _keeps_returning(address: str) -> bool:
    """Whether so many mails came back lately that the next ones would only harm our name with that server."""
    lately = Now() - timedelta(days=Suppression.BOUNCE_DAYS)
    returned = Delivery.objects.filter(address=address, channel=ChannelKey.EMAIL, state=State.BOUNCED)
    return returned.filter(sent_at__gt=lately).count() >= Suppression.BOUNCES


def sweep() -> int:
    """Apply what came too early, and forget what nobody will tell again; how many were applied."""
    now = timezone.now()
    ProviderEvent.objects.old(now).delete()
    early = ProviderEvent.objects.waiting().filter(received_at__lt=now - timedelta(seconds=5))
    return sum(apply(event) for event in early.order_by("pk")[:500])
