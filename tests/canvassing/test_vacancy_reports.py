"""Anybody may say that a published vacancy is wrong; publishers look into it."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from canvassing.models import VacancyReport
from tests.factories import make_vacancy, shown_a_minute_ago, today

pytestmark = pytest.mark.django_db

THANKS = "Terima kasih. Petugas memeriksa laporan Anda pada hari kerja."


@pytest.fixture
def vacancy():
    return make_vacancy(title="Staf kredit")


def report(client, vacancy, **answers):
    url = reverse("vacancy_report", args=[vacancy.pk])
    return client.post(url, {"reason": "fee"} | shown_a_minute_ago() | answers, follow=True)


def notices(response):
    return [str(message) for message in response.context["messages"]]


def make_report(vacancy, **fields):
    return VacancyReport.objects.create(**({"vacancy": vacancy, "reason": "fee", "text": "Diminta Rp150.000"} | fields))


def test_stranger_reports_a_vacancy_and_is_thanked(client, vacancy):
    response = report(client, vacancy, text="Diminta Rp150.000", contact="0812-0000-0199")
    assert response.redirect_chain == [(vacancy.get_absolute_url(), 302)]
    assert notices(response) == [THANKS]
    made = VacancyReport.objects.get()
    assert (made.vacancy, made.reason, made.text, made.contact) == (
        vacancy,
        "fee",
        "Diminta Rp150.000",
        "0812-0000-0199",
    )


def test_vacancy_page_links_to_the_form(client, vacancy):
    page = client.get(vacancy.get_absolute_url()).content.decode()
    assert page.count(f'href="{reverse("vacancy_report", args=[vacancy.pk])}"') == 2


def test_form_sent_twice_makes_one_report(client, vacancy):
    nonce = str(uuid.uuid4())
    assert [notices(report(client, vacancy, entry_id=nonce)) for _ in range(2)] == [[THANKS], [THANKS]]
    assert VacancyReport.objects.count() == 1


def test_program_is_thanked_and_makes_none(client, vacancy):
    assert notices(report(client, vacancy, website="https://beli.test")) == [THANKS]
    assert VacancyReport.objects.count() == 0


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"reason": ""}, {"reason": ["Pilih apa yang salah."]}),
        ({"reason": "other"}, {"text": ["Ceritakan apa yang salah."]}),
    ],
)
def test_bad_input_is_told_at_the_field_and_loses_nothing(client, vacancy, answers, errors):
    response = report(client, vacancy, contact="siti@contoh.test", **answers)
    assert (response.status_code, response.context["form"].errors) == (400, errors)
    assert response.context["form"]["contact"].value() == "siti@contoh.test"
    assert VacancyReport.objects.count() == 0


def test_database_wants_other_things_explained(vacancy):
    with pytest.raises(IntegrityError, match="vacancy_report_other_explained"):
        make_report(vacancy, reason="other", text="")


@pytest.mark.parametrize("state", ["draft", "in_check", "expired", "withdrawn"])
def test_only_open_vacancies_are_reported(client, state):
    vacancy = make_vacancy(state)
    assert report(client, vacancy).status_code == 404


def test_too_many_reports_of_one_address_are_refused(client, vacancy, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"report": (2, 3600)}
    assert [report(client, vacancy).status_code for _ in range(3)] == [200, 200, 429]


# --- Looked into ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["publisher", "manager"])
def test_report_waits_on_the_start_page_and_at_the_vacancy(people, client_for, vacancy, who):
    made = make_report(vacancy, contact="0812-0000-0199")
    client = client_for(people[who])
    assert list(client.get(reverse("workspace")).context["queues"]["reports"]["rows"]) == [made]
    page = client.get(reverse("staff_vacancy_detail", args=[vacancy.pk]))
    assert list(page.context["reports"]) == [made]
    assert "Bisa ditanya: 0812-0000-0199" in page.content.decode()


@pytest.mark.parametrize("who", ["canvasser", "admin"])
def test_others_see_neither_report_nor_contact(people, client_for, vacancy, who):
    make_report(vacancy, contact="0812-0000-0199")
    client = client_for(people[who])
    pages = [client.get(reverse("workspace")), client.get(reverse("staff_vacancy_detail", args=[vacancy.pk]))]
    assert ["0812-0000-0199" in page.content.decode() for page in pages] == [False, False]
    assert list(VacancyReport.objects.visible_to(people[who])) == []


def test_one_click_withdraws_the_vacancy_and_empties_the_queue(people, client_for, vacancy):
    make_report(vacancy)
    client = client_for(people["publisher"])
    client.post(reverse("vacancy_withdraw", args=[vacancy.pk]), {"reason": "Laporan masyarakat: Diminta uang"})
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.log.first().reason) == ("withdrawn", "Laporan masyarakat: Diminta uang")
    assert client.get(reverse("workspace")).context["queues"]["reports"]["count"] == 0


def test_settled_report_says_by_whom_and_why(people, client_for, vacancy):
    made = make_report(vacancy)
    client = client_for(people["publisher"])
    client.post(reverse("vacancy_report_settle", args=[made.pk]), {"finding": "Tidak ada pungutan"})
    made.refresh_from_db()
    assert (made.settled_by, made.finding) == (people["publisher"], "Tidak ada pungutan")
    assert list(VacancyReport.objects.waiting()) == []
    second = client_for(people["manager"]).post(
        reverse("vacancy_report_settle", args=[made.pk]), {"finding": "Lain"}, follow=True
    )
    assert notices(second) == ["Laporan ini sudah diselesaikan."]
    made.refresh_from_db()
    assert made.finding == "Tidak ada pungutan"


def test_report_is_settled_only_with_a_finding(people, client_for, vacancy):
    made = make_report(vacancy)
    url = reverse("vacancy_report_settle", args=[made.pk])
    assert notices(client_for(people["publisher"]).post(url, follow=True)) == ["Tulis hasil pemeriksaan."]
    assert list(VacancyReport.objects.waiting()) == [made]


@pytest.mark.parametrize("number", [1, 3])
def test_vacancy_page_asks_as_much_for_three_reports_as_for_one(
    people, client_for, vacancy, number, django_assert_num_queries
):
    for _ in range(number):
        make_report(vacancy)
    client = client_for(people["publisher"])
    url = reverse("staff_vacancy_detail", args=[vacancy.pk])
    client.get(url)
    with django_assert_num_queries(12):
        client.get(url)


def test_contact_is_forgotten_a_month_after_the_report_is_settled(people, vacancy):
    settled, waiting = make_report(vacancy, contact="0812-0000-0199"), make_report(vacancy, contact="0812-0000-0198")
    settled.settle(by=people["publisher"], finding="Tidak ada pungutan")
    for days, contacts in ((30, ["0812-0000-0198", "0812-0000-0199"]), (31, ["", "0812-0000-0198"])):
        VacancyReport.objects.forget_contacts(today() + timedelta(days=days))
        assert sorted(VacancyReport.objects.values_list("contact", flat=True)) == contacts
    assert list(VacancyReport.objects.waiting()) == [waiting]
