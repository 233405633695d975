"""Pieces that still hang, stand or are read out although a fact on them has changed since.

Nothing is marked when a fact changes; the frozen facts of whatever still stands are compared with the vacancy as it is
now. So no change, by whomever and however made, can be missed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from announcements import facts
from announcements.models import Announcement, Issue, Posting
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


@dataclass(frozen=True)
class Change:
    """One fact of one vacancy: what the piece says, and what is true now."""

    vacancy: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Outdated:
    posting: Posting
    changes: list[Change]


def standing_outdated(user: User, announcement: Announcement | None = None) -> list[Outdated]:
    """Every standing posting, or every one of an announcement, that carries an old fact; oldest first."""
    postings = Posting.objects.visible_to(user)
    touched = _touched(postings.filter(issue__announcement=announcement) if announcement else postings)
    changed = changes_of([posting.issue for posting in touched])
    return [Outdated(posting, changed[posting.issue_id]) for posting in touched if changed[posting.issue_id]]


def _touched(postings: QuerySet[Posting]) -> list[Posting]:
    """Postings whose vacancies were written to after the piece was made; few, and compared one by one."""
    rows = postings.filter(ended_at=None, issue__announcement__vacancies__updated_at__gt=F("issue__created_at"))
    return list(rows.select_related("issue__announcement").defer("photo").distinct().order_by("posted_at", "pk"))


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
        if vacancy.has_ended and (vacancy.state != Vacancy.State.EXPIRED or issue.channel == ChannelKey.BOARD):
            found.append(Change(title, _("Keadaan"), _("Terbit"), vacancy.get_state_display()))
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
