"""The session of staff ends when they have left their desk; nothing that they wrote vanishes without a word."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from tests.accounts.conftest import make_person

pytestmark = pytest.mark.django_db

LOGIN, WORKSPACE, EMPLOYER_NEW = reverse("account_login"), reverse("workspace"), reverse("employer_new")
ENDED = "Anda keluar sendiri sesudah 30 menit tanpa kegiatan. Masuk lagi untuk melanjutkan."


def after(minutes):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes))


def notices(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("role", list(Role))
def test_idle_staff_sign_in_again_and_read_why(client_for, role):
    client = client_for(make_person(role))
    with after(31):
        response = client.get(f"{WORKSPACE}?a=b", follow=True)
    assert response.redirect_chain == [(f"{LOGIN}?next={WORKSPACE}%3Fa%3Db", 302)]
    assert notices(response) == [ENDED]
    assert client.session.get("_auth_user_id") is None


def test_whoever_works_stays(client_for):
    client = client_for(make_person(Role.CANVASSER))
    for minutes in (25, 50, 75):
        with after(minutes):
            assert client.get(WORKSPACE).status_code == 200


def test_the_button_renews_the_session(client_for):
    client = client_for(make_person(Role.CANVASSER))
    with after(25):
        assert client.post(reverse("account_stay")).status_code == 204
    with after(50):
        assert client.get(WORKSPACE).status_code == 200


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(client_for):
    client = client_for(make_person(Role.CANVASSER))
    for minutes in (10, 20, 29):
        with after(minutes):
            client.get(WORKSPACE, headers={"Kanvas-Poll": "1", "HX-Request": "true"})
    with after(31):
        response = client.get(WORKSPACE, headers={"Kanvas-Poll": "1", "HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Refresh"]) == (200, "true")
    assert client.session.get("_auth_user_id") is None


def test_form_sent_too_late_is_shown_for_copying_and_not_saved(client_for):
    client = client_for(make_person(Role.CANVASSER))
    typed = {"name": "Toko Contoh", "address": "Jalan Contoh 7", "nik": "1872010101010001", "industry": "47"}
    with after(31):
        response = client.post(EMPLOYER_NEW, typed, headers={"Referer": f"http://testserver{EMPLOYER_NEW}?q=1"})
    assert response.status_code == 403
    assert response.context["typed"] == ["Toko Contoh", "Jalan Contoh 7"]
    assert f'href="{LOGIN}?next={EMPLOYER_NEW}%3Fq%3D1"' in response.content.decode()
    assert client.session.get("_auth_user_id") is None


def test_idle_staff_still_read_public_pages(client_for):
    client = client_for(make_person(Role.CANVASSER))
    with after(31):
        response = client.get(reverse("home"))
    assert (response.status_code, notices(response)) == (200, [ENDED])


def test_job_seekers_stay_for_two_weeks(client_for):
    client = client_for(make_person())
    with after(13 * 24 * 60):
        assert client.get(reverse("account")).status_code == 200


def test_pages_of_one_minute_write_no_session(client_for):
    client = client_for(make_person(Role.TRAINER))
    before = client.session.session_key, dict(client.session)
    client.get(WORKSPACE)
    assert (client.session.session_key, dict(client.session)) == before
