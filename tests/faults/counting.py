"""What the ledger says against what the mail server has taken."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from announcements.models import Delivery
from announcements.models.deliveries import WAITING, State
from tests.sink import Sink

MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)", re.IGNORECASE | re.MULTILINE)
MOST_UNKNOWN = 3


@dataclass
class Result:
    """`bound`: how many duplicates are allowed; `wrong`: whatever else was not as promised, in words."""

    lost: int
    duplicates: int
    unknown: int
    stuck: int
    bound: int
    wrong: list[str] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        within = self.duplicates <= self.bound and self.unknown <= MOST_UNKNOWN
        return within and not (self.lost or self.stuck or self.wrong)

    def __str__(self) -> str:
        counts = f"lost={self.lost} duplicates={self.duplicates} bound={self.bound} unknown={self.unknown}"
        return " ".join([counts, f"stuck={self.stuck}", *(f"WRONG: {each}." for each in self.wrong)])

    def require(self, promise: bool, otherwise: str) -> None:
        if not promise:
            self.wrong.append(otherwise)


def count(expected: dict[str, int], sink: Sink, *, bound: int) -> Result:
    """`expected`: how many different mails each address must get."""
    taken = Counter((mail.address, message_id(mail.content)) for mail in sink.mails)
    rows = list(Delivery.objects.values_list("address", "message_id", "state"))
    sent = {(address, key) for address, key, state in rows if state == State.SENT}
    unknown = {(address, key) for address, key, state in rows if state == State.UNKNOWN}
    accounted = defaultdict(int)
    for address, _key in taken.keys() | unknown:
        accounted[address] += 1
    result = Result(
        lost=sum(max(0, number - accounted[address]) for address, number in expected.items()),
        duplicates=taken.total() - len(taken)
        + sum(max(0, number - expected.get(address, 0)) for address, number in accounted.items()),
        unknown=len(unknown),
        stuck=sum(state in WAITING for _address, _key, state in rows),
        bound=bound,
    )  # fmt: skip
    result.require(sent <= taken.keys(), "a mail counts as sent that nobody has taken")
    result.require(taken.keys() <= sent | unknown, "a mail was taken that does not count as sent")
    return result


def message_id(content: bytes) -> str:
    found = MESSAGE_ID.search(content)
    assert found is not None
    return found[1].decode()
