"""Facts as a radio announcer says them: numbers, money, dates and telephone numbers in Indonesian words."""

import re
from datetime import date

from babel.dates import format_date

UNITS = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
)  # fmt: skip
SCALES = ((1_000_000_000, "miliar"), (1_000_000, "juta"), (1_000, "ribu"))
LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "a be ce de e ef ge ha i je ka el em en o pe ki er es te u ve we eks ye zet".split(),
        strict=True,
    )
)
SHORT = {
    "WIB": "waktu Indonesia barat", "SIM": "sim", "Jl.": "Jalan", "Jln.": "Jalan", "No.": "nomor", "Tbk": "terbuka",
    "AK/I": "a ka satu", "dll.": "dan lain-lain", "dsb.": "dan sebagainya", "min.": "minimal", "maks.": "maksimal",
}  # fmt: skip
SYLLABLES_A_SECOND = 5.0  # about two words: an announcer who wants to be understood (research/domain.md 11)
PAUSE = 0.4  # seconds after a sentence


def number(n: int) -> str:
    """2700000 -> "dua juta tujuh ratus ribu", for 0 <= n < 10**12."""
    if n < 12:
        return UNITS[n]
    if n < 20:
        return f"{UNITS[n - 10]} belas"
    if n < 100:
        return _joined(f"{UNITS[n // 10]} puluh", n % 10)
    if n < 200:
        return _joined("seratus", n - 100)
    if n < 1000:
        return _joined(f"{UNITS[n // 100]} ratus", n % 100)
    if n < 2000:
        return _joined("seribu", n - 1000)
    size, name = next((size, name) for size, name in SCALES if n >= size)
    return _joined(f"{number(n // size)} {name}", n % size)


def _joined(head: str, rest: int) -> str:
    return f"{head} {number(rest)}" if rest else head


def digits(text: str) -> str:
    """ "0725" -> "nol tujuh dua lima"."""
    return " ".join(UNITS[int(each)] for each in text)


def money(low: int | None, high: int | None) -> str:
    """ "dua juta sampai tiga juta rupiah"; one amount where both are the same or one is not known."""
    amounts = sorted({each for each in (low, high) if each is not None})
    return " sampai ".join(number(each) for each in amounts) + " rupiah"


def day(value: date, *, year: bool = True) -> str:
    """ "dua belas Desember dua ribu dua puluh enam", or without the year."""
    spoken = f"{number(value.day)} {format_date(value, 'MMMM', locale='id')}"
    return f"{spoken} {number(value.year)}" if year else spoken


def phone(text: str) -> str:
    """In the groups in which it is written; a longer one in threes and fours: "nol tujuh dua lima, nol nol nol"."""
    groups: list[str] = []
    for written in re.findall(r"\d+", text):
        group = written
        while len(group) > 4:
            size = 4 if len(group) % 4 in (0, 3) else 3
            groups.append(group[:size])
            group = group[size:]
        groups.append(group)
    return ", ".join(digits(group) for group in groups)


def words(text: str) -> str:
    """Any text of a vacancy as it is read out: no figures, no signs, no abbreviations."""
    text = " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())
    for short, full in SHORT.items():
        text = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", full, text)
    text = re.sub(r"Rp\s?(\d{1,3}(?:\.\d{3})+|\d+)", lambda found: f"{_figure(found[1])} rupiah", text)
    text = re.sub(r"(?<=[\w.])\s*–\s*(?=\w)|(?<=\d)\s*-\s*(?=\d)", " sampai ", text)
    text = re.sub(r"\b([A-Z])(\d)\b", lambda found: f"{LETTERS[found[1]]} {UNITS[int(found[2])]}", text)
    text = re.sub(r"\b(\d{1,2})[.:](\d{2})\b(?!\.?\d)", _clock, text)
    text = re.sub(r"\d{1,3}(?:\.\d{3})+|\d+", lambda found: _figure(found[0]), text)
    text = text.replace("%", " persen").replace("&", " dan ").replace("/", " atau ").replace("+", " lebih ")
    text = re.sub(r"\b[A-Z]{2,}\b", _capitals, text)
    text = re.sub(r"\bpaket C\b", "paket ce", text, flags=re.IGNORECASE)
    return " ".join(text.split())


def _figure(text: str) -> str:
    if text.startswith("0") or len(text.replace(".", "")) > 12:
        return digits(text.replace(".", ""))
    return number(int(text.replace(".", "")))


def _clock(found: re.Match[str]) -> str:
    """ "07.30" -> "tujuh tiga puluh", "16.00" -> "enam belas"."""
    hour, minute = int(found[1]), int(found[2])
    return f"{number(hour)} {number(minute)}" if minute else number(hour)


def _capitals(found: re.Match[str]) -> str:
    """Abbreviations letter by letter; what is only shouted, as a word."""
    word = found[0]
    if len(word) <= 3 or not re.search("[AEIOU]", word):
        return " ".join(LETTERS[letter] for letter in word)
    return word.lower()


def count_words(text: str) -> int:
    return len(text.split())


def seconds(text: str) -> int:
    """How long it takes to read out: by its syllables, and a pause after each sentence."""
    syllables = len(re.findall(r"ai(?=\b)|au(?=\b)|[aeiou]", text.lower()))
    sentences = len(re.findall(r"[.!?](?=\s|$)", text))
    return round(syllables / SYLLABLES_A_SECOND + sentences * PAUSE)
