"""Transactional mail: a row in the caller's transaction, ahead of everything else, unreadable once it has left."""

from datetime import timedelta

import pytest
from django.core.mail import BadHeaderError, EmailMessage, send_mail
from django.db import transaction
from django.db.models.functions import Now

from announcements import dispatch, ledger, sweep
from announcements.mail import LedgerBackend
from announcements.models import Delivery, Suppression
from announcements.models.deliveries import State
from tests.announcements.conftest import work
from tests.factories import make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def real_backend(settings):
    """pytest-django puts mail into memory otherwise."""
    settings.EMAIL_BACKEND = "announcements.mail.LedgerBackend"


def send_code(address="siti@contoh.test"):
    return send_mail("Kode masuk", "Kode Anda 1234 5678", None, [address])


def test_mail_becomes_a_critical_row(settings):
    assert send_code() == 1
    row = Delivery.objects.get()
    assert (row.priority, row.state, row.address) == (0, State.QUEUED, "siti@contoh.test")
    assert row.message is not None
    assert b"1234 5678" in bytes(row.message)
    assert abs((row.expires_at - row.created_at) - timedelta(hours=1)) < timedelta(seconds=1)


def test_mail_of_a_transaction_that_is_undone_does_not_exist():
    with transaction.atomic():
        send_code()
        transaction.set_rollback(True)
    assert Delivery.objects.count() == 0


def test_mail_arrives_and_its_text_is_purged(sink):
    send_code()
    work(least_priority=Delivery.Priority.CRITICAL)
    (mail,) = sink.mails
    row = Delivery.objects.get()
    assert (mail.address, mail.message["Subject"]) == ("siti@contoh.test", "Kode masuk")
    assert mail.message["Message-ID"] == row.message_id
    assert (row.state, row.message) == (State.SENT, None)


def test_mail_to_several_is_one_row_each(sink):
    EmailMessage("Halo", "isi", to=["Siti <siti@contoh.test>"], bcc=["budi@contoh.test"]).send()
    work()
    assert sink.addresses == ["budi@contoh.test", "siti@contoh.test"]
    assert [mail.message["Bcc"] for mail in sink.mails] == [None, None]


def test_code_does_not_wait_behind_bulk(sink, announced):
    for number in range(30):
        make_subscription(email=f"orang{number}@contoh.test")
    announced()
    sweep.expand_all()
    send_code()
    dispatch.send_due(least_priority=Delivery.Priority.CRITICAL)
    assert sink.addresses == ["siti@contoh.test"]


def test_quiet_hours_do_not_hold_a_code(sink, settings):
    settings.QUIET_HOURS = ("00:00", "23:59")
    send_code()
    work()
    assert sink.addresses == ["siti@contoh.test"]


def test_code_that_could_not_leave_in_time_is_dropped_with_its_text():
    send_code()
    Delivery.objects.update(expires_at=Now() - timedelta(seconds=1))
    ledger.expire()
    row = Delivery.objects.get()
    assert (row.state, row.message) == (State.EXPIRED, None)


def test_mail_may_say_how_long_it_is_useful():
    message = EmailMessage("Konfirmasi", "isi", to=["siti@contoh.test"])
    message.useful_for = timedelta(days=7)  # type: ignore[attr-defined]
    message.send()
    row = Delivery.objects.get()
    assert abs((row.expires_at - row.created_at) - timedelta(days=7)) < timedelta(seconds=1)


def test_dead_address_gets_no_code(sink):
    Suppression.objects.create(address="siti@contoh.test")
    send_code()
    work()
    row = Delivery.objects.get()
    assert (sink.mails, row.state, row.message) == ([], State.SUPPRESSED, None)


def test_line_break_in_a_header_is_refused():
    with pytest.raises(BadHeaderError):
        send_mail("Kode\nBcc: x@contoh.test", "isi", None, ["siti@contoh.test"])
    assert Delivery.objects.count() == 0


def test_mail_without_recipients_is_nothing():
    assert LedgerBackend().send_messages([EmailMessage("Halo", "isi")]) == 0
    assert Delivery.objects.count() == 0
