"""Search over open vacancies: words, facets, counts, keyset pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from canvassing.models import Vacancy
from canvassing.search import Criteria, count, page
from tests.factories import make_employer, make_vacancy

pytestmark = pytest.mark.django_db


def found(**criteria) -> set[str]:
    return {vacancy.title for vacancy in Criteria(**criteria).apply(Vacancy.objects.open())}


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("sopir", "Supir truk"),
        ("driver", "Sopir pribadi"),
        ("berpengalaman", "Tukang berpengalaman"),
        ("pengalaman", "Tukang berpengalaman"),
        ("satpam", "Security malam"),
        ("penjaga keamanan", "Satpam gudang"),
        ("administrasi", "Staf admin"),
        ("las", "Welder bengkel"),
        ("PENJAHIT", "Penjahit busana"),
        ("kasir di toko", "Kasir toko"),
        ('"kasir toko"', "Kasir toko"),
        ("-gudang kasir", "Kasir toko"),
    ],
)
def test_words_find_what_people_mean(typed, title):
    make_vacancy(title=title)
    make_vacancy(title="Apoteker rumah sakit")
    assert found(words=typed) == {title}


def test_words_find_employer_and_text_too():
    make_vacancy(title="Kasir", employer=make_employer(name="Toko Buku Cahaya Ilmu"))
    make_vacancy(title="Pelayan", description="Bisa membuat roti dan kue")
    assert found(words="cahaya ilmu") == {"Kasir"}
    assert found(words="kasir cahaya") == {"Kasir"}
    assert found(words="roti") == {"Pelayan"}


@pytest.mark.parametrize("typed", ["'", '"', "\\", "a & b | !", "<->", "yang", "%", "x" * 100, "💥", ":*"])
def test_words_of_any_kind_are_no_error(typed):
    make_vacancy(title="Kasir")
    assert found(words=typed) == set()


def test_facets_narrow_each_in_its_own_way():
    make_vacancy(title="kota", region_id="18.72.01.1003")
    make_vacancy(title="tengah", region_id="18.02")
    make_vacancy(title="jakarta", region_id="31.74")
    make_vacancy(title="sarjana", region_id="18.71", education_id=9)
    make_vacancy(title="mahal", region_id="18.71", wage_min=4_000_000, wage_max=5_000_000)
    make_vacancy(title="harian", region_id="18.71", wage_min=110_000, wage_max=None, wage_period="day")
    make_vacancy(title="ahli", region_id="18.71", experience_years=3)
    make_vacancy(title="difabel", region_id="18.71", open_to_disability=True)
    make_vacancy(title="paruh", region_id="18.71", part_time=True)
    assert found(places=("18.72",)) == {"kota"}
    assert found(places=("18.72.01", "18.02")) == {"kota", "tengah"}
    assert found(places=("luar",)) == {"jakarta"}
    assert "sarjana" not in found(education=4)
    assert found(wage_from=3_000_000) == {"mahal"}
    assert "harian" in found(wage_from=2_500_000)
    assert "ahli" not in found(no_experience=True)
    assert found(open_to_disability=True) == {"difabel"}
    assert found(part_time=True) == {"paruh"}


def test_since_days_leaves_out_older_ones():
    make_vacancy(title="lama", published_at=timezone.now() - timedelta(days=8))
    make_vacancy(title="baru")
    assert found(since_days=7) == {"baru"}


@pytest.mark.parametrize("state", ["lead", "draft", "in_check", "filled", "expired", "withdrawn"])
def test_search_never_finds_what_is_not_published(state):
    make_vacancy(state, title="Kasir")
    assert found(words="kasir") == set()


def test_counts_leave_the_own_facet_out():
    make_vacancy(title="a", region_id="18.72.01.1003")
    make_vacancy(title="b", region_id="18.02")
    make_vacancy(title="c", region_id="18.02", education_id=9)
    counts = count(Criteria(places=("18.02",), education=4), Vacancy.objects.open())
    assert counts.total == 1
    assert {k: v for k, v in counts.facets["places"].items() if len(k) == 5} == {"18.72": 1, "18.02": 1}
    assert counts.facets["education"] == {"3": 1, "9": 1}


def test_city_count_holds_vacancies_whose_kecamatan_is_not_known():
    make_vacancy(region_id="18.72")
    make_vacancy(region_id="18.72.01.1003")
    assert count(Criteria(), Vacancy.objects.open()).facets["places"] == {"18.72": 2, "18.72.01": 1}


def test_counts_ask_the_database_once(django_assert_num_queries):
    make_vacancy(title="Kasir")
    count(Criteria(), Vacancy.objects.open())
    with django_assert_num_queries(1):
        count(Criteria(words="kasir", places=("18.72",), education=4), Vacancy.objects.open())


def test_counts_stop_at_the_cap(monkeypatch):
    monkeypatch.setattr("canvassing.search.CAP", 2)
    for _number in range(4):
        make_vacancy()
    counts = count(Criteria(), Vacancy.objects.open())
    assert (counts.total, counts.capped, counts.shown) == (3, True, "2+")


def test_pages_meet_without_gap_or_overlap():
    moment = timezone.now()
    for number in range(7):
        make_vacancy(title=str(number), published_at=moment)  # the same moment: the id decides
    rows = Vacancy.objects.open()
    first = page(rows, size=3)
    second = page(rows, after=first.next, size=3)
    third = page(rows, after=second.next, size=3)
    assert [[row.title for row in each.rows] for each in (first, second, third)] == [
        ["6", "5", "4"],
        ["3", "2", "1"],
        ["0"],
    ]
    assert (first.previous, third.next) == (None, None)
    back = page(rows, before=third.previous, size=3)
    assert [row.title for row in back.rows] == ["3", "2", "1"]
    assert page(rows, before=back.previous, size=3).previous is None


@pytest.mark.parametrize(
    "cursor", ["", "x", "20260101T000000000000-", "99999999T999999999999-1", "-", "a-b", "20260101T000000000000-9e9"]
)
def test_broken_cursor_shows_the_first_page(cursor):
    make_vacancy()
    assert len(page(Vacancy.objects.open(), after=cursor).rows) == 1


def test_criteria_survive_their_query_string():
    criteria = Criteria(
        words="kasir toko",
        places=("18.72", "luar"),
        education=4,
        occupation_group="5",
        wage_from=2_500_000,
        since_days=7,
        no_experience=True,
        open_to_disability=True,
        part_time=True,
    )
    assert Criteria.from_query(QueryDict(criteria.query)) == criteria
    assert Criteria().query == ""


@pytest.mark.parametrize(
    "query",
    [
        "tempat=99.99",
        "pendidikan=abc",
        "pendidikan=99",
        "jabatan=x",
        "upah=-1",
        "upah=1e9",
        "sejak=0",
        "difabel=ya",
        "q=%00",
        "tempat=%27",
    ],
)
def test_criteria_ignore_what_cannot_be(query):
    assert Criteria.from_query(QueryDict(query)) == Criteria()


def test_criteria_in_words():
    criteria = Criteria(words="kasir", places=("18.72",), education=4)
    assert criteria.in_words() == "“kasir”, Kota Metro, SMA atau SMK"
    assert Criteria().in_words() == "semua lowongan"


def test_search_functions_need_no_search_path_so_that_a_backup_can_be_restored():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = ''")
        cursor.execute("SELECT public.canvassing_vacancy_search('Supir', 'PT Maju', '{mobil}', 'Mengantar barang')")
        assert "'sopir':1A" in cursor.fetchone()[0]
        cursor.execute("SET LOCAL search_path = public")
