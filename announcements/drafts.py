"""The way of a composed announcement: submitted, approved by a second person, started now or by the sweep.

Every step says in its UPDATE from where it starts and which version it saw, so of two people one is refused.
"""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User, current_office
from announcements import contents, expansion, facts, services
from announcements.channels import CHANNELS
from announcements.channels.email import EmailChannel
from announcements.models import (
    AnnouncedVacancy,
    Announcement,
    Draft,
    DraftStep,
    Issue,
    PieceTemplate,
    repeatable_vacancies,
    unannounced_vacancies,
)
from announcements.models.announcements import AUTOMATIC, Audience, ChannelKey
from canvassing.models import Vacancy

Step = DraftStep.Step
MOST_COUNTED = 100_000  # recipients a channel; beyond it the page says "more than"

log = logging.getLogger("kanvas.announcements")


class Refused(Exception):
    """A step that the rules do not allow now; the message is for the person."""


@dataclass(frozen=True)
class Piece:
    """One piece as it would be made now, and what could be printed of it: (name, label)."""

    issue: Issue
    description: str
    files: list[tuple[str, str]]
    too_long: bool

    @property
    def is_email(self) -> bool:
        return self.issue.channel == ChannelKey.EMAIL

    @property
    def is_radio(self) -> bool:
        return self.issue.channel in (ChannelKey.RADIO_30, ChannelKey.RADIO_60)


def facts_now(draft: Draft) -> list[facts.Facts]:
    """What would be announced at this moment: the chosen vacancies that are left, a class, news."""
    if draft.is_notice:
        return contents.of_draft(draft)
    possible = repeatable_vacancies() if draft.is_reminder else unannounced_vacancies()
    chosen = possible.filter(pk__in=draft.vacancies.values("pk"))
    return facts.freeze(chosen.values_list("pk", flat=True))


def reading(draft: Draft, frozen: list[facts.Facts]) -> str:
    """What a reader has seen, in a short string: a change of the draft, of a fact, or of a template makes another."""
    templates = PieceTemplate.objects.filter(kind=draft.content, channel__in=services.keys_of(draft.channels))
    words = templates.newest().values_list("pk")
    facts_seen = (each if contents.is_notice(each) else (each["id"], each["version"]) for each in frozen)
    seen = [draft.version, *facts_seen, *words]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def nothing_left(draft: Draft, advice: str) -> str:
    return f"{contents.NOTHING_LEFT[draft.content]} {advice}"


def left_out(draft: Draft) -> list[tuple[Vacancy, bool]]:
    """(vacancy, whether it was announced meanwhile) of those that would not go out; the others are not open now.

    Of a reminder: whether its last announcement is still on its way.
    """
    rows = draft.vacancies.only("title", "employer_name").order_by("pk")
    open_ones = set(Vacancy.objects.open().filter(pk__in=draft.vacancies.values("pk")).values_list("pk", flat=True))
    if draft.is_reminder:
        ready = set(repeatable_vacancies().filter(pk__in=open_ones).values_list("pk", flat=True))
        return [(each, each.pk in open_ones) for each in rows if each.pk not in ready]
    told = set(
        AnnouncedVacancy.objects.filter(vacancy__in=draft.vacancies.all(), audience=Audience.INSTANT).values_list(
            "vacancy", flat=True
        )
    )
    return [(each, each.pk in told) for each in rows if each.pk in told or each.pk not in open_ones]


def preview(draft: Draft, frozen: list[facts.Facts]) -> list[Piece]:
    """Every piece as the channels themselves make it. Nothing of it stays in the database."""
    with transaction.atomic():
        announcement = _as_it_would_be(draft)
        made = [_piece(services.make_issue(announcement, key, frozen)) for key in services.keys_of(draft.channels)]
        transaction.set_rollback(True)
    return made


def preview_mail(draft: Draft, frozen: list[facts.Facts], language: str) -> Issue:
    """The mail as a subscriber with this language would read it."""
    with transaction.atomic():
        mail = EmailChannel().issue(_as_it_would_be(draft), frozen, language)
        transaction.set_rollback(True)
    return mail


def preview_file(draft: Draft, frozen: list[facts.Facts], channel: str, name: str) -> bytes:
    """One print of the preview. Raises KeyError for a name that the channel does not have."""
    with transaction.atomic():
        issue = services.make_issue(_as_it_would_be(draft), channel, frozen)
        known = name in dict(CHANNELS[channel].file_names(issue))
        content = CHANNELS[channel].make(issue, name) if known else b""
        transaction.set_rollback(True)
    if not known:
        raise KeyError(name)
    return content


def _as_it_would_be(draft: Draft) -> Announcement:
    """With a key below 0, so that looking uses up no number and two people look at once; see Announcement.number."""
    key = -1 - secrets.randbelow(2**62)
    return Announcement.objects.create(
        pk=key,
        kind=draft.content,
        title=draft.title,
        cohort_id=draft.cohort_id,
        text=draft.text,
        valid_until=draft.valid_until,
        is_reminder=draft.is_reminder,
        tell_again=draft.tell_again,
        created_by_id=draft.created_by_id,
        expires_at=timezone.now(),
    )


def _piece(issue: Issue) -> Piece:
    channel: Any = CHANNELS[issue.channel]
    by_hand = issue.channel not in AUTOMATIC
    too_long = channel.is_too_long(issue) if hasattr(channel, "is_too_long") else False
    return Piece(issue, channel.description(issue) if by_hand else "", channel.file_names(issue), too_long)


def recipients(draft: Draft, frozen: list[facts.Facts]) -> int:
    """How many would get it if it started now."""
    if frozen and contents.is_notice(frozen[0]):
        return expansion.count_listeners(frozen[0]["kind"], limit=MOST_COUNTED)
    return _count(frozen, but_told=draft.is_reminder and not draft.tell_again)


def told_before(draft: Draft, frozen: list[facts.Facts]) -> int:
    """Of a reminder: how many want these vacancies and were told of all of them that they want."""
    return _count(frozen) - _count(frozen, but_told=True) if draft.is_reminder else 0


def _count(frozen: list[facts.Facts], but_told: bool = False) -> int:
    keys = [each["id"] for each in frozen]
    if not keys:
        return 0
    return expansion.count_recipients(keys, audience=Audience.INSTANT, limit=MOST_COUNTED, but_told=but_told)


def _move(draft: Draft, *, to: str, **changes: Any) -> None:
    """Raises Refused when somebody else has changed it since `draft` was read."""
    same = Draft.objects.filter(pk=draft.pk, state=draft.state, version=draft.version)
    if not same.update(state=to, version=F("version") + 1, **changes):
        raise Refused(_("Konsep ini baru saja diubah orang lain. Baca lagi dulu."))
    draft.refresh_from_db()


def compose(form: Any) -> Draft:
    """Save a new draft once, however often its form is sent. `form` is a valid DraftForm."""
    author = form.instance.created_by
    draft: Draft = form.save_once(lambda saved: DraftStep.note(saved, Step.COMPOSED, by=author))
    return draft


@transaction.atomic
def keep(form: Any) -> Draft:
    """Save a changed draft as its next version. `form` is a valid DraftForm of a draft that its author may edit.

    Raises Conflict when it was saved since it was opened, and Refused when it is no draft any more.
    """
    same = Draft.objects.filter(pk=form.instance.pk, state=Draft.State.DRAFT)
    if not same.select_for_update(no_key=True).exists():
        raise Refused(_("Konsep ini sudah diajukan atau selesai. Tulisan Anda masih di bawah, belum disimpan."))
    draft: Draft = form.save()
    DraftStep.note(draft, Step.CHANGED, by=draft.created_by)
    return draft


@transaction.atomic
def submit(draft: Draft, *, by: User) -> None:
    """Hand it to whoever approves. Raises Refused when nothing of it could be announced or its time is over."""
    if not Draft.objects.editable_by(by).filter(pk=draft.pk).exists():
        raise PermissionDenied
    if not facts_now(draft):
        raise Refused(nothing_left(draft, _("Ubah dulu.")))
    if draft.scheduled_for and draft.scheduled_for <= timezone.now():
        raise Refused(_("Waktunya sudah lewat. Pilih waktu lain, atau kosongkan."))
    _move(draft, to=Draft.State.SUBMITTED, submitted_at=timezone.now(), comment="")
    DraftStep.note(draft, Step.SUBMITTED, by=by, comment=draft.note)


@transaction.atomic
def approve(draft: Draft, *, by: User, read: str, at_once: bool) -> None:
    """Say yes to what `read` names (see `reading`); it starts now, or at its time.

    Raises Refused for one's own, when something changed since it was read, and when nothing is left.
    """
    if not by.has_perm("announcements.approve_draft"):
        raise PermissionDenied
    locked = Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
    if not locked.is_submitted:
        raise Refused(_("Konsep ini tidak lagi menunggu persetujuan."))
    own = locked.created_by_id == by.pk
    if own and not current_office().author_may_publish:
        raise Refused(_("Pengumuman yang Anda susun disetujui rekan lain."))
    frozen = facts_now(locked)
    if not frozen:
        raise Refused(nothing_left(locked, _("Kembalikan kepada penyusunnya.")))
    if reading(locked, frozen) != read:
        raise Refused(_("Isinya berubah sejak Anda baca. Baca lagi dulu."))
    now = timezone.now()
    word = {"approved_by": by, "approved_at": now, "approved_by_author": own}
    DraftStep.note(locked, Step.APPROVED, by=by)
    if at_once or locked.scheduled_for is None:
        _start(locked, by=by, **word)
        DraftStep.note(locked, Step.STARTED, by=by)
    elif locked.scheduled_for <= now:
        raise Refused(_("Waktunya sudah lewat. Umumkan sekarang, atau kembalikan kepada penyusunnya."))
    else:
        _move(locked, to=Draft.State.SCHEDULED, **word)
        DraftStep.note(locked, Step.SCHEDULED, by=by)
    draft.refresh_from_db()


def _start(draft: Draft, *, by: User, **word: Any) -> None:
    """Make the announcement that was approved; needs the draft locked. Without vacancies left it says so itself."""
    announcement = services.announce_composed(draft, by=by)
    state = Draft.State.STARTED if announcement else Draft.State.EMPTY
    if announcement is None and draft.is_submitted:
        raise Refused(nothing_left(draft, _("Kembalikan kepada penyusunnya.")))
    _move(draft, to=state, announcement=announcement, **word)


@transaction.atomic
def send_back(draft: Draft, *, by: User, comment: str) -> None:
    """To its author, who reads why; the author takes it back without a word."""
    _require_voice(draft, by)
    if draft.created_by_id != by.pk and not comment.strip():
        raise Refused(_("Tulis alasannya, supaya penyusun tahu apa yang diperbaiki."))
    if not draft.is_submitted:
        raise Refused(_("Konsep ini tidak lagi menunggu persetujuan."))
    reason = comment.strip()[:300]
    _move(draft, to=Draft.State.DRAFT, comment=reason, submitted_at=None)
    own = draft.created_by_id == by.pk
    DraftStep.note(draft, Step.TAKEN_BACK if own else Step.RETURNED, by=by, comment=reason)


@transaction.atomic
def cancel(draft: Draft, *, by: User) -> None:
    """Before it starts. By its author or by whoever approves."""
    _require_voice(draft, by)
    if not draft.is_alive:
        raise Refused(_("Konsep ini sudah selesai."))
    _move(draft, to=Draft.State.CANCELLED, cancelled_by=by)
    DraftStep.note(draft, Step.CANCELLED, by=by)


def has_voice(draft: Draft, user: User) -> bool:
    """Its author, and whoever approves."""
    own = draft.created_by_id == user.pk
    return user.has_perm("announcements.approve_draft") or (own and user.has_perm("announcements.change_draft"))


def _require_voice(draft: Draft, user: User) -> None:
    if not has_voice(draft, user):
        raise PermissionDenied


def start_due() -> int:
    """Start what was approved for a time that has come. How many; whoever asks how often, each starts once."""
    due = Draft.objects.scheduled().filter(scheduled_for__lte=Now()).order_by("scheduled_for", "pk")
    return sum(_start_one(pk) for pk in due.values_list("pk", flat=True)[:100])


def _start_one(pk: int) -> bool:
    """One that cannot be started must not stop the others."""
    try:
        with transaction.atomic():
            waiting = Draft.objects.scheduled().filter(pk=pk, scheduled_for__lte=Now())
            draft = waiting.select_for_update(no_key=True, skip_locked=True).first()
            if draft is None:
                return False
            assert draft.approved_by is not None  # draft_approved_by_somebody
            _start(draft, by=draft.approved_by)
            DraftStep.note(draft, Step.STARTED if draft.announcement else Step.EMPTY)
            return True
    except Exception:
        log.exception("draft %d was not started", pk)
        return False
