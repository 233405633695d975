"""Writes the recipients of an announcement into the ledger: one row per address, in batches that can be resumed."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from announcements.channels import CHANNELS
from announcements.models import AnnouncedVacancy, Announcement, Delivery, Issue
from jobseekers.alerts import MATCHES, matching_parameters

BATCH = 1000  # subscriptions a statement

# A batch names addresses; each address is then matched with all its subscriptions, so that the one row it gets holds
# every vacancy it wants, wherever the batches cut. A second row for it is refused by the unique key.
INSERT = f"""
WITH batch AS (
    SELECT id, email FROM jobseekers_alertsubscription
    WHERE state = 'active' AND frequency = %(audience)s AND id > %(after)s
    ORDER BY id LIMIT %(size)s
), person AS (
    SELECT DISTINCT email FROM batch
), matched AS (
    SELECT s.email, min(s.id) AS subscription_id, array_agg(DISTINCT v.id) AS vacancy_ids
    FROM person
    JOIN jobseekers_alertsubscription s
        ON s.email = person.email AND s.state = 'active' AND s.frequency = %(audience)s
    JOIN canvassing_vacancy v ON v.id = ANY (%(vacancies)s) AND {MATCHES}
    GROUP BY s.email
), added AS (
    INSERT INTO announcements_delivery
        (announcement_id, issue_id, subscription_id, channel, address, vacancy_ids, message_id, priority, expires_at)
    SELECT %(announcement)s, %(issue)s, subscription_id, %(channel)s, email, vacancy_ids,
        '<' || gen_random_uuid() || '@' || %(domain)s || '>', %(priority)s, %(expires_at)s
    FROM matched
    ON CONFLICT (announcement_id, address, channel) DO NOTHING
)
SELECT max(id), count(*) FROM batch
"""  # noqa: S608, only our own SQL is put together


def expand(announcement_id: int) -> None:
    """Write all recipients, or what an interrupted run has left. Does nothing where another process is at it."""
    while expand_batch(announcement_id):
        pass


@transaction.atomic(durable=True)
def expand_batch(announcement_id: int, size: int = BATCH) -> bool:
    """Write the next `size` subscriptions' rows and how far that got, both or neither. True when more may follow."""
    waiting = Announcement.objects.running().filter(pk=announcement_id, expanded_at=None)
    announcement = waiting.select_for_update(skip_locked=True).first()
    if announcement is None:
        return False
    last = announcement.expanded_to
    full = False
    for issue in announcement.issues.all():
        if CHANNELS[issue.channel].sender():
            last, full = _insert(announcement, issue, size)
    Announcement.objects.filter(pk=announcement.pk).update(expanded_to=last, expanded_at=None if full else Now())
    return full


def _insert(announcement: Announcement, issue: Issue, size: int) -> tuple[int, bool]:
    """The last subscription looked at, and whether the batch was full."""
    vacancies = AnnouncedVacancy.objects.filter(announcement=announcement).values_list("vacancy_id", flat=True)
    values: dict[str, Any] = {
        "announcement": announcement.pk,
        "issue": issue.pk,
        "channel": issue.channel,
        "audience": announcement.audience,
        "after": announcement.expanded_to,
        "size": size,
        "vacancies": list(vacancies),
        "domain": mail_domain(),
        "priority": Delivery.Priority.BULK,
        "expires_at": announcement.expires_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values | matching_parameters())
        last, number = cursor.fetchone()
    return last or announcement.expanded_to, number == size


COUNT = f"""
SELECT count(*) FROM (
    SELECT DISTINCT s.email FROM jobseekers_alertsubscription s
    JOIN canvassing_vacancy v ON v.id = ANY (%(vacancies)s) AND {MATCHES}
    WHERE s.state = 'active' AND s.frequency = %(audience)s
    LIMIT %(limit)s
) AS people
"""  # noqa: S608, only our own SQL is put together


def count_recipients(vacancies: Sequence[int], *, audience: str, limit: int) -> int:
    """How many addresses would be written to, counted no further than `limit`."""
    values: dict[str, Any] = {"vacancies": list(vacancies), "audience": audience, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values | matching_parameters())
        return cursor.fetchone()[0]


def mail_domain() -> str:
    """The right side of our Message-IDs: the domain we send from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
