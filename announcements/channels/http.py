"""What the channels that speak HTTP have in common: how a try ends that brought no answer, and how long to wait."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Self

from announcements.channels.base import Outcome
from announcements.models import Issue
from announcements.models.deliveries import Reason
from announcements.outbound import NoAnswer, Outbound, Reply, Unreachable
from announcements.piece_templates import frozen

LONGEST_WAIT = timedelta(hours=12)  # whatever the other side asks for


class HttpSender:
    """One run: the connections stay open, and what a piece says is read once."""

    def __init__(self) -> None:
        self.http = Outbound()
        self.facts = lru_cache(maxsize=16)(lambda issue_id: Issue.objects.get(pk=issue_id).facts)
        self.words = lru_cache(maxsize=16)(
            lambda issue_id: frozen(Issue.objects.select_related("announcement").get(pk=issue_id))
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.client.close()


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


def pick(data: Any, *path: str | int) -> Any:
    """What stands at this place of a document that somebody else has written; None where it has another shape."""
    for step in path:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and len(data) > step else None
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data


def seconds(value: Any) -> timedelta:
    """A waiting time that a service asks for in its answer; nothing for rubbish."""
    return min(timedelta(seconds=max(value, 0)), LONGEST_WAIT) if type(value) is int and value < 10**6 else timedelta()
