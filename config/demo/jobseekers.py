from collections.abc import Iterator
from functools import partial
from typing import Any

from accounts.models import User
from canvassing.models import SchoolJobCentre
from config.demo.calendar import Calendar, Event, facts
from config.demo.people import People
from jobseekers.models import Consent, DocumentKind, Experience, JobSeeker
from jobseekers.services import cards, documents
from jobseekers.services import people as services

FEMALE_DAY = 40


def job_seeker_events(people: People, schools: dict[str, SchoolJobCentre], calendar: Calendar) -> Iterator[Event]:
    for number, fact in enumerate(facts("jobseekers"), start=1):
        register = partial(_register, number, fact, people, schools)
        yield Event(calendar.past(-fact["days"], f"{8 + number % 7:02d}.{number % 6}5"), register)


def _register(number: int, fact: dict[str, Any], people: People, schools: dict[str, SchoolJobCentre]) -> None:
    via = fact["via"]
    by = {"web": None, "desk": people["petugas"], "bkk": people["bkk"]}[via]
    person = JobSeeker(
        via=via,
        created_by=by,
        user=people["pencaker"] if fact.get("email") == people["pencaker"].email else None,
        school_centre=schools["SMK Bina Karya"] if via == "bkk" else None,
        name=fact["name"],
        birth_place="Metro",
        birth_date=fact["born"],
        sex=fact["sex"],
        region_id=fact["region"],
        address=f"Jalan Contoh {number}",
        phone=f"0812-0000-{1000 + number}",
        email=fact.get("email", ""),
        education_id=fact["education"],
        field_of_study=fact["field"],
        school=fact["school"],
        graduated_in=fact["graduated"],
        skills=fact["skills"],
        languages=["id"],
        occupation_id=fact["occupation"],
        other_occupations=fact["others"],
        places=fact["places"],
        wage_from=fact["wage"],
    )
    person.set_nik(_nik(number, fact))
    person.save()
    for position, employer, begun, ended, duties in fact.get("jobs", []):
        years = {"from_year": begun, "to_year": ended or None}
        Experience.objects.create(job_seeker=person, position=position, employer=employer, duties=duties, **years)
    services.agree(person, {Consent.Purpose.SHARE, Consent.Purpose.MESSAGE}, channel=via, by=by)
    services.complete(person)
    if via == "desk" or person.user:
        _card(person, by or people["petugas"], waits=number % 4 == 0)


def _card(person: JobSeeker, officer: User, *, waits: bool) -> None:
    """Asked for at once and issued with the papers on the counter; some still wait for a decision."""
    card = cards.request(person, officer)
    if not waits:
        documents.see(person, DocumentKind.objects.filter(is_required=True), by=officer)
        cards.issue(card, officer)


def _nik(number: int, fact: dict[str, Any]) -> str:
    """Fits birth date and sex, and is nobody's: there is no kecamatan 99."""
    day = fact["born"].day + (FEMALE_DAY if fact["sex"] == "female" else 0)
    return f"187299{day:02d}{fact['born']:%m%y}{9000 + number}"
