"""The active register: in, out, in again; the database keeps the order and the facts of the day of registration."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from jobseekers.models import RegisterEvent
from jobseekers.models.register import RegisterRefused
from tests.factories import make_job_seeker, make_registered

pytestmark = pytest.mark.django_db
events = RegisterEvent.objects
FACTS = {"sex": "female", "age": 20, "education_id": 3, "occupation_id": "52"}


def facts(event):
    return (event.sex, event.age, event.education_id, event.occupation_id)


def test_registration_keeps_the_facts_of_its_day():
    person = make_job_seeker(birth_date=date(2000, 6, 2), education_id=3, occupation_id="53")
    event = events.register(person, on=date(2026, 6, 1), by=None)
    person.refresh_from_db()
    assert facts(event) == ("female", 25, 3, "53")
    assert person.in_register


def test_leaving_repeats_the_facts_of_the_registration():
    person = make_job_seeker(birth_date=date(2000, 6, 2), education_id=3)
    entered = events.register(person, on=date(2020, 6, 1), by=None)
    person.education_id = 9
    person.save()
    left = events.place(person, on=date(2026, 6, 3), by=None)
    person.refresh_from_db()
    assert facts(left) == facts(entered)
    assert not person.in_register


def test_nobody_is_registered_twice_or_leaves_twice():
    person = make_registered()
    with pytest.raises(RegisterRefused):
        events.register(person, by=None)
    events.remove(person, reason="asked")
    with pytest.raises(RegisterRefused):
        events.remove(person, reason="asked")
    events.register(person, by=None)
    assert list(person.register_events.order_by("pk").values_list("kind", flat=True)) == [
        "registered", "removed", "registered",
    ]  # fmt: skip


def test_who_never_registered_cannot_leave():
    with pytest.raises(RegisterRefused):
        events.place(make_job_seeker(), by=None)


def test_database_refuses_a_second_registration_whoever_writes_it():
    person = make_registered()
    with pytest.raises(IntegrityError, match="not possible now"), transaction.atomic():
        events.create(job_seeker=person, kind="registered", on=date(2026, 1, 1), **FACTS)


def test_removal_needs_a_reason():
    person = make_registered()
    with pytest.raises(IntegrityError, match="register_removal_reasoned"), transaction.atomic():
        events.create(job_seeker=person, kind="removed", on=date(2026, 1, 1), **FACTS)


def test_events_are_never_changed():
    event = events.register(make_job_seeker(), by=None)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        RegisterEvent.objects.filter(pk=event.pk).update(on=date(2020, 1, 1))
