"""Mail to many goes only with the word of the head of office."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from announcements import expansion, services
from announcements.models import Announcement, Delivery
from tests.announcements.conftest import make_due, states, work
from tests.factories import make_subscription, make_user, make_vacancy, today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_are_many(settings):
    settings.RECIPIENTS_WITHOUT_RELEASE = 1


@pytest.fixture
def held():
    """What a publisher announced to two people."""
    for name in ("siti", "budi"):
        make_subscription("active", email=f"{name}@contoh.test")
    announcement = services.announce(vacancies=[make_vacancy()], by=make_user(Role.PUBLISHER))
    assert announcement is not None
    return announcement


def state_of(announcement):
    return Announcement.objects.values_list("state", "approved_by").get(pk=announcement.pk)


def notices(response):
    return [str(message) for message in response.context["messages"]]


def test_mail_to_many_waits(held, sink):
    work()
    assert state_of(held) == ("held", None)
    assert (Delivery.objects.count(), sink.mails) == (0, [])


def test_mail_to_few_goes_at_once():
    for place in ("18.72", "18.72.01"):  # one person with two searches is one recipient
        make_subscription("active", email="siti@contoh.test", places=[place])
    publisher = make_user(Role.PUBLISHER)
    announcement = services.announce(vacancies=[make_vacancy()], by=publisher)
    assert state_of(announcement) == ("running", publisher.pk)


def test_people_whom_the_vacancy_does_not_fit_do_not_count():
    make_subscription("active", email="siti@contoh.test")
    make_subscription("active", email="budi@contoh.test", words="tidak ada pekerjaan begini")
    vacancy = make_vacancy()
    assert expansion.count_recipients([vacancy.pk], audience="instant", limit=9) == 1


def test_released_mail_goes_in_the_name_of_the_head(held, sink):
    manager = make_user(Role.MANAGER)
    assert services.release(held, by=manager)
    assert state_of(held) == ("running", manager.pk)
    work()
    make_due()
    assert set(states(held)) == {"siti@contoh.test", "budi@contoh.test"}
    assert set(states(held).values()) == {"sent"}
    assert not services.release(held, by=manager)


@pytest.mark.parametrize("role", [Role.PUBLISHER, Role.CANVASSER, Role.ADMIN])
def test_nobody_else_releases(held, role):
    with pytest.raises(PermissionDenied):
        services.release(held, by=make_user(role))
    assert state_of(held) == ("held", None)


def test_held_announcement_can_be_withdrawn(held):
    assert services.cancel(held, by=make_user(Role.PUBLISHER))
    assert not services.release(held, by=make_user(Role.MANAGER))
    assert state_of(held)[0] == "cancelled"


def test_database_keeps_a_held_announcement_unapproved(held):
    with pytest.raises(IntegrityError, match="announcement_held_is_unapproved"):
        Announcement.objects.filter(pk=held.pk).update(approved_by=make_user())


def test_daily_digest_needs_no_release():
    for name in ("siti", "budi"):
        make_subscription("active", email=f"{name}@contoh.test", frequency="daily")
    make_vacancy(published_at=timezone.now() - timedelta(days=1))
    digest = services.daily_digest(today())
    assert digest is not None
    assert state_of(digest) == ("running", None)


def test_head_finds_it_on_the_start_page_and_releases_it(held, people, client_for):
    client = client_for(people["manager"])
    assert list(client.get(reverse("workspace")).context["queues"]["held"]["rows"]) == [held]
    page = client.get(held.get_absolute_url()).content.decode()
    assert "Lebih dari 1 orang akan mendapat e-mail ini. Kepala dinas melepasnya." in page
    assert reverse("announcement_release", args=[held.pk]) in page
    response = client.post(reverse("announcement_release", args=[held.pk]), follow=True)
    assert notices(response) == ["Pengumuman dilepas. E-mail mulai berangkat."]
    assert client.get(reverse("workspace")).context["queues"]["held"]["count"] == 0


def test_publisher_reads_that_it_waits_and_has_no_button(held, people, client_for):
    client = client_for(people["publisher"])
    page = client.get(held.get_absolute_url()).content.decode()
    assert "Kepala dinas melepasnya." in page
    assert reverse("announcement_release", args=[held.pk]) not in page
    assert "held" not in client.get(reverse("workspace")).context["queues"]
