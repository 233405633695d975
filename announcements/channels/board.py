"""The notice board: a poster a vacancy, a class or news in A4 and A3, and one list sheet, each with its own QR code."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from announcements import piece_templates
from announcements.channels.hand import HandChannel, amount, how_to_apply, in_words, links_for, office_head
from announcements.contents import is_notice, notice_in
from announcements.facts import Facts
from announcements.models import Announcement, Issue
from announcements.models.announcements import ChannelKey
from announcements.piece_templates import Words
from announcements.prints import board_list, poster
from announcements.prints.shapes import ListPrint, ListRow, PosterPrint
from jobseekers.prints.shapes import Check, Letterhead

MOST_ROWS = 6  # facts of a class on its poster


class BoardChannel(HandChannel):
    key = ChannelKey.BOARD
    done = gettext_lazy("Dipasang")
    files = ("poster-a4.pdf", "poster-a3.pdf", "daftar-a4.pdf")

    def issue(self, announcement: Announcement, facts: list[Facts]) -> Issue:
        """The addresses on the sheets are frozen too: `head["links"]` by vacancy, "" for the list."""
        vacancies = [each["id"] for each in facts if not is_notice(each)]
        found = links_for(announcement, self.key, [None, *vacancies])
        links = {str(pk or ""): url for pk, url in found.items()}
        head, words = office_head(), piece_templates.current(announcement, self.key, facts)
        around = _words(words, facts, head)
        return Issue(
            announcement=announcement,
            channel=self.key,
            facts=facts,
            head=head | {"links": links, "words": around},
            wording=words.versions,
            subject=announcement.title,
        )

    def description(self, issue: Issue) -> str:
        return f"{amount(issue)}, {self._version(issue)}"

    def file_names(self, issue: Issue) -> list[tuple[str, str]]:
        """(name, label) of all that can be printed of it."""
        labels = (_("Poster A4"), _("Poster A3"), _("Lembar daftar A4"))
        found = list(zip(self.files, labels, strict=True))
        return found[:2] if is_notice(issue.facts[0]) else found  # one class or one piece of news is no list

    def make(self, issue: Issue, name: str) -> bytes:
        """Needs `announcement` loaded with the issue."""
        if name == "daftar-a4.pdf":
            return board_list(_list(issue))
        return poster([_poster(issue, each) for each in issue.facts], paper="a3" if name == "poster-a3.pdf" else "a4")


def check(url: str) -> Check:
    return Check(url=url, text=url.removeprefix("https://").removeprefix("http://").rstrip("/"))


def _office(head: dict[str, Any]) -> Letterhead:
    return Letterhead(name=head["name"], address=head["address"], phone=head["phone"])


def reference(issue: Issue) -> str:
    return f"{issue.announcement.number} versi {issue.facts_version}"


def _poster(issue: Issue, fact: Facts) -> PosterPrint:
    if notice := notice_in([fact], "id"):
        return _notice_poster(issue, notice)
    vacancy = in_words(fact)
    years = vacancy["experience_years"]
    experience = f"pengalaman {years} tahun" if years else "pengalaman tidak disyaratkan"
    return PosterPrint(
        office=_office(issue.head),
        title=vacancy["title"],
        employer=vacancy["employer"],
        facts=[
            ("Upah", vacancy["wage"], vacancy["wage_note"]),
            ("Tempat", vacancy["place"], vacancy["work_place"]),
            ("Jam kerja", vacancy["hours"], ""),
            ("Syarat kerja", vacancy["conditions"], ""),
            ("Dibutuhkan", f"{vacancy['openings']} orang, {vacancy['who']}", ""),
            ("Pendidikan", f"{vacancy['education']}, {experience}", ""),
        ],
        last_day=vacancy["valid_until"],
        how=how_to_apply(vacancy, issue.head),
        link=check(issue.head["links"][str(fact["id"])]),
        report=issue.head["whatsapp"] or issue.head["phone"],
        trust=f"Diperiksa: {vacancy['trust']}",
        reference=reference(issue),
        **_around(issue),
    )


def _notice_poster(issue: Issue, notice: dict[str, Any]) -> PosterPrint:
    """A class shows its facts, its page the rest; news has only its text."""
    rows = [(label, value, "") for label, value in notice["rows"][:MOST_ROWS]]
    return PosterPrint(
        office=_office(issue.head),
        title=notice["title"],
        employer=notice["lead"],
        facts=rows,
        text=() if rows else notice["paragraphs"],
        last_label=notice["detail"]["last_label"],
        last_day=notice["valid_until"],
        how=notice["detail"]["how"],
        link=check(issue.head["links"][""]),
        report=issue.head["whatsapp"] or issue.head["phone"],
        free=notice["free"],
        trust=issue.head["name"],
        reference=reference(issue),
        **({"headline": notice["label"]} | issue.head["words"]),
    )


def _list(issue: Issue) -> ListPrint:
    rows = [in_words(each) for each in issue.facts]
    return ListPrint(
        office=_office(issue.head),
        rows=[list_row(each) for each in rows],
        last_day=max(each["valid_until"] for each in rows),
        link=check(issue.head["links"][""]),
        report=issue.head["whatsapp"] or issue.head["phone"],
        reference=reference(issue),
        footer=_around(issue)["footer"],
    )


def _words(words: Words, facts: list[Facts], office: dict[str, Any]) -> dict[str, str]:
    if notice := notice_in(facts, "id"):
        said = piece_templates.values_of_notice(notice, office)
    else:
        said = piece_templates.values([in_words(each) for each in facts], office)
    return {name: words.say(name, said) for name in ("headline", "footer")}


def _around(issue: Issue) -> dict[str, str]:
    """Head and foot, also of a piece that was made before they could be changed."""
    around: dict[str, str] = {"headline": "Lowongan kerja", "footer": ""} | issue.head.get("words", {})
    return around


def list_row(vacancy: dict[str, Any]) -> ListRow:
    """One line of a list or of a letter's attachment."""
    names = ("title", "employer", "place", "wage", "education", "number")
    return ListRow(last_day=vacancy["valid_until"], **{name: vacancy[name] for name in names})
