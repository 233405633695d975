"""The database's matching of subscriptions and the public search must find the same vacancies."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from canvassing.models import Region, Vacancy
from jobseekers.alerts import MATCHES, matching_parameters
from jobseekers.models import AlertSubscription
from tests.factories import make_employer, make_subscription, make_user, make_vacancy

pytestmark = pytest.mark.django_db

WORDS = ["", "kasir", "cashier", "toko", "yang", "kasir toko", "-toko", '"kasir toko"', "<b>'; --", "guru"]
PLACES = ["18.72", "18.72.01", "18.72.02", "18", "31.71", "luar"]


def matched(subscription: AlertSubscription) -> set[int]:
    statement = (
        f"SELECT v.id FROM jobseekers_alertsubscription s, canvassing_vacancy v WHERE s.id = %(id)s AND {MATCHES}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"id": subscription.pk, **matching_parameters()})
        return {pk for (pk,) in cursor.fetchall()}


def found(subscription: AlertSubscription) -> set[int]:
    return set(subscription.criteria.apply(Vacancy.objects.all()).values_list("pk", flat=True))


def make_many_kinds() -> None:
    """Vacancies that differ in everything one may search by."""
    Region.objects.get_or_create(code="31.71", defaults={"name": "Jakarta Pusat"})
    common: dict[str, Any] = {"created_by": make_user(), "employer": make_employer(name="Toko Contoh")}
    make_vacancy(title="Kasir toko", region_id="18.72.01", **common)
    make_vacancy(title="Guru tari", region_id="18.72.02", education_id=8, occupation_id="23", **common)
    make_vacancy(title="Kurir", region_id="31.71", education_id=0, wage_min=150_000, wage_period="day", **common)
    make_vacancy(title="Juru masak", wage_not_stated=True, experience_years=2, part_time=True, **common)
    make_vacancy(title="Admin", wage_min=1_000_000, wage_max=5_000_000, open_to_disability=True, **common)
    make_vacancy(title="Di rumah", state="draft", region_id=None, occupation_id=None, **common)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ({}, {"Kasir toko", "Guru tari", "Kurir", "Juru masak", "Admin", "Di rumah"}),
        ({"words": "cashier"}, {"Kasir toko"}),
        ({"words": "guru"}, {"Guru tari"}),
        ({"words": "yang"}, set()),
        ({"places": ["18.72.02"]}, {"Guru tari"}),
        ({"places": ["31.71"]}, {"Kurir"}),
        ({"places": ["luar"]}, {"Kurir"}),
        ({"places": ["18.72.02", "luar"]}, {"Guru tari", "Kurir"}),
        ({"education": 0}, {"Kurir"}),
        ({"education": 11, "occupation_group": "2"}, {"Guru tari"}),
        ({"wage_from": 3_000_000}, {"Kurir", "Admin"}),
        ({"wage_from": 0}, {"Kasir toko", "Guru tari", "Kurir", "Juru masak", "Admin", "Di rumah"}),
        ({"part_time": True}, {"Juru masak"}),
        ({"open_to_disability": True}, {"Admin"}),
        ({"no_experience": True, "words": "masak"}, set()),
    ],
)
def test_matching_finds_what_the_criterion_means(search, expected):
    make_many_kinds()
    subscription = make_subscription(**search)
    titles = set(Vacancy.objects.filter(pk__in=matched(subscription)).values_list("title", flat=True))
    assert titles == expected
    assert matched(subscription) == found(subscription)


class TestMatching(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make_many_kinds()

    @settings(max_examples=100, deadline=None)
    @given(
        search=st.fixed_dictionaries(
            {
                "words": st.sampled_from(WORDS),
                "places": st.lists(st.sampled_from(PLACES), unique=True, max_size=3),
                "education": st.none() | st.integers(0, 11),
                "occupation_group": st.sampled_from(["", "2", "5"]),
                "wage_from": st.none() | st.sampled_from([0, 1, 2_700_000, 3_000_000, 5_000_001]),
                "no_experience": st.booleans(),
                "open_to_disability": st.booleans(),
                "part_time": st.booleans(),
            }
        )
    )
    def test_matching_agrees_with_the_public_search(self, search: dict[str, Any]) -> None:
        subscription = make_subscription(**search)
        assert matched(subscription) == found(subscription)
