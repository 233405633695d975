"""Poster, list sheet, the Sekretaris Daerah's letter, and the report of a campaign. Plain data in, bytes out.

The layout is in the `.typ` files beside this one, on the common parts of `jobseekers.prints`.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from announcements.prints.shapes import CampaignPrint, ListPrint, PosterPrint, SecretariatLetter
from jobseekers.prints import Sheet, framed, qr, render

HERE = Path(__file__).parent
Poster = Literal["a4", "a3"]


def poster(pieces: Sequence[PosterPrint], *, paper: Poster = "a4") -> bytes:
    """One page a vacancy, a class or news."""
    images = {f"qr{index}": qr(piece.link.url) for index, piece in enumerate(pieces)}
    return _render("poster", {"posters": [asdict(each) for each in pieces], "paper": paper}, images)


def board_list(piece: ListPrint) -> bytes:
    """Portrait A4, as many pages as the rows need."""
    return _render("board_list", asdict(piece), {"qr": qr(piece.link.url)})


def secretariat_letter(piece: SecretariatLetter, *, paper: Sheet = "a4") -> bytes:
    """Letter and attachment for every addressee, one after the other."""
    images = {f"qr{index}": qr(sheet.receipt.url) for index, sheet in enumerate(piece.sheets)}
    if piece.notice:
        images["more"] = qr(piece.notice.link.url)
    return _render("secretariat_letter", asdict(piece) | {"paper": paper}, images)


def campaign(piece: CampaignPrint) -> bytes:
    """The report of a campaign: as many pages A4 as it needs."""
    images = {f"photo{index}": framed(photo, 40, 30, "meet") for index, (_what, photo) in enumerate(piece.photos)}
    captions = [what for what, _photo in piece.photos]
    return _render("campaign", asdict(piece) | {"photos": captions}, images)


def _render(template: str, data: dict[str, Any], images: dict[str, bytes]) -> bytes:
    return render(template, data, images=images, folder=HERE)
