"""Whom a channel tells: saved searches in a table of its own, as SQL where `s` is one of its rows."""

from dataclasses import dataclass

from announcements.models.announcements import ChannelKey


@dataclass(frozen=True)
class Listeners:
    """`address` is the column that names the recipient in the ledger, `told` the condition for being told.

    In `told` the braces stand for the announcement's audience. `linked`: the ledger row points to the search's row.
    """

    table: str
    address: str
    told: str
    linked: bool = False

    def told_of(self, audience: str) -> str:
        """The condition, with an SQL expression for the audience."""
        return self.told.format(audience=audience)

    @property
    def link(self) -> str:
        """What the ledger row's `subscription_id` becomes, where `subscription_id` is the search's key."""
        return "subscription_id" if self.linked else "NULL::bigint"


LISTENERS: dict[str, Listeners] = {
    ChannelKey.EMAIL: Listeners(
        "jobseekers_alertsubscription", "email", "s.state = 'active' AND s.frequency = {audience}", linked=True
    ),
    # A device is told at once or not at all. The ledger knows it by a random key.
    ChannelKey.PUSH: Listeners("jobseekers_pushsubscription", "key", "{audience} = 'instant'"),
}
