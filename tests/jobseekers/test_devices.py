"""Notices on a device: asked for in the browser, changed and stopped by a link."""

import pytest
from django.urls import reverse

from jobseekers import vapid
from jobseekers.models import PushSubscription
from tests.browser_keys import BrowserKeys
from tests.factories import shown_a_minute_ago

pytestmark = pytest.mark.django_db

ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.fixture
def device():
    return PushSubscription.objects.create(endpoint=ENDPOINT, words="kasir", **BrowserKeys().fields)


def asked(**fields):
    return (
        {"q": "kasir", "kabar": "lowongan", "endpoint": ENDPOINT} | BrowserKeys().fields | shown_a_minute_ago() | fields
    )


def test_page_carries_our_public_key_and_the_search_over(client):
    page = client.get("/langganan/perangkat/?q=kasir").content.decode()
    assert f'data-push="{vapid.public_key()}"' in page
    assert 'value="kasir"' in page


def test_browser_that_agreed_is_kept_with_its_search(client):
    client.cookies["bahasa"] = "en"
    answer = client.post("/langganan/perangkat/", asked(tempat=["18.72"]))
    device = PushSubscription.objects.get()
    assert (answer.status_code, answer.url) == (302, device.manage_path())
    assert (device.endpoint, device.words, device.places, device.language) == (ENDPOINT, "kasir", ["18.72"], "en")
    page = client.get(answer.url)
    assert "kasir" in page.content.decode()


def test_browser_that_asks_again_has_one_search_the_new_one(client):
    client.post("/langganan/perangkat/", asked())
    client.post("/langganan/perangkat/", asked(q="sopir"))
    assert PushSubscription.objects.get().words == "sopir"


@pytest.mark.parametrize(
    "fields",
    [
        {"endpoint": ""},
        {"endpoint": "http://fcm.googleapis.com/abc"},
        {"endpoint": "https://10.0.0.8/abc"},
        {"endpoint": "https://fcm.googleapis.com/" + "x" * 1000},
        {"p256dh": ""},
        {"p256dh": "B" * 87},
        {"auth": "kurang"},
        {"auth": "ü" * 22},
    ],
)
def test_what_no_browser_sends_is_refused_and_the_search_stays(client, fields):
    answer = client.post("/langganan/perangkat/", asked(**fields))
    assert (answer.status_code, PushSubscription.objects.count()) == (400, 0)
    assert 'value="kasir"' in answer.content.decode()


def test_program_that_fills_in_everything_makes_no_row(client):
    answer = client.post("/langganan/perangkat/", asked(website="https://contoh.test"))
    assert (answer.status_code, PushSubscription.objects.count()) == (302, 0)


def test_search_is_changed_by_the_link(client, device):
    answer = client.post(device.manage_path(), {"q": "sopir", "kabar": "kantor"})
    device.refresh_from_db()
    assert (answer.status_code, device.words) == (302, "sopir")
    assert (device.wants_vacancies, device.wants_courses, device.wants_news) == (False, False, True)


def test_link_asks_before_it_stops_and_stopping_leaves_nothing(client, device):
    path = reverse("device_stop", args=[device.token])
    assert client.get(path).status_code == 200
    assert PushSubscription.objects.count() == 1
    assert client.post(path).status_code == 200
    assert PushSubscription.objects.count() == 0
    assert [client.post(path).status_code, client.get(path).status_code] == [200, 404]
    assert client.get(device.manage_path()).status_code == 404


def test_office_without_key_says_so_and_keeps_nothing(client, settings):
    settings.VAPID_KEY = ""
    page = client.get("/langganan/perangkat/").content.decode()
    assert "Pemberitahuan di perangkat belum diatur" in page
    assert client.post("/langganan/perangkat/", asked()).status_code == 400
    assert PushSubscription.objects.count() == 0


def test_worker_stands_at_the_root_and_is_asked_for_anew(client):
    answer = client.get("/push-worker.js")
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert b"notificationclick" in b"".join(answer.streaming_content)
