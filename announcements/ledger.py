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
import re
import socket
import uuid
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import CharField, F, Min, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Now
from django.utils import timezone

from announcements import contents
from announcements.channels import CHANNELS, Outcome, Permit
from announcements.listeners import LISTENERS, SUPPRESSION, Listeners
from announcements.models import Announcement, Attempt, ChannelControl, Delivery, Suppression
from announcements.models.deliveries import FORGOTTEN, Reason, State
from jobseekers.alerts import MATCHES, matching_parameters

LATE_SECONDS = 300  # due mail that has waited longer is worth a word
BATCH = 50
RETRY_MINUTES = (1, 5, 15, 60, 4 * 60, 12 * 60)  # after the first, second, … failed try
HOST = socket.gethostname()
LATER = {Reason.BUSY, Reason.UNREACHABLE}
UNCLEAR = {Reason.NO_ANSWER, Reason.INTERRUPTED}
SILENT = {Reason.UNREACHABLE, Reason.NO_ANSWER}
TELLING = {*SILENT, Reason.UNKNOWN_ADDRESS}  # see _learn


def lease() -> timedelta:
    """How long a claim holds; longer than the longest call by far. Shortened by the fault tests only."""
    return timedelta(seconds=settings.LEASE_SECONDS)


Row = tuple[Any, ...]
NAMED = re.compile(r"%\((\w+)\)s")


@cache
def numbered(statement: str) -> tuple[str, list[str]]:
    """With $1, $2, … where it names values, and those names in order: psycopg finds them anew in every long text."""
    names = list(dict.fromkeys(NAMED.findall(statement)))
    return NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", statement), names


def run_prepared(statement: str, values: dict[str, Any]) -> Row:
    """The row that the statement of every mail returns; committed with it, unless a transaction is open.

    The server keeps its plan: making one takes longer than running it. Django's own cursors put the values into the
    text and cannot do that.
    """
    text, names = numbered(statement)
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = psycopg.RawCursor(connection.connection)
        row = cursor.execute(text, [values[name] for name in names], prepare=True).fetchone()
    assert row is not None  # it always answers
    return row


# --- Claim --------------------------------------------------------------------------------------


# Of a claimed row: what sending it takes, and no more, since reading fifty whole ones costs as much as sending three.
NEEDED = (
    "announcement_id", "issue_id", "channel", "address", "vacancy_ids", "message", "message_id", "expires_at",
    "ambiguous", "subscription",
)  # fmt: skip


@transaction.atomic(durable=True)
def claim(channel: str, *, least_priority: int = Delivery.Priority.BULK, size: int = BATCH) -> list[Delivery]:
    """Take up to `size` due deliveries for this process. Empty when none is due, or the channel must wait."""
    control, now = _lock_control(channel)
    if control.paused or (control.open_until and control.open_until > now):
        return []
    tokens = _refilled(control, now)
    # Critical mail may overdraw the bucket: bulk pays it back by waiting.
    allowed = size if least_priority == Delivery.Priority.CRITICAL else min(size, int(tokens))
    due = Delivery.objects.due(channel, least_priority=least_priority).select_related("subscription")
    due = due.only(*NEEDED).select_for_update(skip_locked=True, of=["self"])
    deliveries = list(due[: 1 if control.is_broken else max(allowed, 0)])
    if deliveries:
        token = uuid.uuid4()
        Delivery.objects.filter(pk__in=[each.pk for each in deliveries]).update(
            state=State.CLAIMED, token=token, lease_until=Now() + lease()
        )
        for each in deliveries:
            each.state, each.token = State.CLAIMED, token
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


# --- Begin and finish ---------------------------------------------------------------------------


# What a mail may still speak of, where `d` is its ledger row and `a` the announcement; and who wants it, of the
# searches of its address. Of a class or of news there is no list: it is true, or it is not.
STILL_OPEN = """
            SELECT v.id FROM canvassing_vacancy v
            WHERE v.id = ANY (d.vacancy_ids)
                AND (a.kind = 'correction' OR v.state = 'published' AND v.valid_until >= clock.local::date)"""
STILL_TRUE = f"SELECT a.id WHERE {contents.STILL_TRUE}"


def _wanted(listeners: Listeners) -> str:
    """Each side of OR says that the search is active, which leads to the index of addresses; a CASE hides it and has
    every mail read all searches."""
    return f"""
    SELECT min(s.id) AS subscription_id, array_agg(DISTINCT v.id) AS vacancy_ids
    FROM held
    JOIN {listeners.table} s ON s.{listeners.address} = held.address
        AND (held.correcting AND {listeners.reachable} OR NOT held.correcting AND {listeners.told_of("held.audience")})
    JOIN canvassing_vacancy v ON v.id = ANY (held.open_ids) AND (held.correcting OR ({MATCHES}))"""  # noqa: S608


def _wanted_notice(listeners: Listeners) -> str:
    return f"""
    SELECT min(s.id) AS subscription_id, '{{}}'::bigint[] AS vacancy_ids
    FROM held
    JOIN {listeners.table} s ON s.{listeners.address} = held.address
        AND (held.correcting AND {listeners.reachable}
            OR NOT held.correcting AND {listeners.told_at_once("held.kind")})"""  # noqa: S608


@cache
def begin_statement(listeners: Listeners, notice: bool = False) -> str:
    """One statement decides and writes: whoever stops, withdraws or cancels before it is heard. What it may still speak
    of is asked anew: vacancies that are open, and that some active subscription of this address wants.

    A correction may go to whoever got the old fact and still has an active subscription, of a closed vacancy too.
    With it is written how the mail before ended, see CHANGES; either of the two may be left out. `notice`: what begins
    is of a class or of news, which speak of no vacancy."""
    still, wanted = (STILL_TRUE, _wanted_notice(listeners)) if notice else (STILL_OPEN, _wanted(listeners))
    return f"""
WITH clock AS (
    SELECT now() AT TIME ZONE %(zone)s::text AS local
), held AS (
    SELECT d.id, d.address, d.announcement_id, a.audience, a.kind,
        d.expires_at <= now() AS expired,
        a.state = 'cancelled' AS cancelled,
        (a.kind = 'correction') IS TRUE AS correcting,
        EXISTS ({SUPPRESSION}) AS suppressed,
        d.priority > 0
            AND (clock.local::time >= %(quiet_from)s::time OR clock.local::time < %(quiet_until)s::time) AS quiet,
        ARRAY ({still}) AS open_ids
    FROM clock, announcements_delivery d LEFT JOIN announcements_announcement a ON a.id = d.announcement_id
    WHERE d.id = %(id)s AND d.token = %(token)s AND d.state = 'claimed'
), wanted AS ({wanted}
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
{CHANGES}"""  # noqa: S608, only our own SQL is put together


# The end of a statement that has found `clock` and `verdict`: both rows are changed at once, the one that is to begin
# and the one that was tried, each only while its claim still holds. What is NULL stays, but for the claim itself. Then
# the entry in the list of tries, and an answer's meaning for the breaker.
CHANGES = """
, changes AS (
    SELECT verdict.id, %(token)s::uuid AS token, 'claimed' AS was,
        CASE word
            WHEN 'go' THEN 'sending'
            WHEN 'quiet' THEN 'queued'
            WHEN 'withdrawn' THEN 'cancelled'
            WHEN 'unsubscribed' THEN 'suppressed'
            ELSE word END AS state,
        CASE WHEN word <> 'go' THEN word END AS last_class,
        NULL::varchar AS last_detail, NULL::varchar AS provider_ref,
        CASE word WHEN 'go' THEN now() + %(lease)s::interval END AS lease_until,
        CASE word WHEN 'quiet' THEN (
            date_trunc('day', clock.local) + %(quiet_until)s::time
            + CASE WHEN clock.local::time < %(quiet_until)s::time THEN interval '0' ELSE interval '1 day' END
        ) AT TIME ZONE %(zone)s::text END AS not_before,
        CASE word WHEN 'go' THEN 1 ELSE 0 END AS attempts, 0 AS ambiguous, NULL::timestamptz AS sent_at
    FROM verdict, clock
    UNION ALL
    SELECT %(tried)s::bigint, %(tried_token)s::uuid, 'sending',
        %(state)s::varchar, %(reason)s::varchar, %(code)s::varchar, %(reference)s::varchar,
        NULL, now() + %(wait)s::interval,
        0, %(unclear)s::integer, CASE %(state)s::varchar WHEN 'sent' THEN now() END
    WHERE %(tried)s::bigint IS NOT NULL
), changed AS (
    UPDATE announcements_delivery d SET
        state = c.state,
        last_class = coalesce(c.last_class, d.last_class),
        last_detail = coalesce(c.last_detail, d.last_detail),
        provider_ref = coalesce(c.provider_ref, d.provider_ref),
        token = CASE WHEN c.lease_until IS NOT NULL THEN d.token END,
        lease_until = c.lease_until,
        not_before = coalesce(c.not_before, d.not_before),
        attempts = d.attempts + c.attempts,
        ambiguous = d.ambiguous + c.ambiguous,
        sent_at = coalesce(c.sent_at, d.sent_at)
    FROM changes c WHERE d.id = c.id AND d.token = c.token AND d.state = c.was
    RETURNING d.id, d.attempts
), answered AS (
    UPDATE announcements_channelcontrol SET failures_in_row = 0, open_until = NULL, open_seconds = 0
    WHERE %(answered)s::boolean AND channel = %(channel)s AND failures_in_row > 0
), noted AS (
    INSERT INTO announcements_attempt (delivery_id, number, started_at, outcome, code, provider_ref, process)
    SELECT id, %(number)s::smallint, %(started_at)s::timestamptz, %(outcome)s::varchar, %(code)s::varchar,
        %(reference)s::varchar, %(process)s::varchar
    FROM changed WHERE id = %(tried)s::bigint
    RETURNING id
)
SELECT EXISTS (SELECT FROM noted), word, subscription_id, vacancy_ids, now(), attempts
FROM (SELECT) AS always LEFT JOIN (verdict JOIN changed USING (id)) ON true
"""


@dataclass(frozen=True)
class Begun(Permit):
    started_at: datetime
    number: int  # of the try


class Tried(NamedTuple):
    """A try that has ended and is not yet written down."""

    delivery: Delivery
    outcome: Outcome
    begun: Begun


def begin(delivery: Delivery) -> Begun | None:
    """Leave to send this claimed delivery now, counted as a try. None when it must not go, or is no longer ours.

    A single statement, so committed when it returns.
    """
    _finished, begun = _step(None, delivery)
    return begun


def finish(delivery: Delivery, outcome: Outcome, begun: Begun) -> bool:
    """Write down how a try ended. False when the lease ran out before, so that somebody else has decided."""
    with transaction.atomic(durable=True) if outcome.reason in TELLING else nullcontext():
        finished, _begun = _step(Tried(delivery, outcome, begun), None)
        if finished:
            _learn(delivery, outcome.reason)
    return finished


def finish_and_begin(tried: Tried, following: Delivery) -> tuple[bool, Begun | None]:
    """`finish` and then `begin` in one statement: still one row in flight, and half the commits."""
    if tried.outcome.reason in TELLING:
        return finish(*tried), begin(following)
    try:
        return _step(tried, following)
    except DatabaseError:
        finish(*tried)  # what has been sent must not be forgotten because of what comes next
        raise


def _step(tried: Tried | None, following: Delivery | None) -> tuple[bool, Begun | None]:
    """Whether the end of `tried` was written down, and leave to send `following`."""
    either = following or (tried and tried.delivery)
    assert either is not None
    # Only what speaks of no vacancy names none; asked of the row itself, so that a claim reads no announcement.
    notice = following is not None and following.announcement_id is not None and not following.vacancy_ids
    values = _end(tried) | _beginning(following) | {"channel": either.channel} | matching_parameters()
    finished, word, subscription_id, vacancy_ids, now, attempts = run_prepared(
        begin_statement(LISTENERS[either.channel], notice), values
    )
    return finished, Begun(subscription_id, tuple(vacancy_ids or ()), now, attempts) if word == "go" else None


def _beginning(delivery: Delivery | None) -> dict[str, Any]:
    """QUIET_HOURS is None or two ends of a time over midnight: ("20:00", "07:00")."""
    quiet_from, quiet_until = settings.QUIET_HOURS or (None, None)
    return {
        "id": delivery and delivery.pk,
        "token": delivery and delivery.token,
        "lease": lease(),
        "zone": settings.TIME_ZONE,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
    }


NOTHING_TRIED = dict.fromkeys(
    ("tried", "tried_token", "state", "reason", "unclear", "wait", "outcome", "code", "reference", "number",
     "started_at", "process", "answered")
)  # fmt: skip


def _end(tried: Tried | None) -> dict[str, Any]:
    if tried is None:
        return NOTHING_TRIED
    delivery, outcome, begun = tried
    follows = _consequence(delivery, outcome.reason, tries=begun.number, wait=outcome.wait)
    return {
        "tried": delivery.pk,
        "tried_token": delivery.token,
        "state": str(follows.state),
        "reason": str(follows.reason),
        "unclear": follows.unclear,
        "wait": follows.wait,
        "outcome": str(outcome.reason),
        "code": outcome.code,
        "reference": outcome.reference,
        "number": begun.number,
        "started_at": begun.started_at,
        "process": f"{HOST}:{os.getpid()}",
        "answered": outcome.reason not in SILENT and outcome.reason != Reason.OWN_ERROR,
    }


@dataclass(frozen=True)
class Consequence:
    """The state that follows from a try; `wait` until the next one, None where none follows."""

    state: State
    reason: Reason
    wait: timedelta | None = None
    unclear: int = 0  # one more unclear end


def _consequence(delivery: Delivery, reason: Reason, *, tries: int, wait: timedelta = timedelta()) -> Consequence:
    """What follows from how a try ended; `wait` is what the other side asked for."""
    if reason == Reason.ACCEPTED:
        return Consequence(State.SENT, reason)
    if reason in LATER and tries <= len(RETRY_MINUTES):
        return Consequence(State.QUEUED, reason, max(wait, retry_delay(tries)))
    if reason in LATER:
        return Consequence(State.FAILED, Reason.TRIED_OUT)
    if reason in UNCLEAR and delivery.ambiguous < CHANNELS[delivery.channel].repeats:
        return Consequence(State.QUEUED, reason, retry_delay(1) if reason == Reason.NO_ANSWER else timedelta(), 1)
    if reason in UNCLEAR:
        return Consequence(State.UNKNOWN, reason, unclear=1)
    return Consequence(State.FAILED, reason)


def retry_delay(attempts: int) -> timedelta:
    """Full jitter: anything up to the delay of this try, so that many failures do not come back together."""
    return timedelta(minutes=RETRY_MINUTES[attempts - 1]) * random.random()  # noqa: S311


def _learn(delivery: Delivery, reason: Reason) -> None:
    """What a try tells of the address and of the channel, where it is more than that all is well."""
    if reason == Reason.UNKNOWN_ADDRESS:
        Suppression.close(delivery.address, Suppression.Reason.UNKNOWN_ADDRESS)
    if reason in SILENT:
        ChannelControl.note_failure(delivery.channel)


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
        follows = _consequence(row, Reason.INTERRUPTED, tries=row.attempts)
        Delivery.objects.filter(pk=row.pk).update(
            state=follows.state,
            last_class=follows.reason,
            token=None,
            lease_until=None,
            ambiguous=F("ambiguous") + follows.unclear,
            not_before=F("not_before") if follows.wait is None else Now() + follows.wait,
        )
        Attempt.objects.create(
            delivery=row, number=row.attempts, started_at=row.lease_until - lease(), outcome=Reason.INTERRUPTED
        )
    return len(rows)


def expire() -> int:
    """Close what did not leave in time, and what stayed uncertain until a repeat made no sense any more."""
    late = Delivery.objects.filter(expires_at__lte=Now())
    closed = late.filter(state=State.QUEUED).update(state=State.EXPIRED, last_class=Reason.EXPIRED)
    return closed + late.filter(state=State.UNKNOWN).update(state=State.FAILED, last_class=Reason.EXPIRED)


def end_pauses() -> int:
    """Forget addresses whose pause is over: they are like any other again, also for whoever adds one by hand."""
    return Suppression.objects.filter(until__lte=Now()).delete()[0]


def forget_old_addresses(days: int = 30) -> int:
    """Blank the addresses of transactional mail, which no subscription's erasure would reach."""
    old = Delivery.objects.transactional().ended().filter(created_at__lt=Now() - timedelta(days=days))
    return old.update(address=Concat(Value(FORGOTTEN), Cast("pk", CharField())))


def oldest_due_seconds() -> float:
    """For how long the oldest due delivery has been waiting; 0 when none is."""
    return _age(Delivery.objects.filter(state=State.QUEUED, not_before__lte=Now()), "not_before")


def _age(rows: QuerySet[Any], moment: str) -> float:
    """Seconds since the earliest `moment` among the rows; 0 where there is none."""
    age = rows.aggregate(age=Now() - Min(moment))["age"]
    return age.total_seconds() if age else 0.0


def forget_address(addresses: list[str]) -> int:
    """Somebody has been erased: blank these addresses in everything that has ended; what waits ages later."""
    theirs = Delivery.objects.transactional().ended().filter(address__in=addresses)
    return theirs.update(address=Concat(Value(FORGOTTEN), Cast("pk", CharField())))


def standstill_minutes() -> int:
    """For how long something has been due that nobody has taken up; 0 when all is well.

    Mail that waits, or an announcement whose recipients nobody writes, while no mail is tried at all; or a lease that
    has run out and that no sweep has settled, which tells of the scheduler even while mail flows.
    """
    stopped = ChannelControl.objects.filter(Q(paused=True) | Q(open_until__gt=Now()))  # has a word of its own
    due = Delivery.objects.filter(state=State.QUEUED, not_before__lte=Now()).exclude(channel__in=stopped.values("pk"))
    unwritten = Announcement.objects.running().filter(expanded_at=None)
    waiting = max(_age(due, "not_before"), _age(unwritten, "created_at"))
    if waiting > LATE_SECONDS:
        tried = Attempt.objects.order_by("-pk").values_list("started_at", flat=True).first()
        waiting = min(waiting, (timezone.now() - tried).total_seconds()) if tried else waiting
    unsettled = Delivery.objects.filter(state__in=[State.CLAIMED, State.SENDING], lease_until__lt=Now())
    longest = max(waiting, _age(unsettled, "lease_until"))
    return int(longest // 60) if longest > LATE_SECONDS else 0
