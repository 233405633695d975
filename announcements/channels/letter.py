"""The Sekretaris Daerah's letter to every kecamatan: a draft here, signed elsewhere, proved by receipts."""

import re
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import current_office
from announcements import piece_templates, spoken
from announcements.channels.base import Standing, Tally
from announcements.channels.board import check, list_row, reference
from announcements.channels.hand import HandChannel, amount, in_words, office_head, one_link
from announcements.channels.texts import plain_date
from announcements.contents import notice_in
from announcements.facts import Facts
from announcements.letter_docx import letter_docx
from announcements.models import Announcement, Issue, LetterReceipt, LetterSettings
from announcements.models.announcements import ChannelKey
from announcements.piece_templates import Words
from announcements.prints import secretariat_letter
from announcements.prints.shapes import AttachedNotice, GovernmentHead, LetterSheet, SecretariatLetter
from canvassing.models import Region
from jobseekers.prints.shapes import Check, Signer

FIELDS = (
    "government", "unit", "address", "contact", "place", "classification", "nature", "subject", "addressee",
    "signer_title", "signer_name", "signer_rank", "signer_nip", "copies", "paper",
)  # fmt: skip

USUAL = Words(ChannelKey.LETTER)


class LetterChannel(HandChannel):
    key = ChannelKey.LETTER
    done = gettext_lazy("Dikirim")

    def issue(self, announcement: Announcement, facts: list[Facts]) -> Issue:
        chosen = LetterSettings.current()
        words, head = piece_templates.current(announcement, self.key, facts), office_head()
        letter = {name: getattr(chosen, name) for name in FIELDS}
        if notice := notice_in(facts, "id"):
            letter["subject"] = notice["detail"]["letter"]["subject"]
            head["links"] = {"": one_link(announcement, self.key, facts)}
        else:
            head["words"] = body(words, [in_words(each) for each in facts], head)
        head["letter"] = letter
        return Issue(
            announcement=announcement,
            channel=self.key,
            facts=facts,
            head=head,
            wording=words.versions,
            subject=letter["subject"],
        )

    def follow(self, issue: Issue) -> None:
        """The receipts that are waited for, once the issue is saved: one a kecamatan of the city."""
        LetterReceipt.objects.bulk_create(
            [LetterReceipt(issue=issue, district=district) for district in districts()], ignore_conflicts=True
        )

    def description(self, issue: Issue) -> str:
        return f"{amount(issue)}, {self._version(issue)}"

    def standing(self, announcement: Announcement, tally: Tally) -> Standing:
        received, asked = tally.get("received", 0), tally.get("asked", 0)
        proof = _("%(received)s dari %(asked)s kecamatan menerima") % {"received": received, "asked": asked}
        if not tally.get("numbered") and not received:
            return Standing("neutral", _("Rancangan, belum dikirim"), _("Belum terbukti"))
        if received < asked:
            return Standing("warn", _("Menunggu tanda terima"), proof)
        return Standing("ok", _("Diterima semua"), proof)

    def file_names(self, issue: Issue) -> list[tuple[str, str]]:
        """(name, label) of all that can be printed of it."""
        rows = issue.receipts.select_related("district")
        return [("surat.pdf", _("Semua surat (PDF)"))] + [
            (f"surat-{row.district_id}.docx", f"{row.district} (DOCX)") for row in rows
        ]

    def make(self, issue: Issue, name: str) -> bytes:
        """Needs `announcement` loaded with the issue. Raises KeyError for a kecamatan that gets no letter."""
        receipts = {row.district_id: row for row in issue.receipts.select_related("district")}
        sheets = {code: _sheet(issue, row) for code, row in receipts.items()}
        paper = issue.head["letter"]["paper"]
        if name == "surat.pdf":
            return secretariat_letter(_letter(issue, list(sheets.values())), paper=paper)
        sheet = sheets[name.removeprefix("surat-").removesuffix(".docx")]
        return letter_docx(_letter(issue, [sheet]), sheet, paper=paper)


def body(words: Words, vacancies: list[dict[str, Any]], office: dict[str, Any]) -> dict[str, str]:
    """The paragraphs; a letter has the office's whole name, and numbers in figures and words."""
    number = len(vacancies)
    with translation.override("id"):
        said = piece_templates.values(vacancies, office)
    said |= {"office": office["name"], "count": f"{number} ({spoken.number(number)})"}
    return {name: words.say(name, said) for name in ("opening", "request", "points", "closing")}


def districts() -> list[Region]:
    """The kecamatan of the office's city."""
    below = Region.objects.filter(code__regex=rf"^{re.escape(current_office().city_code)}\.\d\d$")
    return list(below.order_by("code"))


def _sheet(issue: Issue, receipt: LetterReceipt) -> LetterSheet:
    url = settings.SITE_URL + receipt.link_path()
    addressee = issue.head["letter"]["addressee"].replace("{district}", str(receipt.district.name))
    return LetterSheet(addressee=addressee, receipt=Check(url=url, text=url.split("//")[-1]))


def _said(issue: Issue) -> dict[str, Any]:
    """What the letter says and what is attached."""
    if notice := notice_in(issue.facts, "id"):
        return _notice_said(issue, notice)
    rows = [in_words(each) for each in issue.facts]
    around = issue.head.get("words") or body(USUAL, rows, issue.head)  # made before there were any
    return around | {
        "points": around["points"].splitlines(),
        "last_day": max(each["valid_until"] for each in rows),
        "attachment": "Daftar lowongan kerja",
        "foot": f"Melamar kerja tidak dipungut biaya. Keterangan lebih lanjut: {issue.head['name']}.",
        "rows": [list_row(each) for each in rows],
        "notice": None,
    }


def _notice_said(issue: Issue, notice: dict[str, Any]) -> dict[str, Any]:
    words = notice["detail"]["letter"]
    return {
        "opening": words["opening"].format(office=issue.head["name"]),
        "request": USUAL.say("request", {}),
        "points": [words["tell"], _hang_until(notice["valid_until"]), words["free"]],
        "closing": USUAL.say("closing", {}),
        "last_day": notice["valid_until"],
        "attachment": notice["title"] if notice["lead"] else words["title"],
        "foot": f"{words['foot']} Keterangan lebih lanjut: {issue.head['name']}.",
        "rows": [],
        "notice": AttachedNotice(
            lead=notice["lead"],
            rows=[(label, value) for label, value in notice["rows"]],
            text=notice["paragraphs"],
            until=notice["until"],
            link=check(issue.head["links"][""]),
        ),
    }


def _hang_until(last: date | None) -> str:
    boards = "menempelkan lampiran surat ini pada papan pengumuman kecamatan dan kelurahan"
    return f"{boards} sampai dengan {plain_date(last)}, kemudian menurunkannya;" if last else f"{boards};"


def _letter(issue: Issue, sheets: list[LetterSheet]) -> SecretariatLetter:
    chosen: dict[str, Any] = issue.head["letter"]
    return SecretariatLetter(
        head=GovernmentHead(
            government=chosen["government"], unit=chosen["unit"], address=chosen["address"], contact=chosen["contact"]
        ),
        place=chosen["place"],
        classification=chosen["classification"],
        nature=chosen["nature"],
        subject=chosen["subject"],
        sheets=sheets,
        office_name=issue.head["name"],
        **_said(issue),
        signer=Signer(title=chosen["signer_title"], name=chosen["signer_name"], nip=chosen["signer_nip"]),
        rank=chosen["signer_rank"],
        copies=[line.strip() for line in chosen["copies"].splitlines() if line.strip()],
        reference=reference(issue),
    )
