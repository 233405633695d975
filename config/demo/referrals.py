from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

from django.utils import timezone

from canvassing.models import Vacancy
from config.demo.calendar import Calendar, Event
from config.demo.people import People
from jobseekers.models import Application, Appointment, JobSeeker, OutcomeReason, Placement, TalentList
from jobseekers.services import applications, appointments, placements, referrals

RIZKI, SITI, SEWING, PACKING, WAITING, MOTOR = (
    "Rizki Ramadhan",
    "Siti Rahmadani",
    "Penjahit busana",
    "Operator mesin kemas",
    "Pelayan restoran",
    "Teknisi sepeda motor",
)
# days ago, clock, who, which vacancy
APPLICATIONS = (
    (22, "09.10", "Rina Oktaviani", WAITING),
    (21, "09.40", SITI, WAITING),
    (20, "19.30", RIZKI, WAITING),
    (7, "10.05", SITI, SEWING),
    (6, "13.20", "Wulan Sari", SEWING),
    (5, "20.10", RIZKI, MOTOR),
    (2, "08.50", SITI, PACKING),
    (2, "21.00", RIZKI, PACKING),
    (1, "14.15", "Agus Setiawan", PACKING),
)


def referral_events(people: People, calendar: Calendar) -> Iterator[Event]:
    """Applications of a few people, three letters, an interview, a refusal, a placement, a talk, a list."""
    for days, clock, name, title in APPLICATIONS:
        yield Event(calendar.past(-days, clock), partial(_apply, name, title))
    officer = people["petugas"]
    yield Event(calendar.past(-19, "10.30"), partial(_refer, people, ("Rina Oktaviani", SITI, RIZKI), WAITING))
    yield Event(calendar.past(-15, "11.00"), partial(_refuse, people, SITI, WAITING))
    yield Event(calendar.past(-15, "11.05"), partial(_refuse, people, RIZKI, WAITING))
    yield Event(calendar.past(-14, "09.00"), partial(_place, people, "Rina Oktaviani", WAITING))
    yield Event(calendar.past(-5, "09.30"), partial(_refer, people, (SITI, "Wulan Sari"), SEWING))
    yield Event(calendar.past(-4, "09.30"), partial(_refer, people, (RIZKI,), MOTOR))
    yield Event(calendar.past(-3, "15.00"), partial(_invite, people, calendar, SITI, SEWING, "contoh jahitan"))
    yield Event(calendar.past(-2, "11.00"), partial(_invite, people, calendar, RIZKI, MOTOR, "SIM C"))
    yield Event(calendar.past(-1, "15.30"), partial(_refer, people, (SITI, RIZKI), PACKING))
    talk = Appointment(kind=Appointment.Kind.COUNSELLING, place="Kantor, ruang konseling", officer=officer)
    talk.begins_at = calendar.at(0, "13.30")
    yield Event(calendar.past(-1, "16.00"), partial(_talk, people, talk, "Maya Puspita"))
    yield Event(calendar.past(-4, "16.10"), partial(_list, people, "Penjahit siap kerja", (SITI, "Wulan Sari")))


def _person(name: str) -> JobSeeker:
    return JobSeeker.objects.get(name=name)


def _vacancy(title: str) -> Vacancy:
    return Vacancy.objects.filter(title=title, state=Vacancy.State.PUBLISHED).latest("published_at")


def _application(name: str, title: str) -> Application:
    return Application.objects.get(job_seeker__name=name, vacancy__title=title)


def _apply(name: str, title: str) -> None:
    applications.apply(_person(name), _vacancy(title), way=Application.Way.SITE)


def _refer(people: People, names: Sequence[str], title: str) -> None:
    vacancy = _vacancy(title)
    referrals.issue(
        vacancy,
        [_application(name, title) for name in names],
        by=people["petugas"],
        to=referrals.addressee(vacancy.employer),
        answer_by=timezone.localdate() + timedelta(days=14),
    )


def _refuse(people: People, name: str, title: str) -> None:
    applications.reject(_application(name, title), by=people["petugas"], reason=OutcomeReason.objects.get(pk="filled"))


def _invite(people: People, calendar: Calendar, name: str, title: str, bring: str) -> None:
    application = _application(name, title)
    interview = Appointment(
        job_seeker=application.job_seeker,
        kind=Appointment.Kind.INTERVIEW,
        begins_at=calendar.at(2, "09.00"),
        place=application.vacancy.employer.address,
        note=f"KTP dan {bring}",
    )
    appointments.plan(interview, by=people["petugas"], application=application)


def _place(people: People, name: str, title: str) -> None:
    application = _application(name, title)
    applications.accept(application, by=people["petugas"])
    vacancy = application.vacancy
    placement = Placement(
        job_seeker=application.job_seeker, employer=vacancy.employer, vacancy=vacancy, position=vacancy.title,
        started_on=timezone.localdate(), region=vacancy.region,
    )  # fmt: skip
    placements.place(placement, by=people["petugas"], application=application)


def _talk(people: People, talk: Appointment, name: str) -> None:
    talk.job_seeker = _person(name)
    appointments.plan(talk, by=people["petugas"])


def _list(people: People, name: str, names: Sequence[str]) -> None:
    made = TalentList.objects.create(name=name, created_by=people["petugas"])
    for each in names:
        made.entries.create(job_seeker=_person(each))
