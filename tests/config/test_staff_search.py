"""One search for staff; it finds for each what they may see."""

import pytest
from django.urls import reverse

from tests.factories import make_card, make_employer, make_job_seeker, make_vacancy

pytestmark = pytest.mark.django_db


def search(client, typed):
    return client.get(reverse("staff_search"), {"q": typed}).context


@pytest.mark.parametrize("who", ["canvasser", "manager"])
def test_people_are_found_by_name_and_by_card_number(people, client_for, who):
    siti = make_job_seeker(name="Siti Contoh Sari")
    make_job_seeker(name="Budi Contoh")
    card = make_card("issued", job_seeker=siti)
    client = client_for(people[who])
    assert list(search(client, "contoh sari")["people"]) == [siti]
    assert list(search(client, card.number.lower())["people"]) == [siti]
    assert list(search(client, card.number[:-1])["people"]) == []


def test_bkk_officer_finds_only_graduates_of_the_own_school(people, client_for):
    own, other = (people[who].school_centres.get() for who in ("bkk_officer", "other_bkk_officer"))
    graduate = make_job_seeker(name="Siti Contoh", school_centre=own)
    strangers = [make_job_seeker(name="Siti Lain", school_centre=other), make_job_seeker(name="Siti Umum")]
    card = make_card("issued", job_seeker=strangers[0])
    client = client_for(people["bkk_officer"])
    assert list(search(client, "siti")["people"]) == [graduate]
    assert list(search(client, card.number)["people"]) == []


@pytest.mark.parametrize("who", ["publisher", "admin"])
def test_others_find_no_people(people, client_for, who):
    make_job_seeker(name="Siti Contoh")
    assert "people" not in search(client_for(people[who]), "siti")


def test_nik_finds_nobody(people, client_for):
    nik = "1872994401980001"
    make_job_seeker(number=nik)
    assert list(search(client_for(people["canvasser"]), nik)["people"]) == []


def test_vacancies_and_companies_are_found_as_before(people, client_for):
    employer = make_employer(name="Toko Kain Contoh")
    vacancy = make_vacancy(title="Kasir kain", employer=employer)
    client = client_for(people["canvasser"])
    assert list(search(client, "kain")["vacancies"]) == [vacancy]
    assert list(search(client, "kain")["employers"]) == [employer]
    assert list(search(client, vacancy.number)["vacancies"]) == [vacancy]


@pytest.mark.parametrize("name", ["employer_list", "visit_list", "staff_vacancy_list", "job_seeker_list"])
def test_filtered_list_without_rows_says_so_and_offers_all(people, client_for, name):
    client, url, nothing = client_for(people["canvasser"]), reverse(name), "Tidak ada yang cocok dengan saringan ini"
    filtered = client.get(url, {"q": "tidak ada sama sekali"}).content.decode()
    assert nothing in filtered
    assert f'<a class="btn btn-secondary" href="{url}">Hapus saringan</a>' in filtered
    for unfiltered in (url, f"{url}?q="):
        assert nothing not in client.get(unfiltered).content.decode()


def test_filtered_cards_are_not_called_waiting_requests(people, client_for):
    page = client_for(people["canvasser"]).get(reverse("card_list"), {"q": "siapa", "state": "requested"})
    assert "Tidak ada kartu yang cocok" in page.content.decode()
