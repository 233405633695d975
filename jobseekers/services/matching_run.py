"""The nightly comparison of everybody with every open vacancy, in memory: the same ids in the same order as
`jobseekers.matching` asks of PostgreSQL one vacancy at a time, because both add up the same whole numbers.

It counts the vacancies for which there is nobody, and refills the talent lists that follow a vacancy.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from jobseekers.matching import in_thousandths
from jobseekers.models import JobSeeker, MatchOverride, MatchRun, MatchWeights, TalentList, TalentListEntry
from jobseekers.models.matching import MatchVacancy

LIST_SIZE = 20
REPORT_EVERY = 500  # vacancies between two writes of the progress
LOCK = 7_301_001  # of pg_try_advisory_lock: one run at a time
Numbers = NDArray[np.int64]

# People whose row is missing or whose experience has grown with the year, and vacancies without a row: rows of before
# the triggers were there, and jobs that last.
REFRESH_PEOPLE = """
    SELECT count(jobseekers_match_person(j.id)) FROM jobseekers_jobseeker AS j
    LEFT JOIN jobseekers_matchperson AS m ON m.job_seeker_id = j.id
    WHERE j.state = 'complete' AND j.restricted_at IS NULL
        AND (m.job_seeker_id IS NULL OR m.experience <> jobseekers_experience_years(j.id))
"""
REFRESH_VACANCIES = """
    SELECT count(jobseekers_match_vacancy(v.id)) FROM canvassing_vacancy AS v
    WHERE v.state = 'published' AND NOT EXISTS (SELECT FROM jobseekers_matchvacancy AS m WHERE m.vacancy_id = v.id)
"""


class Ranking(NamedTuple):
    """The best people for a vacancy, best first, about whom no officer has decided."""

    vacancy: int
    people: list[int]
    scores: list[int]


class Pool:
    """Everybody who may be matched, as columns in the order of their ids, with an index from key to rows."""

    def __init__(self, weights: MatchWeights) -> None:
        self.worth = in_thousandths(weights)
        rows = _copy("SELECT job_seeker_id, wage, education, experience FROM jobseekers_matchperson ORDER BY 1", 4)
        self.ids, wage, education, experience = rows.T
        self.wage, self.education = wage.astype(np.int32), education.astype(np.int16)
        self.experience = experience.astype(np.int16)
        self.low_wage = self.wage - self.wage // 5
        self.keys = self._index("keys")
        self.places = self._index("places")
        self.held = np.zeros(len(self.ids), np.uint8)  # scratch: how many asked skills each holds
        self.asked_for = np.zeros(len(self.ids), np.bool_)  # scratch: who is compared at all
        self.occupation: tuple[int, NDArray[np.int32]] = (0, np.zeros(0, np.int32))  # of the last vacancy
        self.place: dict[tuple[int, int, int], NDArray[np.int32]] = {}

    def _index(self, column: str) -> dict[int, Numbers]:
        """Key -> row numbers, rising, of the people who have it."""
        pairs = _copy(f"SELECT unnest({column}), job_seeker_id FROM jobseekers_matchperson ORDER BY 1, 2", 2)  # noqa: S608
        keys, starts = np.unique(pairs[:, 0], return_index=True)
        rows = np.searchsorted(self.ids, pairs[:, 1])
        return dict(zip(keys.tolist(), np.split(rows, starts[1:]), strict=True)) if len(keys) else {}

    @cached_property
    def nobody(self) -> Numbers:
        return np.zeros(0, np.int64)

    def rank(self, v: MatchVacancy, limit: int, decided: list[int]) -> Ranking:
        """The best `limit` people for `v`, without those `decided` about."""
        rows = self._candidates(v, decided)
        share = np.arange(v.asked_count + 1, dtype=np.int32) * self.worth["skills"] // v.asked_count
        score = share[self.held[rows]]
        score += self._occupation(v)[rows]
        score += self._place(v)[rows]
        score += self._wage(v, rows)
        score += self._experience(v, rows)
        for skill in v.asked:
            self.held[self.keys.get(skill, self.nobody)] = 0
        if len(rows) > limit:
            least = np.partition(score, len(rows) - limit)[len(rows) - limit]
            good = np.flatnonzero(score >= least)
            rows, score = rows[good], score[good]
        order = np.argsort(-score, kind="stable")[:limit]  # rows rise with ids, so equal scores stay in their order
        return Ranking(v.pk, self.ids[rows[order]].tolist(), score[order].tolist())

    def _candidates(self, v: MatchVacancy, decided: list[int]) -> Numbers:
        """Rows of those who share a skill or the occupation and have the education; fills `held`."""
        self.asked_for[self.keys.get(v.occupation, self.nobody)] = True
        for skill in v.asked:
            holders = self.keys.get(skill, self.nobody)
            self.held[holders] += 1
            self.asked_for[holders] = True
        if decided:
            self.asked_for[np.flatnonzero(np.isin(self.ids, decided))] = False
        rows = np.flatnonzero(self.asked_for)
        self.asked_for[:] = False
        return rows[self.education[rows] >= v.education]

    def _occupation(self, v: MatchVacancy) -> NDArray[np.int32]:
        if self.occupation[0] != v.occupation:
            worth, points = self.worth["occupation"], np.zeros(len(self.ids), np.int32)
            for key, part in ((v.major, worth // 3), (v.submajor, worth * 2 // 3), (v.occupation, worth)):
                points[self.keys.get(key, self.nobody)] = part
            self.occupation = (v.occupation, points)
        return self.occupation[1]

    def _place(self, v: MatchVacancy) -> NDArray[np.int32]:
        where = (v.province, v.city, v.district)
        if where not in self.place:
            if len(self.place) >= 200:
                self.place.clear()
            points = np.zeros(len(self.ids), np.int32)
            points[self.places.get(-v.city, self.nobody)] = self.worth["place"] // 2
            for key in (0, *where):
                points[self.places.get(key, self.nobody)] = self.worth["place"]
            self.place[where] = points
        return self.place[where]

    def _wage(self, v: MatchVacancy, rows: Numbers) -> NDArray[np.int32]:
        """Two halves: one where the offer comes near or is not known, the other where it is enough."""
        worth = self.worth["wage"]
        enough = self.wage[rows] <= v.wage
        near = enough | (self.low_wage[rows] <= v.wage) if v.wage else np.ones(len(rows), np.bool_)
        points = near * np.int32(worth // 2)
        points[enough] = worth
        return points

    def _experience(self, v: MatchVacancy, rows: Numbers) -> NDArray[np.int32]:
        """By a table: what each number of years is worth."""
        worth = self.worth["experience"]
        table = np.full(100, worth // 2, np.int32)
        table[0] = 0
        table[v.experience :] = worth
        return table[np.minimum(self.experience[rows], 99)]


def rankings(weights: MatchWeights, limit: int) -> Iterator[Ranking]:
    """For every open vacancy the best `limit` people; vacancies of one occupation follow each other."""
    pool = Pool(weights)
    decided: dict[int, list[int]] = {}
    for vacancy, person in MatchOverride.objects.values_list("vacancy_id", "job_seeker_id"):
        decided.setdefault(vacancy, []).append(person)
    for v in _open_vacancies().order_by("occupation", "pk").iterator(chunk_size=2_000):
        yield pool.rank(v, limit, decided.get(v.pk, []))


def run(report: Callable[[MatchRun], None] = lambda run: None) -> MatchRun | None:
    """Compare all, keep progress in a MatchRun and hand it to `report` now and then; None while another run is on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return None
        try:
            cursor.execute(REFRESH_VACANCIES)
            cursor.execute(REFRESH_PEOPLE)
            return _run(report)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _run(report: Callable[[MatchRun], None]) -> MatchRun:
    row = MatchRun.objects.create(total=_open_vacancies().count(), people=JobSeeker.objects.usable().count())
    lists: dict[int | None, list[TalentList]] = {}
    for each in TalentList.objects.filter(vacancy__isnull=False):
        lists.setdefault(each.vacancy_id, []).append(each)
    done = 0
    for ranking in rankings(MatchWeights.current(), LIST_SIZE):
        done += 1
        row.unmatched += not ranking.people
        for talent_list in lists.get(ranking.vacancy, []):
            refill(talent_list, ranking.people)
        if done % REPORT_EVERY == 0:
            row.done, row.total = done, max(done, row.total)
            row.save()
            report(row)
    row.done = row.total = done
    row.finished_at = timezone.now()
    row.save()
    report(row)
    return row


@transaction.atomic
def refill(talent_list: TalentList, people: list[int]) -> None:
    """Forwarded people, then the best ones. What staff have put on the list by hand stays."""
    forwarded = MatchOverride.objects.filter(
        vacancy=talent_list.vacancy_id,
        verdict=MatchOverride.Verdict.FORWARD,
        job_seeker__in=JobSeeker.objects.usable(),
    ).order_by("at", "pk")
    chosen = [*forwarded.values_list("job_seeker_id", flat=True), *people][:LIST_SIZE]
    talent_list.entries.filter(by_matching=True).exclude(job_seeker__in=chosen).delete()
    TalentListEntry.objects.bulk_create(
        [TalentListEntry(talent_list=talent_list, job_seeker_id=pk, by_matching=True) for pk in chosen],
        ignore_conflicts=True,
    )


def _open_vacancies() -> QuerySet[MatchVacancy]:
    return MatchVacancy.objects.filter(last_day__gte=timezone.localdate())


def _copy(sql: str, columns: int) -> Numbers:
    """All rows of whole numbers, by COPY: no Python object is made for any of them."""
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT") as copy:
        text = b"".join(copy)
    return np.fromstring(text.decode(), dtype=np.int64, sep=" ").reshape(-1, columns)
