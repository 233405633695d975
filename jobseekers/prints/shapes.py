"""What the prints are given: plain data, no models.

Texts are single lines (white space is made one space, control characters are dropped) and may be of any length.
An empty text is a fact that is not known and is printed as such. Days are `date`; the prints write them as
"24 November 2026". Lists may be empty or of any length: what has no room becomes "dan 3 lainnya", except in
DataPrint, which keeps everything.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """The office as it stands at the head of a piece."""

    name: str
    address: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Who signs: "Kepala Dinas", "Drs. Ahmad Contoh, M.Si.", "19700101 199503 1 001" (empty: no NIP line)."""

    title: str
    name: str
    nip: str = ""


@dataclass(frozen=True, kw_only=True)
class Check:
    """Where the QR code leads (a whole URL) and the same address in short, to be typed by hand."""

    url: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Education:
    """One school: "SMK", "Tata Busana", "SMK Negeri 3 Metro", "2024"."""

    level: str
    major: str = ""
    school: str = ""
    year: str = ""


@dataclass(frozen=True, kw_only=True)
class Experience:
    """One job: "Penjahit", "Konveksi Sulam Usang", "2024–2026"; `duties` is printed on the CV only."""

    job: str
    employer: str = ""
    years: str = ""
    duties: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """One half-yearly report: due by, done on (None: not yet), received by whom."""

    due: date
    reported: date | None = None
    officer: str = ""


@dataclass(frozen=True, kw_only=True)
class CardPrint:
    """The AK/I card. `nik_masked` is never the full number (ValueError); `photo` is JPEG or PNG, None an empty frame.

    The card has room for six `reports`.
    """

    office: Letterhead
    number: str
    nik_masked: str
    name: str
    birth_place: str
    birth_date: date | None
    sex: str
    marital_status: str
    religion: str
    address: str
    kelurahan: str
    kecamatan: str
    postcode: str
    photo: bytes | None
    reports: Sequence[Report]
    valid_until: date
    check: Check
    education: Sequence[Education]
    skills: Sequence[str]
    languages: Sequence[str]
    experience: Sequence[Experience]
    terms: Sequence[str]
    signer: Signer
    place: str
    issued: date

    def __post_init__(self) -> None:
        if re.search(r"\d{16}", re.sub(r"[\s.-]", "", self.nik_masked)):
            raise ValueError("The card is given a full NIK.")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A job seeker as an employer may see one: "Siti Rahmadani", "SMK Tata Busana", ["menjahit", "obras"]."""

    name: str
    education: str
    skills: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class LetterPrint:
    """A letter that introduces candidates to an employer, with the answer sheet behind it.

    `addressee` is the lines under "Yth."; `opening` and `closing` are paragraphs, the usual wording when empty.
    `answer` leads to the page where the employer answers; `answer_by` is the last day.
    """

    office: Letterhead
    number: str
    place: str
    day: date
    addressee: Sequence[str]
    employer: str
    position: str
    candidates: Sequence[Candidate]
    answer: Check
    answer_by: date
    signer: Signer
    subject: str = "Pengantar pencari kerja"
    opening: Sequence[str] = ()
    closing: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class CvPrint:
    """A person's CV. `wishes` and `certificates` are a line each: "Menjahit tingkat dasar, BLK Metro, 2025"."""

    name: str
    headline: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    summary: str = ""
    wishes: Sequence[str] = ()
    experience: Sequence[Experience] = ()
    education: Sequence[Education] = ()
    skills: Sequence[str] = ()
    languages: Sequence[str] = ()
    certificates: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of texts; every row is as long as `head`."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Section:
    """One kind of data: pairs of label and value, or a table, or a note; whatever is given is printed in this order."""

    title: str
    pairs: Sequence[tuple[str, str]] = ()
    table: Table | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DataPrint:
    """A person's own data. `name` stands below the title; `printed` is "24 November 2026, 14.05 WIB"."""

    office: Letterhead
    name: str
    printed: str
    sections: Sequence[Section]
    intro: str = ""
