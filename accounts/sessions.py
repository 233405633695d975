"""How long staff stay signed in: half an hour without doing anything (ASVS 5.0, 7.3.1), a working day at most.

When somebody was last seen stands in the session, renewed at most once a minute so that a page costs no write.
Job seekers sign in with a code from their mail, often on the one telephone of the house, and keep Django's two weeks.
"""

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

WORKING_DAY = timedelta(hours=10)
SEEN = "seen"  # seconds since the epoch
RENEWED_AFTER = 60  # seconds


def begin(request: HttpRequest, **kwargs: Any) -> None:
    """Somebody has signed in (receiver of `user_logged_in`)."""
    request.session[SEEN] = int(time.time())


def end_with_the_day(session: SessionBase) -> None:
    """Give a fixed end: a number of seconds would begin anew whenever the session is written."""
    session.set_expiry(timezone.now() + WORKING_DAY)


def is_idle(session: SessionBase) -> bool:
    return time.time() - session.get(SEEN, time.time()) > settings.STAFF_IDLE_SECONDS


def renew(session: SessionBase) -> None:
    if time.time() - session.get(SEEN, 0) >= RENEWED_AFTER:
        session[SEEN] = int(time.time())


def forget_ended() -> int:
    """Delete the sessions that are over; how many there were."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
