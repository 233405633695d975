"""Ready texts to be pasted: WhatsApp, Instagram, Telegram. Always in Indonesian, never longer than the place allows."""

from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from announcements import piece_templates
from announcements.channels.hand import FREE, HandChannel, how_to_apply, in_words, office_head, one_link
from announcements.contents import notice_in
from announcements.facts import Facts
from announcements.models import Announcement, Issue
from announcements.models.announcements import ChannelKey
from announcements.piece_templates import Words
from jobseekers.prints import longdate

TEXT_HERE = "\N{OBJECT REPLACEMENT CHARACTER}"
Line = tuple[int, str]  # rank, text: 0 is always said, then the lower goes first


def plain_date(day: date) -> str:
    return longdate(day).replace("\N{NO-BREAK SPACE}", " ")


def fitted(lines: list[Line], limit: int) -> str:
    """The lines in their order, as many as stand within the limit; those of rank 0 always."""
    chosen = {0}
    for rank in sorted({rank for rank, _text in lines}):
        if len(_joined(lines, chosen | {rank})) <= limit:
            chosen.add(rank)
    return _joined(lines, chosen)


def _joined(lines: list[Line], ranks: set[int]) -> str:
    return "\n".join(text for rank, text in lines if rank in ranks)


def _joined_up(name: str) -> str:
    """ "Kota Metro" as a hashtag has it."""
    return "".join(name.split())


def shortened(text: str, limit: int) -> str:
    """Whole sentences as far as they fit, else words; with an ellipsis where something is left out."""
    if len(text) <= limit:
        return text
    cut = text[: max(0, limit - 2)]
    end = max(cut.rfind(mark) for mark in (". ", ".\n", "! ", "? "))
    return f"{cut[: end + 1]} …" if end > limit // 3 else f"{cut.rpartition(' ')[0]}…".lstrip("…")


class TextChannel(HandChannel):
    done = gettext_lazy("Dipasang")
    limit: ClassVar[int]  # characters, so that nothing is hidden behind "read more" or cut
    bold: ClassVar[str] = ""

    def strong(self, text: str) -> str:
        return f"{self.bold}{text.replace(self.bold, '') if self.bold else text}{self.bold}"

    def issue(self, announcement: Announcement, facts: list[Facts]) -> Issue:
        url = one_link(announcement, self.key, facts)
        head = office_head()
        words = piece_templates.current(announcement, self.key, facts)
        with translation.override("id"):
            if notice := notice_in(facts, "id"):
                text = self._notice(notice, head, url, words)
            else:
                text = self.compose([in_words(each) for each in facts], head, url, words)
        return Issue(
            announcement=announcement,
            channel=self.key,
            facts=facts,
            head=head,
            wording=words.versions,
            subject=announcement.title,
            text=text,
        )

    def compose(self, vacancies: list[dict[str, Any]], office: dict[str, Any], url: str, words: Words) -> str:
        said = piece_templates.values(vacancies, office)
        opening = self.strong(words.subject("opening_one", "opening_many", vacancies, said, "id"))
        foot = self._foot(url, FREE, words.say("closing", said), self._tags(words, said))
        if len(vacancies) == 1:
            return fitted(self._one(opening, vacancies[0], office, foot), self.limit)
        for shown in range(len(vacancies), 1, -1):
            text = self._several(opening, vacancies, shown, foot)
            if len(text) <= self.limit:
                return text
        return self._several(opening, vacancies, 1, foot)

    def _one(self, opening: str, vacancy: dict[str, Any], office: dict[str, Any], foot: list[Line]) -> list[Line]:
        lines = [
            (0, opening),
            (0, f"{vacancy['employer']}, {vacancy['place']}"),
            (0, ""),
            (0, f"Upah: {vacancy['wage']}"),
            (7, vacancy["wage_note"]),
            (4, f"Jam kerja: {vacancy['hours']}"),
            (5, f"Syarat kerja: {vacancy['conditions']}"),
            (2, f"Dibutuhkan: {vacancy['openings']} orang, {vacancy['who']}"),
            (1, f"Pendidikan: {vacancy['education']}"),
            (0, f"Lamar paling lambat: {self.strong(plain_date(vacancy['valid_until']))}"),
            (3, ""),
            (3, f"Cara melamar: {how_to_apply(vacancy, office)}"),
            (0, ""),
            (6, f"Diperiksa: {vacancy['trust']}"),
            *foot,
        ]
        return [line for line in lines if line != (7, "")]

    def _notice(self, notice: dict[str, Any], office: dict[str, Any], url: str, words: Words) -> str:
        """A class or news: its rows as far as they fit, then as much of its text as the rest of the place holds."""
        said = piece_templates.values_of_notice(notice, office)
        lines = [
            (0, self.strong(words.headline("opening", said, "id"))),
            (0, notice["until"]),
            (0, ""),
            *((rank, f"{label}: {value}") for rank, (label, value) in enumerate(notice["rows"], 1)),
            (0, TEXT_HERE),
            *self._foot(url, notice["free"], words.say("closing", said), self._tags(words, said)),
        ]
        made = fitted([line for line in lines if line != (0, notice["until"]) or notice["until"]], self.limit)
        room = self.limit - len(made) + len(TEXT_HERE) - 2
        text = shortened("\n\n".join(notice["paragraphs"]), room)
        before = "\n" if text and notice["rows"] else ""
        return made.replace(TEXT_HERE, f"{before}{text}\n" if text else "")

    def _several(self, opening: str, vacancies: list[dict[str, Any]], shown: int, foot: list[Line]) -> str:
        rows = [
            f"{self.strong(each['title'])}\n{each['employer']}, {each['place']}\n"
            f"{each['wage']}, sampai {plain_date(each['valid_until'])}"
            for each in vacancies[:shown]
        ]
        if rest := len(vacancies) - shown:
            rows.append(f"dan {rest} lowongan lain")
        return "\n\n".join([opening, *rows, "\n".join(text for _rank, text in foot)])

    def _foot(self, url: str, free: str, closing: str, tags: str) -> list[Line]:
        return [(0, f"Selengkapnya: {url}"), (0, free), (0, closing)]

    def _tags(self, words: Words, said: dict[str, Any]) -> str:
        return ""

    def description(self, issue: Issue) -> str:
        return _("%(number)s karakter, versi %(version)s") % {
            "number": len(issue.text),
            "version": issue.facts_version,
        }

    def share_url(self, issue: Issue) -> str:
        """Where a phone opens the app with the text in it; empty where no app has such an address."""
        return ""


class WhatsAppChannel(TextChannel):
    key = ChannelKey.WHATSAPP
    limit, bold = 700, "*"

    def share_url(self, issue: Issue) -> str:
        return "https://wa.me/?" + urlencode({"text": issue.text})


class InstagramChannel(TextChannel):
    """A caption: no bold, and an address in it cannot be clicked, so it is short enough to be typed."""

    key = ChannelKey.INSTAGRAM
    limit = 2200

    def _foot(self, url: str, free: str, closing: str, tags: str) -> list[Line]:
        return [*super()._foot(url, free, closing, tags), *([(8, ""), (8, tags)] if tags else [])]

    def _tags(self, words: Words, said: dict[str, Any]) -> str:
        return words.say("hashtags", said | {"city": _joined_up(said["city"])})


class TelegramChannel(TextChannel):
    key = ChannelKey.TELEGRAM
    limit, bold = 4096, "**"

    def share_url(self, issue: Issue) -> str:
        return "https://t.me/share/url?" + urlencode({"url": settings.SITE_URL, "text": issue.text})
