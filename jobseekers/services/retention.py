"""People nobody has heard of for two years: a notice, then thirty days, then erased (UU 27/2022 art. 42-44).

Whoever has no e-mail address is telephoned: the list of job seekers filters by "will be erased". Messages in the inbox
are kept for half a year.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jobseekers import personal_mail
from jobseekers.models import ChatMessage, JobSeeker
from jobseekers.services.erasure import CannotErase, erase

log = logging.getLogger("kanvas.retention")


def sweep(now: datetime | None = None, limit: int = 100) -> int:
    """Give notice, and erase whose notice is over. Any sign of life in between (`JobSeeker.touch`) stops it.

    Returns how many people it has dealt with; run again, it finds the next `limit`.
    """
    now = now or timezone.now()
    ChatMessage.objects.old(now).delete()
    return _give_notice(now, limit) + _erase(now, limit)


def _give_notice(now: datetime, limit: int) -> int:
    idle = JobSeeker.objects.alive().filter(active_at__lt=now - timedelta(days=settings.RETENTION_DAYS))
    waiting = idle.filter(retention_notice_at=None).order_by("active_at", "pk")[:limit]
    told = 0
    for person in waiting:
        with transaction.atomic():
            if idle.filter(pk=person.pk, retention_notice_at=None).update(retention_notice_at=now):
                personal_mail.retention_notice(person, days=JobSeeker.NOTICE.days)
                told += 1
    return told


def _erase(now: datetime, limit: int) -> int:
    over = JobSeeker.objects.alive().filter(retention_notice_at__lt=now - JobSeeker.NOTICE)
    gone = 0
    for person in over.order_by("retention_notice_at", "pk")[:limit]:
        try:
            erase(person, by=None)
            gone += 1
        except CannotErase:
            log.warning("somebody is past the time of keeping but cannot be erased")
    return gone
