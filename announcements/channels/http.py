"""What the channels that speak HTTP have in common: how a try ends that brought no answer, and how long to wait."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from announcements.channels.base import Outcome
from announcements.models.deliveries import Reason
from announcements.outbound import NoAnswer, Reply, Unreachable

LONGEST_WAIT = timedelta(hours=12)  # whatever the other side asks for


def attempt(call: Callable[[], Reply], judge: Callable[[Reply], Outcome]) -> Outcome:
    """One try: what `judge` makes of the reply, or why there is none."""
    try:
        return judge(call())
    except Unreachable as error:
        return Outcome(Reason.UNREACHABLE, str(error)[:40])
    except NoAnswer as error:
        return Outcome(Reason.NO_ANSWER, str(error)[:40])


def retry_after(reply: Reply) -> timedelta:
    """What the header Retry-After asks for, in seconds or as a date (RFC 9110, 10.2.3); nothing when it is absent."""
    asked = reply.headers.get("Retry-After", "")
    try:
        wait = timedelta(seconds=int(asked)) if asked.isdigit() else parsedate_to_datetime(asked) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return min(max(wait, timedelta()), LONGEST_WAIT)
