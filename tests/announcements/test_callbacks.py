"""What services tell us afterwards: signed, in any order, more than once, and often in words we do not know."""

import json
from datetime import timedelta
from itertools import permutations

import pytest
from django.core.mail import send_mail
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from announcements import afterwards
from announcements.callbacks import signature
from announcements.models import Announcement, Delivery, ProviderEvent, Suppression
from announcements.models.deliveries import Reason, State
from announcements.sweep import sweep
from jobseekers.models import ChatMessage
from tests.announcements.conftest import work
from tests.announcements.gateway_world import (
    TELEGRAM,
    WHATSAPP,
    becomes,
    post_telegram,
    post_whatsapp,
    service,
    whatsapp,
    writes,
)
from tests.factories import make_chat, make_subscription, make_vacancy
from tests.http_sink import Answer

__all__ = ["service"]
pytestmark = pytest.mark.django_db
MAIL_SECRET = "rahasia-surel"
DSN = """From: MAILER-DAEMON@tujuan.test
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

Sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; tujuan.test

Final-Recipient: rfc822; {address}
Action: failed
Status: {status}

--B
Content-Type: text/rfc822-headers

From: kabar@kanvas.test
Message-ID: {message_id}

--B--
"""


@pytest.fixture
def sent(service, announced):
    """One message by WhatsApp that the service has taken."""
    make_chat()
    announced()
    work()
    return Delivery.objects.get()


@pytest.fixture
def mailed(sink, announced, settings):
    """One mail that the server has taken, and a hook that is on."""
    settings.MAIL_EVENTS_SECRET = MAIL_SECRET
    make_subscription(email="siti@contoh.test")
    announced()
    work()
    return Delivery.objects.get()


def post_mail(document, *, content_type="application/json", secret=MAIL_SECRET):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    headers = {"X-Kanvas-Signature-256": signature(secret, body)}
    return Client(enforce_csrf_checks=True).post(
        "/kabar-balik/surel/", body, content_type=content_type, headers=headers
    )


def bounce(delivery, **more):
    told = {"id": "e1", "event": "bounced", "message_id": delivery.message_id, "address": delivery.address}
    return post_mail(told | more)


def state_of(delivery):
    delivery.refresh_from_db()
    return delivery.state


# --- At the door ------------------------------------------------------------------------------------


def test_address_of_a_gateway_that_is_off_does_not_exist():
    answers = [Client().post(f"/kabar-balik/{name}/", b"{}", content_type="application/json") for name in
               ("whatsapp", "telegram", "surel", "pos")]  # fmt: skip
    assert [each.status_code for each in answers] == [404] * 4


@pytest.mark.parametrize("given", ["", "sha256=", "sha256=00", signature("lain", b"{}"), "sha256=é"])
def test_unsigned_is_refused(service, given):
    assert post_whatsapp(b"{}", **{"X-Hub-Signature-256": given}).status_code == 403


def test_signature_of_another_body_is_refused(service):
    right = signature(WHATSAPP["WHATSAPP_APP_SECRET"], b"{}")
    assert post_whatsapp(b"{ }", **{"X-Hub-Signature-256": right}).status_code == 403


@pytest.mark.parametrize("secret", ["", "lain", TELEGRAM["TELEGRAM_SECRET"] + "x"])
def test_telegram_without_its_secret_is_refused(service, secret):
    assert post_telegram({"update_id": 1}, secret=secret).status_code == 403


def test_meta_asks_once_whether_the_address_is_ours(service):
    right = {"hub.mode": "subscribe", "hub.verify_token": "kata-periksa", "hub.challenge": "12345"}
    answer = Client().get("/kabar-balik/whatsapp/", right)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"12345", "text/plain")
    for change in ({"hub.verify_token": "lain"}, {"hub.mode": "x"}, {"hub.challenge": "<b>"}):
        assert Client().get("/kabar-balik/whatsapp/", right | change).status_code == 403
    assert Client().get("/kabar-balik/telegram/").status_code == 405


def test_large_body_is_refused(service):
    assert post_whatsapp(b"{" + b" " * 256 * 1024 + b"}").status_code == 413


RUBBISH = [
    b"", b"\xff\xfe", b"null", b"[]", b"3", b'"x"', b"[" * 50_000, b"{}", b'{"entry": 3}', b'{"entry": [null, [], {}]}',
    json.dumps(whatsapp(messages="x", statuses=[{}, None, 3])).encode(),
    json.dumps(whatsapp(messages=[{"id": [], "from": {}, "text": "x"}])).encode(),
    json.dumps(whatsapp(messages=[{"id": "a\0", "from": "628", "text": {"body": "x"}}])).encode(),
    json.dumps(whatsapp(messages=[{"id": "a", "from": "6" * 99, "text": {"body": "x"}}])).encode(),
    json.dumps(whatsapp(statuses=[{"id": "a", "status": "delivered", "biz_opaque_callback_data": "9" * 30}])).encode(),
    json.dumps(whatsapp(statuses=[{"id": "a", "status": "delivered", "biz_opaque_callback_data": "77"}])).encode(),
    json.dumps(whatsapp(statuses=[{"id": "a", "status": "warmed", "biz_opaque_callback_data": "77"}])).encode(),
]  # fmt: skip


@pytest.mark.parametrize("body", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_is_taken_and_passed_over(service, body):
    assert (post_whatsapp(body).status_code, ChatMessage.objects.count(), ProviderEvent.objects.count()) == (200, 0, 0)


def test_strange_values_in_a_message_do_no_harm(service):
    odd = {"id": "x" * 999, "from": 62812, "timestamp": "tomorrow", "text": {"body": "a\0b" * 999}}
    later = {"id": "y", "from": "62813", "timestamp": "99999999999", "image": {}}
    post_whatsapp(whatsapp(messages=[odd, later]))
    first, second = ChatMessage.objects.order_by("pk")
    assert (first.address, len(first.event_id), len(first.text)) == ("62812", 64, 1000)
    assert (second.text, second.received_at <= timezone.now()) == ("", True)


def test_groups_are_none_of_our_business(service):
    group = {"id": -100, "type": "supergroup"}
    post_telegram({"update_id": 5, "message": {"chat": group, "text": "STOP"}})
    assert ChatMessage.objects.count() == 0


# --- What became of a message -----------------------------------------------------------------------


def test_events_move_the_row_forward(service, sent):
    answers = [becomes(sent.pk, status).status_code for status in ("sent", "delivered", "read")]
    assert (answers, state_of(sent)) == ([200, 200, 200], State.DELIVERED)
    assert list(ProviderEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["delivered", "read"]
    assert ProviderEvent.objects.waiting().count() == 0


@pytest.mark.parametrize("order", list(permutations(["delivered", "read", "sent"])), ids="-".join)
def test_any_order_and_any_number_end_alike(service, sent, order):
    for status in order * 2:
        becomes(sent.pk, status)
    assert (state_of(sent), ProviderEvent.objects.count()) == (State.DELIVERED, 2)


def test_delivered_message_cannot_fail_any_more(service, sent):
    becomes(sent.pk, "delivered")
    becomes(sent.pk, "failed", errors=[{"code": 131000}])
    assert state_of(sent) == State.DELIVERED


def test_failure_is_told_to_the_office(service, sent):
    becomes(sent.pk, "failed", errors=[{"code": 131000}])
    assert (state_of(sent), sent.last_class, sent.last_detail) == (State.BOUNCED, Reason.REFUSED, "131000")


def test_failure_for_good_stops_the_chat(service, sent):
    becomes(sent.pk, "failed", errors=[{"code": 131026}])
    chat = type(make_chat()).objects.get(key=sent.address)
    assert (state_of(sent), chat.state, chat.address) == (State.BOUNCED, "stopped", "")


def test_uncertain_message_that_arrived_needs_no_officer(service, announced):
    make_chat()
    service.answer = lambda request: Answer(hangs_up=True)
    announced()
    work()
    row = Delivery.objects.get()
    assert row.state == State.UNKNOWN
    becomes(row.pk, "delivered")
    assert state_of(row) == State.DELIVERED


def test_event_that_comes_before_our_own_result_is_applied_later(service, announced):
    make_chat()
    announced()
    work()
    (row,) = Delivery.objects.all()
    waiting = Delivery.objects.create(
        channel="whatsapp_msg", address="x", message_id="<x>", expires_at=row.expires_at, state="queued"
    )
    becomes(waiting.pk, "delivered")
    assert (state_of(waiting), ProviderEvent.objects.waiting().count()) == (State.QUEUED, 1)
    for state in ("claimed", "sending", "sent"):
        Delivery.objects.filter(pk=waiting.pk).update(state=state, token="0" * 32, lease_until=timezone.now())
    ProviderEvent.objects.update(received_at=timezone.now() - timezone.timedelta(seconds=9))
    assert (afterwards.sweep(), state_of(waiting), ProviderEvent.objects.waiting().count()) == (1, State.DELIVERED, 0)


def test_event_of_one_service_cannot_touch_another_channels_row(service, mailed):
    becomes(mailed.pk, "failed")
    assert state_of(mailed) == State.SENT


def test_old_events_are_forgotten(service, sent):
    becomes(sent.pk, "delivered")
    ProviderEvent.objects.update(received_at=timezone.now() - timezone.timedelta(days=31))
    afterwards.sweep()
    assert ProviderEvent.objects.count() == 0


# --- Mail -------------------------------------------------------------------------------------------


def test_bounce_for_good_suppresses_the_address(mailed):
    assert bounce(mailed, permanent=True, code="5.1.1").status_code == 200
    assert (state_of(mailed), mailed.last_class, mailed.last_detail) == (State.BOUNCED, "unknown_address", "5.1.1")
    assert list(Suppression.objects.values_list("address", "reason")) == [("siti@contoh.test", "unknown")]


def test_bounce_for_now_leaves_the_address_alone(mailed):
    bounce(mailed)
    assert (state_of(mailed), Suppression.objects.count()) == (State.BOUNCED, 0)


@pytest.fixture
def returned(mailed, announced):
    """Three mails to the same address, all of which have come back for now; the address is paused."""
    for _more in range(2):
        announced(make_vacancy())
    work()
    for number, delivery in enumerate(Delivery.objects.all()):
        bounce(delivery, id=f"e{number}")
    return Suppression.objects.get()


def test_third_mail_that_comes_back_pauses_the_address_for_announcements(returned, sink, announced):
    assert (returned.address, returned.reason) == ("siti@contoh.test", "returned")
    assert returned.until - returned.since == timedelta(days=30)
    announced(make_vacancy())
    send_mail("Kode masuk", "12345678", None, ["siti@contoh.test"])
    work()
    bulk = Delivery.objects.filter(announcement__isnull=False).latest("pk")
    code = Delivery.objects.get(announcement=None)
    assert (bulk.state, bulk.last_class, code.state) == (State.SUPPRESSED, "suppressed", State.SENT)


def test_mail_that_came_back_long_ago_pauses_nobody(mailed, announced):
    for _more in range(2):
        announced(make_vacancy())
    work()
    first, *later = Delivery.objects.order_by("pk")
    bounce(first, id="e0")
    Delivery.objects.filter(pk=first.pk).update(sent_at=timezone.now() - timedelta(days=15))
    for number, delivery in enumerate(later, 1):
        bounce(delivery, id=f"e{number}")
    assert Suppression.objects.count() == 0


def test_pause_ends(returned, announced):
    Suppression.objects.update(since=timezone.now() - timedelta(days=31), until=timezone.now() - timedelta(days=1))
    announced(make_vacancy())
    work()
    assert Delivery.objects.latest("pk").state == State.SENT


def test_sweep_forgets_a_pause_that_is_over_and_nothing_else(returned):
    Suppression.close("mati@contoh.test", Suppression.Reason.UNKNOWN_ADDRESS)
    Suppression.pause("lain@contoh.test")
    Suppression.objects.filter(address=returned.address).update(
        since=timezone.now() - timedelta(days=31), until=timezone.now() - timedelta(days=1)
    )
    assert sweep()
    assert set(Suppression.objects.values_list("address", flat=True)) == {"mati@contoh.test", "lain@contoh.test"}


def test_address_that_proves_dead_during_its_pause_is_closed_for_good(returned):
    Suppression.close(returned.address, Suppression.Reason.UNKNOWN_ADDRESS)
    Suppression.pause(returned.address)
    returned.refresh_from_db()
    assert (returned.reason, returned.until) == ("unknown", None)


@pytest.mark.parametrize(("reason", "until"), [("returned", None), ("by_hand", "2099-01-01T00:00Z")])
def test_database_wants_an_end_for_a_pause_and_for_nothing_else(reason, until):
    with pytest.raises(IntegrityError, match="suppression_pause_ends"):
        Suppression.objects.create(address="siti@contoh.test", reason=reason, until=until)


def test_page_says_until_when_an_address_is_paused(returned, people):
    announcement = Announcement.objects.earliest("pk")
    client = Client()
    client.force_login(people["publisher"])
    page = client.get(announcement.get_absolute_url()).content.decode()
    day = date_format(timezone.localtime(returned.until), "j F Y")
    assert f"dijeda sampai {day}. Kode masuk tetap dikirim." in page


def test_complaint_suppresses_and_leaves_the_row_as_it_was(mailed):
    bounce(mailed, event="complaint")
    assert (state_of(mailed), Suppression.objects.get().reason) == (State.SENT, "complaint")


def test_same_bounce_twice_is_one(mailed):
    bounce(mailed, permanent=True)
    bounce(mailed, permanent=True)
    assert (ProviderEvent.objects.count(), Suppression.objects.count()) == (1, 1)


@pytest.mark.parametrize("change", [{"message_id": "<lain@contoh.test>"}, {"address": "budi@contoh.test"}, {"id": ""}])
def test_bounce_that_names_no_mail_of_ours_suppresses_nobody(mailed, change):
    assert bounce(mailed, permanent=True, **change).status_code == 200
    assert (state_of(mailed), Suppression.objects.count()) == (State.SENT, 0)


def test_mail_hook_asks_for_its_signature(mailed):
    assert post_mail({"id": "1"}, secret="lain").status_code == 403


@pytest.mark.parametrize(("status", "suppressed"), [("5.1.1", 1), ("5.2.2", 0)])
def test_bounce_of_a_mail_server_is_read(mailed, status, suppressed):
    report = DSN.format(address=mailed.address, status=status, message_id=mailed.message_id)
    for _time in range(2):
        assert post_mail(report.encode(), content_type="message/rfc822").status_code == 200
    found = (state_of(mailed), mailed.last_detail, ProviderEvent.objects.count(), Suppression.objects.count())
    assert found == (State.BOUNCED, status, 1, suppressed)


EMPTY_REPORT = b"Content-Type: multipart/report; boundary=B\n\n--B\n"


@pytest.mark.parametrize("body", [b"", b"\xff\x00", EMPTY_REPORT, DSN.encode()], ids=["", "bytes", "empty", "form"])
def test_broken_bounce_is_passed_over(mailed, body):
    assert post_mail(body, content_type="message/rfc822").status_code == 200
    assert state_of(mailed) == State.SENT


def test_stranger_who_writes_is_no_event_of_ours(service):
    writes("628999", "halo")
    assert ProviderEvent.objects.count() == 0
