"""Vacancies by WhatsApp and Telegram, to a service on loopback that answers as the real ones are documented to."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from announcements import ledger, sweep
from announcements.models import ChannelControl, Delivery
from announcements.models.deliveries import Reason, State
from jobseekers.models import ChatSubscription
from tests.announcements.conftest import make_due, work
from tests.announcements.gateway_world import TELEGRAM, service
from tests.factories import make_chat, make_job_seeker, make_vacancy
from tests.http_sink import Answer

__all__ = ["service"]
pytestmark = pytest.mark.django_db
CHANNELS = ("whatsapp_msg", "telegram_msg")


def delivery():
    return Delivery.objects.get(channel__in=CHANNELS)


def test_whatsapp_gets_the_approved_template_with_its_parameters(service, announced):
    chat = make_chat(words="kasir")
    vacancy = make_vacancy(title="Kasir toko")
    announced(vacancy)
    work()
    (request,) = service.requests
    assert (request.path, request.headers["Authorization"]) == ("/1122/messages", "Bearer rahasia-wa")
    sent = request.json
    assert (sent["to"], sent["type"], sent["biz_opaque_callback_data"]) == (
        chat.address,
        "template",
        str(delivery().pk),
    )
    assert (sent["template"]["name"], sent["template"]["language"]) == ("lowongan_baru", {"code": "id"})
    what, lines, link = [each["text"] for each in sent["template"]["components"][0]["parameters"]]
    assert what == f"Lowongan baru: Kasir toko, {vacancy.employer_name}"
    assert lines.endswith("; Gratis, tidak dipungut biaya.")
    assert link == f"http://127.0.0.1:8000{vacancy.get_absolute_url()}"
    assert (delivery().state, delivery().provider_ref) == (State.SENT, "wamid.out")


def test_telegram_gets_one_text_in_the_language_of_the_chat(service, announced):
    chat = make_chat("telegram_msg", language="en")
    announced(make_vacancy(title="Kasir"))
    work()
    (request,) = service.requests
    assert request.path == f"/bot{TELEGRAM['TELEGRAM_TOKEN']}/sendMessage"
    assert request.json["chat_id"] == int(chat.address)
    text = request.json["text"].splitlines()
    assert text[0].startswith("New vacancy: Kasir, ")
    assert text[-1] == "Reply STOP to stop."
    assert delivery().state == State.SENT


def test_ledger_knows_no_number(service, announced):
    chat = make_chat()
    announced()
    work()
    assert delivery().address == chat.key
    assert delivery().masked_address == f"Pesan WhatsApp {chat.key[:6]}"


def test_gateway_that_is_off_is_told_nothing_and_makes_no_piece(settings, announced):
    make_chat()
    announcement = announced()
    work()
    assert set(announcement.issues.values_list("channel", flat=True)).isdisjoint(CHANNELS)
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("change", [{"state": "stopped"}, {"restricted": True}, {"words": "guru"}])
def test_who_is_not_to_be_told_is_not_told(service, announced, change):
    chat = make_chat()
    if "restricted" in change:
        type(chat.job_seeker).objects.update(restricted_at=timezone.now())
    elif "state" in change:
        chat.stop()
    else:
        ChatSubscription.objects.update(**change)
    announced(make_vacancy(title="Kasir"))
    work()
    assert (service.requests, Delivery.objects.count()) == ([], 0)


def test_chat_that_stopped_in_between_gets_nothing(service, announced):
    chat = make_chat()
    announced()
    sweep.expand_all()
    chat.stop()
    work()
    assert (service.requests, delivery().state, delivery().last_class) == ([], State.SUPPRESSED, Reason.UNSUBSCRIBED)


def test_quiet_hours_hold_messages_back(service, announced, settings):
    now = timezone.now().astimezone(ZoneInfo(settings.TIME_ZONE))
    settings.QUIET_HOURS = ("00:00", "23:59:59") if now.hour else ("00:00", "23:00")
    make_chat()
    announced()
    work()
    assert (service.requests, delivery().state, delivery().last_class) == ([], State.QUEUED, Reason.QUIET)


BUSY = {"whatsapp_msg": Answer(429, {"error": {"code": 130429}}, {"Retry-After": "1800"})}
BUSY["telegram_msg"] = Answer(429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 1800}})
GONE = {"whatsapp_msg": Answer(400, {"error": {"code": 131050}})}
GONE["telegram_msg"] = Answer(403, {"ok": False, "description": "Forbidden: bot was blocked by the user"})
REFUSED = {"whatsapp_msg": Answer(400, {"error": {"code": 132000}}), "telegram_msg": Answer(400, {"ok": False})}
LOCKED_OUT = {"whatsapp_msg": Answer(401, {"error": {"code": 190}}), "telegram_msg": Answer(401, {"ok": False})}
STRANGE = [None, [], {}, {"error": "no"}, {"ok": "yes", "parameters": 3}, {"messages": "x"}, {"messages": [[]]}]


@pytest.mark.parametrize("channel", CHANNELS)
def test_busy_service_is_left_alone_for_as_long_as_it_asks(service, announced, channel):
    make_chat(channel)
    service.answer = lambda request: BUSY[channel]
    announced()
    work()
    assert (delivery().state, delivery().last_class) == (State.QUEUED, Reason.BUSY)
    assert timedelta(minutes=29) < delivery().not_before - timezone.now() <= timedelta(minutes=30)


@pytest.mark.parametrize("channel", CHANNELS)
def test_gate_in_front_of_the_service_that_is_busy_is_obeyed_too(service, announced, channel):
    make_chat(channel)
    service.answer = lambda request: Answer(429, headers={"Retry-After": "1800"})
    announced()
    work()
    assert (delivery().state, delivery().last_class) == (State.QUEUED, Reason.BUSY)
    assert delivery().not_before - timezone.now() > timedelta(minutes=29)


@pytest.mark.parametrize("channel", CHANNELS)
def test_person_who_has_closed_the_door_is_not_written_to_again(service, announced, channel):
    chat = make_chat(channel)
    service.answer = lambda request: GONE[channel]
    announced()
    work()
    announced()
    work()
    chat.refresh_from_db()
    assert (chat.state, chat.address, len(service.requests)) == ("stopped", "", 1)
    assert (delivery().state, delivery().last_class) == (State.FAILED, Reason.GONE)


@pytest.mark.parametrize("channel", CHANNELS)
def test_refusal_fails_and_keeps_the_chat(service, announced, channel):
    chat = make_chat(channel)
    service.answer = lambda request: REFUSED[channel]
    announced()
    work()
    chat.refresh_from_db()
    assert (delivery().state, delivery().last_class, chat.is_active) == (State.FAILED, Reason.REFUSED, True)


@pytest.mark.parametrize("channel", CHANNELS)
def test_our_own_token_that_is_wrong_costs_nobody_the_message(service, announced, channel):
    for _number in range(6):
        make_chat(channel)
    service.answer = lambda request: LOCKED_OUT[channel]
    announced()
    work()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"queued"}
    make_due()
    for _try in range(5):
        work()
        make_due()
    assert ChannelControl.objects.get(pk=channel).is_broken is True


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("answer", [Answer(hangs_up=True), Answer(502)], ids=["hangs up", "no document"])
def test_message_that_may_have_arrived_is_never_sent_twice(service, announced, channel, answer):
    make_chat(channel)
    service.answer = lambda request: answer
    announced()
    for _try in range(3):
        work()
        make_due()
    assert (delivery().state, delivery().last_class, len(service.requests)) == (State.UNKNOWN, Reason.NO_ANSWER, 1)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("body", STRANGE, ids=str)
def test_strange_answer_stops_no_worker(service, announced, channel, status, body):
    make_chat(channel)
    service.answer = lambda request: Answer(status, body)
    announced()
    work()
    assert delivery().state in (State.UNKNOWN, State.FAILED, State.QUEUED)


def test_interrupted_message_waits_for_an_officer(service, announced):
    make_chat()
    announced()
    sweep.expand_all()
    (claimed,) = ledger.claim("whatsapp_msg")
    ledger.begin(claimed)
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    ledger.settle_interrupted()
    assert (delivery().state, delivery().last_class) == (State.UNKNOWN, Reason.INTERRUPTED)


def test_each_service_has_its_own_rate(settings):
    settings.PER_MINUTE = {"whatsapp_msg": 600, "telegram_msg": 1200}
    rates = [ChannelControl(channel=channel).messages_per_minute for channel in CHANNELS]
    assert rates == [600, 1200]


# --- Connecting -----------------------------------------------------------------------------------


@pytest.fixture
def person(people):
    return make_job_seeker(user=people["job_seeker"])


def test_nothing_of_gateways_is_seen_while_they_are_off(person, people, client_for):
    client = client_for(people["job_seeker"])
    page = client.get(reverse("account")).content.decode()
    answers = [
        client.get(reverse("chats")).status_code,
        client.get(reverse("chat_edit", args=["whatsapp"])).status_code,
    ]
    assert (answers, "WhatsApp atau Telegram" in page) == ([404, 404], False)
    assert "WhatsApp atau Telegram" not in client.get(reverse("privacy")).content.decode()
    assert "/petugas/balasan/" not in client_for(people["canvasser"]).get(reverse("workspace")).content.decode()


def test_pages_speak_of_gateways_that_are_on(service, people, client_for):
    assert "WhatsApp atau Telegram" in client_for(None).get(reverse("privacy")).content.decode()
    assert "/petugas/balasan/" in client_for(people["canvasser"]).get(reverse("workspace")).content.decode()
    assert "/petugas/balasan/" not in client_for(people["publisher"]).get(reverse("workspace")).content.decode()


def test_person_agrees_and_gets_a_link_with_a_one_time_code(service, person, people, client_for):
    client = client_for(people["job_seeker"])
    assert "WhatsApp atau Telegram" in client.get(reverse("account")).content.decode()
    client.post(
        reverse("chat_edit", args=["telegram"]), {"q": "kasir", "kabar": ["lowongan", "pelatihan"], "agreed": "on"}
    )
    chat = person.chats.get()
    assert (chat.state, chat.words, len(chat.code)) == ("pending", "kasir", 8)
    assert (chat.wants_vacancies, chat.wants_courses, chat.wants_news) == (True, True, False)
    page = client.get(reverse("chat_edit", args=["telegram"])).content.decode()
    assert f"https://t.me/kanvas_bot?start={chat.code}" in page


def test_without_agreement_nothing_is_kept(service, person, people, client_for):
    answer = client_for(people["job_seeker"]).post(reverse("chat_edit", args=["whatsapp"]), {"q": "kasir"})
    assert (answer.status_code, ChatSubscription.objects.count()) == (400, 0)
    assert "Centang bila Anda setuju" in answer.content.decode()
    assert "kasir" in answer.content.decode()


def test_person_stops_on_the_page(service, person, people, client_for):
    chat = make_chat(job_seeker=person)
    client_for(people["job_seeker"]).post(reverse("chat_stop", args=["whatsapp"]))
    chat.refresh_from_db()
    assert (chat.state, chat.address) == ("stopped", "")


def test_nobody_stops_another_persons_chat(service, person, people, client_for):
    chat = make_chat()
    answer = client_for(people["job_seeker"]).post(reverse("chat_stop", args=["whatsapp"]))
    chat.refresh_from_db()
    assert (answer.status_code, chat.state) == (404, "active")


def test_expired_code_is_not_shown(service, person, people, client_for):
    old = {"code": "ABCDEFGH", "code_until": datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))}
    make_chat("telegram_msg", job_seeker=person, state="pending", address="", linked_at=None, **old)
    page = client_for(people["job_seeker"]).get(reverse("chat_edit", args=["telegram"])).content.decode()
    assert ("ABCDEFGH" in page, "Buat kode baru" in page) == (False, True)
