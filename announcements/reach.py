"""What a campaign's short links brought, by channel: openings, and sign-ups that followed. Numbers of days, no people.

A signed cookie of half an hour remembers the link, nothing else; whoever asks for alerts or makes an account meanwhile
is counted for its channel.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from announcements.models import Announcement, LinkDay, ShortLink

COOKIE = "asal"
REMEMBERED = timedelta(minutes=30)


class Reach(NamedTuple):
    views: int = 0
    sign_ups: int = 0


NOTHING = Reach()


def by_channel(announcement: Announcement) -> dict[str, Reach]:
    """A channel that nobody opened is missing."""
    rows = LinkDay.objects.filter(link__announcement=announcement).values("link__channel").order_by("link__channel")
    sums = rows.annotate(opened=Sum("views"), signed=Sum("sign_ups")).values_list("link__channel", "opened", "signed")
    return {channel: Reach(opened, signed) for channel, opened, signed in sums}


def opened(link: ShortLink, response: HttpResponse) -> None:
    """Count one opening, and remember for a while where it led from."""
    _count(link.pk, "views")
    response.set_signed_cookie(
        COOKIE, str(link.pk), salt=COOKIE, max_age=REMEMBERED, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def count_sign_up(request: HttpRequest, **kwargs: Any) -> None:
    """For the link that this browser came by, if it came by one in the last half hour and the link still stands."""
    key = request.get_signed_cookie(COOKIE, "", salt=COOKIE, max_age=REMEMBERED)
    if key and ShortLink.objects.filter(pk=key).exists():
        _count(int(key), "sign_ups")


def _count(link: int, column: str) -> None:
    """One more today; a row for a day is made by the first."""
    day = timezone.localdate()
    LinkDay.objects.bulk_create([LinkDay(link_id=link, day=day)], ignore_conflicts=True)
    LinkDay.objects.filter(link=link, day=day).update(**{column: F(column) + 1})
