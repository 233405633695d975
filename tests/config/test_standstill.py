"""Mail that is due and that nobody tries to send is told on the start page."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from announcements import services
from announcements.models import Announcement, Attempt, ChannelControl, Delivery
from tests.factories import make_office, make_vacancy

pytestmark = pytest.mark.django_db


def due(minutes, **fields):
    moment = timezone.now() - timedelta(minutes=minutes)
    return Delivery.objects.create(
        channel="email",
        address="siti@contoh.test",
        message_id=f"<{uuid4()}@contoh.test>",
        not_before=moment,
        expires_at=timezone.now() + timedelta(days=1),
        priority=Delivery.Priority.CRITICAL,
        message=b"Subject: Kode\r\n\r\nKode",
        **fields,
    )


def standstill(client):
    return client.get(reverse("workspace")).context["standstill"]


@pytest.mark.parametrize(("minutes", "told"), [(4, 0), (12, 12)])
def test_waiting_mail_is_told_after_five_minutes(people, client_for, minutes, told):
    due(minutes)
    assert standstill(client_for(people["publisher"])) == told


def test_page_says_what_to_do(people, client_for):
    due(12)
    page = client_for(people["canvasser"]).get(reverse("workspace")).content.decode()
    assert "Sudah 12 menit ada kiriman yang tertahan." in page


def test_long_queue_that_is_being_worked_off_is_no_standstill(people, client_for):
    waiting = due(12)
    Attempt.objects.create(delivery=waiting, number=1, started_at=timezone.now(), outcome="no_answer")
    assert standstill(client_for(people["publisher"])) == 0


def test_channel_that_staff_have_stopped_is_no_standstill(people, client_for):
    due(12)
    ChannelControl.objects.create(channel="email", paused=True)
    assert standstill(client_for(people["publisher"])) == 0


def test_other_channel_that_staff_have_stopped_hides_no_standstill(people, client_for):
    due(12)
    ChannelControl.objects.create(channel="push", paused=True)
    assert standstill(client_for(people["publisher"])) == 12


@pytest.mark.parametrize(("minutes", "told"), [(4, 0), (12, 12)])
def test_announcement_whose_recipients_nobody_writes_is_told(people, client_for, minutes, told):
    make_office()
    announcement = services.announce(vacancies=[make_vacancy()], by=people["publisher"])
    Announcement.objects.filter(pk=announcement.pk).update(created_at=timezone.now() - timedelta(minutes=minutes))
    assert standstill(client_for(people["publisher"])) == told


def test_lease_that_no_sweep_settles_is_told_even_while_mail_flows(people, client_for):
    held = due(12, state="claimed", token=uuid4(), lease_until=timezone.now() - timedelta(minutes=7))
    Attempt.objects.create(delivery=held, number=1, started_at=timezone.now(), outcome="accepted")
    assert standstill(client_for(people["publisher"])) == 7
