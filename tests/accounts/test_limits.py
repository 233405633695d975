"""Limits by person or IP address, counted in the real cache."""

import pytest
import time_machine
from django.core.cache import caches
from django.urls import reverse

from accounts.limits import within

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def small_limits(settings):
    settings.RATE_LIMITS = {"search": (2, 60), "subscribe": (0, 60)}


@pytest.fixture
def cache_gone(settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": NOBODY_LISTENS}}
    yield
    del caches["default"]  # the connection to nobody


def test_limit_counts_by_key():
    with time_machine.travel("2026-11-24T05:00:00Z", tick=False):
        assert [within("search", "10.0.0.1") for _ in range(3)] == [True, True, False]
        assert within("search", "10.0.0.2")


def test_limit_begins_anew_with_the_next_window():
    with time_machine.travel("2026-11-24T05:00:00Z", tick=False) as clock:
        answers = [within("search", "10.0.0.1") for _ in range(3)]
        clock.shift(60)
        answers.append(within("search", "10.0.0.1"))
    assert answers == [True, True, False, True]


def test_limit_of_nothing_is_off():
    assert all(within("subscribe", "10.0.0.1") for _ in range(50))


def test_unknown_action_is_an_error():
    with pytest.raises(KeyError):
        within("dance", "10.0.0.1")


def test_limit_lets_everybody_through_without_cache(cache_gone):
    assert [within("search", "10.0.0.1") for _ in range(5)] == [True] * 5


@pytest.mark.django_db
def test_third_search_is_answered_429(client):
    url = reverse("vacancy_list")
    with time_machine.travel("2026-11-24T05:00:00Z", tick=False):
        answers = [client.get(url, {"q": "kasir"}) for _ in range(3)]
        other = client.get(url, {"q": "kasir"}, REMOTE_ADDR="10.0.0.9")
        without_words = client.get(url)
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    assert (other.status_code, without_words.status_code) == (200, 200)


@pytest.mark.django_db
def test_search_works_without_cache(client, cache_gone):
    url = reverse("vacancy_list")
    assert [client.get(url, {"q": "kasir"}).status_code for _ in range(3)] == [200] * 3


@pytest.mark.django_db
def test_a_made_up_forwarding_header_does_not_change_who_is_counted(client):
    url = reverse("vacancy_list")
    with time_machine.travel("2026-11-24T05:00:00Z", tick=False):
        answers = [client.get(url, {"q": "kasir"}, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


@pytest.mark.django_db
def test_people_who_share_an_address_are_counted_apart(people, client_for):
    url = reverse("vacancy_list")
    first, second = client_for(people["job_seeker"]), client_for(people["canvasser"])
    with time_machine.travel("2026-11-24T05:00:00Z", tick=False):
        answers = [client.get(url, {"q": "kasir"}).status_code for client in (first, first, first, second)]
    assert answers == [200, 200, 429, 200]
