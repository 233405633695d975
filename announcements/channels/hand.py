"""What the channels worked by hand have in common: a piece that somebody posts, reads out, hangs up or sends."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import current_office
from announcements.channels.base import Standing, Tally
from announcements.contents import is_notice, notice_in
from announcements.facts import Facts
from announcements.models import Announcement, Issue, ShortLink

FREE = "Gratis, tidak dipungut biaya."


def office_head() -> dict[str, Any]:
    """The office as it stands now, to be frozen with the piece."""
    office = current_office()
    names = ("name", "short_name", "city_name", "address", "opening_hours", "phone", "whatsapp")
    return {name: getattr(office, name) for name in names}


def links_for(announcement: Announcement, channel: str, vacancies: Iterable[int | None]) -> dict[int | None, str]:
    """The channel's short addresses by vacancy, None for all of them; made once and kept by later versions."""
    wanted = set(vacancies)
    links = ShortLink.objects.filter(announcement=announcement, channel=channel)
    while missing := wanted - set(links.values_list("vacancy", flat=True)):  # again only where a code was taken
        fresh = [ShortLink(announcement=announcement, channel=channel, vacancy_id=pk) for pk in missing]
        ShortLink.objects.bulk_create(fresh, ignore_conflicts=True)
    return {link.vacancy_id: link.url for link in links}


def one_link(announcement: Announcement, channel: str, facts: list[Facts]) -> str:
    """The single address of a text: of its vacancy, of the list, or of the page of a class or of news."""
    target = facts[0]["id"] if len(facts) == 1 and not is_notice(facts[0]) else None
    return links_for(announcement, channel, [target])[target]


def in_words(fact: Facts) -> dict[str, Any]:
    """One vacancy for a piece in Indonesian: words, details and the last day as a date."""
    return (
        fact["detail"]
        | fact["words"]["id"]
        | {"id": fact["id"], "valid_until": date.fromisoformat(fact["valid_until"])}
    )


def amount(issue: Issue) -> str:
    """ "6 lowongan", "Pelatihan gratis"."""
    if notice := notice_in(issue.facts, get_language() or "id"):
        return str(notice["label"])
    number = len(issue.facts)
    return ngettext("%(number)s lowongan", "%(number)s lowongan", number) % {"number": number}


def how_to_apply(vacancy: dict[str, Any], office: dict[str, Any]) -> str:
    """One sentence for a poster or a message."""
    documents = vacancy["documents"].strip().rstrip(".")
    documents = documents if documents[:2].isupper() else documents[:1].lower() + documents[1:]
    match vacancy["apply_via"]:
        case "office":
            return f"bawa {documents} ke {office['short_name']}, {office['address']}."
        case "email":
            return f"kirim {documents} ke {vacancy['apply_to']}."
        case "link":
            return f"siapkan {documents}, lalu isi lamaran di {vacancy['apply_to']}."
        case _:
            return f"datang ke {vacancy['apply_to']} dengan {documents}."


class WithoutFiles:
    """Base of the channels of which nothing is printed and nothing waits for an answer."""

    repeats: ClassVar[int] = 0

    def is_on(self) -> bool:
        return True

    def follow(self, issue: Issue) -> None:
        return None

    def file_names(self, issue: Issue) -> list[tuple[str, str]]:
        return []

    def make(self, issue: Issue, name: str) -> bytes:
        raise KeyError(name)


class HandChannel(WithoutFiles):
    """Base of the channels of which the office itself notes where and when a piece became public."""

    key: ClassVar[str]
    done: ClassVar[Any]  # the word for "it is public"

    def sender(self) -> None:
        return None

    def standing(self, announcement: Announcement, tally: Tally) -> Standing:
        """`tally` counts postings: all, those that still stand, those proven."""
        posted, proven = tally.get("posted", 0), tally.get("proven", 0)
        if not posted:
            return Standing("neutral", _("Belum dipasang"), _("Belum terbukti"))
        proof = _("%(proven)s dari %(posted)s terbukti") % {"proven": proven, "posted": posted}
        if not tally.get("standing"):
            return Standing("neutral", _("Sudah diturunkan"), proof)
        return Standing("ok" if proven == posted else "warn", str(self.done), proof)

    def _version(self, issue: Issue) -> str:
        return _("versi %(version)s") % {"version": issue.facts_version}
