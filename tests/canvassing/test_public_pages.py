"""What everybody sees: home, list, one vacancy; with literal query counts and sizes."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import make_employer, make_school_centre, make_vacancy, make_visit, today

pytestmark = pytest.mark.django_db
LIST = "/lowongan/"


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("/", 4), (LIST, 2), (f"{LIST}?q=kasir&tempat=18.72", 2)])
def test_list_pages_ask_the_same_number_of_queries(client, django_assert_num_queries, path, queries, rows):
    for _number in range(rows):
        make_vacancy(title="Kasir")
    client.get(path)  # warms what the process keeps: office and names
    with django_assert_num_queries(queries):
        response = client.get(path)
    assert response.content.decode().count('class="kk-vacancy"') == rows


@pytest.mark.parametrize("state", ["published", "filled", "expired"])
@pytest.mark.parametrize("source", ["visit", "bkk", "employer"])
@pytest.mark.parametrize("apply_via", ["office", "email", "visit"])
def test_detail_asks_a_fixed_number_of_queries(client, django_assert_num_queries, state, source, apply_via):
    origin = {"visit": {"visit": make_visit("done")}, "bkk": {"school_centre": make_school_centre()}}.get(source, {})
    published_at = make_vacancy().published_at
    vacancy = make_vacancy(state, source=source, apply_via=apply_via, published_at=published_at, **origin)
    client.get(vacancy.get_absolute_url())
    with django_assert_num_queries(2):
        client.get(vacancy.get_absolute_url())


def test_list_shows_the_facts_and_the_trust_label(client):
    visit = make_visit("done", visited_on=today() - timedelta(days=1))
    make_vacancy(
        title="Pramuniaga",
        employer=visit.employer,
        source="visit",
        visit=visit,
        wage_min=2_700_000,
        wage_max=3_100_000,
        region_id="18.72.01.1003",
        openings_any=5,
        education_id=3,
    )
    text = client.get(LIST).content.decode()
    for words in (
        "Pramuniaga",
        "Imopuro, Metro Pusat",
        "Rp2.700.000–Rp3.100.000",
        "SMA ke atas",
        "5 orang",
        "kunjungan petugas",
    ):
        assert words in text


def test_list_says_when_the_wage_is_not_stated(client):
    make_vacancy(wage_min=None, wage_max=None, wage_not_stated=True)
    assert "Upah tidak disebut" in client.get(LIST).content.decode()


def test_list_answers_htmx_with_the_results_only(client):
    make_vacancy(title="Kasir")
    response = client.get(LIST, headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "Kasir" in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_list_without_hits_offers_ways_on_with_counts(client):
    make_vacancy(title="Tukang las", region_id="18.02")
    text = client.get(f"{LIST}?q=las+bawah+air&tempat=18.72").content.decode()
    assert "Belum ada lowongan yang cocok" in text
    assert re.search(r"Cari “las” di semua tempat</a>\s*<span>1 lowongan", text)


def test_list_first_load_is_under_100_kilobytes(client, settings):
    """Page, stylesheets and scripts as they go over the wire (gzip for the page, brotli files for the rest)."""
    for number in range(25):
        make_vacancy(title=f"Operator produksi tepung tapioka giliran {number}", description="x" * 2000)
    page = client.get(LIST, headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < 15_000


def test_detail_carries_job_posting_data(client):
    vacancy = make_vacancy(title="Kasir </script>", wage_min=2_000_000, wage_max=2_500_000, region_id="18.72.01.1003")
    text = client.get(vacancy.get_absolute_url()).content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])
    assert data["@type"] == "JobPosting"
    assert data["title"] == "Kasir </script>"
    assert data["baseSalary"]["value"] == {
        "@type": "QuantitativeValue",
        "unitText": "MONTH",
        "minValue": 2_000_000,
        "maxValue": 2_500_000,
    }
    assert data["validThrough"].startswith(str(vacancy.valid_until))
    assert data["jobLocation"]["address"]["addressRegion"] == "Lampung"


def test_detail_never_shows_the_private_contact(client):
    vacancy = make_vacancy(contact="Bu Lina 0812-0000-0142", employer_words="pria saja, kata bos")
    text = client.get(vacancy.get_absolute_url()).content.decode()
    assert "0812-0000-0142" not in text
    assert "kata bos" not in text


def test_address_is_the_one_of_the_page():
    vacancy = make_vacancy(title="Juru las, baja & besi")
    assert vacancy.get_absolute_url() == reverse("vacancy_detail", args=[vacancy.pk, vacancy.slug])


def test_detail_with_an_old_slug_goes_to_the_present_one(client):
    vacancy = make_vacancy(title="Kasir")
    response = client.get(reverse("vacancy_detail", args=[vacancy.pk, "nama-lama"]))
    assert (response.status_code, response["Location"]) == (301, vacancy.get_absolute_url())


@pytest.mark.parametrize("state", ["filled", "expired"])
def test_closed_vacancy_says_so_without_label_or_posting(client, state):
    vacancy = make_vacancy(state, published_at=make_vacancy().published_at)
    response = client.get(vacancy.get_absolute_url())
    text = response.content.decode()
    assert response.status_code == 410
    assert "Sudah ditutup" in text
    assert "kk-trust-block" not in text
    assert "ld+json" not in text


def test_vacancy_past_its_day_is_closed_before_the_sweep(client):
    vacancy = make_vacancy(valid_until=today() - timedelta(days=1))
    assert client.get(vacancy.get_absolute_url()).status_code == 410
    assert "kk-vacancy" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("state", ["lead", "draft", "in_check", "withdrawn"])
def test_unpublished_vacancy_does_not_exist_for_the_public(client, state):
    vacancy = make_vacancy(state)
    assert client.get(vacancy.get_absolute_url()).status_code == 404


def test_detail_of_nothing_is_not_found(client):
    assert client.get("/lowongan/999999/kasir/").status_code == 404


def test_english_is_one_click_away_and_remembered(client):
    make_vacancy()
    response = client.get("/bahasa/en/?next=/lowongan/")
    assert (response.status_code, response["Location"]) == (302, "/lowongan/")
    assert '<html lang="en">' in client.get(LIST).content.decode()


def test_language_link_never_leads_to_another_site(client):
    assert client.get("/bahasa/en/?next=https://jahat.test/")["Location"] == "/"


def test_browser_language_does_not_change_the_site(client):
    response = client.get(LIST, headers={"Accept-Language": "en-US"})
    assert '<html lang="id">' in response.content.decode()


def test_search_is_limited_per_address(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"search": (2, 60)}
    answers = [client.get(f"{LIST}?q=kasir").status_code for _number in range(3)]
    assert answers == [200, 200, 429]
    assert client.get(LIST).status_code == 200


def test_employer_with_markup_in_its_name_stays_text(client):
    mark = "<script>alert(1)</script>"
    make_vacancy(title=mark, employer=make_employer(name=mark), field_of_study=mark)
    for path in (LIST, f"{LIST}?q={mark}"):
        assert "<script>alert(1)" not in client.get(path).content.decode()
    text = client.get(LIST).content.decode()
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3


def test_list_without_any_vacancy_says_so_plainly(client):
    text = client.get(LIST).content.decode()
    assert "Belum ada lowongan terbuka" in text
    assert "untuk <strong>semua lowongan" not in text
