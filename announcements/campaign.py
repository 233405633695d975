"""A campaign as a report on paper, always in Indonesian: the same counts as its page, and the proof behind them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone, translation
from django.utils.formats import number_format

from accounts.models import User, current_office
from announcements import outdated, prints, proof, reach
from announcements.models import Announcement, Delivery, Draft, Issue, LetterReceipt, Posting
from announcements.models.deliveries import ADVICE, Reason
from announcements.prints.shapes import CampaignPrint, Proof, Register
from announcements.progress import ChannelRow, channel_rows, email_or_first
from canvassing.words import long_date
from jobseekers.prints.shapes import Letterhead, Signer

UNPROVEN = "Belum terbukti"
SYSTEM = "sistem"
MOST_PHOTOS = 6  # whole in the file, so that it can still be mailed
Row = tuple[str, ...]
SAID_HEADS: dict[str, Row] = {
    Announcement.Kind.VACANCIES: ("Pekerjaan", "Pemberi kerja", "Formasi", "Paling lambat"),
    Announcement.Kind.COURSE: ("Pelatihan", "Angkatan", "Mulai", "Daftar paling lambat"),
    Announcement.Kind.NEWS: ("Kabar", "Berlaku sampai"),
}


def report(announcement: Announcement, *, by: User) -> bytes:
    """The PDF of what this person sees on the page. Needs issues, both people and the corrected piece loaded."""
    with translation.override("id"):
        return prints.campaign(facts(announcement, by=by))


def facts(announcement: Announcement, *, by: User) -> CampaignPrint:
    """What the report says, in the language that is active. Proof is shown to whoever may open the pieces."""
    office = current_office()
    deliveries = Delivery.objects.filter(announcement=announcement)
    tallies = deliveries.tallies() | proof.tallies([announcement.pk])
    rows = channel_rows(announcement, tallies, reach.by_channel(announcement))
    spoken_of = email_or_first(rows).issue.facts
    may_open = by.has_perm("announcements.view_issue")
    postings = _postings(announcement) if may_open else []
    photos = [each for each in postings if each.photo] if by.has_perm("announcements.view_posting") else []
    return CampaignPrint(
        office=Letterhead(name=office.name, address=office.address, phone=office.phone),
        number=announcement.number,
        title=announcement.title,
        state=announcement.get_state_display(),
        history=_history(announcement),
        said_head=SAID_HEADS[spoken_of[0].get("kind", Announcement.Kind.VACANCIES)],
        said=[_said(each) for each in spoken_of],
        channels=[_channel(row) for row in rows],
        sent=[_sent(row) for row in rows if row.progress.total],
        postings=[_proof(each) for each in postings],
        photos=[(_where(each), bytes(each.photo or b"")) for each in photos[:MOST_PHOTOS]],
        more_photos=len(photos[MOST_PHOTOS:]),
        letters=_letters(announcement) if may_open else [],
        outdated=[_outdated(row) for row in outdated.standing_outdated(by, announcement)],
        corrections=[
            (each.number, each.title, _moment(each.created_at), each.get_state_display())
            for each in Announcement.objects.filter(corrects__announcement=announcement).order_by("pk")
        ],
        failures=_failures(deliveries.visible_to(by).problems()),
        place=office.city_name,
        day=timezone.localdate(),
        printed=f"{_moment(timezone.now())}, {by}",
        signer=Signer(title=office.head_title, name=office.head_name, nip=office.head_nip),
    )


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{long_date(local.date())}, {local:%H.%M}"


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)


def _history(announcement: Announcement) -> list[tuple[str, str]]:
    """(what, who and when), in the order in which it happened."""
    draft = Draft.objects.filter(announcement=announcement).select_related("created_by", "approved_by").first()
    steps = [("Disusun", f"{announcement.created_by or SYSTEM}, {_moment((draft or announcement).created_at)}")]
    if draft and draft.approved_at:
        steps.append(("Disetujui", f"{draft.approved_by}, {_moment(draft.approved_at)}"))
        if announcement.approved_by not in (None, draft.approved_by):
            steps.append(("Dilepas", str(announcement.approved_by)))
    elif announcement.approved_by:
        steps.append(("Disetujui", str(announcement.approved_by)))
    steps.append(("Diumumkan", _moment(announcement.created_at)))
    if announcement.cancelled_at:
        who = announcement.cancelled_by or SYSTEM
        steps.append(("Ditarik", f"{who}, {_moment(announcement.cancelled_at)}"))
    if announcement.corrects:
        steps.append(("Mengoreksi", f"{announcement.corrects.announcement.number}, {announcement.corrects}"))
    steps.append(("Berlaku sampai", long_date(timezone.localdate(announcement.expires_at))))
    return steps


def _said(fact: dict[str, Any]) -> Row:
    """A line below SAID_HEADS; a correction's facts tell no numbers, news may have no last day."""
    words, detail = fact["words"]["id"], fact.get("detail", {})
    last = long_date(date.fromisoformat(fact["valid_until"])) if fact["valid_until"] else "—"
    match fact.get("kind"):
        case Announcement.Kind.NEWS:
            return words["title"], last
        case Announcement.Kind.COURSE:
            return words["title"], words["lead"], detail["facts"]["begins_on"], last
    return words["title"], words["employer"], _number(detail["openings"]) if "openings" in detail else "", last


def _channel(row: ChannelRow) -> Row:
    """The line of the page's table of channels."""
    brought = [_number(row.reach.views), _number(row.reach.sign_ups)] if row.by_hand else ["—", "—"]
    name = row.issue.get_channel_display()
    return name, row.description, row.standing.state, row.standing.proof, *brought


def _sent(row: ChannelRow) -> Row:
    progress = row.progress
    counts = (
        progress.total, progress.accepted, progress.waiting, progress.rejected, progress.unknown, progress.unsent
    )  # fmt: skip
    return row.issue.get_channel_display(), *map(_number, counts)


def _postings(announcement: Announcement) -> list[Posting]:
    rows = Posting.objects.filter(issue__announcement=announcement).select_related("issue", "recorded_by", "ended_by")
    return list(rows.order_by("posted_at", "pk"))


def _where(posting: Posting) -> str:
    return f"{posting.issue.get_channel_display()}, {posting.place}, {_moment(posting.posted_at)}"


def _proof(posting: Posting) -> Proof:
    proofs = [
        "foto" if posting.photo else "",
        posting.link,
        f"disaksikan {posting.witness}" if posting.witness else "",
    ]
    return Proof(
        channel=f"{posting.issue.get_channel_display()}, versi {posting.issue.facts_version}",
        place=posting.place,
        posted=f"{_moment(posting.posted_at)}, dicatat {posting.recorded_by}",
        proof=", ".join(filter(None, proofs)) or UNPROVEN,
        is_proven=posting.is_proven,
        ended=f"{_moment(posting.ended_at)}, {posting.ended_by}" if posting.ended_at else "",
    )


def _letters(announcement: Announcement) -> list[Register]:
    """Every version of the letter with what the registry gave it and who has it."""
    issues = Issue.objects.filter(announcement=announcement, channel="letter").select_related("letter")
    found = []
    for issue in issues.prefetch_related("receipts__district").order_by("facts_version"):
        letter = getattr(issue, "letter", None)
        found.append(
            Register(
                version=str(issue.facts_version),
                number=letter.number if letter else "",
                dated=long_date(letter.dated) if letter else "",
                sent=long_date(letter.sent_on) if letter else "",
                receipts=[_receipt(each) for each in issue.receipts.all()],
            )
        )
    return found


def _receipt(receipt: LetterReceipt) -> tuple[str, str, bool]:
    if receipt.received_at is None:
        return str(receipt.district), UNPROVEN, False
    return str(receipt.district), f"{_moment(receipt.received_at)}, {receipt.received_by}", True


def _outdated(row: outdated.Outdated) -> tuple[str, Row]:
    where = f"{_number(row.readers)} penerima" if row.readers else row.place
    piece = f"{row.issue.get_channel_display()}, {where}, {long_date(row.at)}"
    return piece, tuple(f"{each.vacancy}, {each.label}: {each.old} → {each.new}" for each in row.changes)


def _failures(problems: Any) -> list[Row]:
    """(channel, reason, how many, what to do); without addresses."""
    counted: Iterable[Any] = (
        problems.order_by("channel", "last_class").values_list("channel", "last_class").annotate(number=Count("pk"))
    )
    names = dict(Delivery._meta.get_field("channel").flatchoices)
    return [
        (str(names[channel]), str(Reason(reason).label) if reason else "", _number(number), str(ADVICE.get(reason, "")))
        for channel, reason, number in counted
    ]
