"""Pieces that still hang, stand or are read out although a fact on them has changed since.

Nothing is marked when a fact changes; the frozen facts of whatever still stands are compared with the vacancy as it is
now. So no change, by whomever and however made, can be missed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from announcements import facts
from announcements.models import Announcement, Issue, Letter, Posting
from announcements.models.announcements import ChannelKey
from canvassing.models import Vacancy

FIELDS: dict[str, Any] = {
    "wage": gettext_lazy("Upah"),
    "valid_until": gettext_lazy("Batas melamar"),
    "apply_to": gettext_lazy("Alamat melamar"),
    "apply_via": gettext_lazy("Jalur melamar"),
    "place": gettext_lazy("Tempat"),
    "hours": gettext_lazy("Jam kerja"),
    "conditions": gettext_lazy("Syarat kerja"),
}
TAKEN = (Vacancy.State.FILLED, Vacancy.State.WITHDRAWN)


@dataclass(frozen=True)
class Change:
    """One fact of one vacancy: what the piece says, and what is true now."""

    vacancy: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Outdated:
    """A piece that is out with an old fact: where, since when; `posting` is None for a letter."""

    issue: Issue
    place: str
    at: date
    posting: Posting | None
    changes: list[Change]


def standing_outdated(user: User, announcement: Announcement | None = None) -> list[Outdated]:
    """Everything that is out, or out from one announcement, and carries an old fact; oldest first.

    A letter stays until a newer version of it is registered.
    """
    issues = Issue.objects.visible_to(user)
    if announcement:
        issues = issues.filter(announcement=announcement)
    touched = issues.filter(announcement__vacancies__updated_at__gte=F("created_at"))
    postings = Posting.objects.standing().filter(issue__in=touched).select_related("issue__announcement")
    newer = Letter.objects.filter(
        issue__announcement=OuterRef("issue__announcement"), issue__facts_version__gt=OuterRef("issue__facts_version")
    )
    letters = Letter.objects.filter(~Exists(newer), issue__in=touched).select_related("issue__announcement")
    out: list[tuple[Issue, str, date, Posting | None]] = [
        (each.issue, each.place, timezone.localdate(each.posted_at), each) for each in postings.defer("photo")
    ]
    out += [(each.issue, each.number, each.sent_on, None) for each in letters]
    changed = changes_of([row[0] for row in out])
    rows = [Outdated(*row, changed[row[0].pk]) for row in out if changed[row[0].pk]]
    return sorted(rows, key=attrgetter("at"))


def changes_of(issues: Iterable[Issue]) -> dict[int, list[Change]]:
    """What is no longer true on each issue; an empty list for one that is right."""
    issues = list({issue.pk: issue for issue in issues}.values())
    keys = {each["id"] for issue in issues for each in issue.facts}
    vacancies = Vacancy.objects.filter(pk__in=keys).select_related("visit", "school_centre").defer("search")
    now = {vacancy.pk: vacancy for vacancy in vacancies}
    true = {pk: facts.vacancy_facts(vacancy) for pk, vacancy in now.items()}
    return {issue.pk: _changes(issue, now, true) for issue in issues}


def _changes(issue: Issue, now: dict[int, Vacancy], true: dict[int, facts.Facts]) -> list[Change]:
    found = []
    for said in issue.facts:
        vacancy = now.get(said["id"])
        if vacancy is None or "detail" not in said:
            continue
        title = said["words"]["id"]["title"]
        # A last day that has passed stands on every piece; only what hangs on a wall must come down for it.
        if vacancy.state in TAKEN or (vacancy.has_ended and issue.channel == ChannelKey.BOARD):
            state = vacancy.state if vacancy.state in TAKEN else Vacancy.State.EXPIRED
            found.append(Change(title, _("Keadaan"), _("Terbit"), str(Vacancy.State(state).label)))
            continue
        before, after = _flat(said), _flat(true[vacancy.pk])
        found += [
            Change(title, str(label), before[name], after[name])
            for name, label in FIELDS.items()
            if before[name] != after[name]
        ]
    return found


def _flat(fact: facts.Facts) -> dict[str, str]:
    values = fact["detail"] | fact["words"]["id"] | {"valid_until": fact["valid_until"]}
    return {name: str(values[name]) for name in FIELDS}
