"""Programs that fill in forms make no rows; people lose nothing, however quick they are."""

import re

import pytest
from django.urls import reverse

from accounts import bots
from accounts.models import User
from announcements.models import Delivery
from jobseekers.models import AlertSubscription
from tests.factories import shown_a_minute_ago

pytestmark = pytest.mark.django_db

FORMS = {
    "alert_start": ({"email": "siti@contoh.test", "frequency": "instant", "kabar": ["lowongan"]}, AlertSubscription),
    "account_signup": ({"email": "siti@contoh.test", "name": "Siti"}, User),
}
AGAIN = "Tinggal satu langkah: periksa isian Anda, lalu kirim sekali lagi."


@pytest.fixture(params=FORMS)
def form(request):
    answers, model = FORMS[request.param]
    return reverse(request.param), answers, model


def hidden_stamp(response):
    (found,) = re.findall(r'name="shown_at" value="([^"]+)"', response.content.decode())
    return found


def test_trapped_program_gets_the_answer_of_everybody_and_makes_nothing(client, client_for, form):
    url, answers, model = form
    trapped = client.post(url, answers | shown_a_minute_ago() | {"website": "https://beli.test"})
    assert (trapped.status_code, model.objects.count(), Delivery.objects.count()) == (302, 0, 0)
    person = client_for(None).post(url, answers | shown_a_minute_ago())
    assert (person.status_code, person.url, model.objects.count()) == (302, trapped.url, 1)


@pytest.mark.parametrize("given", [{}, {"shown_at": "palsu"}])
def test_form_without_a_stamp_of_ours_is_to_be_sent_again(client, form, given):
    url, answers, model = form
    response = client.post(url, answers | given)
    assert response.context["form"].non_field_errors() == [AGAIN]
    assert model.objects.count() == 0
    assert bots.seconds_since(hidden_stamp(response)) < 5


def test_quick_person_loses_nothing_but_a_second(client, form, settings):
    url, answers, model = form
    first = client.post(url, answers | {"shown_at": hidden_stamp(client.get(url))})
    assert [first.context["form"][name].value() for name in answers] == list(answers.values())
    settings.FORM_SECONDS = 0  # the second has passed
    client.post(url, answers | {"shown_at": hidden_stamp(first)})
    assert model.objects.count() == 1


@pytest.mark.parametrize("name", ["home", "vacancy_list", "alert_start", "account_signup"])
def test_trap_is_hidden_from_people_and_screen_readers(client, name):
    text = client.get(reverse(name)).content.decode()
    (trap,) = re.findall(r'<div class="kk-trap"([^>]*)>.*?(<input[^>]*>)', text, re.DOTALL)
    assert trap[0] == ' aria-hidden="true"'
    assert 'tabindex="-1"' in trap[1]
