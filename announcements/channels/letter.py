"""The Sekretaris Daerah's letter to every kecamatan: a draft here, signed elsewhere, proved by receipts."""

import re
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import current_office
from announcements import piece_templates, spoken
from announcements.channels.base import Standing, Tally
from announcements.channels.board import list_row, reference
from announcements.channels.hand import HandChannel, in_words, office_head
from announcements.facts import Facts
from announcements.letter_docx import letter_docx
from announcements.models import Announcement, Issue, LetterReceipt, LetterSettings
from announcements.models.announcements import ChannelKey
from announcements.piece_templates import Words
from announcements.prints import secretariat_letter
from announcements.prints.shapes import GovernmentHead, LetterSheet, SecretariatLetter
from canvassing.models import Region
from jobseekers.prints.shapes import Check, Signer

FIELDS = (
    "government", "unit", "address", "contact", "place", "classification", "nature", "subject", "addressee",
    "signer_title", "signer_name", "signer_rank", "signer_nip", "copies", "paper",
)  # fmt: skip


class LetterChannel(HandChannel):
    key = ChannelKey.LETTER
    done = gettext_lazy("Dikirim")

    def issue(self, announcement: Announcement, facts: list[Facts]) -> Issue:
        chosen = LetterSettings.current()
        words = piece_templates.current(self.key)
        head = office_head()
        around = body(words, [in_words(each) for each in facts], head)
        head |= {"letter": {name: getattr(chosen, name) for name in FIELDS}, "words": around}
        return Issue(
            announcement=announcement,
            channel=self.key,
            facts=facts,
            head=head,
            wording=words.versions,
            subject=chosen.subject,
        )

    def follow(self, issue: Issue) -> None:
        """The receipts that are waited for, once the issue is saved: one a kecamatan of the city."""
        LetterReceipt.objects.bulk_create(
            [LetterReceipt(issue=issue, district=district) for district in districts()], ignore_conflicts=True
        )

    def description(self, issue: Issue) -> str:
        return f"{self._vacancies(issue)}, {self._version(issue)}"

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


def _letter(issue: Issue, sheets: list[LetterSheet]) -> SecretariatLetter:
    chosen: dict[str, Any] = issue.head["letter"]
    rows = [in_words(each) for each in issue.facts]
    around = issue.head.get("words") or body(Words(ChannelKey.LETTER), rows, issue.head)  # made before there were any
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
        rows=[list_row(each) for each in rows],
        last_day=max(each["valid_until"] for each in rows),
        opening=around["opening"],
        request=around["request"],
        points=around["points"].splitlines(),
        closing=around["closing"],
        signer=Signer(title=chosen["signer_title"], name=chosen["signer_name"], nip=chosen["signer_nip"]),
        rank=chosen["signer_rank"],
        copies=[line.strip() for line in chosen["copies"].splitlines() if line.strip()],
        reference=reference(issue),
    )
