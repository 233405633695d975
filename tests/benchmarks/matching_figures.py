"""What `matching` needs of Django: people and vacancies as match_bench.py draws them, twice; and the figures.

Once in its own bare tables, once as job seekers and vacancies, which the triggers bring into our input tables.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import chain, islice
from typing import Any, NamedTuple

import numpy as np
import psycopg
import scipy.sparse as sp
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.roles import Role
from canvassing.models import Occupation, Region, Vacancy
from jobseekers.matching import people_for, ranked_people, ranked_vacancies, vacancies_for
from jobseekers.models import JobSeeker, MatchPerson, MatchVacancy, MatchWeights
from jobseekers.services.matching_run import rankings
from tests.factories import make_employer, make_office, make_user

SKILLS, DISTRICTS, OCCUPATIONS, TOP, ROUNDS = 300, 31, 65, 10, 3
GOALS = {"people for a vacancy": 1.5, "vacancies for a person": 1.5, "all pairs": 3.0}
SCORE = "6.0*icount(s.skills & v.skills)/greatest(icount(v.skills),1) + 2*(s.dis=v.dis)::int + 2*(s.occ=v.occ)::int"
FITS = "s.skills && v.skills and s.edu>=v.edu and s.age<=v.age"
BARE_PEOPLE = (
    f"select s.id, {SCORE} score from mvac v join mseek s on {FITS} where v.id=%s order by score desc, s.id limit 10"
)
BARE_VACANCIES = (
    f"select v.id, {SCORE} score from mseek s join mvac v on {FITS} where s.id=%s order by score desc, v.id limit 10"
)
dice = np.random.default_rng(1)


class Side(NamedTuple):
    skills: Any  # sparse matrix, a row each
    education: Any
    district: Any
    occupation: Any
    age: Any

    def skills_of(self, row: int) -> list[int]:
        return sorted(set(self.skills.indices[self.skills.indptr[row] : self.skills.indptr[row + 1]].tolist()))


def side(size: int, least: int, most: int, ages: tuple[int, int]) -> Side:
    """As in match_bench.py: Zipf skills, seven levels of education, 31 districts, 65 occupations."""
    part = 1 / np.arange(1, SKILLS + 1) ** 0.7
    number = dice.integers(least, most, size)
    drawn = np.minimum(np.searchsorted((part / part.sum()).cumsum(), dice.random(number.sum())), SKILLS - 1)
    rows = np.repeat(np.arange(size), number)
    matrix = sp.csr_matrix((np.ones(len(drawn), np.float32), (rows, drawn)), shape=(size, SKILLS))
    matrix.data[:] = 1
    levels = dice.choice(7, size, p=[0.02, 0.06, 0.52, 0.14, 0.2, 0.01, 0.05]).astype(np.int16)
    places, work = dice.integers(0, DISTRICTS, size), dice.integers(0, OCCUPATIONS, size)
    return Side(matrix, levels, places.astype(np.int16), work.astype(np.int16), dice.integers(*ages, size))


def code_of(occupation: int) -> str:
    """A four-digit code; eight occupations share the first digit, two the first two."""
    return f"{occupation // 8 + 1}{occupation % 8 // 2 + 1}{occupation % 2 + 1}1"


def district_of(number: int) -> str:
    return f"18.72.{number + 1:02d}"


def fill(seekers: Side, vacancies: Side) -> None:
    make_office()
    Occupation.objects.bulk_create(
        [Occupation(code=code_of(each), title=f"Jabatan {each}") for each in range(OCCUPATIONS)], ignore_conflicts=True
    )
    Region.objects.bulk_create(
        [Region(code=district_of(each), name=f"Kecamatan {each}") for each in range(DISTRICTS)], ignore_conflicts=True
    )
    people, offers = (person(seekers, row) for row in range(len(seekers.age))), vacancies_of(vacancies)
    while batch := list(islice(people, 1_000)):
        JobSeeker.objects.bulk_create(batch)
    while offered := list(islice(offers, 1_000)):
        Vacancy.objects.bulk_create(offered)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def person(seekers: Side, row: int) -> JobSeeker:
    home = district_of(int(seekers.district[row]))
    return JobSeeker(
        state=JobSeeker.State.COMPLETE, nik_index=str(row).encode(), nik_cipher=b"-", name=f"Pencari {row}",
        birth_place="Metro", birth_date=date(2026 - int(seekers.age[row]), 1, 1), sex="female", region_id=home,
        address="Jalan Contoh", phone="0812", education_id=int(seekers.education[row]),
        occupation_id=code_of(int(seekers.occupation[row])),
        skills=[f"Keterampilan {skill}" for skill in seekers.skills_of(row)],
        places=[] if row % 3 == 0 else [home], wage_from=None if row % 2 else 2_000_000 + row % 20 * 100_000,
    )  # fmt: skip


def vacancies_of(side: Side) -> Any:
    author, publisher, employer = make_user(Role.CANVASSER), make_user(Role.PUBLISHER), make_employer()
    today = timezone.localdate()
    for row in range(len(side.age)):
        yield Vacancy(
            state=Vacancy.State.PUBLISHED, title=f"Pekerjaan {row}", source=Vacancy.Source.EMPLOYER,
            employer=employer, occupation_id=code_of(int(side.occupation[row])),
            education_id=int(side.education[row]), region_id=district_of(int(side.district[row])),
            skills=[f"Keterampilan {skill}" for skill in side.skills_of(row)],
            wage_min=2_000_000 + row % 25 * 100_000, experience_years=row % 4 // 2, working_hours="08.00–16.00",
            working_conditions="Kontrak", valid_until=today + timedelta(days=300), created_by=author,
            published_by=publisher, published_at=timezone.now(), confirmed_on=today, confirmed_by_way="phone",
            confirmed_with="Personalia",
        )  # fmt: skip


def fill_bare(bare: psycopg.Connection, name: str, side: Side) -> None:
    bare.execute(f"drop table if exists {name}")
    bare.execute(
        f"create table {name} (id int primary key, skills int[] not null, edu smallint, dis smallint, occ smallint, "
        "age smallint)"
    )
    with bare.cursor().copy(f"copy {name} from stdin") as copy:
        for row in range(len(side.age)):
            facts = (int(each[row]) for each in (side.education, side.district, side.occupation, side.age))
            copy.write_row((row, "{" + ",".join(map(str, side.skills_of(row))) + "}", *facts))
    bare.execute(f"create index on {name} using gin(skills gin__int_ops) with (fastupdate=off)")
    bare.execute(f"create index on {name}(occ)")
    bare.execute(f"vacuum analyze {name}")


def in_blocks(seekers: Side, vacancies: Side, number: int) -> None:
    """The numpy of match_bench.py: the best ten for the first `number` vacancies, twenty at a time."""
    asked = sp.diags(6 / np.maximum(np.asarray(vacancies.skills.sum(1)).ravel(), 1)) @ vacancies.skills
    held = seekers.skills.T.tocsr()
    for low in range(0, number, 20):
        some = slice(low, low + 20)
        score = np.asarray((asked[some] @ held).todense())
        score += 2 * (vacancies.district[some, None] == seekers.district)
        score += 2 * (vacancies.occupation[some, None] == seekers.occupation)
        score[(seekers.education < vacancies.education[some, None]) | (seekers.age > vacancies.age[some, None])] = -1
        np.argpartition(-score, 10, axis=1)[:, :10]


def timed(call: Callable[[], Any]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)


def report(people: int, vacancies: int, samples: int) -> None:
    seekers, offers = side(people, 2, 9, (17, 60)), side(vacancies, 2, 6, (25, 56))
    if (MatchPerson.objects.count(), Vacancy.objects.open().count()) != (people, vacancies):
        say(f"Preparing {people} people and {vacancies} vacancies")
        call_command("flush", interactive=False)
        fill(seekers, offers)
    parameters = connection.get_connection_params()
    address = {key: parameters[key] for key in ("dbname", "user", "host", "port", "password") if parameters.get(key)}
    with psycopg.connect(**address, autocommit=True) as bare:
        fill_bare(bare, "mseek", seekers)
        fill_bare(bare, "mvac", offers)
        bare.execute("set max_parallel_workers_per_gather=0")
        bare.execute("set plan_cache_mode=force_custom_plan")
        reached = [
            *by_question(bare, BARE_PEOPLE, "people for a vacancy", Vacancy, samples),
            *by_question(bare, BARE_VACANCIES, "vacancies for a person", JobSeeker, samples),
            all_pairs(seekers, offers),
        ]
    if not all(reached):
        sys.exit(1)


def by_question(bare: psycopg.Connection, sql: str, name: str, model: Any, samples: int) -> list[bool]:
    """Three rounds, each on its own questions; the ratio is the middle one of theirs."""
    first, weights = model.objects.order_by("pk").values_list("pk", flat=True)[0], MatchWeights.current()
    rank, whole = (best_people, people_for) if model is Vacancy else (ranked_vacancies, vacancies_for)
    draws = np.random.default_rng(5).choice(model.objects.count(), (ROUNDS, samples), replace=False).tolist()
    theirs: list[list[float]] = [[] for _round in draws]
    ours: list[list[float]] = [[] for _round in draws]
    for number, rows in enumerate(draws):
        for row in rows:
            theirs[number].append(timed(lambda row=row: bare.execute(sql, (row,)).fetchall()))
            ours[number].append(timed(partial(rank, first + row, TOP, weights)))
    # Afterwards: between the two, it would cool the caches of one side only.
    in_words = [timed(partial(whole, model.objects.get(pk=first + row), TOP)) for row in draws[0]]
    for what, times in (
        ("bare SQL", [*chain.from_iterable(theirs)]),
        ("ours", [*chain.from_iterable(ours)]),
        ("ours, with rows and reasons in words", in_words),
    ):
        parts = statistics.quantiles(times, n=100)
        say(f"{name:<24} {what:<38} p50 {parts[49]:7.2f}  p99 {parts[98]:7.2f} ms")
    ratios = [statistics.median(mine) / statistics.median(bare) for mine, bare in zip(ours, theirs, strict=True)]
    say(f"{name:<24} rounds {', '.join(f'{each:.2f}' for each in ratios)}")
    return [verdict(name, statistics.median(ratios))]


def best_people(vacancy_pk: int, limit: int, weights: MatchWeights) -> list[tuple[int, int]]:
    """Reads what the vacancy asks for too, as the bare SQL does."""
    return ranked_people(MatchVacancy.objects.get(pk=vacancy_pk), limit, weights)


def all_pairs(seekers: Side, offers: Side) -> bool:
    """Every vacancy with everybody; the reference does a part of it and is scaled up, as match_bench.py does."""
    part, total = min(400, len(offers.age)), len(offers.age)
    ratios = []
    for _round in range(3):
        theirs = timed(lambda: in_blocks(seekers, offers, part)) * total / part
        ours = timed(lambda: sum(1 for _ranking in rankings(MatchWeights.current(), TOP)))
        ratios.append(ours / theirs)
        say(f"all pairs                numpy in blocks {theirs / 1000:.1f} s, ours {ours / 1000:.1f} s")
    return verdict("all pairs", statistics.median(ratios))


def verdict(name: str, ratio: float) -> bool:
    reached = ratio <= GOALS[name]
    say(f"  ratio {ratio:.2f} (goal: at most {GOALS[name]:.2f}): {'reached' if reached else 'MISSED'}")
    return reached


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201
