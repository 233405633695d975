"""Alerts without an account: double opt-in, change, one-click stop, and links that no longer work."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from announcements.models import Delivery
from canvassing.search import Criteria
from jobseekers import mail
from jobseekers.forms.alerts import SearchForm
from jobseekers.models import AlertSubscription
from tests.factories import make_subscription, shown_a_minute_ago

pytestmark = pytest.mark.django_db
START = "/langganan/"


def ask(client, **changes):
    answers = {
        "email": "Siti@Contoh.test",
        "q": "kasir",
        "tempat": "18.72",
        "frequency": "instant",
        "kabar": "lowongan",
    }
    return client.post(START, answers | shown_a_minute_ago() | changes)


def last_mail() -> str:
    row = Delivery.objects.order_by("-pk").first()
    message = message_from_bytes(bytes(row.message), policy=policy.default)
    return message.get_body(("plain",)).get_content()


def test_subscribe_waits_for_the_confirmation(client):
    assert ask(client)["Location"] == reverse("alert_sent")
    subscription = AlertSubscription.objects.get()
    assert (subscription.email, subscription.state, subscription.words, subscription.places) == (
        "siti@contoh.test",
        "pending",
        "kasir",
        ["18.72"],
    )
    assert mail.confirm_token(subscription)[:40] in last_mail()


def test_confirm_link_changes_nothing_until_the_button(client):
    ask(client)
    subscription = AlertSubscription.objects.get()
    url = reverse("alert_confirm", args=[mail.confirm_token(subscription)])
    assert client.get(url).status_code == 200
    assert AlertSubscription.objects.get().state == "pending"
    assert client.post(url).status_code == 200
    assert AlertSubscription.objects.get().state == "active"


def test_asking_twice_makes_one_row_and_two_mails(client):
    ask(client)
    ask(client)
    assert AlertSubscription.objects.count() == 1
    assert Delivery.objects.count() == 2


def test_answer_is_the_same_for_a_known_address(client):
    make_subscription(email="siti@contoh.test", words="kasir", places=["18.72"])
    known, unknown = ask(client), ask(client, email="lain@contoh.test")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert AlertSubscription.objects.filter(state="active").count() == 1


@pytest.mark.parametrize("typed", ["", "siti", "siti@", "a@b\r\nBcc: x@y.z"])
def test_bad_address_is_told_at_its_field(client, typed):
    response = ask(client, email=typed)
    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["email"]
    assert response.context["form"]["q"].value() == "kasir"


def test_old_confirm_link_says_to_subscribe_again(client):
    subscription = make_subscription(state="pending", confirmed_at=None)
    with time_machine.travel(timezone.now() - timedelta(days=8)):
        token = mail.confirm_token(subscription)
    response = client.get(reverse("alert_confirm", args=[token]))
    assert response.status_code == 410
    assert "Daftar lagi" in response.content.decode()


@pytest.mark.parametrize("name", ["alert_confirm", "alert_manage", "alert_stop"])
def test_forged_link_says_what_to_do(client, name):
    response = client.get(reverse(name, args=["bukan-token"]))
    assert response.status_code == 404
    assert "Tautan ini tidak lengkap" in response.content.decode()


def test_one_token_never_opens_the_other_page(client):
    subscription = make_subscription(state="pending", confirmed_at=None)
    assert client.get(reverse("alert_stop", args=[mail.confirm_token(subscription)])).status_code == 404
    assert client.get(reverse("alert_confirm", args=[subscription.token])).status_code == 404


def test_stop_link_changes_nothing_when_a_scanner_opens_it(client):
    subscription = make_subscription()
    assert client.get(subscription.stop_path()).status_code == 200
    assert AlertSubscription.objects.get().state == "active"


def test_one_click_stop_needs_neither_cookie_nor_token_of_the_form(client):
    subscription = make_subscription()
    client.handler.enforce_csrf_checks = True
    response = client.post(subscription.stop_path(), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert AlertSubscription.objects.get().state == "stopped"
    assert client.post(subscription.stop_path()).status_code == 200


def test_used_confirm_link_of_a_stopped_subscription_says_so(client):
    subscription = make_subscription(state="stopped", stopped_at=timezone.now())
    response = client.post(reverse("alert_confirm", args=[mail.confirm_token(subscription)]))
    assert response.status_code == 410
    assert AlertSubscription.objects.get().state == "stopped"


def test_manage_takes_over_another_search(client):
    subscription = make_subscription(words="kasir")
    wanted = {"q": "penjahit", "tempat": ["18.72", "18.02"], "frequency": "daily", "kabar": ["pelatihan", "kantor"]}
    client.post(subscription.manage_path(), wanted)
    subscription.refresh_from_db()
    assert subscription.criteria == Criteria(words="penjahit", places=("18.02", "18.72"))
    assert subscription.frequency == "daily"
    assert SearchForm.chosen(subscription) == ["pelatihan", "kantor"]


def test_a_subscription_is_about_vacancies_until_somebody_says_otherwise(client):
    ask(client)
    assert SearchForm.chosen(AlertSubscription.objects.get()) == ["lowongan"]
    ask(client, kabar=["lowongan", "kantor"])  # asked again before it was confirmed
    assert SearchForm.chosen(AlertSubscription.objects.get()) == ["lowongan", "kantor"]


def test_asking_for_nothing_is_told_at_the_field(client):
    errors = ask(client, kabar=[]).context["form"].errors
    assert errors == {"kabar": ["Pilih paling sedikit satu jenis kabar."]}


def test_wanting_nothing_is_stopping_and_the_page_says_so(client):
    subscription = make_subscription(wants_news=True)
    page = client.get(subscription.manage_path())
    assert page.context["form"]["kabar"].value() == ["lowongan", "kantor"]
    answer = client.post(subscription.manage_path(), {"frequency": "instant"})
    assert answer.status_code == 400
    assert "Tidak mau apa pun lagi? Pakai tombol Berhenti." in answer.content.decode()
    with pytest.raises(IntegrityError, match="wants_something"), transaction.atomic():
        AlertSubscription.objects.update(wants_vacancies=False, wants_news=False)


def test_manage_refuses_a_search_the_address_already_has(client):
    make_subscription(email="a@contoh.test", words="kasir")
    second = make_subscription(email="a@contoh.test", words="penjahit")
    response = client.post(second.manage_path(), {"q": "kasir", "frequency": "instant", "kabar": "lowongan"})
    assert response.status_code == 400
    assert "Alamat ini sudah berlangganan pencarian yang sama." in response.content.decode()


def test_list_search_is_carried_over_to_the_form(client):
    form = client.get(f"{START}?q=kasir&tempat=18.72&pendidikan=4&difabel=1").context["form"]
    assert [form[name].value() for name in ("q", "tempat", "pendidikan", "difabel")] == ["kasir", ("18.72",), 4, True]


def test_subscribing_is_limited_per_address(client):
    for _number in range(8):
        ask(client)
    assert Delivery.objects.count() == 5


def test_account_page_shows_only_the_alerts_of_verified_addresses(people, client_for):
    person = people["job_seeker"]
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    make_subscription(email=person.email, words="kasir")
    make_subscription(email="orang-lain@contoh.test", words="penjahit")
    page = client_for(person).get("/akun/").content.decode()
    assert "kasir" in page
    assert "penjahit" not in page
