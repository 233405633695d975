"""Officers' decisions about matches, and the yearly table that watches whether everybody gets a chance."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import DataAccess, User
from canvassing.models import Vacancy
from jobseekers.models import (
    Application,
    Disability,
    JobSeeker,
    MatchOverride,
    Placement,
    TalentListEntry,
)
from jobseekers.models.people import age_on
from jobseekers.services.people import note

LEAST = 5  # smaller groups are not shown, because they would point at single people
AGES = ((15, 19), (20, 29), (30, 44), (45, 54), (55, 200))  # groups of the IPK tables


@transaction.atomic
def decide(vacancy: Vacancy, person: JobSeeker, *, verdict: str, reason: str, by: User) -> None:
    """Put somebody forward or leave somebody out, or with an empty verdict take that back; history rows keep all."""
    if verdict:
        decision = {"verdict": verdict, "reason": reason, "by": by}
        MatchOverride.objects.update_or_create(vacancy=vacancy, job_seeker=person, defaults=decision)
        words = str(MatchOverride.Verdict(verdict).label)
    else:
        MatchOverride.objects.filter(vacancy=vacancy, job_seeker=person).delete()
        words = _("Keputusan dicabut")
    note(person, by=by, action=DataAccess.Action.CHANGE, reason=f"{words}, {vacancy.number}: {reason}"[:300])


@dataclass(frozen=True)
class FairnessRow:
    label: str
    counts: list[int | None]  # None: hidden, because small or because it could be worked out from the others


def fairness(year: int) -> list[tuple[str, list[FairnessRow]]]:
    """By sex, age group and disability: (heading, rows); a row counts usable, proposed, referred, placed people.

    For watching only: none of it is read by matching. Usable are people who registered by the end of the year and may
    be matched today; proposed are those on a talent list filled in the year, forwarded, or proposed by the office.
    """
    stages = _stages(year)
    facts = {
        pk: (sex, age_on(date(year, 12, 31), born) if born else None)
        for pk, sex, born in JobSeeker.objects.filter(pk__in=set().union(*stages)).values_list(
            "pk", "sex", "birth_date"
        )
    }
    disabled = set(Disability.objects.values_list("job_seeker_id", flat=True))

    def row(label: str, belongs: Callable[[int], bool]) -> FairnessRow:
        return FairnessRow(label, [sum(map(belongs, stage)) for stage in stages])

    def sex(code: str, label: str) -> FairnessRow:
        return row(label, lambda pk: facts[pk][0] == code)

    def ages(low: int, high: int) -> FairnessRow:
        label = _("%(low)s tahun ke atas") if high > 100 else _("%(low)s–%(high)s tahun")
        return row(label % {"low": low, "high": high}, lambda pk: low <= (facts[pk][1] or 0) <= high)

    disabilities = [
        row(_("Dengan disabilitas"), disabled.__contains__),
        row(_("Lainnya"), lambda pk: pk not in disabled),
    ]
    tables = [
        (_("Jenis kelamin"), [sex(code, str(label)) for code, label in JobSeeker.Sex.choices]),
        (_("Umur pada akhir tahun"), [ages(*group) for group in AGES]),
        (_("Disabilitas"), disabilities),
    ]
    return [(heading, hidden(rows)) for heading, rows in tables]


def hidden(rows: list[FairnessRow]) -> list[FairnessRow]:
    """The rows with small cells hidden, and a second one where a single hidden cell could be worked out."""
    columns = [list(column) for column in zip(*(row.counts for row in rows), strict=True)]
    for column in columns:
        for index in [index for index, count in enumerate(column) if count < LEAST]:
            column[index] = None
        shown = [index for index, count in enumerate(column) if count is not None]
        if len(shown) == len(column) - 1:
            column[min(shown, key=lambda index: column[index])] = None
    return [FairnessRow(row.label, list(counts)) for row, counts in zip(rows, zip(*columns, strict=True), strict=True)]


def _stages(year: int) -> list[set[int]]:
    begins, ends = Q(created_at__year=year), Q(at__year=year)
    listed = TalentListEntry.objects.filter(added_at__year=year)
    forwarded = MatchOverride.objects.filter(ends, verdict=MatchOverride.Verdict.FORWARD)
    offered = Application.objects.filter(begins, way=Application.Way.OFFICE)
    usable = JobSeeker.objects.usable().filter(created_at__year__lte=year)
    return [
        set(usable.values_list("pk", flat=True)),
        set().union(*map(_people, (listed, forwarded, offered))),
        _people(Application.objects.filter(referral__issued_on__year=year)),
        _people(Placement.objects.filter(started_on__year=year)),
    ]


def _people(rows: QuerySet[Any]) -> set[int]:
    return set(rows.values_list("job_seeker_id", flat=True))
