"""Whom a channel tells: saved searches in a table of its own, as SQL where `s` is one of its rows."""

from dataclasses import dataclass

from announcements.models.announcements import ChannelKey

# What keeps a ledger row `d` from being sent. A pause holds no mail to one person: who asks for a code is there again.
SUPPRESSION = (
    "SELECT FROM announcements_suppression x "
    "WHERE x.address = d.address AND (x.until IS NULL OR x.until > now() AND d.priority > 0)"
)


@dataclass(frozen=True)
class Listeners:
    """`address` is the column that names the recipient in the ledger, `told` the condition for being told.

    In `told` the braces stand for the announcement's audience. `present` is who may be told at all: of a class or of
    news at once, whatever the frequency and the search. `linked`: the ledger row points to the search's row.
    `reachable` is the condition for a correction of what was told before; no channel sends any without one.
    """

    table: str
    address: str
    told: str
    present: str
    linked: bool = False
    reachable: str = "false"

    def told_of(self, audience: str) -> str:
        """The condition, with an SQL expression for the audience."""
        return self.told.format(audience=audience)

    def told_at_once(self, kind: str) -> str:
        """The condition for a class or for news, with an SQL expression for which of them it is."""
        return f"{self.present} AND CASE {kind} WHEN 'course' THEN s.wants_courses ELSE s.wants_news END"

    @property
    def link(self) -> str:
        """What the ledger row's `subscription_id` becomes, where `subscription_id` is the search's key."""
        return "subscription_id" if self.linked else "NULL::bigint"


def chats(channel: str) -> Listeners:
    """Of one messaging service: linked, at once, and the person still there and not asking to be left alone."""
    present = (
        f"(s.state = 'active' AND s.channel = '{channel}' AND EXISTS ("
        "SELECT FROM jobseekers_jobseeker p WHERE p.id = s.job_seeker_id AND p.restricted_at IS NULL "
        "AND p.state IN ('draft', 'complete')))"
    )
    return Listeners(
        "jobseekers_chatsubscription", "key", f"s.wants_vacancies AND {{audience}} = 'instant' AND {present}", present
    )


LISTENERS: dict[str, Listeners] = {
    ChannelKey.EMAIL: Listeners(
        "jobseekers_alertsubscription",
        "email",
        "s.state = 'active' AND s.frequency = {audience} AND s.wants_vacancies",
        "s.state = 'active'",
        linked=True,
        reachable="s.state = 'active'",
    ),
    # A device is told at once or not at all. The ledger knows it by a random key.
    ChannelKey.PUSH: Listeners(
        "jobseekers_pushsubscription", "key", "{audience} = 'instant' AND s.wants_vacancies", "true", reachable="true"
    ),
    ChannelKey.WHATSAPP_MESSAGE: chats(ChannelKey.WHATSAPP_MESSAGE),
    ChannelKey.TELEGRAM_MESSAGE: chats(ChannelKey.TELEGRAM_MESSAGE),
}
