"""What the printed pieces are given: plain data, no models; texts as in jobseekers.prints.shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jobseekers.prints.shapes import Check, Letterhead, Signer


@dataclass(frozen=True, kw_only=True)
class PosterPrint:
    """A vacancy, a class or news on the board. `facts` are (label, value, remark or ""), `text` paragraphs, `how` ends
    the sentence "Caranya: ...". `employer` is the line below the title, or ""; `trust` the whole line at the foot."""

    office: Letterhead
    title: str
    employer: str
    facts: Sequence[tuple[str, str, str]]
    last_day: date | None
    how: str
    link: Check
    report: str
    trust: str
    reference: str
    headline: str = "Lowongan kerja"
    footer: str = ""
    text: Sequence[str] = ()
    last_label: str = "Lamar paling lambat"
    free: str = "Gratis, tidak dipungut biaya."


@dataclass(frozen=True, kw_only=True)
class ListRow:
    title: str
    employer: str
    place: str
    wage: str
    education: str
    last_day: date
    number: str


@dataclass(frozen=True, kw_only=True)
class ListPrint:
    """All vacancies of an announcement on as few sheets as they need; the whole is taken down after `last_day`."""

    office: Letterhead
    rows: Sequence[ListRow]
    last_day: date
    link: Check
    report: str
    reference: str
    footer: str = ""


@dataclass(frozen=True, kw_only=True)
class GovernmentHead:
    """The head of the Sekretariat Daerah's paper, as the office has set it."""

    government: str
    unit: str
    address: str
    contact: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterSheet:
    """A draft to one addressee. `receipt` is where its desk confirms that it has come."""

    addressee: str
    receipt: Check


@dataclass(frozen=True, kw_only=True)
class AttachedNotice:
    """A class or news in the letter's attachment: `lead` or "", (label, value), paragraphs."""

    lead: str
    rows: Sequence[tuple[str, str]]
    text: Sequence[str]
    until: str
    link: Check


@dataclass(frozen=True, kw_only=True)
class SecretariatLetter:
    """The Sekretaris Daerah's draft letter. Number and date stay open: the registry and the signer give them.

    `signer.name` may be empty; `rank` stands above the NIP. `copies` are the lines of the tembusan. The body is
    `opening`, `request`, its numbered `points`, `closing`. The attachment is the table of `rows`, or of a class or news
    the `notice`; `foot` stands below it.
    """

    head: GovernmentHead
    place: str
    classification: str
    nature: str
    subject: str
    sheets: Sequence[LetterSheet]
    office_name: str
    opening: str
    request: str
    points: Sequence[str]
    closing: str
    last_day: date | None
    attachment: str
    foot: str
    rows: Sequence[ListRow]
    notice: AttachedNotice | None
    signer: Signer
    rank: str
    copies: Sequence[str]
    reference: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One place where a piece hung, was read out or was posted; `ended` is empty while it still is."""

    channel: str
    place: str
    posted: str
    proof: str
    is_proven: bool
    ended: str


@dataclass(frozen=True, kw_only=True)
class Register:
    """One version of the letter; number and days are empty while the registry has not given them.

    A receipt is (kecamatan, when and by whom or that it is not proven, whether it is).
    """

    version: str
    number: str
    dated: str
    sent: str
    receipts: Sequence[tuple[str, str, bool]]


@dataclass(frozen=True, kw_only=True)
class CampaignPrint:
    """The report of a campaign. All rows are texts in the order of the columns that campaign.typ names; those of
    `said`, what was announced, in the order of `said_head`, which are two or four.

    `photos` are (what they show, JPEG); of those there are `more_photos` that are not printed.
    """

    office: Letterhead
    number: str
    title: str
    state: str
    history: Sequence[tuple[str, str]]
    said_head: Sequence[str]
    said: Sequence[Sequence[str]]
    channels: Sequence[Sequence[str]]
    sent: Sequence[Sequence[str]]
    postings: Sequence[Proof]
    photos: Sequence[tuple[str, bytes]]
    more_photos: int
    letters: Sequence[Register]
    outdated: Sequence[tuple[str, Sequence[str]]]
    corrections: Sequence[Sequence[str]]
    failures: Sequence[Sequence[str]]
    place: str
    day: date
    printed: str
    signer: Signer
