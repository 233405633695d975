"""Notices on devices, to a push service on loopback that reads them as a browser would."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from announcements import ledger, sweep
from announcements.channels.webpush import LONGEST, encrypt
from announcements.models import Attempt, ChannelControl, Delivery
from announcements.models.deliveries import Reason, State
from announcements.outbound import Outbound, Unreachable, is_public
from jobseekers import vapid
from jobseekers.models import PushSubscription
from tests.announcements.conftest import make_due, work
from tests.browser_keys import BrowserKeys, vapid_claims
from tests.factories import make_device, make_subscription, make_vacancy
from tests.http_sink import Answer, HttpSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings):
    settings.OUTBOUND_LOOPBACK = True
    with HttpSink() as sink:
        yield sink


def delivery():
    return Delivery.objects.get(channel="push")


def test_encryption_is_that_of_the_standard():
    """RFC 8291, appendix A."""
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        salt=vapid.decode("DGv6ra1nlYgDCS1FRnbzlw"),
        own_key=BrowserKeys(vapid.decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).key,
    )
    assert vapid.encode(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_text_that_fits_no_record_is_refused():
    with pytest.raises(ValueError, match="too long"):
        encrypt(b"x" * (LONGEST + 1), **BrowserKeys().fields)
    assert len(encrypt(b"x" * LONGEST, **BrowserKeys().fields)) == 4096


def test_device_reads_title_two_lines_and_link(service, announced):
    browser = BrowserKeys()
    make_device(service, browser, words="kasir")
    vacancy = make_vacancy(title="Kasir toko")
    announced(vacancy)
    work()
    (request,) = service.requests
    notice = json.loads(browser.read(request.body))
    assert notice["title"] == f"Lowongan baru: Kasir toko, {vacancy.employer_name}"
    assert len(notice["body"].splitlines()) == 2
    assert notice["url"] == f"http://127.0.0.1:8000{vacancy.get_absolute_url()}"
    assert (request.headers["Content-Encoding"], request.headers["Urgency"]) == ("aes128gcm", "normal")
    assert notice["tag"] == request.headers["Topic"] == f"kanvas-{delivery().pk}"
    assert len(request.headers["Topic"]) <= 32
    left = (delivery().expires_at - timezone.now()).total_seconds()
    assert abs(int(request.headers["TTL"]) - left) < 60
    claims = vapid_claims(request.headers["Authorization"])
    assert (claims["aud"], claims["sub"]) == (service.url, "http://127.0.0.1:8000")
    assert (delivery().state, delivery().last_detail) == (State.SENT, "201")


def test_each_device_hears_of_what_it_asked_for_in_its_language(service, announced):
    cashier, driver = BrowserKeys(), BrowserKeys()
    make_device(service, cashier, words="kasir", language="en")
    make_device(service, driver)
    announced(make_vacancy(title="Kasir"), make_vacancy(title="Sopir"), make_vacancy(title="Guru"))
    work()
    read = {}
    for request in service.requests:
        for name, browser in (("cashier", cashier), ("driver", driver)):
            try:
                read[name] = json.loads(browser.read(request.body))
            except Exception:
                continue
    assert read["cashier"]["title"].startswith("New vacancy: Kasir, ")
    assert read["driver"]["title"] == "3 lowongan baru cocok dengan pencarian Anda"
    assert read["driver"]["body"].splitlines()[1] == "dan 2 lowongan lain"
    assert urlsplit(read["driver"]["url"]).path == "/lowongan/"


def test_mail_and_device_are_told_side_by_side(service, sink, announced):
    make_subscription(email="siti@contoh.test")
    make_device(service)
    announcement = announced()
    work()
    sent = Delivery.objects.filter(announcement=announcement).values_list("channel", "state")
    assert sorted(sent) == [("email", "sent"), ("push", "sent")]
    announcement.refresh_from_db()
    assert announcement.expanded_channels == ["email", "push"]


def test_device_that_stopped_in_between_gets_nothing(service, announced):
    device = make_device(service)
    announced()
    sweep.expand_all()
    device.delete()
    work()
    assert (service.requests, delivery().state, delivery().last_class) == ([], State.SUPPRESSED, Reason.UNSUBSCRIBED)


def test_daily_digest_tells_no_device(service, announced):
    make_device(service)
    announcement = announced()
    type(announcement).objects.update(audience="daily")
    work()
    assert list(Delivery.objects.all()) == []


@pytest.mark.parametrize("status", [404, 410])
def test_forgotten_subscription_is_cleaned_up(service, announced, status):
    make_device(service)
    service.answer = lambda request: Answer(status)
    announced()
    work()
    assert (delivery().state, delivery().last_class) == (State.FAILED, Reason.GONE)
    assert PushSubscription.objects.count() == 0


def test_busy_service_is_left_alone_for_as_long_as_it_asks(service, announced):
    make_device(service)
    service.answer = lambda request: Answer(429, headers={"Retry-After": "1800"})
    announced()
    work()
    assert (delivery().state, delivery().last_class) == (State.QUEUED, Reason.BUSY)
    wait = delivery().not_before - timezone.now()
    assert timedelta(minutes=29) < wait <= timedelta(minutes=30)


def test_broken_service_is_asked_again(service, announced):
    make_device(service)
    service.answer = lambda request: Answer(503)
    announced()
    work()
    service.answer = lambda request: Answer(201)
    make_due()
    work()
    assert delivery().state == State.SENT
    assert list(Attempt.objects.values_list("number", "outcome")) == [(1, "busy"), (2, "accepted")]


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_refusal_fails_and_keeps_the_device(service, announced, status):
    make_device(service)
    service.answer = lambda request: Answer(status)
    announced()
    work()
    assert (delivery().state, delivery().last_class) == (State.FAILED, Reason.REFUSED)
    assert PushSubscription.objects.count() == 1


@pytest.mark.parametrize("answer", [Answer(hangs_up=True), Answer(seconds=0.6)], ids=["hangs up", "silent"])
def test_no_answer_is_repeated_once_with_the_same_topic_and_then_unknown(service, announced, answer, monkeypatch):
    monkeypatch.setattr("announcements.outbound.CALL_SECONDS", 0.3)
    make_device(service)
    service.answer = lambda request: answer
    announced()
    for _try in range(3):
        work()
        make_due()
    first, second = (request.headers["Topic"] for request in service.requests)
    assert first == second
    assert (delivery().state, delivery().last_class) == (State.UNKNOWN, Reason.NO_ANSWER)


def test_redirect_is_not_followed(service, announced):
    make_device(service)
    service.answer = lambda request: Answer(307, headers={"Location": f"{service.url}/elsewhere"})
    announced()
    work()
    assert [urlsplit(request.path).path for request in service.requests] == ["/push/1"]
    assert delivery().last_class == Reason.REFUSED


def test_service_that_is_down_opens_the_breaker_and_loses_nothing(announced, settings):
    settings.OUTBOUND_LOOPBACK = True
    with HttpSink() as service:
        for _number in range(7):
            make_device(service)
    announced()
    work()
    assert set(Delivery.objects.values_list("state", "last_class")) <= {("queued", "unreachable"), ("queued", "")}
    assert ChannelControl.objects.get(pk="push").is_broken is True


def test_interrupted_notice_is_repeated_once(service, announced):
    make_device(service)
    announced()
    sweep.expand_all()
    found = []
    for _try in range(2):
        (claimed,) = ledger.claim("push")
        ledger.begin(claimed)
        Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        ledger.settle_interrupted()
        found.append(delivery().state)
    assert found == [State.QUEUED, State.UNKNOWN]


# --- The way out ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("142.250.4.95", True),
        ("2404:6800:4003:c0f::5f", True),
        ("127.0.0.1", False),
        ("10.0.0.8", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_only_public_addresses_are_public(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://localhost/", "http://127.0.0.1/", "https://10.0.0.1/"])
def test_nothing_goes_to_our_own_machines(url):
    with Outbound() as http, pytest.raises(Unreachable, match="Forbidden"):
        http.post(url)


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=abc", True),
        ("http://fcm.googleapis.com/abc", False),
        ("https://fcm.googleapis.com:8443/abc", False),
        ("https://fcm.googleapis.com:abc/", False),
        ("https://user@fcm.googleapis.com/abc", False),
        ("https://fcm.googleapis.com.contoh.test/abc", False),
        ("https://notify.windows.com.contoh.test/abc", False),
        ("https://contoh.test/.notify.windows.com", False),
        ("https://127.0.0.1/abc", False),
        ("", False),
    ],
)
def test_only_known_push_services_are_talked_to(endpoint, known):
    assert vapid.is_push_service(endpoint) is known
