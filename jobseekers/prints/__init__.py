"""Prints for job seekers as PDF: the AK/I card, the referral letter, the CV, the copy of one's own data.

Plain data in (`shapes.py`), bytes out; no database, no files, no clock: the same data give the same bytes.
The layout is in the `.typ` files beside this one. Texts reach them as JSON and never as typst source.
All functions may be called from several threads at once.
"""

import io
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import segno
import typst
from babel.dates import format_date
from font_source_sans_pro import font_directory

from jobseekers.prints.shapes import CardPrint, CvPrint, DataPrint, LetterPrint

HERE = Path(__file__).parent
# Control characters, lone surrogates, and what turns the direction of the text around it.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
NO_IMAGES: Mapping[str, bytes] = MappingProxyType({})

Sheet = Literal["a4", "f4"]
CardPaper = Literal["a4", "f4", "card"]


def card(piece: CardPrint, *, paper: CardPaper = "a4") -> bytes:
    """The AK/I card: one sheet to cut and fold, or ("card") two pages of 150 x 105 mm."""
    data = asdict(piece) | {"paper": paper}
    images = {"qr": qr(piece.check.url)}
    if photo := data.pop("photo"):
        images["photo"] = portrait(photo)
    return render("card", data, images=images)


def referral_letter(piece: LetterPrint, *, paper: Sheet = "a4") -> bytes:
    """The letter to the employer, and the answer sheet on a page of its own."""
    return render("referral_letter", asdict(piece) | {"paper": paper}, images={"qr": qr(piece.answer.url)})


def cv(piece: CvPrint) -> bytes:
    """The CV: one or two pages A4."""
    return render("cv", asdict(piece))


def personal_data(piece: DataPrint) -> bytes:
    """The copy of one's own data: as many pages A4 as it needs."""
    return render("personal_data", asdict(piece))


def render(
    template: str, data: Mapping[str, Any], *, images: Mapping[str, bytes] = NO_IMAGES, folder: Path = HERE
) -> bytes:
    """The PDF that `template` ("card", from `folder`) makes of the data; images as SVG, by the names it asks for.

    The PDF claims PDF/UA-1. Where that cannot be (signs that no font here has, an emoji say, are printed as empty
    boxes; a heading may be empty) it is made all the same, without the claim.
    Raises typst.TypstError if an image is no SVG, or if the data lack what the template reads.
    """
    files = sources(template, folder) | {f"images/{name}": image for name, image in images.items()}
    files["data.json"] = json.dumps(printable(data) | {"images": sorted(images)}).encode()
    try:
        return compiled(files, pdf_standards=["ua-1"])
    except typst.TypstError as refusal:
        if not refusal.message.startswith("PDF/UA-1 error"):
            raise
    return compiled(files)


def compiled(files: dict[str, bytes], **options: Any) -> Any:
    """What typst makes of the files, all of them UTF-8, of which "main.typ" is the first."""
    return typst.compile(files, font_paths=fonts(), ignore_system_fonts=True, **options)


@cache
def sources(template: str, folder: Path = HERE) -> dict[str, bytes]:
    return {"main.typ": (folder / f"{template}.typ").read_bytes(), "common.typ": (HERE / "common.typ").read_bytes()}


@cache
def fonts() -> typst.Fonts:
    """Source Sans Pro, and the wheel's own for signs it lacks (Arabic, Greek)."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[font_directory])


def qr(url: str) -> bytes:
    """A QR code as SVG without margin; 15 % of it may be lost."""
    svg = io.BytesIO()
    segno.make(url, error="m", micro=False).save(svg, kind="svg", border=0, xmldecl=False, svgns=True)
    return svg.getvalue()


def qr_png(url: str) -> bytes:
    """The same for programs that take no SVG, ten pixels a module."""
    png = io.BytesIO()
    segno.make(url, error="m", micro=False).save(png, kind="png", border=0, scale=10)
    return png.getvalue()


def portrait(photo: bytes) -> bytes:
    """The photo as SVG of 3 to 4; what stands over is cut off. Raises as `framed`."""
    return framed(photo, 30, 40, "slice")


def framed(photo: bytes, width: int, height: int, fit: Literal["slice", "meet"]) -> bytes:
    """The photo as SVG of these proportions, cut to them or whole, for typst takes no other bytes from memory.

    Raises ValueError if it is neither JPEG nor PNG; a JPEG stands in the PDF as it is, so it must bring no EXIF.
    """
    if photo.startswith(b"\xff\xd8\xff"):
        kind = b"jpeg"
    elif photo.startswith(b"\x89PNG\r\n"):
        kind = b"png"
    else:
        raise ValueError("The photo is neither JPEG nor PNG.")
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d"><image width="%d" height="%d"'
        b' preserveAspectRatio="xMidYMid %b" href="data:image/%b;base64,%b"/></svg>'
        % (width, height, width, height, fit.encode(), kind, b64encode(photo))
    )


def longdate(day: date) -> str:
    """24 November 2026, which never breaks inside."""
    return format_date(day, "d\u00a0MMMM\u00a0y", locale="id")


def printable(value: Any) -> Any:
    """The value with its dates in words and its texts clean, ready for JSON."""
    if isinstance(value, str):
        return UNPRINTABLE.sub("", re.sub(r"[ \t\r\n\f\v\u2028\u2029]+", " ", value)).strip()
    if isinstance(value, date):
        return longdate(value)
    if isinstance(value, Mapping):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value
