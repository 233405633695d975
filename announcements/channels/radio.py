"""Scripts to be read out on the radio in 30 or 60 seconds: no figures, no abbreviations, no addresses."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from announcements import piece_templates, spoken
from announcements.channels.hand import HandChannel, in_words, office_head
from announcements.contents import notice_in
from announcements.facts import Facts
from announcements.models import Announcement, Issue
from announcements.models.announcements import ChannelKey
from announcements.piece_templates import Words

FREE = "Melamar kerja tidak dipungut biaya."


class RadioChannel(HandChannel):
    done = gettext_lazy("Disiarkan")

    def __init__(self, key: str, limit: int) -> None:
        self.key, self.limit = key, limit  # type: ignore[misc]

    def issue(self, announcement: Announcement, facts: list[Facts]) -> Issue:
        head = office_head()
        words = piece_templates.current(announcement, self.key, facts)
        if notice := notice_in(facts, "id"):
            text = compose_notice(notice["detail"], head, self.limit, words)
        else:
            text = compose([in_words(each) for each in facts], head, self.limit, words)
        return Issue(
            announcement=announcement,
            channel=self.key,
            facts=facts,
            head=head,
            wording=words.versions,
            subject=announcement.title,
            text=text,
        )

    def description(self, issue: Issue) -> str:
        return _("%(words)s kata, kira-kira %(seconds)s detik, versi %(version)s") % {
            "words": spoken.count_words(issue.text),
            "seconds": spoken.seconds(issue.text),
            "version": issue.facts_version,
        }

    def is_too_long(self, issue: Issue) -> bool:
        return spoken.seconds(issue.text) > self.limit


def compose(vacancies: list[dict[str, Any]], office: dict[str, Any], limit: int, words: Words) -> str:
    """One sentence a line. As many vacancies as fit; where one is alone, as many of its facts as fit.

    A first vacancy whose names alone take longer is written out all the same; the page then says how long it is.
    """

    def full(
        shown: int, extras: tuple[str, ...] = (), *, name: str = "name", twice: bool = True, year: bool = True
    ) -> str:
        called = {"office": spoken.words(office[name])}
        lines = [words.say("opening", called)]
        for vacancy in vacancies[:shown]:
            lines += _core(vacancy, year)
        lines += extras
        if rest := len(vacancies) - shown:
            lines.append(f"Masih ada {spoken.number(rest)} lowongan lain di kantor kami.")
        phone = spoken.phone(office["phone"])
        lines.append(f"Telepon {phone}." + (f" Sekali lagi, {phone}." if twice else ""))
        lines += [*words.say("closing", called).splitlines(), FREE]
        return "\n".join(lines)

    def fits(text: str) -> bool:
        return spoken.seconds(text) <= limit

    script: Callable[..., str] = full
    if not fits(script(1)):  # then the telephone once, the office's short name, no year
        script = partial(script, twice=False)
    if not fits(script(1)):
        script = partial(script, name="short_name")
    if not fits(script(1)):
        script = partial(script, year=False)
    shown = 1
    while shown < len(vacancies) and fits(script(shown + 1)):
        shown += 1
    chosen: tuple[str, ...] = ()
    if len(vacancies) == 1:
        for extra in _extras(vacancies[0]):
            if fits(script(1, (*chosen, extra))):
                chosen = (*chosen, extra)
    return script(shown, chosen)


def compose_notice(detail: dict[str, Any], office: dict[str, Any], limit: int, words: Words) -> str:
    """A class or news: what must be said, then sentence after sentence as long as the time allows."""
    phone = spoken.phone(office["phone"])

    def script(more: list[str], name: str, twice: bool) -> str:
        whole = len(more) == len(detail["more"])
        called = {"office": spoken.words(office[name])}
        said = [*detail["core"], *more, *([] if whole else ["Selengkapnya di kantor kami."])]
        lines = [words.say("opening", called), *map(spoken.words, said)]
        lines.append(f"Telepon {phone}." + (f" Sekali lagi, {phone}." if twice else ""))
        return "\n".join([*lines, *words.say("closing", called).splitlines(), detail["free"]])

    # The telephone is said once, and the office by its short name, where more is then heard of the matter itself.
    ways = [("name", True), ("name", False), ("short_name", False)]
    for number in range(len(detail["more"]), -1, -1):
        for way in ways:
            text = script(detail["more"][:number], *way)
            if spoken.seconds(text) <= limit:
                return text
    return script([], *ways[-1])


def _core(vacancy: dict[str, Any], year: bool) -> list[str]:
    wage = "Upah tidak disebut."
    if vacancy["wage_min"] is not None or vacancy["wage_max"] is not None:
        wage = f"Upah {spoken.money(vacancy['wage_min'], vacancy['wage_max'])} {vacancy['wage_period']}."
    employer = spoken.words(vacancy["employer"])
    last = vacancy["valid_until"]
    people = f"{spoken.number(vacancy['openings'])} orang"
    return [
        f"{employer[:1].upper()}{employer[1:]} mencari {people} {spoken.words(vacancy['title'])}, "
        f"di {spoken.words(vacancy['place'])}.",
        wage,
        f"Lamar paling lambat {spoken.day(last, year=year)}.",
    ]


def _extras(vacancy: dict[str, Any]) -> list[str]:
    years = vacancy["experience_years"]
    return [
        f"Pendidikan {spoken.words(vacancy['education']).removeprefix('Semua pendidikan') or 'apa saja'}.",
        f"Pengalaman {spoken.number(years)} tahun." if years else "Pengalaman tidak disyaratkan.",
        f"Jam kerja {spoken.words(vacancy['hours']).rstrip('.')}.",
        f"Syarat kerja {spoken.words(vacancy['conditions']).rstrip('.')}.",
        f"Siapkan {spoken.words(vacancy['documents']).rstrip('.')}.",
    ]


RADIO_30 = RadioChannel(ChannelKey.RADIO_30, 30)
RADIO_60 = RadioChannel(ChannelKey.RADIO_60, 60)
