"""Who sees and who edits which rows."""

import pytest
from django.contrib.auth.models import AnonymousUser

from canvassing.models import Employer, Vacancy, Visit
from tests.factories import make_employer, make_school_centre, make_vacancy, make_visit, today

pytestmark = pytest.mark.django_db

STATES = ("lead", "draft", "in_check", "published", "filled", "expired", "withdrawn")


@pytest.mark.parametrize(
    ("who", "states"),
    [
        ("canvasser", set(STATES)),
        ("publisher", set(STATES)),
        ("manager", set(STATES)),
        ("admin", set(STATES)),
        ("trainer", {"published"}),
        ("job_seeker", {"published"}),
        ("deactivated", {"published"}),
        ("bkk_officer", set()),
    ],
)
def test_vacancies_visible_to(people, who, states):
    for state in STATES:
        make_vacancy(state)
    assert {vacancy.state for vacancy in Vacancy.objects.visible_to(people[who])} == states


def test_vacancies_visible_to_a_stranger_are_the_open_ones():
    for state in STATES:
        make_vacancy(state)
    assert [vacancy.state for vacancy in Vacancy.objects.visible_to(AnonymousUser())] == ["published"]


def test_bkk_officer_sees_and_edits_only_the_own_school(people):
    own = people["bkk_officer"].school_centres.get()
    other = people["other_bkk_officer"].school_centres.get()
    mine = make_vacancy("draft", source="bkk", school_centre=own)
    make_vacancy("draft", source="bkk", school_centre=other)
    assert list(Vacancy.objects.visible_to(people["bkk_officer"])) == [mine]
    assert list(Vacancy.objects.editable_by(people["bkk_officer"])) == [mine]


def test_bkk_officer_edits_nothing_after_the_registration_has_run_out(people):
    old = make_school_centre(officers=(people["bkk_officer"],), valid_until=today().replace(year=2020))
    make_vacancy("draft", source="bkk", school_centre=old)
    assert list(Vacancy.objects.editable_by(people["bkk_officer"])) == []


@pytest.mark.parametrize(
    ("who", "states"),
    [
        ("canvasser", {"lead"}),
        ("publisher", {"lead", "draft", "in_check"}),
        ("manager", set()),
        ("admin", set()),
        ("trainer", set()),
        ("job_seeker", set()),
        ("deactivated", set()),
    ],
)
def test_vacancies_editable_by(people, who, states):
    for state in STATES:
        make_vacancy(state)
    assert {vacancy.state for vacancy in Vacancy.objects.editable_by(people[who])} == states


@pytest.mark.parametrize(
    ("who", "sees", "edits"),
    [
        ("canvasser", 1, 1),
        ("publisher", 1, 0),
        ("manager", 1, 0),
        ("admin", 1, 0),
        ("trainer", 0, 0),
        ("bkk_officer", 0, 0),
        ("job_seeker", 0, 0),
    ],
)
def test_employers_visible_to(people, who, sees, edits):
    make_employer()
    assert Employer.objects.visible_to(people[who]).count() == sees
    assert Employer.objects.editable_by(people[who]).count() == edits


def test_visits_are_edited_by_their_own_officer_only(people):
    mine = make_visit(officer=people["canvasser"])
    make_visit(officer=people["other_canvasser"])
    assert list(Visit.objects.editable_by(people["canvasser"])) == [mine]
    assert Visit.objects.visible_to(people["canvasser"]).count() == 2
    assert Visit.objects.visible_to(people["trainer"]).count() == 0


def test_canvasser_edits_the_own_draft_and_no_colleagues(people):
    mine = make_vacancy("draft", created_by=people["canvasser"])
    make_vacancy("draft", created_by=people["other_canvasser"])
    assert list(Vacancy.objects.editable_by(people["canvasser"])) == [mine]
