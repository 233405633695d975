"""Token bucket and circuit breaker: the database decides, for all processes together, what a channel may do now."""

import time
from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from announcements import ledger, sweep
from announcements.models import ChannelControl, Delivery
from tests.announcements.conftest import make_due, states, work
from tests.factories import make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def thirty(announced):
    """An announcement to thirty addresses."""
    for number in range(30):
        make_subscription(email=f"orang{number:02}@contoh.test")
    announcement = announced()
    sweep.expand_all()
    return announcement


def control():
    return ChannelControl.objects.get(pk="email")


def let_pass(seconds):
    """Make the bucket and the breaker believe that so much time has passed."""
    past = timedelta(seconds=seconds)
    ChannelControl.objects.filter(open_until=None).update(refilled_at=Now() - past)
    ChannelControl.objects.exclude(open_until=None).update(open_until=F("open_until") - past)


def test_bucket_gives_what_the_rate_allows(thirty, settings):
    settings.MAIL_PER_MINUTE = 300  # five a second
    assert [len(ledger.claim("email")) for _ in range(2)] == [5, 0]
    let_pass(0.45)
    assert len(ledger.claim("email")) == 2


def test_bucket_holds_no_more_than_a_seconds_worth(thirty, settings):
    settings.MAIL_PER_MINUTE = 300
    ledger.claim("email")
    let_pass(3600)
    assert len(ledger.claim("email")) == 5


def test_admins_rate_wins_over_the_settings(thirty, settings):
    ChannelControl.objects.create(channel="email", per_minute=180)
    assert len(ledger.claim("email")) == 3


def test_critical_mail_overdraws_the_bucket_and_bulk_pays(thirty, settings):
    settings.MAIL_PER_MINUTE = 300
    ledger.claim("email")
    for number in range(4):
        Delivery.objects.create(
            channel="email", address=f"{number}@x.test", priority=0, message=b"", expires_at=Now() + timedelta(hours=1)
        )
    assert len(ledger.claim("email", least_priority=0)) == 4
    let_pass(0.7)
    assert ledger.claim("email") == []


def test_paused_channel_sends_nothing(sink, thirty):
    ChannelControl.objects.create(channel="email", paused=True)
    work()
    assert (sink.mails, set(states(thirty).values())) == ([], {"queued"})


def test_rate_is_kept_while_sending(sink, thirty, settings):
    settings.MAIL_PER_MINUTE = 600  # ten a second: ten at once, then two seconds for the rest
    began = time.monotonic()
    work()
    assert len(sink.mails) == 30
    assert 1.9 <= time.monotonic() - began < 4


def test_breaker_opens_after_five_failures_and_uses_no_more_tries(thirty, settings):
    settings.EMAIL_PORT = 1  # nobody listens there
    work(seconds=3)
    assert control().failures_in_row == 5
    assert Delivery.objects.filter(attempts__gt=0).count() == 5
    assert set(states(thirty).values()) == {"queued"}
    assert control().open_seconds == 60


def test_breaker_lets_one_probe_through_and_waits_twice_as_long_after_it(thirty, settings):
    settings.EMAIL_PORT = 1
    work(seconds=3)
    pauses = []
    for _probe in range(5):
        let_pass(control().open_seconds)
        make_due()
        before = sum(Delivery.objects.values_list("attempts", flat=True))
        work(seconds=1)
        assert sum(Delivery.objects.values_list("attempts", flat=True)) == before + 1
        pauses.append(control().open_seconds)
    assert pauses == [120, 240, 480, 900, 900]


def test_breaker_closes_when_a_probe_succeeds(sink, thirty, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    work(seconds=3)
    settings.EMAIL_PORT = port
    let_pass(60)
    make_due()
    work()
    assert len(sink.mails) == 30
    assert (control().failures_in_row, control().open_until) == (0, None)


def test_refused_recipients_do_not_open_the_breaker(sink, thirty):
    sink.answer_to_recipient = lambda address: "550 5.1.1 No such user"
    work()
    assert set(states(thirty).values()) == {"failed"}
    assert control().failures_in_row == 0


def test_server_that_refuses_us_as_sender_fails_nobody(sink, thirty, settings):
    settings.DEFAULT_FROM_EMAIL = f"{'x' * 600}@contoh.test"  # longer than the server takes
    work(seconds=3)
    assert (sink.mails, set(states(thirty).values())) == ([], {"queued"})
    assert control().failures_in_row == 5


def test_failures_with_successes_between_them_do_not_open_the_breaker(sink, thirty):
    sink.after_taking = lambda address: "hang up" if int(address[5:7]) % 3 == 0 else ""
    work()
    assert (Delivery.objects.filter(attempts__gt=0).count(), control().open_until) == (30, None)
