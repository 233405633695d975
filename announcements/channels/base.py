"""What every channel can do. A new channel is one more module here and one line in the registry."""

from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Protocol, Self

from announcements.facts import Facts
from announcements.models import Announcement, Delivery, Issue
from announcements.models.deliveries import Reason

Tally = dict[str, int]  # number of deliveries by state; of postings and receipts, see announcements.proof


@dataclass(frozen=True)
class Outcome:
    """How one try ended. `reason` is one of ACCEPTED, BUSY, UNREACHABLE, NO_ANSWER, REFUSED, UNKNOWN_ADDRESS, GONE,
    OWN_ERROR; `code` the protocol's ("550 5.1.1"), `reference` what the other side answered on acceptance, `wait` how
    long it asks to be left alone."""

    reason: Reason
    code: str = ""
    reference: str = ""
    wait: timedelta = timedelta()


@dataclass(frozen=True)
class Permit:
    """The ledger's leave to send one delivery now: which vacancies it may still speak of, to which subscription.

    The subscription is a row of the channel's own table, see announcements.listeners.
    """

    subscription_id: int | None
    vacancy_ids: tuple[int, ...]


@dataclass(frozen=True)
class Standing:
    """Where a channel's piece stands, in words: `kind` of config.templatetags.ui.status, state, proof."""

    kind: str
    state: str
    proof: str


class Sender(Protocol):
    """Sends what one worker run has claimed, keeping its connection between messages."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def compose(self, delivery: Delivery, permit: Permit) -> bytes:
        """The whole message. Any exception is an error of our own."""

    def send(self, delivery: Delivery, message: bytes) -> Outcome:
        """Hand it over within CALL_SECONDS. Never raises for what the network or the other side does."""


class Channel(Protocol):
    @property
    def key(self) -> str: ...

    @property
    def repeats(self) -> int:
        """How often the ledger sends again what may have arrived, before an officer decides."""

    def is_on(self) -> bool:
        """Whether the office has set up what the channel needs."""

    def issue(self, announcement: Announcement, facts: list[Facts]) -> Issue:
        """The piece as it is frozen at publication, not yet saved."""

    def follow(self, issue: Issue) -> None:
        """What else the piece needs in the database, once it is saved."""

    def file_names(self, issue: Issue) -> list[tuple[str, str]]:
        """(name, label) of what can be printed of it; empty for most."""

    def make(self, issue: Issue, name: str) -> bytes:
        """The file of that name."""

    def description(self, issue: Issue) -> str:
        """What the piece is, in a few words: "6 halaman"."""

    def standing(self, announcement: Announcement, tally: Tally) -> Standing:
        """State and proof for the table of channels."""

    def sender(self) -> Sender | None:
        """None for a channel that needs nobody to deliver it."""
