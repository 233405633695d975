"""Plain makers of valid rows for every test. What a test does not name is filled in and means nothing."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import time_machine
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts import bots
from accounts.models import Office, User, current_office
from accounts.roles import Role
from announcements.models import Draft
from canvassing.models import Employer, EmployerContact, SchoolJobCentre, Vacancy, Visit
from canvassing.models.vacancies import ENDED, State
from jobseekers.models import (
    AlertSubscription,
    Application,
    ChatMessage,
    ChatSubscription,
    FollowUp,
    JobSeeker,
    Placement,
    PushSubscription,
    Referral,
    RegisterEvent,
    RegistrationCard,
)
from tests.browser_keys import BrowserKeys
from tests.http_sink import HttpSink
from training.models import Cohort, Course, Criterion, Enrolment

numbers = count(1)  # makes names and addresses differ; tests must not look at it


def today() -> date:
    return timezone.localdate()


def shown_a_minute_ago() -> dict[str, str]:
    """What a person's form carries besides the answers: the page was there long enough to be read."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        return {bots.SHOWN_AT: bots.stamp()}


def make_office(**fields: Any) -> Office:
    """The one office row, with the defaults of the model where a test names nothing."""
    office, _created = Office.objects.update_or_create(pk=1, defaults=fields)
    current_office.forget()
    return office


def make_user(role: str | None = None, *, password: str | None = None, **fields: Any) -> User:
    """Somebody who can sign in, a job seeker without a role; only by `force_login` without a password."""
    number = next(numbers)
    defaults = {"email": f"orang{number}@contoh.test", "name": f"Orang {number}"}
    user = User.objects.create_user(password=password, **(defaults | fields))
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_employer(**fields: Any) -> Employer:
    return Employer.objects.create(**({"name": f"PT Contoh {next(numbers)}", "region_id": "18.72"} | fields))


def make_contact(**fields: Any) -> EmployerContact:
    """Somebody to call at an employer."""
    defaults: dict[str, Any] = {"name": "Siti Contoh", "position": "Personalia", "phone": "0812-0000-0001"}
    if "employer" not in fields:
        defaults["employer"] = make_employer()
    return EmployerContact.objects.create(**(defaults | fields))


def make_school_centre(*, officers: tuple[User, ...] = (), **fields: Any) -> SchoolJobCentre:
    """A job centre whose registration is still valid for a year."""
    number = next(numbers)
    defaults = {
        "name": f"SMK Contoh {number}",
        "registration_number": f"560/{number}/BKK",
        "valid_until": today() + timedelta(days=365),
    }
    centre = SchoolJobCentre.objects.create(**(defaults | fields))
    centre.officers.set(officers)
    return centre


def make_visit(state: str = Visit.State.PLANNED, **fields: Any) -> Visit:
    """A visit planned for now, or a finished one of today with a call-back in a week."""
    defaults: dict[str, Any] = {"state": state}
    if "employer" not in fields:
        defaults["employer"] = make_employer()
    if "officer" not in fields:
        defaults["officer"] = make_user(Role.CANVASSER)
    if state == Visit.State.DONE:
        visited_on = fields.get("visited_on", today())
        defaults |= {
            "visited_on": visited_on,
            "person_met": "Siti Contoh",
            "outcome": Visit.Outcome.PROMISED,
            "next_step": "Telepon lagi",
            "next_step_on": visited_on + timedelta(days=7),
        }
    return Visit.objects.create(**(defaults | fields))


def make_vacancy(state: str = State.PUBLISHED, **fields: Any) -> Vacancy:
    """A complete vacancy, put into `state` directly: without the steps and log rows that lead there.

    A published or ended one has been confirmed and published today by somebody else than its author.
    """
    defaults: dict[str, Any] = {
        "state": state,
        "title": f"Pekerjaan Contoh {next(numbers)}",
        "source": Vacancy.Source.EMPLOYER,
        "occupation_id": "52",
        "description": "Melayani pembeli dan menata barang.",
        "education_id": 3,
        "region_id": "18.72.01",
        "working_hours": "Senin–Sabtu 08.00–16.00",
        "working_conditions": "Kontrak 1 tahun, BPJS",
        "valid_until": today() + timedelta(days=14),
    }
    if not (fields.get("wage_not_stated") or fields.keys() & {"wage_min", "wage_max"}):
        defaults["wage_min"] = 2_700_000
    if "employer" not in fields:
        defaults["employer"] = make_employer()
    if "created_by" not in fields:
        defaults["created_by"] = make_user(Role.CANVASSER)
    defaults |= _origin(defaults | fields)
    if state in (State.PUBLISHED, State.FILLED, State.EXPIRED):
        defaults |= _published_facts(fields)
    if state in ENDED:
        defaults["ended_at"] = timezone.now()
    vacancy = Vacancy.objects.create(**(defaults | fields))
    vacancy.refresh_from_db()  # what triggers and generated columns have filled in
    return vacancy


def _origin(fields: dict[str, Any]) -> dict[str, Any]:
    """The visit, job centre or link that the source in `fields` speaks of, where a test gives none."""
    if fields["source"] == Vacancy.Source.VISIT and "visit" not in fields:
        return {"visit": make_visit("done", employer=fields["employer"], officer=fields["created_by"])}
    if fields["source"] == Vacancy.Source.BKK and "school_centre" not in fields:
        return {"school_centre": make_school_centre()}
    if fields["source"] == Vacancy.Source.ONLINE:
        return {"source_url": "https://lowongan.contoh.test/1"}
    return {}


def _published_facts(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "published_by": fields.get("published_by") or make_user(Role.PUBLISHER),
        "published_at": timezone.now(),
        "confirmed_by_way": Vacancy.Confirmed.PHONE,
        "confirmed_with": "Siti Contoh, personalia",
        "confirmed_on": today(),
    }


def make_nik(*, born: date = date(1998, 4, 17), sex: str = "female") -> str:
    """A NIK that fits birth date and sex; nobody's, because there is no kecamatan 99, and another one each time."""
    day = born.day + (40 if sex == "female" else 0)
    return f"187299{day:02d}{born:%m%y}{next(numbers) % 9999 + 1:04d}"


def make_job_seeker(state: str = JobSeeker.State.COMPLETE, *, number: str | None = None, **fields: Any) -> JobSeeker:
    """Somebody whose record is complete, outside the active register; `number` is the NIK."""
    defaults: dict[str, Any] = {
        "state": state,
        "name": f"Pencari Contoh {next(numbers)}",
        "birth_place": "Metro",
        "birth_date": date(1998, 4, 17),
        "sex": JobSeeker.Sex.FEMALE,
        "region_id": "18.72.01.1003",
        "address": "Jalan Contoh 7",
        "phone": f"0812-0000-{next(numbers) % 10_000:04d}",
        "education_id": 4,
        "occupation_id": "52",
        "skills": ["Kasir"],
    }
    person = JobSeeker(**(defaults | fields))
    if state in (JobSeeker.State.COMPLETE, JobSeeker.State.DRAFT):
        person.set_nik(number or make_nik(born=person.birth_date, sex=person.sex))
    person.save()
    return person


def make_registered(**fields: Any) -> JobSeeker:
    """Somebody in the active register since today."""
    person = make_job_seeker(**fields)
    RegisterEvent.objects.register(person, by=None)
    return person


def make_card(state: str = RegistrationCard.State.ISSUED, **fields: Any) -> RegistrationCard:
    """A card issued today for two years, put into `state` directly: without report rows."""
    defaults: dict[str, Any] = {"state": state}
    if "job_seeker" not in fields:
        defaults["job_seeker"] = make_registered()
    if state in (RegistrationCard.State.ISSUED, RegistrationCard.State.ENDED):
        defaults |= {
            "number": f"18.72/{next(numbers):06}/{today().year}",
            "issued_on": today(),
            "valid_until": today() + timedelta(days=730),
            "decided_by": fields.get("decided_by") or make_user(Role.CANVASSER),
        }
    if state == RegistrationCard.State.REFUSED:
        defaults |= {"refusal": "Foto tidak jelas"}
    if state == RegistrationCard.State.ENDED:
        defaults |= {"ended_on": today(), "end": RegistrationCard.End.ASKED}
    return RegistrationCard.objects.create(**(defaults | fields))


def make_application(**fields: Any) -> Application:
    """Somebody has applied on the site for a published vacancy."""
    defaults: dict[str, Any] = {"way": Application.Way.SITE}
    if "job_seeker" not in fields:
        defaults["job_seeker"] = make_job_seeker()
    if "vacancy" not in fields:
        defaults["vacancy"] = make_vacancy()
    return Application.objects.create(**(defaults | fields))


def make_draft(author: User, *vacancies: Vacancy, **fields: Any) -> Draft:
    """An announcement that `author` composed of these vacancies, or of a new one."""
    draft = Draft.objects.create(**({"title": f"Pengumuman {next(numbers)}", "created_by": author} | fields))
    draft.vacancies.set(vacancies or [make_vacancy()])
    return draft


def make_news_draft(author: User, **fields: Any) -> Draft:
    """News that `author` composed, without a last day."""
    defaults = {"content": "news", "title": f"Kabar {next(numbers)}", "text": "Kantor buka sampai pukul 18.00."}
    return Draft.objects.create(**(defaults | {"created_by": author} | fields))


def make_course_draft(author: User, cohort: Cohort | None = None, **fields: Any) -> Draft:
    """A class that `author` wants to announce; a new one takes applications."""
    cohort = cohort or make_cohort()
    defaults = {"content": "course", "title": str(cohort), "cohort": cohort, "created_by": author}
    return Draft.objects.create(**(defaults | fields))


def make_subscription(state: str = AlertSubscription.State.ACTIVE, **fields: Any) -> AlertSubscription:
    """An alert for everything, unless a test names a search; active unless it names another state."""
    defaults: dict[str, Any] = {"state": state, "email": f"pelanggan{next(numbers)}@contoh.test"}
    if state != AlertSubscription.State.PENDING:
        defaults["confirmed_at"] = timezone.now()
    if state == AlertSubscription.State.STOPPED:
        defaults["stopped_at"] = timezone.now()
    return AlertSubscription.objects.create(**(defaults | fields))


def make_device(service: HttpSink, browser: BrowserKeys | None = None, **fields: Any) -> PushSubscription:
    """A browser that is told of everything, unless a test names a search, through a push service on loopback."""
    number = PushSubscription.objects.count() + 1
    keys = (browser or BrowserKeys()).fields
    return PushSubscription.objects.create(**({"endpoint": f"{service.url}/push/{number}"} | keys | fields))


def make_chat(channel: str = "whatsapp_msg", **fields: Any) -> ChatSubscription:
    """A connected chat of somebody who is told of everything, unless a test names a search."""
    number = next(numbers)
    defaults = {
        "channel": channel,
        "address": f"62812{number:07}" if channel == "whatsapp_msg" else str(700_000 + number),
        "state": "active",
        "consented_at": timezone.now(),
        "linked_at": timezone.now(),
    }
    if "job_seeker" not in fields:
        fields["job_seeker"] = make_job_seeker()
    return ChatSubscription.objects.create(**(defaults | fields))


def make_message(**fields: Any) -> ChatMessage:
    """Somebody's words that wait for a person of the office."""
    defaults = {
        "channel": "whatsapp_msg",
        "event_id": f"wamid.{next(numbers)}",
        "address": "628120000001",
        "text": "Apakah masih ada lowongan kasir?",
        "kind": "other",
        "state": "open",
        "received_at": timezone.now(),
    }
    return ChatMessage.objects.create(**(defaults | fields))


def make_referral(*applications: Application, **fields: Any) -> Referral:
    """A letter of today for these applications, all of them referred; without mails and log rows."""
    number = next(numbers)
    defaults = {
        "vacancy": applications[0].vacancy,
        "serial": number,
        "year": today().year,
        "number": f"562/{number:03}/Rujukan/{today().year}",
        "answer_by": today() + timedelta(days=14),
        "addressee": "Siti Contoh, Personalia",
        "issued_by": fields.get("issued_by") or make_user(Role.CANVASSER),
    }
    referral = Referral.objects.create(**(defaults | fields))
    for application in applications:
        Application.objects.filter(pk=application.pk).update(
            state=Application.State.REFERRED, referral=referral, answer_by=referral.answer_by
        )
        application.refresh_from_db()
    return referral


def make_placement(**fields: Any) -> Placement:
    """Somebody has begun to work today, with the three follow-ups; without register event."""
    defaults: dict[str, Any] = {
        "position": "Kasir",
        "started_on": today(),
        "region_id": "18.72",
        "scope": Placement.Scope.AKL,
    }
    makers = {
        "job_seeker": make_job_seeker,
        "employer": make_employer,
        "recorded_by": lambda: make_user(Role.CANVASSER),
    }
    defaults |= {name: make() for name, make in makers.items() if name not in fields}
    placement = Placement.objects.create(**(defaults | fields))
    FollowUp.objects.bulk_create(
        FollowUp(placement=placement, months=months, due_on=placement.started_on + timedelta(days=30 * months))
        for months in FollowUp.MONTHS
    )
    return placement


def make_course(**fields: Any) -> Course:
    """A course of 160 lesson hours that teaches two skills, without conditions."""
    defaults = {
        "title": f"Desain Grafis {next(numbers)}",
        "trade_id": "21",
        "summary": "Belajar membuat gambar untuk cetak dan layar.",
        "skills": ["Desain grafis", "Ilustrasi"],
        "lesson_hours": 160,
    }
    return Course.objects.create(**(defaults | fields))


def make_cohort(state: str = Cohort.State.OPEN, **fields: Any) -> Cohort:
    """A class of 16 that begins in a month and takes applications today."""
    defaults: dict[str, Any] = {
        "state": state,
        "name": f"Angkatan {next(numbers)}",
        "begins_on": today() + timedelta(days=30),
        "ends_on": today() + timedelta(days=60),
        "intake_from": today() - timedelta(days=1),
        "intake_until": today() + timedelta(days=10),
        "place": "Laboratorium Komputer",
        "capacity": 16,
    }
    makers = {
        "course": make_course,
        "trainer": lambda: make_user(Role.TRAINER),
        "created_by": lambda: make_user(Role.CANVASSER),
    }
    defaults |= {name: make() for name, make in makers.items() if name not in fields}
    return Cohort.objects.create(**(defaults | fields))


def make_enrolment(state: str = Enrolment.State.APPLIED, **fields: Any) -> Enrolment:
    """Somebody in a cohort; waiting ones stand last in line, offers end in two days."""
    defaults: dict[str, Any] = {"state": state}
    makers = {"cohort": make_cohort, "job_seeker": make_job_seeker}
    defaults |= {name: make() for name, make in makers.items() if name not in fields}
    if state == Enrolment.State.WAITING:
        defaults["position"] = next(numbers)
    if state == Enrolment.State.OFFERED:
        defaults["offered_until"] = timezone.now() + timedelta(days=2)
    if state in (Enrolment.State.NOT_SELECTED, Enrolment.State.DROPPED):
        defaults["reason"] = "Berkas belum lengkap"
    return Enrolment.objects.create(**(defaults | fields))


def make_criterion(**fields: Any) -> Criterion:
    if "cohort" not in fields:
        fields["cohort"] = make_cohort()
    return Criterion.objects.create(**({"label": f"Tes tulis {next(numbers)}"} | fields))
