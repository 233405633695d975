"""Prints of training as PDF: certificates with their units on the back, the minutes of a selection.

Plain data in, bytes out, as in `jobseekers.prints`; the layout is in the `.typ` files beside this one.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from jobseekers.prints import longdate, qr, render
from jobseekers.prints.shapes import Letterhead

HERE = Path(__file__).parent

__all__ = ["CertificatePrint", "MinutesPrint", "certificates", "longdate", "minutes"]


@dataclass(frozen=True, kw_only=True)
class CertificatePrint:
    """One certificate. `units` are (code, title, lesson hours); `check` is the address that the QR code leads to."""

    office: str
    number: str
    name: str
    birth: str  # "Metro, 12 Februari 1999"
    course: str
    cohort: str
    begins: date
    ends: date
    place: str
    lesson_hours: int
    units: Sequence[tuple[str, str, str]] = ()
    city: str
    issued: date
    signer_title: str
    signer_name: str
    signer_nip: str = ""
    check: str


@dataclass(frozen=True, kw_only=True)
class MinutesPrint:
    """The minutes of a selection. A row is (rank, name, kelurahan, score, result)."""

    office: Letterhead
    cohort: str
    day: date
    place: str
    criteria: Sequence[tuple[str, str]]  # (label, weight)
    assessors: Sequence[str]
    excluded: Sequence[str]  # "Budi tidak menilai Siti: sepupu"
    seats: Sequence[tuple[str, str, str, str, str]]
    line: Sequence[tuple[str, str, str, str, str]]
    out: Sequence[tuple[str, str, str, str, str]]


def certificates(pieces: Sequence[CertificatePrint]) -> bytes:
    """A4 across, two pages each."""
    codes = {f"qr{number}": qr(piece.check) for number, piece in enumerate(pieces)}
    return render("certificate", {"pieces": [asdict(piece) for piece in pieces]}, images=codes, folder=HERE)


def minutes(piece: MinutesPrint) -> bytes:
    """As many pages A4 as the list needs, with lines to sign."""
    return render("minutes", asdict(piece), folder=HERE)
