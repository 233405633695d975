"""Job postings collected on the internet become employers and leads, for a canvasser to call back."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User
from canvassing.models import Employer, Region, Vacancy
from canvassing.models.employers import name_key
from canvassing.tables import Record, Refusal, UnusableRow, read_table

COLUMNS = {
    "title": ("Judul Pekerjaan", "Judul"),
    "employer": ("Perusahaan", "Nama Perusahaan"),
    "place": ("Lokasi",),
    "wage": ("Gaji_Rata2", "Gaji"),
}
ANONYMOUS = {"pengiklananonim", "anonim", "anonymous", "confidential", "companyconfidential", "rahasia"}
SANE_WAGE = range(100_000, 500_000_001)  # rupiah a month
BATCH = 1000

# Names in postings that are not the official name with or without "Kota" or "Kabupaten".
PLACE_ALIASES = {
    "dki": "31",
    "jakarta": "31",
    "jakartaraya": "31",
    "jogja": "34.71",
    "diy": "34",
    "daerahistimewayogyakarta": "34",
    "bangkabelitung": "19",
    "solo": "33.72",
    "purwokerto": "33.02",
    "cikarang": "32.16",
    "singapura": Region.ABROAD,
    "singapore": Region.ABROAD,
    "malaysia": Region.ABROAD,
    "jepang": Region.ABROAD,
    "taiwan": Region.ABROAD,
    "hongkong": Region.ABROAD,
}

SMALL_WORDS = {"dan", "di", "ke", "untuk", "and", "for", "of", "the", "to"}
SHORT_WORDS = {"ads", "air", "bus", "car", "fit", "key", "las", "out", "pre", "tax"}  # no acronyms
LONG_ACRONYMS = {"amdk", "bumd", "bumn", "fico", "hrga", "hvac", "ppic", "qaqc", "spbu"}


@dataclass(frozen=True)
class Posting:
    title: str
    employer: str
    place: str
    wage: int | None  # rupiah a month, the average that the advertisement names
    words: str  # the row as it stood in the file

    @property
    def source_key(self) -> str:
        """The same work at the same employer and place is one posting, whatever the wage says this month."""
        same = f"{self.title.casefold()}\n{employer_identity(self.employer)}\n{self.place.casefold()}"
        return f"posting:{hashlib.sha256(same.encode()).hexdigest()}"


@dataclass
class Reading:
    """What a file holds: the distinct postings, how many rows only repeated one, and the unusable rows."""

    postings: list[Posting]
    repeats: int
    refused: list[Refusal]


@dataclass
class Saved:
    made: int
    known: int  # were there before
    employers: int  # new ones


def read_postings(path: Path) -> Reading:
    """Raises tables.UnusableFile when the file is not a table of postings."""
    table = read_table(path, COLUMNS, posting)
    distinct: dict[str, Posting] = {}
    for _number, each in table.rows:
        distinct.setdefault(each.source_key, each)
    return Reading(list(distinct.values()), len(table.rows) - len(distinct), table.refused)


def posting(record: Record) -> Posting:
    """Make a posting of one row. Raises UnusableRow for what a canvasser could not call back or read."""
    title, employer = tidy_title(record["title"]), " ".join(record["employer"].split())
    place = " ".join(record["place"].split())
    if not title:
        raise UnusableRow("Judul pekerjaan kosong.")
    if not employer:
        raise UnusableRow("Nama perusahaan kosong.")
    if employer_identity(employer) in ANONYMOUS:
        raise UnusableRow("Pengiklan anonim tidak bisa dihubungi.")
    for what, text, limit in (("Judul", title, 120), ("Perusahaan", employer, 150), ("Lokasi", place, 200)):
        if len(text) > limit:
            raise UnusableRow(f"{what} lebih dari {limit} huruf.")
    return Posting(title, employer, place, wage(record["wage"]), " | ".join(record.values()))


def employer_identity(name: str) -> str:
    """What two spellings of one employer share; names without Latin letters have no `name_key`."""
    return name_key(name) or name.casefold()


def wage(text: str) -> int | None:
    """Whole rupiah from "5753293", "Rp 5.753.293" or "5753293.5"; None for nothing. Raises UnusableRow."""
    number = re.sub(r"^rp\.?\s*", "", text, flags=re.IGNORECASE)
    if not number:
        return None
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", number):
        number = number.replace(".", "")
    if not (match := re.fullmatch(r"([0-9]{1,12})([.,][0-9]+)?", number)):
        raise UnusableRow(f"Gaji “{text[:30]}” bukan angka.")
    if (amount := int(match[1])) not in SANE_WAGE:
        raise UnusableRow(f"Gaji {text[:30]} sebulan tidak masuk akal.")
    return amount


def tidy_title(text: str) -> str:
    """One space between words; a title in capitals only is written normally, its acronyms kept.

    "STAFF  PPJK" -> "Staff PPJK", "ADMIN DAN KASIR" -> "Admin dan Kasir", "Staff HRD" stays.
    """
    title = " ".join(text.split())
    return re.sub(r"[^\W\d_]+", _calm, title) if title.isupper() else title


def _calm(match: re.Match[str]) -> str:
    word = match[0].lower()
    if word in SMALL_WORDS:
        return word if match.start() else word.capitalize()
    shouted = len(word) <= 3 or not re.search("[aeiou]", word) or word in LONG_ACRONYMS
    return match[0] if shouted and word not in SHORT_WORDS else word.capitalize()


@transaction.atomic
def save_leads(postings: list[Posting], *, officer: User) -> Saved:
    """Add what is not there yet, as leads entered by `officer`. All or nothing; a second run adds nothing."""
    keys = {each.source_key: each for each in postings}
    imported = Vacancy.objects.exclude(source_key="").filter(source_key__in=keys)
    known = set(imported.values_list("source_key", flat=True))
    fresh = {key: each for key, each in keys.items() if key not in known}
    employers, added = _employers(list(fresh.values()), officer)
    places = place_codes()
    Vacancy.objects.bulk_create(
        [
            Vacancy(
                employer=employers[employer_identity(each.employer)],
                region_id=places.get(letters(each.place)),
                created_by=officer,
                source_key=key,
                **_facts(each),
            )
            for key, each in fresh.items()
        ],
        batch_size=BATCH,
    )
    return Saved(made=len(fresh), known=len(known), employers=added)


def _employers(postings: list[Posting], officer: User) -> tuple[dict[str, Employer], int]:
    """The employer of every posting by identity, found or made, and how many were made."""
    names: dict[str, str] = {}
    for each in postings:
        names.setdefault(employer_identity(each.employer), each.employer)
    keys = {name_key(name) for name in names.values()}
    found: dict[str, Employer] = {}
    for employer in Employer.objects.filter(name_key__in=keys).order_by("pk"):
        found.setdefault(employer_identity(employer.name), employer)
    made = Employer.objects.bulk_create(
        [
            Employer(name=name, name_key=name_key(name), created_by=officer)
            for identity, name in names.items()
            if identity not in found
        ],
        batch_size=BATCH,
    )
    return found | {employer_identity(employer.name): employer for employer in made}, len(made)


def _facts(posting: Posting) -> dict[str, Any]:
    return {
        "state": Vacancy.State.LEAD,
        "source": Vacancy.Source.ONLINE,
        "employer_words": posting.words,
        "title": posting.title,
        "work_place": posting.place,
        "wage_min": posting.wage,
        "wage_note": "Rata-rata menurut iklan daring" if posting.wage else "",
    }


def letters(name: str) -> str:
    """A place name without what people write differently: "Pangkal Pinang" -> "pangkalpinang"."""
    return re.sub(r"[\W\d_]", "", name.casefold())


def place_codes() -> dict[str, str]:
    """The region code for each name of a province, city or regency.

    A bare name means the province if there is one of that name, else the city, else the regency.
    """
    regions = Region.objects.filter(code__length__lte=5)
    codes: dict[str, str] = {}
    rows = regions.values_list("code", "name")
    for code, name in sorted(rows, key=lambda row: (len(row[0]), row[1].startswith("Kabupaten"))):
        codes.setdefault(letters(name), code)
        codes.setdefault(letters(re.sub("^(Kota|Kabupaten) ", "", name)), code)
    known = set(codes.values())
    return codes | {alias: code for alias, code in PLACE_ALIASES.items() if code in known}
