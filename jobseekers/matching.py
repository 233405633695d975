"""Which people fit a vacancy, which vacancies fit a person, and why: a score that anybody can add up again.

Must hold: the vacancy is open, the person may be matched (`JobSeeker.objects.usable()`), and the education is at least
the one asked. SMA and SMK are peers: who has SMA may be proposed where SMK is asked, and the page says "negotiable".
Compared are pairs that share a skill or the very occupation; of them, in thousandths of a point:

    skills      weight x asked skills held / skills asked; nothing where none are asked
    occupation  weight; two thirds when the first two digits of the KBJI code agree, one third for the first digit
    place       weight inside a chosen place or when anywhere will do; half in the city of the home or of a choice
    wage        weight when the offer is at least what is wanted; half within a fifth below it or when not stated
    experience  weight with the years asked; half with fewer years than asked

The higher sum first, then the older record. What an officer has decided about a pair wins: forwarded people stand
first, whether or not they fit, and those left out do not appear. `SCORE` says this in SQL, `reasons` in words and
`services.matching_run` in numpy; the tests hold the three together.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.db.models import QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from canvassing.models import Vacancy
from canvassing.reference import reference_names
from canvassing.words import place, rupiah
from jobseekers.models import JobSeeker, MatchOverride, MatchPerson, MatchVacancy, MatchWeights

SMA, SMK = 3, 4  # ranks of EducationLevel that stand for each other
POINT = 1000  # scores are whole thousandths of a point, the same in SQL, Python and numpy

SCORE = """
    %(skills)s * icount(p.keys & v.asked) / v.asked_count
    + CASE
        WHEN v.major <> ALL (p.keys) THEN 0
        WHEN v.submajor <> ALL (p.keys) THEN %(occupation)s / 3
        WHEN v.occupation <> ALL (p.keys) THEN %(occupation)s * 2 / 3
        ELSE %(occupation)s END
    + CASE
        WHEN p.anywhere OR v.city = ANY (p.places) OR v.district = ANY (p.places) OR v.province = ANY (p.places)
            THEN %(place)s
        WHEN -v.city = ANY (p.places) THEN %(place)s / 2
        ELSE 0 END
    + CASE
        WHEN v.wage >= p.wage THEN %(wage)s
        WHEN v.wage = 0 OR v.wage >= p.wage - p.wage / 5 THEN %(wage)s / 2
        ELSE 0 END
    + CASE
        WHEN p.experience >= v.experience THEN %(experience)s
        WHEN p.experience > 0 THEN %(experience)s / 2
        ELSE 0 END
"""
FIT = "p.education >= v.education AND v.last_day >= %(today)s"
SHARE = "(v.asked + v.occupation) && p.keys"
PERSON = "SELECT *, 0 = ANY (places) AS anywhere FROM jobseekers_matchperson"
PEOPLE = f"""
    SELECT p.job_seeker_id AS id, {SCORE} AS score
    FROM jobseekers_matchvacancy AS v JOIN ({PERSON}) AS p ON {FIT}
    WHERE v.vacancy_id = %(id)s AND"""  # noqa: S608  only constants of this module are put together
# OFFSET 0 keeps the planner from working out `anywhere` again for every vacancy.
VACANCIES = f"""
    SELECT v.vacancy_id AS id, {SCORE} AS score
    FROM ({PERSON} WHERE job_seeker_id = %(id)s OFFSET 0) AS p JOIN jobseekers_matchvacancy AS v ON {FIT}
    WHERE {SHARE}
"""  # noqa: S608
BEST = " ORDER BY score DESC, id LIMIT %(limit)s"


class Kind(TextChoices):
    FITS = "fits", gettext_lazy("Cocok")
    NEGOTIABLE = "negotiable", gettext_lazy("Bisa dirundingkan")
    MISSING = "missing", gettext_lazy("Belum terpenuhi")


@dataclass(frozen=True)
class Reason:
    kind: Kind
    factor: str  # "education", or the name of a weight
    words: str
    points: int = 0  # thousandths

    @property
    def worth(self) -> float:
        return self.points / POINT


@dataclass(frozen=True)
class Match:
    """A person and a vacancy side by side. `override` is the officer's decision, where there is one."""

    person: JobSeeker
    vacancy: Vacancy
    reasons: tuple[Reason, ...]
    override: MatchOverride | None = None

    @property
    def score(self) -> int:
        """Thousandths of a point."""
        return sum(reason.points for reason in self.reasons)

    @property
    def points(self) -> float:
        return self.score / POINT

    def by_kind(self) -> list[tuple[Kind, list[Reason]]]:
        """The reasons in three groups, those without any left out."""
        groups = [(kind, [reason for reason in self.reasons if reason.kind == kind]) for kind in Kind]
        return [(kind, reasons) for kind, reasons in groups if reasons]

    @property
    def missing_skills(self) -> list[str]:
        """What the vacancy asks and the person has not, in the vacancy's spelling."""
        return missing_skills(self.person, self.vacancy)

    @property
    def is_one_class_away(self) -> bool:
        """Everything is there but skills: what a class could give."""
        missing = {reason.factor for reason in self.reasons if reason.kind == Kind.MISSING}
        return missing == {"skills"}


def people_for(vacancy: Vacancy, limit: int = 10, among: QuerySet[JobSeeker] | None = None) -> list[Match]:
    """The best people for an open vacancy, forwarded ones first; `among` leaves only those people. [] when closed."""
    if not vacancy.is_open:
        return []
    weights, decided = MatchWeights.current(), _decided(vacancy=vacancy)
    forwarded = {each.job_seeker_id: each for each in decided if each.verdict == MatchOverride.Verdict.FORWARD}
    vacancy.match = MatchVacancy.objects.get(vacancy=vacancy)
    ranked = ranked_people(vacancy.match, limit, weights, [each.job_seeker_id for each in decided], among)
    found = [*forwarded, *(pk for pk, _score in ranked)]
    people = JobSeeker.objects.all() if among is None else among
    known = people.usable().select_related("match").in_bulk(found)  # type: ignore[attr-defined]
    pairs = ((known[pk], vacancy, forwarded.get(pk)) for pk in found if pk in known)
    return _matches(pairs, weights)[:limit]


def vacancies_for(person: JobSeeker, limit: int = 10) -> list[Match]:
    """The best open vacancies for somebody, forwarded ones first. [] for people who may not be matched."""
    match = MatchPerson.objects.filter(job_seeker=person).first()
    if match is None:
        return []
    person.match = match
    weights, decided = MatchWeights.current(), _decided(job_seeker=person)
    forwarded = {each.vacancy_id: each for each in decided if each.verdict == MatchOverride.Verdict.FORWARD}
    ranked = ranked_vacancies(person.pk, limit, weights, [each.vacancy_id for each in decided])
    found = [*forwarded, *(pk for pk, _score in ranked)]
    rows = Vacancy.objects.open().select_related("match", "visit", "school_centre").defer("search", "description")
    known = rows.in_bulk(found)
    pairs = ((person, known[pk], forwarded.get(pk)) for pk in found if pk in known)
    return _matches(pairs, weights)[:limit]


def ranked_people(
    vacancy: MatchVacancy,
    limit: int,
    weights: MatchWeights,
    besides: Collection[int] = (),
    among: QuerySet[JobSeeker] | None = None,
) -> list[tuple[int, int]]:
    """(person, score) of the best people, without those `besides`.

    First those who share two of the asked skills and the occupation: few, and mostly enough. Everybody who shares one
    is asked for only when the last of them could be beaten.
    """
    more: dict[str, Any] = {"two": at_least_two([*vacancy.asked, vacancy.occupation])}
    others = ""
    if besides:
        others, more = others + " AND p.job_seeker_id <> ALL (%(besides)s)", more | {"besides": list(besides)}
    if among is not None:
        others, more = others + " AND p.job_seeker_id = ANY (%(among)s)", more | {"among": list(_keys(among))}
    if more["two"]:
        found = _ask(f"{PEOPLE} p.keys @@ %(two)s::query_int{others}", vacancy.pk, limit, weights, more)
        if len(found) == limit and found[-1][1] > most_with_one_shared(vacancy, weights):
            return found
    return _ask(f"{PEOPLE} {SHARE}{others}", vacancy.pk, limit, weights, more)


def at_least_two(keys: Sequence[int]) -> str:
    """For intarray's `query_int`: of 1 to 4, "(1|2)&(3|4)|(1)&(2)|(3)&(4)"; of fewer than two, ""."""
    if len(keys) < 2:
        return ""
    left, right = keys[: len(keys) // 2], keys[len(keys) // 2 :]
    across = "&".join(f"({'|'.join(map(str, half))})" for half in (left, right))
    return "|".join(filter(None, [across, at_least_two(left), at_least_two(right)]))


def most_with_one_shared(vacancy: MatchVacancy, weights: MatchWeights) -> int:
    """The highest score of somebody who shares one skill and not the occupation, or the occupation and no skill."""
    worth = in_thousandths(weights)
    shared = max(worth["skills"] // vacancy.asked_count + worth["occupation"] * 2 // 3, worth["occupation"])
    return shared + worth["place"] + worth["wage"] + worth["experience"]


def ranked_vacancies(
    person_pk: int, limit: int, weights: MatchWeights, besides: Collection[int] = ()
) -> list[tuple[int, int]]:
    """(vacancy, score) of the best vacancies, without those `besides`."""
    if not besides:
        return _ask(VACANCIES, person_pk, limit, weights, {})
    return _ask(
        VACANCIES + " AND v.vacancy_id <> ALL (%(besides)s)", person_pk, limit, weights, {"besides": list(besides)}
    )


def in_thousandths(weights: MatchWeights) -> dict[str, int]:
    names = ("skills", "occupation", "place", "wage", "experience")
    return {name: getattr(weights, name) * POINT for name in names}


def reasons(person: JobSeeker, vacancy: Vacancy, weights: MatchWeights) -> tuple[Reason, ...]:
    """Why, in words and points. Both must have their `match` row, whose numbers are all that counts."""
    worth = in_thousandths(weights)
    return (
        _education(person, vacancy),
        *_skills(person, vacancy, worth["skills"]),
        _occupation(person, vacancy, worth["occupation"]),
        _place(person, vacancy, worth["place"]),
        _wage(person.match, vacancy.match, worth["wage"]),
        _experience(person.match, vacancy.match, worth["experience"]),
    )


def missing_skills(person: JobSeeker, vacancy: Vacancy) -> list[str]:
    held = {same_spelling(skill) for skill in person.skills}
    return [skill for skill in vacancy.skills if same_spelling(skill) not in held]


# --- Asking -------------------------------------------------------------------------------------


def _ask(sql: str, pk: int, limit: int, weights: MatchWeights, more: dict[str, Any]) -> list[tuple[int, int]]:
    asked = {"id": pk, "limit": limit, "today": timezone.localdate(), **in_thousandths(weights), **more}
    # Making the plan takes a third of the time, and no value here could change it: the server keeps it.
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(sql + BEST, asked, prepare=True).fetchall()


def _keys(people: QuerySet[JobSeeker]) -> QuerySet[JobSeeker, int]:
    return people.values_list("pk", flat=True)


def _decided(**whose: Any) -> list[MatchOverride]:
    """What officers have decided about a vacancy or a person, oldest first."""
    return list(MatchOverride.objects.filter(**whose).select_related("by").order_by("at", "pk"))


def _matches(pairs: Iterable[tuple[JobSeeker, Vacancy, MatchOverride | None]], weights: MatchWeights) -> list[Match]:
    return [Match(person, vacancy, reasons(person, vacancy, weights), override) for person, vacancy, override in pairs]


# --- In words -----------------------------------------------------------------------------------


def _education(person: JobSeeker, vacancy: Vacancy) -> Reason:
    held, asked = person.match.education, vacancy.education_id or 0
    kind = Kind.FITS if held >= asked else Kind.NEGOTIABLE if (held, asked) == (SMA, SMK) else Kind.MISSING
    names = reference_names()
    if not asked:
        words = _("Pendidikan %(held)s, semua pendidikan diterima") % {"held": names.education_level(held)}
    else:
        levels = {"held": names.education_level(held), "asked": names.education_level(asked)}
        words = _("Pendidikan %(held)s, diminta %(asked)s") % levels
    return Reason(kind, "education", words)


def _skills(person: JobSeeker, vacancy: Vacancy, worth: int) -> list[Reason]:
    asked = vacancy.match.asked
    if not asked:
        return []
    held = len({*asked} & {*person.match.keys})
    missing = missing_skills(person, vacancy)
    found = []
    if held:
        has = ", ".join(skill for skill in vacancy.skills if skill not in missing)
        words = _("Punya %(held)s dari %(asked)s keterampilan: %(skills)s")
        numbers = {"held": held, "asked": len(asked), "skills": has}
        found.append(Reason(Kind.FITS, "skills", words % numbers, worth * held // vacancy.match.asked_count))
    if missing:
        words = _("Belum punya: %(skills)s") % {"skills": ", ".join(missing)}
        found.append(Reason(Kind.MISSING, "skills", words))
    return found


def _occupation(person: JobSeeker, vacancy: Vacancy, worth: int) -> Reason:
    keys, v = person.match.keys, vacancy.match
    names = reference_names()
    offered = names.occupation(vacancy.occupation_id or "")
    wished = ", ".join(names.occupation(code) for code in [person.occupation_id or "", *person.other_occupations])
    both = {"offered": offered, "wished": wished}
    if v.occupation in keys:
        return Reason(Kind.FITS, "occupation", _("Jabatan yang dicari: %(offered)s") % both, worth)
    if v.submajor in keys:
        words = _("Jabatan dekat: %(offered)s; yang dicari: %(wished)s") % both
        return Reason(Kind.NEGOTIABLE, "occupation", words, worth * 2 // 3)
    if v.major in keys:
        words = _("Jabatan segolongan: %(offered)s; yang dicari: %(wished)s") % both
        return Reason(Kind.NEGOTIABLE, "occupation", words, worth // 3)
    return Reason(Kind.MISSING, "occupation", _("Jabatan lain: %(offered)s; yang dicari: %(wished)s") % both)


def _place(person: JobSeeker, vacancy: Vacancy, worth: int) -> Reason:
    places, v = person.match.places, vacancy.match
    chosen = ", ".join(map(reference_names().place, person.places))
    both = {"place": place(vacancy), "chosen": chosen}
    if 0 in places:
        words = _("Tempat kerja di %(place)s; mau di mana saja") % both
        return Reason(Kind.FITS, "place", words, worth)
    if {v.city, v.district, v.province} & {*places}:
        return Reason(Kind.FITS, "place", _("Tempat kerja di %(place)s, sesuai pilihan") % both, worth)
    words = _("Tempat kerja di %(place)s; yang dipilih %(chosen)s") % both
    if -v.city in places:
        return Reason(Kind.NEGOTIABLE, "place", words, worth // 2)
    return Reason(Kind.MISSING, "place", words)


def _wage(p: MatchPerson, v: MatchVacancy, worth: int) -> Reason:
    both = {"wanted": rupiah(p.wage), "offered": rupiah(v.wage)}
    if not p.wage:
        words = _("Upah: tidak menyebut batas, ditawarkan %(offered)s") if v.wage else _("Upah: tidak disebut")
        return Reason(Kind.FITS, "wage", words % both, worth)
    if not v.wage:
        words = _("Upah: minta %(wanted)s, tawaran per bulan tidak disebut") % both
        return Reason(Kind.NEGOTIABLE, "wage", words, worth // 2)
    words = _("Upah: minta %(wanted)s, ditawarkan %(offered)s") % both
    if v.wage >= p.wage:
        return Reason(Kind.FITS, "wage", words, worth)
    if v.wage >= p.wage - p.wage // 5:
        return Reason(Kind.NEGOTIABLE, "wage", words, worth // 2)
    return Reason(Kind.MISSING, "wage", words)


def _experience(p: MatchPerson, v: MatchVacancy, worth: int) -> Reason:
    if not v.experience:
        return Reason(Kind.FITS, "experience", _("Pengalaman tidak disyaratkan"), worth)
    if not p.experience:
        return Reason(Kind.MISSING, "experience", _("Belum berpengalaman, diminta %(asked)s") % {"asked": years(v)})
    words = _("Pengalaman %(held)s, diminta %(asked)s") % {"held": years(p), "asked": years(v)}
    if p.experience >= v.experience:
        return Reason(Kind.FITS, "experience", words, worth)
    return Reason(Kind.NEGOTIABLE, "experience", words, worth // 2)


def years(row: MatchPerson | MatchVacancy) -> str:
    return ngettext("%(years)s tahun", "%(years)s tahun", row.experience) % {"years": row.experience}


def same_spelling(skill: str) -> str:
    """As `jobseekers_skill_ids` compares them."""
    return " ".join(skill.lower().split())
