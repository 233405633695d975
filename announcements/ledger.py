"""The delivery ledger: every step of a delivery as one short transaction, so that a process may die anywhere.

    claim   queued -> claimed             a batch, with a lease and a token; a lost claim costs nothing
    begin   claimed -> sending            just before the network call; asks here, and only here, whether it may go
    finish  sending -> sent, queued, ...  only while the token still matches
    sweep   what others left behind: see `free_leases` and `settle_interrupted`

Between `begin` and `finish` no transaction is open. Time is always the database's. Design, measurements and the reason
for each rule: docs/delivery.md.
"""

import os
import random
import socket
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import CharField, F, Min, Q, Value
from django.db.models.functions import Cast, Concat, Now
from django.utils import timezone

from announcements.channels import CHANNELS, Outcome, Permit
from announcements.listeners import LISTENERS, Listeners
from announcements.models import Attempt, ChannelControl, Delivery, Suppression
from announcements.models.deliveries import FORGOTTEN, Reason, State
from jobseekers.alerts import MATCHES, matching_parameters

LATE_SECONDS = 300  # due mail that has waited longer is worth a word
BATCH = 20
RETRY_MINUTES = (1, 5, 15, 60, 4 * 60, 12 * 60)  # after the first, second, … failed try
LATER = {Reason.BUSY, Reason.UNREACHABLE}
UNCLEAR = {Reason.NO_ANSWER, Reason.INTERRUPTED}
SILENT = {Reason.UNREACHABLE, Reason.NO_ANSWER}


def lease() -> timedelta:
    """How long a claim holds; longer than the longest call by far. Shortened by the fault tests only."""
    return timedelta(seconds=settings.LEASE_SECONDS)


# --- Claim --------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def claim(channel: str, *, least_priority: int = Delivery.Priority.BULK, size: int = BATCH) -> list[Delivery]:
    """Take up to `size` due deliveries for this process. Empty when none is due, or the channel must wait."""
    control, now = _lock_control(channel)
    if control.paused or (control.open_until and control.open_until > now):
        return []
    tokens = _refilled(control, now)
    # Critical mail may overdraw the bucket: bulk pays it back by waiting.
    allowed = size if least_priority == Delivery.Priority.CRITICAL else min(size, int(tokens))
    due = Delivery.objects.due(channel, least_priority=least_priority).select_for_update(skip_locked=True)
    deliveries = list(due[: 1 if control.is_broken else max(allowed, 0)])
    if deliveries:
        token = uuid.uuid4()
        Delivery.objects.filter(pk__in=[each.pk for each in deliveries]).update(
            state=State.CLAIMED, token=token, lease_until=Now() + lease()
        )
        for each in deliveries:
            each.state, each.token = State.CLAIMED, token
            each.after_failures = control.failures_in_row > 0
        _pay(control, tokens - len(deliveries), now)
    return deliveries


def _lock_control(channel: str) -> tuple[ChannelControl, datetime]:
    """The channel's row, locked until the transaction ends, and the database's time."""
    locked = ChannelControl.objects.select_for_update().annotate(now=Now()).filter(pk=channel)
    control = locked.first()
    if control is None:
        ChannelControl.objects.bulk_create([ChannelControl(channel=channel)], ignore_conflicts=True)
        control = locked.get()
    return control, control.now


def _refilled(control: ChannelControl, now: datetime) -> float:
    """Tokens in the bucket now; it holds what a second brings, and at least one."""
    rate = control.messages_per_minute / 60  # tokens a second
    capacity = max(1.0, rate)
    if control.refilled_at is None:
        return capacity
    passed = max(0.0, (now - control.refilled_at).total_seconds())
    return min(capacity, control.tokens + passed * rate)


def _pay(control: ChannelControl, tokens: float, now: datetime) -> None:
    control.tokens = tokens
    control.refilled_at = max(now, control.refilled_at or now)
    if control.is_broken:
        # This claim is the probe. Until it has succeeded the next one waits twice as long, so that a probe that
        # dies on the way needs no care.
        control.open_seconds = min(2 * control.open_seconds, control.LONGEST_PAUSE)
        control.open_until = now + timedelta(seconds=control.open_seconds)
    control.save(update_fields=["tokens", "refilled_at", "open_seconds", "open_until"])


@transaction.atomic(durable=True)
def give_back(deliveries: list[Delivery]) -> None:
    """Return what was not begun of one claim, and the tokens it took."""
    keys, token = [each.pk for each in deliveries], deliveries[0].token
    held = Delivery.objects.filter(pk__in=keys, token=token, state=State.CLAIMED)
    returned = held.update(state=State.QUEUED, token=None, lease_until=None)
    ChannelControl.objects.filter(pk=deliveries[0].channel).update(tokens=F("tokens") + returned)


def more_due(channel: str, *, least_priority: int = Delivery.Priority.BULK) -> bool:
    """Whether a claim could find something now or within moments: something is due and the channel not stopped."""
    stopped = ChannelControl.objects.filter(Q(paused=True) | Q(open_until__gt=Now()), pk=channel)
    return not stopped.exists() and Delivery.objects.due(channel, least_priority=least_priority).exists()


# --- Begin --------------------------------------------------------------------------------------


@cache
def begin_statement(listeners: Listeners) -> str:
    """One statement decides and writes: whoever stops, withdraws or cancels before it is heard. What it may still speak
    of is asked anew: vacancies that are open, and that some active subscription of this address wants."""
    return f"""
WITH clock AS (
    SELECT now() AT TIME ZONE %(zone)s AS local
), held AS (
    SELECT d.id, d.address, d.announcement_id, a.audience,
        d.expires_at <= now() AS expired,
        a.state = 'cancelled' AS cancelled,
        EXISTS (SELECT FROM announcements_suppression x WHERE x.address = d.address) AS suppressed,
        d.priority > 0
            AND (clock.local::time >= %(quiet_from)s::time OR clock.local::time < %(quiet_until)s::time) AS quiet,
        ARRAY (
            SELECT v.id FROM canvassing_vacancy v
            WHERE v.id = ANY (d.vacancy_ids) AND v.state = 'published' AND v.valid_until >= clock.local::date
        ) AS open_ids
    FROM clock, announcements_delivery d LEFT JOIN announcements_announcement a ON a.id = d.announcement_id
    WHERE d.id = %(id)s AND d.token = %(token)s AND d.state = 'claimed'
), wanted AS (
    SELECT min(s.id) AS subscription_id, array_agg(DISTINCT v.id) AS vacancy_ids
    FROM held
    JOIN {listeners.table} s ON s.{listeners.address} = held.address AND {listeners.told_of("held.audience")}
    JOIN canvassing_vacancy v ON v.id = ANY (held.open_ids) AND {MATCHES}
), verdict AS (
    SELECT held.id, wanted.*, CASE
        WHEN expired THEN 'expired'
        WHEN suppressed THEN 'suppressed'
        WHEN announcement_id IS NULL THEN 'go'
        WHEN cancelled THEN 'cancelled'
        WHEN open_ids = '{{}}' THEN 'withdrawn'
        WHEN wanted.subscription_id IS NULL THEN 'unsubscribed'
        WHEN quiet THEN 'quiet'
        ELSE 'go' END AS word
    FROM held, wanted
)
UPDATE announcements_delivery d SET
    state = CASE word
        WHEN 'go' THEN 'sending'
        WHEN 'quiet' THEN 'queued'
        WHEN 'withdrawn' THEN 'cancelled'
        WHEN 'unsubscribed' THEN 'suppressed'
        ELSE word END,
    last_class = CASE word WHEN 'go' THEN d.last_class ELSE word END,
    attempts = d.attempts + CASE word WHEN 'go' THEN 1 ELSE 0 END,
    token = CASE word WHEN 'go' THEN d.token END,
    lease_until = CASE word WHEN 'go' THEN now() + %(lease)s END,
    not_before = CASE word WHEN 'quiet' THEN (
        date_trunc('day', clock.local) + %(quiet_until)s::time
        + CASE WHEN clock.local::time < %(quiet_until)s::time THEN interval '0' ELSE interval '1 day' END
    ) AT TIME ZONE %(zone)s ELSE d.not_before END
FROM verdict, clock WHERE d.id = verdict.id
RETURNING word, verdict.subscription_id, verdict.vacancy_ids, now(), d.attempts
"""  # noqa: S608, only our own SQL is put together


@dataclass(frozen=True)
class Begun(Permit):
    started_at: datetime
    number: int  # of the try


def begin(delivery: Delivery) -> Begun | None:
    """Leave to send this claimed delivery now, counted as a try. None when it must not go, or is no longer ours.

    A single statement, so committed when it returns. `settings.QUIET_HOURS` is None or the two ends of a time that
    spans midnight, in office time: ("20:00", "07:00").
    """
    quiet_from, quiet_until = settings.QUIET_HOURS or (None, None)
    values: dict[str, Any] = {
        "id": delivery.pk,
        "token": delivery.token,
        "lease": lease(),
        "zone": settings.TIME_ZONE,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
    }
    with connection.cursor() as cursor:
        cursor.execute(begin_statement(LISTENERS[delivery.channel]), values | matching_parameters())
        row = cursor.fetchone()
    if row is None or row[0] != "go":
        return None
    _word, subscription_id, vacancy_ids, started_at, number = row
    return Begun(subscription_id, tuple(vacancy_ids or ()), started_at, number)


# --- Finish -------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def finish(delivery: Delivery, outcome: Outcome, begun: Begun) -> bool:
    """Write down how a try ended. False when the lease ran out before, so that somebody else has decided."""
    held = Delivery.objects.filter(pk=delivery.pk, token=delivery.token, state=State.SENDING)
    changes = _consequence(delivery, outcome.reason, tries=begun.number, wait=outcome.wait)
    if not held.update(last_detail=outcome.code, provider_ref=outcome.reference, **changes):
        return False
    Attempt.objects.create(
        delivery=delivery,
        number=begun.number,
        started_at=begun.started_at,
        outcome=outcome.reason,
        code=outcome.code,
        provider_ref=outcome.reference,
        process=f"{socket.gethostname()}:{os.getpid()}",
    )
    _learn(delivery, outcome.reason)
    return True


def _consequence(delivery: Delivery, reason: Reason, *, tries: int, wait: timedelta = timedelta()) -> dict[str, Any]:
    """The fields that follow from how a try ended; `wait` is what the other side asked for."""
    unclear_ends = delivery.ambiguous
    settled: dict[str, Any] = {"last_class": reason, "token": None, "lease_until": None}
    if reason == Reason.ACCEPTED:
        return settled | {"state": State.SENT, "sent_at": Now()}
    if reason in LATER and tries <= len(RETRY_MINUTES):
        return settled | {"state": State.QUEUED, "not_before": Now() + max(wait, retry_delay(tries))}
    if reason in LATER:
        return settled | {"state": State.FAILED, "last_class": Reason.TRIED_OUT}
    if reason in UNCLEAR and unclear_ends < CHANNELS[delivery.channel].repeats:
        wait = retry_delay(1) if reason == Reason.NO_ANSWER else timedelta()
        return settled | {"state": State.QUEUED, "ambiguous": unclear_ends + 1, "not_before": Now() + wait}
    if reason in UNCLEAR:
        return settled | {"state": State.UNKNOWN, "ambiguous": unclear_ends + 1}
    return settled | {"state": State.FAILED}


def retry_delay(attempts: int) -> timedelta:
    """Full jitter: anything up to the delay of this try, so that many failures do not come back together."""
    return timedelta(minutes=RETRY_MINUTES[attempts - 1]) * random.random()  # noqa: S311


def _learn(delivery: Delivery, reason: Reason) -> None:
    """What a try tells of the address and of the channel."""
    if reason == Reason.UNKNOWN_ADDRESS:
        dead = Suppression(address=delivery.address.lower(), reason=Suppression.Reason.UNKNOWN_ADDRESS)
        Suppression.objects.bulk_create([dead], ignore_conflicts=True)
    if reason in SILENT:
        ChannelControl.note_failure(delivery.channel)
    elif delivery.after_failures and reason != Reason.OWN_ERROR:
        ChannelControl.note_success(delivery.channel)


# --- Sweep --------------------------------------------------------------------------------------


def free_leases() -> int:
    """Return claims whose holder has not begun them in time. Nothing was sent, so nothing is at risk."""
    return Delivery.objects.lease_over(State.CLAIMED).update(state=State.QUEUED, token=None, lease_until=None)


@transaction.atomic
def settle_interrupted() -> int:
    """Decide on tries whose process has not come back: nobody knows whether the message went out.

    By the channel's rule it is sent once more with the same Message-ID, or an officer decides at once.
    """
    rows = list(Delivery.objects.lease_over(State.SENDING).select_for_update(skip_locked=True))
    for row in rows:
        assert row.lease_until is not None  # by constraint
        changes = _consequence(row, Reason.INTERRUPTED, tries=row.attempts)
        Delivery.objects.filter(pk=row.pk).update(**changes)
        Attempt.objects.create(
            delivery=row, number=row.attempts, started_at=row.lease_until - lease(), outcome=Reason.INTERRUPTED
        )
    return len(rows)


def expire() -> int:
    """Close what did not leave in time, and what stayed uncertain until a repeat made no sense any more."""
    late = Delivery.objects.filter(expires_at__lte=Now())
    closed = late.filter(state=State.QUEUED).update(state=State.EXPIRED, last_class=Reason.EXPIRED)
    return closed + late.filter(state=State.UNKNOWN).update(state=State.FAILED, last_class=Reason.EXPIRED)


def forget_old_addresses(days: int = 30) -> int:
    """Blank the addresses of transactional mail, which no subscription's erasure would reach."""
    old = Delivery.objects.transactional().ended().filter(created_at__lt=Now() - timedelta(days=days))
    return old.update(address=Concat(Value(FORGOTTEN), Cast("pk", CharField())))


def oldest_due_seconds() -> float:
    """For how long the oldest due delivery has been waiting; 0 when none is."""
    oldest = Delivery.objects.filter(state=State.QUEUED, not_before__lte=Now()).aggregate(age=Now() - Min("not_before"))
    return oldest["age"].total_seconds() if oldest["age"] else 0.0


def forget_address(addresses: list[str]) -> int:
    """Somebody has been erased: blank these addresses in everything that has ended; what waits ages later."""
    theirs = Delivery.objects.transactional().ended().filter(address__in=addresses)
    return theirs.update(address=Concat(Value(FORGOTTEN), Cast("pk", CharField())))


def standstill_minutes() -> int:
    """For how long mail has been due without any process trying to send it; 0 when all is well.

    A stopped channel and a mail server that does not answer have a word of their own (ChannelControl).
    """
    waiting = oldest_due_seconds()
    if waiting <= LATE_SECONDS or ChannelControl.objects.filter(Q(paused=True) | Q(open_until__gt=Now())).exists():
        return 0
    tried = Attempt.objects.order_by("-pk").values_list("started_at", flat=True).first()
    idle = (timezone.now() - tried).total_seconds() if tried else waiting
    return int(min(waiting, idle) // 60) if min(waiting, idle) > LATE_SECONDS else 0
