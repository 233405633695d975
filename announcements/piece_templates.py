"""The words around the facts that an office may change, by what is announced and by channel: which there are, what may
stand in them, versions.

Plain text with placeholders of a closed set, no logic. What protects people is not among them: the link, that it is
free, and how to stop stand in the code.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from announcements.facts import Facts
from announcements.models import Issue, PieceTemplate
from announcements.models.announcements import Announcement, ChannelKey
from canvassing.words import long_date

PLACEHOLDER = re.compile(r"\{(\w+)\}")
MEANINGS: dict[str, Any] = {
    "office": gettext_lazy("nama kantor"),
    "city": gettext_lazy("nama kota"),
    "phone": gettext_lazy("nomor WhatsApp atau telepon kantor"),
    "count": gettext_lazy("berapa lowongan"),
    "date": gettext_lazy("tanggal hari ini"),
    "deadline": gettext_lazy("hari terakhir melamar"),
    "title": gettext_lazy("pekerjaannya"),
    "employer": gettext_lazy("pemberi kerjanya"),
    "place": gettext_lazy("tempatnya"),
    "wage": gettext_lazy("upahnya"),
}
VACANCIES = Announcement.Kind.VACANCIES
OF_NOTICE: dict[str, Any] = {
    "title": gettext_lazy("judulnya"),
    "deadline": gettext_lazy("hari terakhir mendaftar"),
}  # where a class or news means something else
ONE = ("title", "employer", "place", "wage", "deadline", "office", "city")
MANY = ("count", "date", "deadline", "office", "city")
AROUND = ("count", "deadline", "office", "city", "phone")


class Changed(Exception):
    """Somebody else saved this template since it was read."""


@dataclass(frozen=True)
class Field:
    """One text of a template. `default` is version 0, a lazy text; `lines` says how many it may have."""

    name: str
    label: Any
    default: Any
    allowed: tuple[str, ...]
    needed: tuple[str, ...] = ()
    longest: int = 120
    lines: int = 1
    required: bool = True
    spoken: bool = False  # is read out, so without figures and signs
    help: Any = ""


def _subjects(one: str, many: str, one_label: Any, many_label: Any, longest: int = 120) -> tuple[Field, Field]:
    default_one = gettext_lazy("Lowongan baru: {title}, {employer}")
    default_many = gettext_lazy("{count} lowongan baru cocok dengan pencarian Anda")
    return (
        Field(one, one_label, default_one, ONE, needed=("title",), longest=longest),
        Field(many, many_label, default_many, MANY, needed=("count",), longest=longest),
    )


def _around(name: str, label: Any, **how: Any) -> Field:
    """A paragraph that need not be there."""
    usual: dict[str, Any] = {"allowed": AROUND, "longest": 400, "lines": 4}
    return Field(name, label, "", required=False, **(usual | how))


LABEL_ONE, LABEL_MANY = gettext_lazy("Judul, satu lowongan"), gettext_lazy("Judul, beberapa lowongan")
OPENING_ONE, OPENING_MANY = gettext_lazy("Pembuka, satu lowongan"), gettext_lazy("Pembuka, beberapa lowongan")
CLOSING = gettext_lazy("Penutup")
TITLE = gettext_lazy("Judul")
TAGS = gettext_lazy("Tagar")
HEADLINES = _subjects("opening_one", "opening_many", OPENING_ONE, OPENING_MANY)
READY = (
    Field("opening_one", OPENING_ONE, "Lowongan kerja: {title}", ONE, needed=("title",), longest=80),
    Field("opening_many", OPENING_MANY, "{count} lowongan kerja, {date}", MANY, needed=("count",), longest=80),
    Field(
        "closing",
        CLOSING,
        "{office}, {phone}",
        AROUND,
        needed=("phone",),
        longest=160,
        lines=3,
        help=gettext_lazy("Sesudah tautan dan “Gratis, tidak dipungut biaya.”, yang selalu ada."),
    ),
)
RADIO = (
    Field(
        "opening",
        gettext_lazy("Kalimat pembuka"),
        "Info lowongan kerja dari {office}.",
        ("office",),
        needed=("office",),
        spoken=True,
    ),
    Field(
        "closing",
        gettext_lazy("Kalimat penutup"),
        "",
        ("office",),
        required=False,
        spoken=True,
        help=gettext_lazy("Sebelum “Melamar kerja tidak dipungut biaya.”, yang selalu dibaca."),
    ),
)
LETTER_OPENING = (
    "Sehubungan dengan tersedianya kesempatan kerja yang telah diperiksa oleh {office}, bersama ini disampaikan "
    "{count} lowongan kerja sebagaimana terlampir."
)
LETTER_POINTS = (
    "mengumumkan lowongan kerja dimaksud kepada masyarakat melalui para lurah di wilayah Saudara;\n"
    "menempelkan lampiran surat ini pada papan pengumuman kecamatan dan kelurahan sampai dengan {deadline}, kemudian "
    "menurunkannya;\n"
    "menegaskan bahwa melamar pekerjaan tidak dipungut biaya apa pun."
)
LETTER = (
    Field(
        "opening",
        gettext_lazy("Alinea pembuka"),
        LETTER_OPENING,
        ("office", "count", "city"),
        needed=("count",),
        longest=500,
    ),
    Field(
        "request",
        gettext_lazy("Kalimat sebelum butir permohonan"),
        "Berkenaan dengan hal tersebut, dimohon bantuan Saudara untuk:",
        ("city",),
        longest=200,
    ),
    Field(
        "points",
        gettext_lazy("Butir permohonan"),
        LETTER_POINTS,
        ("deadline", "office", "city"),
        needed=("deadline",),
        longest=900,
        lines=6,
        help=gettext_lazy("Satu butir tiap baris, tanpa nomor."),
    ),
    Field(
        "closing",
        gettext_lazy("Alinea penutup"),
        "Demikian disampaikan, atas perhatian dan kerja samanya diucapkan terima kasih.",
        ("office",),
        longest=300,
    ),
)
OF_VACANCIES: dict[str, tuple[Field, ...]] = {
    ChannelKey.EMAIL: (
        *_subjects("subject_one", "subject_many", LABEL_ONE, LABEL_MANY),
        _around("opening", gettext_lazy("Pembuka"), help=gettext_lazy("Di atas lowongan.")),
        _around("closing", CLOSING, help=gettext_lazy("Di bawah lowongan.")),
    ),
    ChannelKey.PUSH: (
        *_subjects("title_one", "title_many", LABEL_ONE, LABEL_MANY, longest=80),
        Field("line", gettext_lazy("Baris, satu lowongan"), "{place} · {wage}", ONE, longest=90),
    ),
    ChannelKey.WHATSAPP_MESSAGE: HEADLINES,
    ChannelKey.TELEGRAM_MESSAGE: (*HEADLINES, _around("closing", CLOSING, longest=200, lines=2)),
    ChannelKey.WHATSAPP: READY,
    ChannelKey.INSTAGRAM: (
        *READY,
        Field(
            "hashtags",
            TAGS,
            "#LowonganKerja #Loker{city} #{city}",
            ("city",),
            longest=150,
            required=False,
        ),
    ),
    ChannelKey.TELEGRAM: READY,
    ChannelKey.RADIO_30: RADIO,
    ChannelKey.RADIO_60: RADIO,
    ChannelKey.BOARD: (
        Field("headline", gettext_lazy("Kepala poster"), "Lowongan kerja", ("office", "city"), longest=60),
        Field(
            "footer",
            gettext_lazy("Kaki poster dan daftar"),
            "",
            ("office", "city", "phone"),
            longest=90,
            required=False,
        ),
    ),
    ChannelKey.LETTER: LETTER,
}


def _of_notice(
    allowed: tuple[str, ...], *, headline: Any, opening: str, head: Any, tags: str
) -> dict[str, tuple[Field, ...]]:
    """The same for a class or for news, which stand alone; the letter to the kecamatan keeps its form."""

    def title(name: str, longest: int = 120) -> Field:
        return Field(name, TITLE, headline, allowed, needed=("title",), longest=longest)

    def around(name: str, label: Any, **how: Any) -> Field:
        return _around(name, label, **({"allowed": (*allowed, "phone")} | how))

    closing = next(each for each in READY if each.name == "closing")
    ready = (title("opening", 80), replace(closing, allowed=("office", "city", "phone")))
    hashtags = Field("hashtags", TAGS, tags, ("city",), longest=150, required=False)
    radio_opening, radio_closing = RADIO
    radio = (replace(radio_opening, default=opening), replace(radio_closing, help=""))
    board_headline, board_footer = OF_VACANCIES[ChannelKey.BOARD]
    return {
        ChannelKey.EMAIL: (
            title("subject"),
            around("opening", gettext_lazy("Pembuka"), help=gettext_lazy("Di atas isinya.")),
            around("closing", CLOSING, help=gettext_lazy("Di bawah isinya.")),
        ),
        ChannelKey.PUSH: (title("title", 80),),
        ChannelKey.WHATSAPP_MESSAGE: (title("opening"),),
        ChannelKey.TELEGRAM_MESSAGE: (title("opening"), around("closing", CLOSING, longest=200, lines=2)),
        ChannelKey.WHATSAPP: ready,
        ChannelKey.INSTAGRAM: (*ready, hashtags),
        ChannelKey.TELEGRAM: ready,
        ChannelKey.RADIO_30: radio,
        ChannelKey.RADIO_60: radio,
        ChannelKey.BOARD: (
            replace(board_headline, default=head),
            replace(board_footer, label=gettext_lazy("Kaki poster")),
        ),
    }


FIELDS: dict[str, dict[str, tuple[Field, ...]]] = {
    VACANCIES: OF_VACANCIES,
    Announcement.Kind.COURSE: _of_notice(
        ("title", "deadline", "office", "city"),
        headline=gettext_lazy("Pelatihan gratis: {title}"),
        opening="Info pelatihan kerja gratis dari {office}.",
        head="Pelatihan gratis",
        tags="#PelatihanGratis #{city}",
    ),
    Announcement.Kind.NEWS: _of_notice(
        ("title", "office", "city"),
        headline="{title}",
        opening="Kabar dari {office}.",
        head="Kabar kantor",
        tags="#{city}",
    ),
}  # by what is announced, then by channel
LANGUAGES: dict[str, tuple[str, ...]] = {
    key: ("id", "en")
    if key in (ChannelKey.EMAIL, ChannelKey.PUSH, ChannelKey.WHATSAPP_MESSAGE, ChannelKey.TELEGRAM_MESSAGE)
    else ("id",)
    for key in OF_VACANCIES
}  # what is posted, read out or hung up is in Indonesian


def fields_of(channel: str, kind: str) -> tuple[Field, ...]:
    """Empty where this kind has no words of its own on this channel."""
    return FIELDS[kind].get(channel, ())


def default_of(each: Field, language: str) -> str:
    with translation.override(language):
        return str(each.default)


@dataclass(frozen=True)
class Words:
    """What a channel says around the facts, by language, and the versions of it; a language without is version 0."""

    channel: str
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    kind: str = VACANCIES
    reminder: bool = False  # that vacancies are still open: the headline is not the template's, which calls them new

    def say(self, name: str, values: Mapping[str, Any], language: str = "id") -> str:
        """The text with its placeholders filled; lines that are empty then fall away."""
        text = self.texts.get(language, {}).get(name)
        if text is None:
            fields = fields_of(self.channel, self.kind)
            text = default_of(next(each for each in fields if each.name == name), language)
        filled = PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)
        return "\n".join(line for line in filled.split("\n") if line.strip())

    def headline(self, name: str, values: Mapping[str, Any], language: str) -> str:
        """Of a class or of news: one line, whatever was typed into a title."""
        return " ".join(self.say(name, values, language).split())

    def subject(self, one: str, many: str, vacancies: list[Any], values: Mapping[str, Any], language: str) -> str:
        """One line, whatever was typed into a title."""
        if self.reminder:
            return _still_open(vacancies, values, language)
        return " ".join(self.say(one if len(vacancies) == 1 else many, values, language).split())


def _still_open(vacancies: list[Any], values: Mapping[str, Any], language: str) -> str:
    with translation.override(language):
        if len(vacancies) == 1:
            text = _("Masih dibuka: %(title)s, %(employer)s") % values
        else:
            number = len(vacancies)
            words = ngettext("%(number)s lowongan masih dibuka", "%(number)s lowongan masih dibuka", number)
            text = words % {"number": number}
    return " ".join(text.split())


def current(announcement: Announcement, channel: str, facts: list[Facts]) -> Words:
    """The newest words, for a piece of this announcement that is made now."""
    kind = _kind(facts)
    return _words(channel, kind, PieceTemplate.objects.filter(channel=channel, kind=kind).newest(), announcement)


def _kind(facts: list[Facts]) -> str:
    return str(facts[0].get("kind", VACANCIES))


def frozen(issue: Issue) -> Words:
    """The words of the versions that made this piece. Needs `announcement` loaded with the issue."""
    wanted = {language: version for language, version in issue.wording.items() if version}
    if not wanted:
        return _words(issue.channel, _kind(issue.facts), [], issue.announcement)
    kind = _kind(issue.facts)
    rows = PieceTemplate.objects.filter(channel=issue.channel, kind=kind, version__in=wanted.values())
    made_by = [each for each in rows if wanted.get(each.language) == each.version]
    return _words(issue.channel, kind, made_by, issue.announcement)


def _words(channel: str, kind: str, rows: Iterable[PieceTemplate], announcement: Announcement) -> Words:
    found = list(rows)
    texts = {each.language: each.texts for each in found}
    versions = {each.language: each.version for each in found}
    return Words(channel, texts, versions, kind, announcement.is_reminder)


def values(vacancies: list[dict[str, Any]], office: Any) -> dict[str, Any]:
    """What the placeholders stand for, in the language that is active; `office` is the row, or as a piece froze it."""
    head = office if isinstance(office, dict) else vars(office)
    first = vacancies[0]
    return {name: first[name] for name in ("title", "employer", "place", "wage")} | {
        "count": len(vacancies),
        "date": _plain(timezone.localdate()),
        "deadline": _plain(max(each["valid_until"] for each in vacancies)),
        "office": head["short_name"],
        "city": head["city_name"],
        "phone": head["whatsapp"] or head["phone"],
    }


def values_of_notice(notice: dict[str, Any], office: Any) -> dict[str, Any]:
    """The same for a class or for news, as contents.notice_in tells it; news has no {deadline}."""
    head = office if isinstance(office, dict) else vars(office)
    return {
        "title": ", ".join(filter(None, (notice["title"], notice["lead"]))),
        "deadline": _plain(notice["valid_until"]) if notice["valid_until"] else "",
        "office": head["short_name"],
        "city": head["city_name"],
        "phone": head["whatsapp"] or head["phone"],
    }


def _plain(day: Any) -> str:
    return long_date(day).replace("\N{NO-BREAK SPACE}", " ")


def meaning(name: str, kind: str) -> str:
    """What a placeholder stands for, in the words of a form."""
    return str(MEANINGS[name] if kind == VACANCIES else OF_NOTICE.get(name, MEANINGS[name]))


def fault(each: Field, text: str, kind: str = VACANCIES) -> str:
    """What is wrong with a text, in the words of a form; "" for a good one."""
    asked = PLACEHOLDER.findall(text)
    known = ", ".join(f"{{{name}}}" for name in each.allowed)
    for name in asked:
        if name not in each.allowed:
            words = _("{%(name)s} tidak bisa dipakai di sini. Yang bisa: %(known)s.")
            return words % {"name": name, "known": known}
    if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
        return _("Kurung kurawal hanya untuk sisipan. Tulis misalnya %(known)s, atau hapus kurungnya.") % {
            "known": known
        }
    for name in each.needed:
        if name not in asked:
            words = _("Tambahkan {%(name)s} (%(meaning)s): tanpanya pembaca tidak tahu.")
            return words % {"name": name, "meaning": meaning(name, kind)}
    if each.spoken and re.search(r"[\d&/%@#+*=<>]|\w\.\w", PLACEHOLDER.sub("", text)):
        return _("Tulis angka dan tanda dengan kata, misalnya “dua puluh”: penyiar membacanya apa adanya.")
    number = text.count("\n") + 1
    if number > each.lines:
        return _("Paling banyak %(most)s baris; ini %(number)s. Gabungkan.") % {"most": each.lines, "number": number}
    return ""


def save(
    channel: str, language: str, texts: Mapping[str, str], *, by: User, seen: int, kind: str = VACANCIES
) -> PieceTemplate:
    """The next version, used from now on; {} goes back to the default. Raises Changed unless `seen` is the newest."""
    newest = PieceTemplate.objects.of(channel, language, kind).values_list("version", flat=True).first() or 0
    if newest != seen:
        raise Changed
    try:
        with transaction.atomic():
            return PieceTemplate.objects.create(
                channel=channel, kind=kind, language=language, version=seen + 1, texts=dict(texts), created_by=by
            )
    except IntegrityError as error:
        raise Changed from error


def defaults(channel: str, language: str, kind: str = VACANCIES) -> dict[str, str]:
    return {each.name: default_of(each, language) for each in fields_of(channel, kind)}


def texts_of(template: PieceTemplate | None, channel: str, language: str, kind: str) -> dict[str, str]:
    """All texts of a version; None and a version that went back are the default."""
    return defaults(channel, language, kind) | (template.texts if template else {})


@dataclass(frozen=True)
class Difference:
    """One text that changed: its label, and its words as ("same" | "old" | "new", text)."""

    label: str
    parts: list[tuple[str, str]]


def differences(before: PieceTemplate | None, after: PieceTemplate) -> list[Difference]:
    """What a version changed in the one before, or in the default."""
    of = (after.channel, after.language, after.kind)
    old, new = texts_of(before, *of), texts_of(after, *of)
    return [
        Difference(str(each.label), _parts(old[each.name], new[each.name]))
        for each in fields_of(after.channel, after.kind)
        if old[each.name] != new[each.name]
    ]


def _parts(old: str, new: str) -> list[tuple[str, str]]:
    """Word by word."""
    one, other = old.split(), new.split()
    parts = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(("same", " ".join(one[a:b])))
            continue
        parts += [(name, " ".join(words)) for name, words in (("old", one[a:b]), ("new", other[c:d])) if words]
    return parts
