"""Pieces that still hang, stand or are read out although a fact on them has changed since.

Nothing is marked when a fact changes; the frozen facts of whatever still stands are compared with the vacancy or the
class as it is now. So no change, by whomever and however made, can be missed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from announcements import contents, facts
from announcements.models import Announcement, Delivery, Issue, Letter, Posting
from announcements.models.announcements import ChannelKey
from announcements.models.deliveries import LEFT
from canvassing.models import Vacancy
from canvassing.words import long_date
from training.models import Cohort

FIELDS: dict[str, Any] = {
    "wage": gettext_lazy("Upah"),
    "valid_until": gettext_lazy("Batas melamar"),
    "apply_to": gettext_lazy("Alamat melamar"),
    "apply_via": gettext_lazy("Jalur melamar"),
    "place": gettext_lazy("Tempat"),
    "hours": gettext_lazy("Jam kerja"),
    "conditions": gettext_lazy("Syarat kerja"),
}
COURSE_FIELDS: dict[str, Any] = {
    "begins_on": pgettext_lazy("pelatihan", "mulai"),
    "ends_on": pgettext_lazy("pelatihan", "selesai"),
    "place": pgettext_lazy("satu", "tempat"),
    "intake_from": gettext_lazy("pendaftaran dibuka"),
    "intake_until": gettext_lazy("pendaftaran ditutup"),
    "capacity": gettext_lazy("kursi"),
}
CORRECTABLE = (ChannelKey.EMAIL, ChannelKey.PUSH)  # whose readers can be sent a correction
TAKEN = (Vacancy.State.FILLED, Vacancy.State.WITHDRAWN)


@dataclass(frozen=True)
class Change:
    """One fact of one vacancy, or of a class or news: what the piece says, and what is true now."""

    vacancy: str  # or what else it is about
    label: str
    old: str
    new: str
    key: int | None = None  # of the vacancy or the class


@dataclass(frozen=True)
class Outdated:
    """A piece that is out with an old fact: where, since when; `posting` is None for a letter and for what was sent.

    `readers` got it by mail or on a device; 0 for a piece by hand.
    """

    issue: Issue
    place: str
    at: date
    posting: Posting | None
    readers: int
    changes: list[Change]


def standing_outdated(user: User, announcement: Announcement | None = None) -> list[Outdated]:
    """Everything that is out, or out from one announcement, and carries an old fact; oldest first, what was sent last.

    A letter stays until a newer version of it is registered; what was sent, until its readers are told or its last
    day has passed. News that was sent is not listed: it is called back, and its page says so.
    """
    issues = Issue.objects.visible_to(user)
    if announcement:
        issues = issues.filter(announcement=announcement)
    touched = issues.filter(announcement__vacancies__updated_at__gte=F("created_at"))
    notices = issues.filter(announcement__kind__in=Announcement.NOTICES)
    by_hand = Q(issue__in=touched) | Q(issue__in=notices)
    postings = Posting.objects.standing().filter(by_hand).select_related("issue__announcement")
    newer = Letter.objects.filter(
        issue__announcement=OuterRef("issue__announcement"), issue__facts_version__gt=OuterRef("issue__facts_version")
    )
    letters = Letter.objects.filter(~Exists(newer), by_hand).select_related("issue__announcement")
    out: list[tuple[Issue, str, date, Posting | None, int]] = [
        (each.issue, each.place, timezone.localdate(each.posted_at), each, 0) for each in postings.defer("photo")
    ]
    out += [(each.issue, each.number, each.sent_on, None, 0) for each in letters]
    read = issues.filter(Q(pk__in=touched.values("pk")) | Q(announcement__kind=Announcement.Kind.COURSE))
    out += [(issue, "", timezone.localdate(issue.created_at), None, number) for issue, number in _sent(read)]
    changed = changes_of([row[0] for row in out])
    rows = [Outdated(*row, changed[row[0].pk]) for row in out if changed[row[0].pk]]
    return sorted(rows, key=lambda row: (bool(row.readers), row.at))


def _sent(issues: QuerySet[Issue]) -> list[tuple[Issue, int]]:
    """Of these, what has left to somebody who may still act on it, and how many got it."""
    sent = issues.filter(channel__in=CORRECTABLE, announcement__expires_at__gt=Now())
    read = Delivery.objects.filter(issue__in=sent, state__in=LEFT).order_by()
    readers = dict(read.values_list("issue").annotate(Count("pk")))
    found = Issue.objects.filter(pk__in=readers).select_related("announcement")
    return [(issue, readers[issue.pk]) for issue in found]


def stale_corrections() -> list[Announcement]:
    """Corrections on their way whose facts have changed once more."""
    waiting = Delivery.objects.filter(issue=OuterRef("pk")).waiting()
    issues = Issue.objects.filter(
        Q(announcement__expanded_at=None) | Exists(waiting),
        Q(announcement__corrects__announcement__vacancies__updated_at__gte=F("created_at"))
        | Q(announcement__corrects__announcement__kind=Announcement.Kind.COURSE),
        announcement__in=Announcement.objects.running() | Announcement.objects.held(),
    )
    found = list(issues.select_related("announcement").distinct())
    changed = changes_of(found)
    return [issue.announcement for issue in found if changed[issue.pk]]


def changes_of(issues: Iterable[Issue], language: str = "id") -> dict[int, list[Change]]:
    """What is no longer true on each issue, or on the last correction of it; an empty list for one that is right.

    Needs `announcement` loaded with an issue of news.
    """
    issues = list({issue.pk: issue for issue in issues}.values())
    notices = [issue for issue in issues if contents.is_notice(issue.facts[0])]
    vacancies = [issue for issue in issues if not contents.is_notice(issue.facts[0])]
    return _changes_of_vacancies(vacancies, language) | _changes_of_notices(notices, language)


def _changes_of_notices(issues: list[Issue], language: str) -> dict[int, list[Change]]:
    if not issues:
        return {}
    about = (issue.facts[0] for issue in issues)
    keys = {fact["id"] for fact in about if fact["kind"] == Announcement.Kind.COURSE}
    cohorts = Cohort.objects.select_related("course").in_bulk(keys) if keys else {}
    corrected = _corrected(issues)
    found = {}
    for issue in issues:
        (fact,) = issue.facts
        if fact["kind"] == Announcement.Kind.NEWS:
            found[issue.pk] = _changes_of_news(issue, fact["words"][language]["title"])
        else:
            said = corrected.get(issue.pk, {}).get(fact["id"], fact)
            found[issue.pk] = _changes_of_class(issue.channel, said, cohorts[fact["id"]], language)
    return found


def _changes_of_news(issue: Issue, title: str) -> list[Change]:
    if issue.announcement.is_cancelled:
        return [Change(title, _("Keadaan"), _("Terbit"), _("Ditarik"))]
    over = issue.channel == ChannelKey.BOARD and issue.announcement.is_over
    return [Change(title, _("Keadaan"), _("Berlaku"), _("Sudah lewat"))] if over else []


def _changes_of_class(channel: str, said: facts.Facts, cohort: Cohort, language: str) -> list[Change]:
    """`said` is what the piece says, or the last correction of it."""
    title, on_board = said["words"][language]["title"], channel == ChannelKey.BOARD
    before = Cohort.State(said.get("state", Cohort.State.OPEN))
    if Cohort.State.CANCELLED in (cohort.state, before):
        if cohort.state == before:
            return []
        return [Change(title, _("Keadaan"), str(before.label), str(cohort.get_state_display()), cohort.pk)]
    if cohort.intake_until < timezone.localdate() and channel not in CORRECTABLE:
        return [Change(title, _("Pendaftaran"), _("dibuka"), _("ditutup"), cohort.pk)] if on_board else []
    now = contents.course_facts(cohort)
    told, true = said["words"][language].get("facts"), now["words"][language]["facts"]
    if told is None:  # of a piece made before classes had corrections: Indonesian only, and without the seats
        told, true = said["detail"]["facts"], now["detail"]["facts"]
    return [
        Change(title, str(label), told[name], true[name], cohort.pk)
        for name, label in COURSE_FIELDS.items()
        if name in told and told[name] != true[name]
    ]


def _changes_of_vacancies(issues: list[Issue], language: str) -> dict[int, list[Change]]:
    keys = {each["id"] for issue in issues for each in issue.facts}
    vacancies = Vacancy.objects.filter(pk__in=keys).select_related("visit", "school_centre").defer("search")
    now = {vacancy.pk: vacancy for vacancy in vacancies}
    true = {pk: facts.vacancy_facts(vacancy) for pk, vacancy in now.items()}
    corrected = _corrected(issues)
    return {issue.pk: _changes(issue, corrected.get(issue.pk, {}), now, true, language) for issue in issues}


def _corrected(issues: list[Issue]) -> dict[int, dict[int, facts.Facts]]:
    """What the readers of each issue were told since, by vacancy."""
    keys = [issue.pk for issue in issues if issue.channel in CORRECTABLE]
    if not keys:
        return {}
    told = Issue.objects.filter(announcement__corrects__in=keys).select_related("announcement").order_by("pk")
    found: dict[int, dict[int, facts.Facts]] = {}
    for issue in told.exclude(announcement__state=Announcement.State.CANCELLED):
        assert issue.announcement.corrects_id is not None  # by the filter
        found.setdefault(issue.announcement.corrects_id, {}).update({each["id"]: each for each in issue.facts})
    return found


def _changes(
    issue: Issue,
    corrected: dict[int, facts.Facts],
    now: dict[int, Vacancy],
    true: dict[int, facts.Facts],
    language: str,
) -> list[Change]:
    found = []
    for frozen in issue.facts:
        said = corrected.get(frozen["id"], frozen)
        vacancy = now.get(said["id"])
        if vacancy is None or "detail" not in said:
            continue
        title = said["words"][language]["title"]
        # A last day that has passed stands on every piece; only what hangs on a wall must come down for it.
        before_state = Vacancy.State(said.get("state", Vacancy.State.PUBLISHED))
        if vacancy.state in TAKEN or (vacancy.has_ended and issue.channel == ChannelKey.BOARD):
            state = Vacancy.State(vacancy.state if vacancy.state in TAKEN else Vacancy.State.EXPIRED)
            if state != before_state:
                found.append(Change(title, _("Keadaan"), str(before_state.label), str(state.label), vacancy.pk))
            continue
        before, after = _flat(said, language), _flat(true[vacancy.pk], language)
        found += [
            Change(title, str(label), before[name], after[name], vacancy.pk)
            for name, label in FIELDS.items()
            if before[name] != after[name]
        ]
    return found


def _flat(fact: facts.Facts, language: str) -> dict[str, str]:
    values = fact["detail"] | fact["words"][language]
    values["valid_until"] = long_date(date.fromisoformat(fact["valid_until"]))
    values["apply_via"] = Vacancy.ApplyVia(values["apply_via"]).label
    return {name: str(values[name]) for name in FIELDS}
