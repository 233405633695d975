"""Rules that a status code alone does not show: what a refused or a bold request leaves behind."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from canvassing.models import Vacancy
from tests.authz.world import ENTRY, REVIEW
from tests.factories import make_office, make_user, make_vacancy, make_visit, today

pytestmark = pytest.mark.django_db


def publish(client, vacancy):
    posted = REVIEW | {"version": vacancy.version, "confirmed_on": today().isoformat()}
    return client.post(reverse("vacancy_publish", args=[vacancy.pk]), posted)


def edit(client, vacancy, **changes):
    posted = ENTRY | {"employer_name": vacancy.employer.name, "version": vacancy.version} | changes
    return client.post(reverse("vacancy_edit", args=[vacancy.pk]), posted)


@pytest.mark.parametrize("who", ["publisher", "manager"])
def test_nobody_publishes_what_they_entered(people, client_for, who):
    vacancy = make_vacancy("in_check", created_by=people[who])
    assert publish(client_for(people[who]), vacancy).status_code == 409
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.published_by) == ("in_check", None)


@pytest.mark.parametrize("who", ["publisher", "manager"])
def test_a_colleague_publishes_it(people, client_for, who):
    vacancy = make_vacancy("in_check", created_by=people["canvasser"])
    assert publish(client_for(people[who]), vacancy).status_code == 302
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.published_by) == ("published", people[who])


def test_two_roles_do_not_make_two_persons(people, client_for):
    both = make_user(Role.CANVASSER)
    both.groups.add(people["publisher"].groups.get())
    vacancy = make_vacancy("in_check", created_by=both)
    assert publish(client_for(both), vacancy).status_code == 409
    assert Vacancy.objects.get().state == "in_check"


def test_a_small_office_may_let_the_author_publish(people, client_for):
    make_office(author_may_publish=True)
    vacancy = make_vacancy("in_check", created_by=people["publisher"])
    assert publish(client_for(people["publisher"]), vacancy).status_code == 302
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.published_by_author) == ("published", True)


def test_edit_ignores_what_the_form_does_not_offer(people, client_for):
    vacancy = make_vacancy("draft", created_by=people["canvasser"])
    bold = {
        "id": "0",
        "state": "published",
        "created_by": people["publisher"].pk,
        "published_by": people["publisher"].pk,
        "published_at_0": "2026-11-24",
        "published_by_author": "on",
        "confirmed_with": "Siapa saja",
        "entry_id": "00000000-0000-0000-0000-000000000000",
        "relisted_from": vacancy.pk,
    }
    names = ["state", "created_by", "published_by", "published_at", "published_by_author", "confirmed_with", "entry_id"]
    before = Vacancy.objects.values(*names, "relisted_from").get()
    assert edit(client_for(people["canvasser"]), vacancy, title="Kasir malam", **bold).status_code == 302
    assert Vacancy.objects.values(*names, "relisted_from").get() == before
    assert Vacancy.objects.get().title == "Kasir malam"


def test_edit_with_the_version_of_another_row_saves_nothing(people, client_for):
    vacancy = make_vacancy("draft", created_by=people["canvasser"], title="Kasir")
    other = make_vacancy("draft", version=7)
    response = edit(client_for(people["canvasser"]), vacancy, title="Kasir malam", version=other.version)
    assert response.status_code == 409
    assert Vacancy.objects.get(pk=vacancy.pk).title == "Kasir"


def test_bkk_officer_cannot_hand_a_vacancy_to_another_school(people, client_for):
    own, other = (people[who].school_centres.get() for who in ("bkk_officer", "other_bkk_officer"))
    vacancy = make_vacancy("draft", source="bkk", school_centre=own, created_by=people["bkk_officer"])
    client = client_for(people["bkk_officer"])
    assert edit(client, vacancy, source="bkk", school_centre=other.pk).status_code == 400
    assert Vacancy.objects.get().school_centre == own


def test_bkk_officer_cannot_name_a_visit_of_the_office(people, client_for):
    visit = make_visit("done")
    own = people["bkk_officer"].school_centres.get()
    client = client_for(people["bkk_officer"])
    assert client.get(f"{reverse('vacancy_new')}?kunjungan={visit.pk}").status_code == 404
    posted = ENTRY | {"source": "bkk", "school_centre": own.pk, "visit": visit.pk}
    client.post(reverse("vacancy_new"), posted)
    assert Vacancy.objects.get().visit is None


def test_lists_of_a_bkk_officer_hold_only_the_own_school(people, client_for):
    own, other = (people[who].school_centres.get() for who in ("bkk_officer", "other_bkk_officer"))
    make_vacancy("draft", source="bkk", school_centre=own, title="Kasir sekolah sendiri")
    make_vacancy("draft", source="bkk", school_centre=other, title="Kasir sekolah lain")
    client = client_for(people["bkk_officer"])
    for url in (reverse("staff_vacancy_list"), f"{reverse('staff_search')}?q=kasir", reverse("workspace")):
        assert "sekolah lain" not in client.get(url).content.decode()


def test_canvasser_ticks_off_only_own_next_steps(people, client_for):
    visit = make_visit("done", officer=people["other_canvasser"])
    url = reverse("visit_next_step_done", args=[visit.pk])
    assert client_for(people["canvasser"]).post(url).status_code == 404
    visit.refresh_from_db()
    assert visit.next_step_done_at is None
