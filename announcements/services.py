"""What the office does with announcements. Each function is one transaction and reads like the procedure."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from announcements import contents, expansion, facts, hints, outdated
from announcements.channels import CHANNELS
from announcements.listeners import LISTENERS
from announcements.models import (
    AnnouncedVacancy,
    Announcement,
    Delivery,
    Draft,
    Issue,
    repeatable_vacancies,
    unannounced_vacancies,
)
from announcements.models.announcements import AUTOMATIC, USUAL, Audience
from announcements.models.deliveries import Reason, State
from canvassing.models import Vacancy, VacancyLog
from canvassing.models.vacancies import TransitionRefused

DIGEST_HOUR = 7  # office time
DIGEST_REACH = timedelta(days=7)  # how far a digest looks back, so that a week's standstill loses nothing
SETTLING = timedelta(seconds=30)  # after publication, before the safety net takes a vacancy


@transaction.atomic
def publish(
    *,
    vacancy: Vacancy,
    by: User,
    confirmed_with: str,
    confirmed_on: date,
    way: str,
    announce_later: bool = False,
    version: int | None = None,
) -> Announcement | None:
    """Make a vacancy public and announce it, both or neither. None with `announce_later`.

    `version` is the one that the publisher has read. Raises TransitionRefused when the vacancy has changed since, and
    for every reason that Vacancy.publish has.
    """
    if version is not None:
        _require_version(vacancy, version)
    vacancy.publish(
        by=by, confirmed_with=confirmed_with, confirmed_on=confirmed_on, way=way, announce_later=announce_later
    )
    return None if announce_later else _announce([vacancy.pk], by=by, channels=USUAL)


def _require_version(vacancy: Vacancy, version: int) -> None:
    locked = Vacancy.objects.select_for_update(no_key=True).filter(pk=vacancy.pk, version=version)
    if not locked.exists():
        raise TransitionRefused(_("Lowongan ini baru saja diubah orang lain. Baca lagi sebelum menerbitkan."))


@transaction.atomic
def announce(*, vacancies: Iterable[Vacancy], by: User, channels: Collection[str] = USUAL) -> Announcement | None:
    """Tell the instant subscribers of several published vacancies in one digest, and make the chosen channels' pieces.

    The page and the mail are always among them. What is no longer open, or has been announced already, is left out;
    None when nothing is left.
    """
    if not by.has_perm("announcements.add_announcement"):
        raise PermissionDenied
    return _announce([vacancy.pk for vacancy in vacancies], by=by, channels=channels)


def announce_composed(draft: Draft, *, by: User) -> Announcement | None:
    """What somebody composed and `by` approved; see announcements.drafts. None when nothing of it is left."""
    if draft.is_notice:
        return _announce_notice(draft, by=by)
    keys = draft.vacancies.values_list("pk", flat=True)
    words: dict[str, Any] = {"author": draft.created_by, "title": draft.title, "channels": draft.channels}
    return _announce(keys, by=by, reminder=draft.is_reminder, tell_again=draft.tell_again, **words)


def announce_unannounced() -> list[Announcement]:
    """The safety net: published vacancies that nobody announced and nobody meant to keep back."""
    forgotten = unannounced_vacancies().filter(announce_later=False, published_at__lte=Now() - SETTLING)
    made = [_announce([pk], by=None) for pk in forgotten.values_list("pk", flat=True)[:100]]
    return [announcement for announcement in made if announcement]


def daily_digest(today: date) -> Announcement | None:
    """One mail about what was published until 07:00 office time; made once a day, whoever asks how often."""
    key = f"daily:{today.isoformat()}"
    if Announcement.objects.filter(period_key=key).exists():
        return None
    until = timezone.make_aware(datetime.combine(today, time(DIGEST_HOUR)))
    fresh = unannounced_vacancies(Audience.DAILY).filter(published_at__range=(until - DIGEST_REACH, until))
    return _announce(fresh.values_list("pk", flat=True), by=None, audience=Audience.DAILY, period_key=key)


@transaction.atomic
def _announce(
    keys: Iterable[int],
    *,
    by: User | None,
    audience: str = Audience.INSTANT,
    period_key: str | None = None,
    channels: Collection[str] = AUTOMATIC,
    author: User | None = None,
    title: str = "",
    reminder: bool = False,
    tell_again: bool = False,
) -> Announcement | None:
    # The lock makes two announcements of one vacancy wait for each other; the second then finds nothing to say.
    locked = Vacancy.objects.select_for_update(no_key=True).filter(pk__in=list(keys)).order_by("pk")
    possible = repeatable_vacancies() if reminder else unannounced_vacancies(audience)
    chosen = possible.filter(pk__in=list(locked.values_list("pk", flat=True)))
    frozen = facts.freeze(chosen.values_list("pk", flat=True))
    if not frozen:
        return None
    but_told = reminder and not tell_again
    held = by is not None and _needs_release(
        [each["id"] for each in frozen], by=by, audience=audience, but_told=but_told
    )
    announcement = Announcement.objects.create(
        title=title or title_for(frozen, audience),
        audience=audience,
        is_reminder=reminder,
        tell_again=tell_again,
        period_key=period_key,
        state=Announcement.State.HELD if held else Announcement.State.RUNNING,
        created_by=author or by,
        approved_by=None if held else by,
        expires_at=end_of_day(max(date.fromisoformat(each["valid_until"]) for each in frozen)),
    )
    AnnouncedVacancy.objects.bulk_create(
        [AnnouncedVacancy(announcement=announcement, vacancy_id=each["id"]) for each in frozen]
    )
    for key in keys_of(channels):
        make_issue(announcement, key, frozen)
    if not held:
        hints.hint(hints.BULK)
    return announcement


def _announce_notice(draft: Draft, *, by: User) -> Announcement | None:
    """A class, or news. It may be told again, as a reminder; a second person has read it each time."""
    frozen = contents.of_draft(draft)
    if not frozen:
        return None
    most = settings.RECIPIENTS_WITHOUT_RELEASE
    many = expansion.count_listeners(draft.content, limit=most + 1) > most
    held = many and not by.has_perm("announcements.release_announcement")
    announcement = Announcement.objects.create(
        kind=draft.content,
        title=draft.title,
        cohort=draft.cohort,
        text=draft.text,
        valid_until=draft.valid_until,
        state=Announcement.State.HELD if held else Announcement.State.RUNNING,
        created_by=draft.created_by,
        approved_by=None if held else by,
        expires_at=end_of_day(contents.expiry(frozen[0])),
    )
    for key in keys_of(draft.channels):
        make_issue(announcement, key, frozen)
    if not held:
        hints.hint(hints.BULK)
    return announcement


def keys_of(channels: Collection[str]) -> list[str]:
    """All channels of an announcement for which these were chosen."""
    automatic = [key for key in AUTOMATIC if CHANNELS[key].is_on()]
    return [*automatic, *(key for key in channels if key not in AUTOMATIC)]


def make_issue(announcement: Announcement, channel: str, frozen: list[facts.Facts]) -> Issue:
    """The next version of a channel's piece, saved, with what it has to leave behind."""
    maker = CHANNELS[channel]
    issue = maker.issue(announcement, frozen)
    issue.facts_version = announcement.issues.filter(channel=channel).count() + 1
    issue.created_at = timezone.now()  # by the clock that dates changes of vacancies, see announcements.outdated
    issue.save()
    maker.follow(issue)
    return issue


@transaction.atomic
def make_piece(announcement: Announcement, channel: str, *, by: User) -> Issue | None:
    """A piece by hand that was not chosen at first, or its next version, of what is still true. None: nothing is."""
    if not by.has_perm("announcements.add_announcement") or channel in AUTOMATIC or announcement.is_correction:
        raise PermissionDenied
    Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if announcement.is_notice:
        frozen = contents.of_announcement(announcement)
    else:
        still_open = Vacancy.objects.open().filter(announcements=announcement)
        frozen = facts.freeze(still_open.values_list("pk", flat=True))
    return make_issue(announcement, channel, frozen) if frozen else None


def _needs_release(vacancies: list[int], *, by: User, audience: str, but_told: bool) -> bool:
    """Mail to many goes only with the head's word. What the clock makes was published by people before."""
    most = settings.RECIPIENTS_WITHOUT_RELEASE
    if by.has_perm("announcements.release_announcement"):
        return False
    return expansion.count_recipients(vacancies, audience=audience, limit=most + 1, but_told=but_told) > most


@transaction.atomic
def release(announcement: Announcement, *, by: User) -> bool:
    """Let a held announcement go, in the name of whoever releases it. False when it was not held any more."""
    if not by.has_perm("announcements.release_announcement"):
        raise PermissionDenied
    held = Announcement.objects.held().filter(pk=announcement.pk)
    if not held.update(state=Announcement.State.RUNNING, approved_by=by):
        return False
    hints.hint(hints.BULK)
    return True


def title_for(frozen: list[facts.Facts], audience: str) -> str:
    """How the office speaks of it, always in Indonesian."""
    with translation.override("id"):
        today = date_format(timezone.localdate(), "j F Y")
        if audience == Audience.DAILY:
            return _("Ringkasan harian %(date)s") % {"date": today}
        if len(frozen) == 1:
            words = frozen[0]["words"]["id"]
            return f"{words['title']}, {words['employer']}"
        values = {"number": len(frozen), "date": today}
        return ngettext("%(number)s lowongan, %(date)s", "%(number)s lowongan, %(date)s", len(frozen)) % values


@transaction.atomic
def correct(*, vacancy: Vacancy, by: User, version: int, reason: str, changes: dict[str, Any]) -> None:
    """Change facts of a published vacancy. What waits to be sent gets the new ones; what is out is listed as outdated.

    Raises TransitionRefused when the vacancy has changed or ended since `version` was read.
    """
    if not by.has_perm("canvassing.publish_vacancy"):
        raise PermissionDenied
    same = Vacancy.objects.open().filter(pk=vacancy.pk, version=version)
    if not same.update(version=F("version") + 1, updated_at=timezone.now(), **changes):
        raise TransitionRefused(_("Lowongan ini baru saja diubah orang lain. Baca lagi sebelum memperbaiki."))
    published = Vacancy.State.PUBLISHED
    VacancyLog.objects.create(vacancy=vacancy, actor=by, from_state=published, to_state=published, reason=reason)
    renew_waiting()


@transaction.atomic
def renew_waiting() -> int:
    """Give what waits to be sent the facts that are true now: a further version of the piece. How many were made.

    A correction that waits is called back instead: its readers then need another one, and the office says so.
    Asked of the facts themselves, as in announcements.outdated, so that a change by whatever way is found.
    """
    waiting = Delivery.objects.filter(issue__channel=OuterRef("channel"), announcement=OuterRef("announcement"))
    touched = Issue.objects.filter(
        Q(announcement__state=Announcement.State.HELD)
        | Q(announcement__state=Announcement.State.RUNNING, announcement__expanded_at=None)
        | Exists(waiting.waiting()),
        channel__in=LISTENERS,
        announcement__vacancies__updated_at__gte=F("created_at"),
    )
    call_back_stale()
    touched = touched.exclude(announcement__kind=Announcement.Kind.CORRECTION)
    of_vacancies = touched.order_by("announcement").values_list("announcement", flat=True).distinct()
    keys = [*of_vacancies, *_classes_on_their_way()]
    # The lock keeps the writing of recipients out, which would go on with the old version.
    locked = Announcement.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    return sum(_renew(announcement, issue) for announcement in locked for issue in announcement.issues.newest())


def _classes_on_their_way() -> list[int]:
    """Announcements of classes that have not all left; a class does not say when it was changed."""
    waiting = Delivery.objects.filter(announcement=OuterRef("pk")).waiting()
    running = Announcement.objects.running().filter(Q(expanded_at=None) | Exists(waiting))
    alive = running | Announcement.objects.held()
    return list(alive.filter(kind=Announcement.Kind.COURSE).values_list("pk", flat=True))


def _renew(announcement: Announcement, issue: Issue) -> bool:
    if issue.channel not in LISTENERS:
        return False
    if announcement.is_notice:
        true = {each["id"]: each for each in contents.of_announcement(announcement)}
    else:
        still_open = Vacancy.objects.open().filter(pk__in=[each["id"] for each in issue.facts])
        true = {each["id"]: each for each in facts.freeze(still_open.values_list("pk", flat=True))}
    frozen = [true.get(each["id"], each) for each in issue.facts]
    changed = not all(facts.say_the_same(old, new) for old, new in zip(issue.facts, frozen, strict=True))
    newest = make_issue(announcement, issue.channel, frozen) if changed else issue
    # Also what an earlier renewal found being sent, and which came back to be tried again.
    older = announcement.deliveries.filter(channel=issue.channel).exclude(issue=newest)
    # Whoever has claimed some holds the old version; without its token it sends none, and they are claimed anew.
    older.filter(state=State.CLAIMED).update(state=State.QUEUED, token=None, lease_until=None, issue=newest)
    older.filter(state=State.QUEUED).update(issue=newest)
    return changed


def end_of_day(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


@transaction.atomic
def cancel(announcement: Announcement, *, by: User) -> bool:
    """Stop everything that has not left, and take news off the site. False when it was over already."""
    _require_settler(by)
    return _stop(announcement, by=by)


@transaction.atomic
def call_back_stale() -> int:
    """Stop the corrections on their way that are no longer right; the corrected pieces are then listed again."""
    return sum(_stop(announcement, by=None) for announcement in outdated.stale_corrections())


def _stop(announcement: Announcement, *, by: User | None) -> bool:
    if (
        not Announcement.objects.stoppable()
        .filter(pk=announcement.pk)
        .update(state=Announcement.State.CANCELLED, cancelled_by=by, cancelled_at=Now())
    ):
        return False
    unsent = announcement.deliveries.filter(state__in=[State.QUEUED, State.CLAIMED])
    unsent.update(state=State.CANCELLED, last_class=Reason.CANCELLED, token=None, lease_until=None)
    return True


@transaction.atomic
def repeat(delivery: Delivery, *, by: User) -> bool:
    """Send an uncertain delivery once more, though it may have arrived. False when it was not uncertain any more.

    It goes with the facts of now. Until then it counts as one that said the old ones, for a correction.
    """
    _require_settler(by)
    uncertain = Delivery.objects.filter(pk=delivery.pk, state=State.UNKNOWN)
    if not uncertain.update(state=State.QUEUED, not_before=Now(), settled_by=by):
        return False
    done = Announcement.objects.filter(deliveries=delivery, state=Announcement.State.DONE)
    done.update(state=Announcement.State.RUNNING)
    renew_waiting()
    hints.hint(hints.BULK)
    return True


def give_up(delivery: Delivery, *, by: User) -> bool:
    """Leave an uncertain delivery as it is. False when it was not uncertain any more."""
    _require_settler(by)
    uncertain = Delivery.objects.filter(pk=delivery.pk, state=State.UNKNOWN)
    return bool(uncertain.update(state=State.FAILED, last_class=Reason.GIVEN_UP, settled_by=by))


def _require_settler(user: User) -> None:
    if not user.has_perm("announcements.settle_delivery"):
        raise PermissionDenied
