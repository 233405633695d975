import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from announcements.models import Announcement, ChannelControl, Delivery
from announcements.models.deliveries import State
from tests.announcements.conftest import make_due, states, work
from tests.factories import make_subscription, make_vacancy

pytestmark = pytest.mark.django_db

LIST = "/petugas/pengumuman/"
SITI = "siti@contoh.test"


@pytest.fixture
def publisher(people, client_for):
    return client_for(people["publisher"])


def text_of(response):
    """What a reader sees: no tags, single spaces."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


@pytest.fixture
def uncertain(announced, sink):
    """A delivery of which nobody knows whether it arrived."""
    make_subscription(email=SITI)
    announced()
    sink.hangs_up_after_content = True
    work()
    make_due()
    work()
    sink.hangs_up_after_content = False
    return Delivery.objects.get()


# --- List ---------------------------------------------------------------------------------------


def test_list_shows_each_channels_state(publisher, announced, sink):
    make_subscription(email=SITI)
    announced(make_vacancy(title="Kasir toko"))
    work()
    text = text_of(publisher.get(LIST))
    assert "Kasir toko, PT Contoh" in text
    assert "Halaman web: Terbit" in text
    assert "E-mail: Terkirim" in text


def test_list_is_empty_with_a_word_of_what_will_come(publisher):
    assert "Belum ada pengumuman" in text_of(publisher.get(LIST))


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_equally_often_for_any_length(
    rows, publisher, announced, sink, django_assert_num_queries
):
    make_subscription()
    for _ in range(rows):
        announced()
    for _ in range(rows):
        make_vacancy()
    work()
    publisher.get(LIST)
    with django_assert_num_queries(16):
        publisher.get(LIST)


def test_list_offers_unannounced_vacancies_for_one_digest(publisher, people):
    chosen, other = make_vacancy(announce_later=True), make_vacancy()
    assert "2 lowongan terbit belum diumumkan" in text_of(publisher.get(LIST))
    response = publisher.post(f"{LIST}baru/", {"vacancies": [chosen.pk]})
    announcement = Announcement.objects.get()
    assert response["Location"] == announcement.get_absolute_url()
    assert list(announcement.vacancies.all()) == [chosen]
    assert announcement.approved_by == people["publisher"]
    assert f"{other.title}" in text_of(publisher.get(LIST))


@pytest.mark.parametrize("keys", [[], [999_999_999]])
def test_digest_of_nothing_or_of_what_is_gone_is_refused_in_words(keys, publisher):
    response = publisher.post(f"{LIST}baru/", {"vacancies": keys}, follow=True)
    assert Announcement.objects.count() == 0
    assert "lowongan" in text_of(response)


# --- Detail -------------------------------------------------------------------------------------


def test_detail_shows_progress_in_numbers_and_words(publisher, announced, sink):
    for name in "abc":
        make_subscription(email=f"{name}@contoh.test")
    announcement = announced()
    sink.answer_to_recipient = lambda address: "550 5.1.1 No such user" if address.startswith("b") else None
    work()
    response = publisher.get(announcement.get_absolute_url())
    text = text_of(response)
    assert "Diterima server 2" in text
    assert "Ditolak 1" in text
    assert "b***@contoh.test" in text
    assert "b@contoh.test" not in response.content.decode()
    assert "Alamat tidak dikenal server tujuan (550 5.1.1)" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_detail_asks_the_database_equally_often_for_any_length(
    rows, publisher, announced, sink, django_assert_num_queries
):
    for _ in range(rows):
        make_subscription()
    announcement = announced(*(make_vacancy() for _ in range(rows)))
    sink.answer_to_recipient = lambda address: "550 5.1.1 No such user"
    work()
    publisher.get(announcement.get_absolute_url())
    with django_assert_num_queries(19):
        publisher.get(announcement.get_absolute_url())


def test_running_announcement_is_asked_for_again_every_five_seconds(publisher, announced):
    make_subscription()
    announcement = announced()
    page = publisher.get(announcement.get_absolute_url()).content.decode()
    part = publisher.get(announcement.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 5s"' in page
    assert part.strip().startswith('<div id="jalannya"')
    assert "<html" not in part


def test_finished_announcement_is_not_asked_for_again(publisher, announced):
    announcement = announced()
    Announcement.objects.update(state="done")
    assert "hx-trigger" not in publisher.get(announcement.get_absolute_url()).content.decode()


def test_stopped_channel_is_the_first_thing_on_the_page(publisher, announced):
    announcement = announced()
    ChannelControl.objects.create(channel="email", failures_in_row=5, open_until=Now() + timedelta(minutes=1))
    assert "Server surel tidak menjawab." in text_of(publisher.get(announcement.get_absolute_url()))
    ChannelControl.objects.update(paused=True)
    assert "Pengiriman e-mail dihentikan petugas." in text_of(publisher.get(LIST))


def test_preview_is_the_frozen_mail_in_a_locked_frame(publisher, announced):
    announcement = announced()
    response = publisher.get(f"{announcement.get_absolute_url()}surat/")
    assert response.content.decode() == announcement.issues.get(channel="email").html
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_frozen_mail_can_be_read_as_in_english(publisher, announced):
    shown = f"{announced().get_absolute_url()}surat/"
    assert "New vacancy: " in publisher.get(f"{shown}?bahasa=en").content.decode()
    assert "Lowongan baru: " in publisher.get(shown).content.decode()


# --- Actions ------------------------------------------------------------------------------------


def test_cancelling_asks_first_and_stops_the_rest(publisher, announced, sink):
    make_subscription(email=SITI)
    announcement = announced()
    work(seconds=0)  # recipients only
    address = f"{announcement.get_absolute_url()}tarik/"
    assert "1 e-mail yang masih menunggu tidak jadi dikirim" in text_of(publisher.get(address))
    assert states(announcement) == {SITI: State.QUEUED}
    assert publisher.post(address)["Location"] == announcement.get_absolute_url()
    assert states(announcement) == {SITI: State.CANCELLED}
    assert "Ditarik" in text_of(publisher.get(announcement.get_absolute_url()))


def test_uncertain_delivery_is_shown_with_both_ways_out(publisher, uncertain):
    text = text_of(publisher.get(uncertain.announcement.get_absolute_url()))
    assert "1 kiriman tidak pasti" in text
    assert "Mungkin sudah sampai." in text
    assert "Ulangi Biarkan" in text


@pytest.mark.parametrize(("decision", "state"), [("repeat", State.QUEUED), ("give_up", State.FAILED)])
def test_uncertain_delivery_is_settled(decision, state, publisher, uncertain):
    address = f"/petugas/kiriman/{uncertain.pk}/putuskan/"
    assert publisher.post(address, {"decision": decision})["Location"] == uncertain.announcement.get_absolute_url()
    uncertain.refresh_from_db()
    assert uncertain.state == state
    assert "sudah diputuskan" in text_of(publisher.post(address, {"decision": decision}, follow=True))


# --- Who may ------------------------------------------------------------------------------------

SEES = {"publisher": 200, "manager": 200, "admin": 200, "canvasser": 404, "bkk_officer": 403, "trainer": 403}
SETTLES = {"publisher": 200, "manager": 200, "admin": 403, "canvasser": 403, "bkk_officer": 403, "trainer": 403}


@pytest.mark.parametrize(("who", "status"), SEES.items())
def test_roles_that_see_an_announcement(who, status, people, client_for, announced):
    announcement = announced()
    client = client_for(people[who])
    assert client.get(announcement.get_absolute_url()).status_code == status
    assert client.get(f"{announcement.get_absolute_url()}surat/").status_code == status


@pytest.mark.parametrize(("who", "status"), SETTLES.items())
def test_roles_that_may_cancel(who, status, people, client_for, announced):
    address = f"{announced().get_absolute_url()}tarik/"
    assert client_for(people[who]).get(address).status_code == status


def test_canvasser_sees_numbers_of_own_vacancies_but_no_addresses(people, client_for, announced, sink):
    make_subscription(email=SITI)
    announcement = announced(make_vacancy(created_by=people["canvasser"]))
    sink.answer_to_recipient = lambda address: "550 5.1.1 No such user"
    work()
    response = client_for(people["canvasser"]).get(announcement.get_absolute_url())
    assert "Ditolak 1" in text_of(response)
    assert "contoh.test" not in response.content.decode().replace("canvasser@contoh.test", "")


@pytest.mark.parametrize("path", ["", "baru/", "1/", "1/surat/", "1/tarik/"])
def test_strangers_are_sent_to_the_sign_in_page(path, client):
    response = client.post(f"{LIST}{path}") if path == "baru/" else client.get(f"{LIST}{path}")
    assert response.status_code == 302
    assert response["Location"].startswith("/masuk/")


def test_reading_changes_nothing(publisher, uncertain):
    assert publisher.get(f"/petugas/kiriman/{uncertain.pk}/putuskan/").status_code == 405
    assert publisher.get(f"{LIST}baru/").status_code == 405
