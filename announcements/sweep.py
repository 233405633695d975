"""What is done every 15 seconds by whoever comes first: find what was lost, late or forgotten, and set it going."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from announcements import afterwards, drafts, expansion, ledger, services
from announcements.models import Announcement, Delivery

LOCK = 7_250_114  # any number that no other part of the product uses

log = logging.getLogger("kanvas.announcements")


def sweep() -> bool:
    """Run the duties once. False when another process is at it."""
    now = mend_ledger()
    if now is None:
        return False
    afterwards.sweep()
    drafts.start_due()
    announce_due(now)
    services.renew_waiting()
    expand_all()
    close_finished()
    if (age := ledger.oldest_due_seconds()) > ledger.LATE_SECONDS:
        log.error("the oldest due delivery has been waiting for %d seconds", age)
    return True


@transaction.atomic
def mend_ledger() -> datetime | None:
    """One short transaction; its advisory lock keeps a second sweep out. The database's time, or None if locked out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s), now()", [LOCK])
        ours, now = cursor.fetchone()
    if not ours:
        return None
    ledger.free_leases()
    ledger.settle_interrupted()
    ledger.expire()
    ledger.end_pauses()
    ledger.forget_old_addresses()
    return now


def announce_due(now: datetime) -> None:
    """What nobody announced, and the morning's digest. A vacancy that cannot be announced must not stop the rest."""
    local = timezone.localtime(now)
    try:
        services.announce_unannounced()
        if local.hour >= services.DIGEST_HOUR:
            services.daily_digest(local.date())
    except Exception:
        log.exception("announcing failed")


def expand_all(on_first_batch: Callable[[], object] = lambda: None) -> None:
    """Write the recipients of every announcement that lacks some. Interrupted ones go on where they stopped."""
    for pk in Announcement.objects.running().filter(expanded_at=None).values_list("pk", flat=True):
        expansion.expand(pk, on_first_batch)


def close_finished() -> int:
    """Mark announcements done whose last delivery has reached an end."""
    waiting = Delivery.objects.waiting().filter(announcement=OuterRef("pk"))
    over = Announcement.objects.running().filter(~Exists(waiting), expanded_at__isnull=False)
    return over.update(state=Announcement.State.DONE)
