"""Writes the recipients of an announcement into the ledger: one row per address, in batches that can be resumed."""

from collections.abc import Callable, Sequence
from email.utils import parseaddr
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from announcements.channels import CHANNELS
from announcements.contents import is_notice
from announcements.facts import Facts, all_say_the_same
from announcements.listeners import LISTENERS, SUPPRESSION, Listeners
from announcements.models import AnnouncedVacancy, Announcement, Delivery, Issue
from announcements.models.deliveries import LEFT, WAITING
from jobseekers.alerts import MATCHES, matching_parameters

BATCH = 1000  # subscriptions a statement


def _rows_of_matched(listeners: Listeners) -> str:
    """The end of a statement that has found `batch` and `matched`: the ledger's rows; where the batch ended."""
    return f"""
, added AS (
    INSERT INTO announcements_delivery
        (announcement_id, issue_id, subscription_id, channel, address, vacancy_ids, message_id, priority, expires_at)
    SELECT %(announcement)s, %(issue)s, {listeners.link}, %(channel)s, address, vacancy_ids,
        '<' || gen_random_uuid() || '@' || %(domain)s || '>', %(priority)s, %(expires_at)s
    FROM matched
    ON CONFLICT (announcement_id, address, channel) DO NOTHING
)
SELECT max(id), count(*) FROM batch
"""  # noqa: S608, only our own SQL is put together


# Where `v` is a vacancy: no row on this channel for this address, of an announcement of it, that has left or will.
GOT = tuple(str(state) for state in (*WAITING, *LEFT))


def _not_yet(address: str) -> str:
    """For a reminder: a condition on `v` that whoever has this address was not told of it."""
    return f"""AND NOT EXISTS (
        SELECT FROM announcements_delivery d
        WHERE d.announcement_id = ANY (%(earlier)s) AND d.address = {address} AND d.channel = %(channel)s
            AND v.id = ANY (d.vacancy_ids) AND d.state IN {GOT}
    )"""


@cache
def insert_statement(listeners: Listeners, but_told: bool = False) -> str:
    """A batch names addresses; each address is then matched with all its subscriptions, so that the one row it gets
    holds every vacancy it wants, wherever the batches cut. A second row for it is refused by the unique key. With
    `but_told` it holds only those that the address has not been told of."""
    left = _not_yet("person.address") if but_told else ""
    told, address, table = listeners.told_of("%(audience)s"), listeners.address, listeners.table
    return f"""
WITH batch AS (
    SELECT s.id, s.{address} AS address FROM {table} s
    WHERE {told} AND s.id > %(after)s
    ORDER BY s.id LIMIT %(size)s
), person AS (
    SELECT DISTINCT address FROM batch
), matched AS (
    SELECT person.address, min(s.id) AS subscription_id, array_agg(DISTINCT v.id) AS vacancy_ids
    FROM person
    JOIN {table} s ON s.{address} = person.address AND {told}
    JOIN canvassing_vacancy v ON v.id = ANY (%(vacancies)s) AND {MATCHES} {left}
    GROUP BY person.address
)
{_rows_of_matched(listeners)}"""  # noqa: S608, only our own SQL is put together


@cache
def notice_statement(listeners: Listeners) -> str:
    """As `insert_statement`, for a class or for news: everybody who wants to hear of such things, no search asked."""
    return f"""
WITH batch AS (
    SELECT s.id, s.{listeners.address} AS address FROM {listeners.table} s
    WHERE {listeners.told_at_once("%(kind)s")} AND s.id > %(after)s
    ORDER BY s.id LIMIT %(size)s
), matched AS (
    SELECT address, min(id) AS subscription_id, '{{}}'::bigint[] AS vacancy_ids FROM batch GROUP BY address
)
{_rows_of_matched(listeners)}"""  # noqa: S608, only our own SQL is put together


# Where `d` is a ledger row: a message of the corrected piece that has left, to somebody whom no correction that was
# cancelled half-way has told the same already.
GONE = tuple(str(state) for state in LEFT)
READ = f"""d.issue_id = %(corrects)s AND d.state IN {GONE} AND NOT EXISTS (
        SELECT FROM announcements_delivery told
        WHERE told.issue_id = ANY (%(said)s) AND told.address = d.address AND told.state IN {GONE}
    )"""


@cache
def correction_statement(listeners: Listeners, notice: bool = False) -> str:
    """As `insert_statement`, for a correction: a batch names ledger rows of the piece with the old fact. The search
    that they were written for is preferred, for the reason and the way out that the message names. `notice`: the
    piece was of a class, whose rows name no vacancy."""
    named = "'{}'::bigint[]" if notice else "array_agg(DISTINCT told.id)"
    of_named = "" if notice else "JOIN unnest(batch.vacancy_ids) AS told (id) ON told.id = ANY (%(vacancies)s)"
    return f"""
WITH batch AS (
    SELECT d.id, d.address, d.subscription_id, d.vacancy_ids FROM announcements_delivery d
    WHERE {READ} AND d.id > %(after)s
    ORDER BY d.id LIMIT %(size)s
), matched AS (
    SELECT batch.address, {named} AS vacancy_ids,
        coalesce(min(s.id) FILTER (WHERE s.id = batch.subscription_id), min(s.id)) AS subscription_id
    FROM batch
    {of_named}
    JOIN {listeners.table} s ON s.{listeners.address} = batch.address AND {listeners.reachable}
    GROUP BY batch.address
)
{_rows_of_matched(listeners)}"""  # noqa: S608, only our own SQL is put together


def expand(announcement_id: int, on_first_batch: Callable[[], object] = lambda: None) -> None:
    """Write all recipients, or what an interrupted run has left. Does nothing where another process is at it.

    `on_first_batch` is called when there is something to send and more to write, so that nobody waits for the last.
    """
    if expand_batch(announcement_id):
        on_first_batch()
        while expand_batch(announcement_id):
            pass


@transaction.atomic(durable=True)
def expand_batch(announcement_id: int, size: int = BATCH) -> bool:
    """Write the next `size` subscriptions' rows and how far that got, both or neither. True when more may follow."""
    waiting = Announcement.objects.running().filter(pk=announcement_id, expanded_at=None)
    announcement = waiting.select_for_update(skip_locked=True).first()
    if announcement is None:
        return False
    through = announcement.expanded_channels
    left = [each for each in announcement.issues.newest() if each.channel in LISTENERS and each.channel not in through]
    if not left:
        Announcement.objects.filter(pk=announcement.pk).update(expanded_at=Now())
        return False
    last, full = _insert(announcement, left[0], size)
    reached = {"expanded_to": last} if full else {"expanded_to": 0, "expanded_channels": [*through, left[0].channel]}
    more = full or len(left) > 1
    Announcement.objects.filter(pk=announcement.pk).update(expanded_at=None if more else Now(), **reached)
    return more


def _insert(announcement: Announcement, issue: Issue, size: int) -> tuple[int, bool]:
    """The last subscription looked at, and whether the batch was full."""
    listeners = LISTENERS[issue.channel]
    vacancies = _vacancies(announcement, issue)
    but_told = announcement.is_reminder and not announcement.tell_again
    statement = insert_statement(listeners, but_told)
    if announcement.is_correction:
        statement = correction_statement(listeners, is_notice(issue.facts[0]))
    elif announcement.is_notice:
        statement = notice_statement(listeners)
    values: dict[str, Any] = {
        "announcement": announcement.pk,
        "issue": issue.pk,
        "channel": issue.channel,
        "audience": announcement.audience,
        "kind": announcement.kind,
        "after": announcement.expanded_to,
        "size": size,
        "vacancies": vacancies,
        "earlier": _announced_before(vacancies, announcement.pk) if but_told else [],
        "corrects": announcement.corrects_id,
        "said": _said_before(announcement.corrects, issue.facts) if announcement.corrects else [],
        "domain": mail_domain(),
        "priority": Delivery.Priority.BULK,
        "expires_at": announcement.expires_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values | matching_parameters())
        last, number = cursor.fetchone()
    return last or announcement.expanded_to, number == size


def _vacancies(announcement: Announcement, issue: Issue) -> list[int]:
    if announcement.is_correction:
        return [each["id"] for each in issue.facts]
    announced = AnnouncedVacancy.objects.filter(announcement=announcement)
    return list(announced.values_list("vacancy_id", flat=True))


def _announced_before(vacancies: Sequence[int], announcement_id: int | None = None) -> list[int]:
    """The other announcements of any of these."""
    told = AnnouncedVacancy.objects.filter(vacancy__in=vacancies).exclude(announcement=announcement_id)
    return list(told.values_list("announcement_id", flat=True).distinct())


@cache
def count_statement(listeners: Listeners, but_told: bool = False) -> str:
    left = _not_yet(f"s.{listeners.address}") if but_told else ""
    return f"""
SELECT count(*) FROM (
    SELECT DISTINCT s.{listeners.address} FROM {listeners.table} s
    JOIN canvassing_vacancy v ON v.id = ANY (%(vacancies)s) AND {MATCHES} {left}
    WHERE {listeners.told_of("%(audience)s")}
    LIMIT %(limit)s
) AS people
"""  # noqa: S608, only our own SQL is put together


def count_recipients(vacancies: Sequence[int], *, audience: str, limit: int, but_told: bool = False) -> int:
    """How many recipients on all channels would be written to, counted no further than `limit` on each.

    `but_told`: of a reminder, without those who were told of all that they want.
    """
    values: dict[str, Any] = {"vacancies": list(vacancies), "audience": audience, "limit": limit}
    values |= {"earlier": _announced_before(vacancies) if but_told else []}
    return _count(partial(count_statement, but_told=but_told), values | matching_parameters())


@cache
def count_notice_statement(listeners: Listeners) -> str:
    return f"""
SELECT count(*) FROM (
    SELECT DISTINCT s.{listeners.address} FROM {listeners.table} s
    WHERE {listeners.told_at_once("%(kind)s")}
    LIMIT %(limit)s
) AS people
"""  # noqa: S608, only our own SQL is put together


def count_listeners(kind: str, *, limit: int) -> int:
    """The same for a class or for news."""
    return _count(count_notice_statement, {"kind": kind, "limit": limit})


def _count(statement: Callable[[Listeners], str], values: dict[str, Any]) -> int:
    number = 0
    for key, listeners in LISTENERS.items():
        if CHANNELS[key].is_on():
            with connection.cursor() as cursor:
                cursor.execute(statement(listeners), values | {"channel": key})
                number += cursor.fetchone()[0]
    return number


@cache
def count_correction_statement(listeners: Listeners, notice: bool = False) -> str:
    of_named = "" if notice else "AND d.vacancy_ids && %(vacancies)s::bigint[]"
    return f"""
SELECT count(*) FROM (
    SELECT DISTINCT d.address FROM announcements_delivery d
    WHERE {READ} {of_named}
        AND EXISTS (SELECT FROM {listeners.table} s WHERE s.{listeners.address} = d.address AND {listeners.reachable})
        AND NOT EXISTS ({SUPPRESSION})
    LIMIT %(limit)s
) AS people
"""  # noqa: S608, only our own SQL is put together


def _said_before(issue: Issue, frozen: list[Facts]) -> list[int]:
    """The cancelled corrections of this piece that say just this, which some of its readers may have."""
    cancelled = Issue.objects.filter(
        announcement__corrects=issue, announcement__state=Announcement.State.CANCELLED, channel=issue.channel
    )
    return [each.pk for each in cancelled if all_say_the_same(each.facts, frozen)]


def count_corrected(issue: Issue, frozen: list[Facts], *, limit: int | None = None) -> int:
    """How many recipients of this piece would get a correction that says this, counted up to `limit`."""
    if not frozen:
        return 0
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "corrects": issue.pk,
            "said": _said_before(issue, frozen),
            "vacancies": [each["id"] for each in frozen],
            "limit": limit,
        }
        cursor.execute(count_correction_statement(LISTENERS[issue.channel], is_notice(frozen[0])), values)
        number: int = cursor.fetchone()[0]
    return number


def mail_domain() -> str:
    """The right side of our Message-IDs: the domain we send from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
