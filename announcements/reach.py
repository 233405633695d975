"""What a campaign's short links brought, by channel."""

from announcements.models import Announcement, LinkDay


def views(announcement: Announcement) -> dict[str, int]:
    """How often each channel's links were opened; a channel that nobody opened is missing."""
    found: dict[str, int] = {}
    rows = LinkDay.objects.filter(link__announcement=announcement).values_list("link__channel", "views")
    for channel, number in rows:
        found[channel] = found.get(channel, 0) + number
    return found
