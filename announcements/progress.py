"""How far an announcement has got, in the few numbers that the office looks at."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from announcements.channels import CHANNELS, Channel, Standing, Tally
from announcements.models import Announcement, Issue
from announcements.models.announcements import AUTOMATIC, ChannelKey
from announcements.models.deliveries import WAITING, State
from announcements.reach import NOTHING, Reach


@dataclass(frozen=True)
class Progress:
    accepted: int
    waiting: int
    rejected: int
    unknown: int
    unsent: int  # nobody wanted it any more, or it was called back

    @classmethod
    def of(cls, tally: Tally) -> "Progress":
        def number(*states: str) -> int:
            return sum(tally.get(state, 0) for state in states)

        return cls(
            accepted=number(State.SENT, State.DELIVERED),
            waiting=number(*WAITING),
            rejected=number(State.FAILED, State.BOUNCED),
            unknown=number(State.UNKNOWN),
            unsent=number(State.SUPPRESSED, State.EXPIRED, State.CANCELLED),
        )

    @property
    def total(self) -> int:
        return self.accepted + self.waiting + self.rejected + self.unknown + self.unsent

    def minutes_left(self, per_minute: int) -> int:
        """At the channel's full rate; 0 when nothing waits."""
        return ceil(self.waiting / per_minute)


@dataclass(frozen=True)
class ChannelRow:
    """One line of the table of channels."""

    channel: Channel
    issue: Issue
    standing: Standing
    progress: Progress
    reach: Reach = NOTHING

    @property
    def description(self) -> str:
        return self.channel.description(self.issue)

    @property
    def by_hand(self) -> bool:
        return self.issue.channel not in AUTOMATIC


def channel_rows(
    announcement: Announcement, tallies: dict[tuple[int, str], Tally], reached: dict[str, Reach] | None = None
) -> list[ChannelRow]:
    """Needs the announcement's issues prefetched; the newest piece of every channel, in the registry's order."""
    issues: dict[str, Any] = {issue.channel: issue for issue in announcement.issues.all()}
    rows = []
    for key, channel in CHANNELS.items():
        if key in issues:
            tally = tallies.get((announcement.pk, key), {})
            standing = channel.standing(announcement, tally)
            brought = (reached or {}).get(key, NOTHING)
            rows.append(ChannelRow(channel, issues[key], standing, Progress.of(tally), brought))
    return rows


def email_or_first(rows: list[ChannelRow]) -> ChannelRow:
    """What the page is mostly about: the mail, or for a correction on devices the only piece that there is."""
    return next((row for row in rows if row.issue.channel == ChannelKey.EMAIL), rows[0])


def by_hand(rows: list[ChannelRow]) -> dict[str, int]:
    """How many pieces by hand there are, and of how many it is proved that they are public."""
    hand = [row for row in rows if row.by_hand]
    return {"total": len(hand), "proven": sum(row.standing.kind == "ok" for row in hand)}
