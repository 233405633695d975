"""Staff lists and records: literal query counts, visits, steps, search."""

from datetime import timedelta

import pytest
from django.urls import reverse

from canvassing.models import Employer, Vacancy, Visit
from tests.factories import make_contact, make_employer, make_vacancy, make_visit, today

pytestmark = pytest.mark.django_db


def make_rows(count, officer):
    for _number in range(count):
        employer = make_employer()
        make_contact(employer=employer)
        make_visit("done", employer=employer, officer=officer, next_step_on=today())
        make_vacancy(employer=employer)
        make_vacancy("in_check", employer=employer)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("who", "path", "queries"),
    [
        ("canvasser", "/petugas/", 22),
        ("publisher", "/petugas/", 25),
        ("canvasser", "/petugas/perusahaan/", 12),
        ("canvasser", "/petugas/kunjungan/", 10),
        ("canvasser", "/petugas/lowongan/", 10),
        ("bkk_officer", "/petugas/lowongan/", 6),
        ("canvasser", "/petugas/cari/?q=contoh", 13),
    ],
)
def test_staff_lists_ask_the_same_number_of_queries(
    people, client_for, django_assert_num_queries, who, path, queries, rows
):
    make_rows(rows, people["canvasser"])
    client = client_for(people[who])
    client.get(path)
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_review_page_asks_the_same_number_of_queries(people, client_for, django_assert_num_queries, rows):
    make_rows(rows, people["canvasser"])
    client, pk = client_for(people["publisher"]), Vacancy.objects.filter(state="in_check").first().pk
    client.get(reverse("review", args=[pk]))
    with django_assert_num_queries(10):
        client.get(reverse("review", args=[pk]))


def visit_entry(**changes):
    typed = {"planned_for_0": str(today()), "planned_for_1": "08:30", "purpose": "Tanya lowongan baru"}
    return typed | changes


DONE = {
    "visited_on": str(today()),
    "person_met": "Bu Lina, bagian umum",
    "outcome": "vacancies",
    "next_step": "Telepon untuk jam kerja",
    "next_step_on": str(today() + timedelta(days=7)),
}


@pytest.fixture
def canvasser(people, client_for):
    return client_for(people["canvasser"])


def test_visit_is_planned_first_and_closed_later(canvasser):
    employer = make_employer()
    canvasser.post(reverse("visit_new", args=[employer.pk]), visit_entry())
    visit = Visit.objects.get()
    assert visit.state == "planned"
    canvasser.post(reverse("visit_edit", args=[visit.pk]), visit_entry(**DONE))
    visit.refresh_from_db()
    assert (visit.state, visit.person_met, visit.outcome) == ("done", "Bu Lina, bagian umum", "vacancies")


@pytest.mark.parametrize("missing", sorted(DONE))
def test_visit_is_not_closed_without(canvasser, missing):
    response = canvasser.post(reverse("visit_new", args=[make_employer().pk]), visit_entry(**(DONE | {missing: ""})))
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [missing]
    assert Visit.objects.count() == 0


def test_visit_in_the_future_is_no_result(canvasser):
    wrong = DONE | {"visited_on": str(today() + timedelta(days=1))}
    response = canvasser.post(reverse("visit_new", args=[make_employer().pk]), visit_entry(**wrong))
    assert response.context["form"].errors["visited_on"] == [
        "Tanggal kunjungan belum tiba. Untuk rencana, kosongkan bagian hasil."
    ]


def test_visit_with_vacancies_leads_on_to_the_vacancy_form(canvasser):
    response = canvasser.post(reverse("visit_new", args=[make_employer().pk]), visit_entry(**DONE, then_vacancy="1"))
    assert response["Location"] == f"{reverse('vacancy_new')}?kunjungan={Visit.objects.get().pk}"


def test_next_step_is_ticked_off_by_its_officer_only(people, client_for):
    visit = make_visit("done", officer=people["canvasser"])
    url = reverse("visit_next_step_done", args=[visit.pk])
    assert client_for(people["other_canvasser"]).post(url).status_code == 404
    assert client_for(people["canvasser"]).post(url).status_code == 302
    assert Visit.objects.to_call_back(today() + timedelta(days=30)).count() == 0


@pytest.mark.parametrize(("days", "reminder"), [(6, None), (7, 7), (13, 7), (14, 14), (21, 21), (90, 21)])
def test_visit_reminders_come_at_7_14_and_21_days(days, reminder):
    visit = make_visit("done", visited_on=today() - timedelta(days=days))
    assert visit.reminder_day(today()) == reminder


def test_employer_is_saved_with_its_contact(canvasser):
    canvasser.post(
        reverse("employer_new"),
        {
            "name": "CV Karya Mitra",
            "region": "18.72.04.1003",
            "nib": "",
            "address": "",
            "website": "",
            "notes": "",
            "contacts-TOTAL_FORMS": "1",
            "contacts-INITIAL_FORMS": "0",
            "contacts-0-name": "Pak Heri",
            "contacts-0-phone": "+62 812 0000 0187",
        },
    )
    employer = Employer.objects.get()
    assert (employer.name, employer.contacts.get().phone) == ("CV Karya Mitra", "0812-0000-0187")


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"nib": "123"}, "nib", "NIB terdiri dari 13 angka. Kosongkan bila belum tahu."),
        ({"name": ""}, "name", "Tulis nama perusahaan."),
        ({"website": "bukan alamat"}, "website", "Alamat situs belum lengkap. Contoh: https://contoh.id."),
    ],
)
def test_employer_form_says_what_is_wrong(canvasser, typed, field, words):
    empty = {"name": "CV Karya", "contacts-TOTAL_FORMS": "0", "contacts-INITIAL_FORMS": "0"}
    response = canvasser.post(reverse("employer_new"), empty | typed)
    assert response.context["form"].errors[field] == [words]


def test_contact_without_telephone_or_mail_is_refused(canvasser):
    response = canvasser.post(
        reverse("employer_new"),
        {
            "name": "CV Karya",
            "contacts-TOTAL_FORMS": "1",
            "contacts-INITIAL_FORMS": "0",
            "contacts-0-name": "Pak Heri",
        },
    )
    assert response.status_code == 400
    assert response.context["contacts"].forms[0].non_field_errors() == [
        "Isi telepon atau e-mail, supaya bisa dihubungi."
    ]
    assert Employer.objects.count() == 0


def test_withdraw_closes_at_once_and_keeps_the_reason(people, client_for, client):
    vacancy = make_vacancy()
    client_for(people["publisher"]).post(reverse("vacancy_withdraw", args=[vacancy.pk]), {"reason": "Perusahaan batal"})
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.log.get().reason) == ("withdrawn", "Perusahaan batal")
    assert client.get(vacancy.get_absolute_url()).status_code == 404


def test_filled_answer_closes_the_vacancy(canvasser):
    vacancy = make_vacancy()
    canvasser.post(reverse("vacancy_fill", args=[vacancy.pk]), {"answer": "by_us", "female": "2", "male": ""})
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.filled_female, vacancy.filled_male) == ("filled", 2, None)


def test_relist_opens_a_new_draft(canvasser):
    vacancy = make_vacancy("expired")
    canvasser.post(reverse("vacancy_relist", args=[vacancy.pk]))
    assert Vacancy.objects.get(relisted_from=vacancy).state == "draft"


def test_send_back_returns_the_draft_with_the_comment(people, client_for):
    vacancy = make_vacancy("in_check", created_by=people["canvasser"])
    client_for(people["publisher"]).post(reverse("vacancy_send_back", args=[vacancy.pk]), {"reason": "Jam kerja?"})
    page = client_for(people["canvasser"]).get(reverse("staff_vacancy_detail", args=[vacancy.pk])).content.decode()
    assert "Jam kerja?" in page
    assert Vacancy.objects.get().state == "draft"


def test_queue_hides_own_entries_from_the_publisher(people, client_for):
    make_vacancy("in_check", created_by=people["publisher"])
    page = client_for(people["publisher"]).get(reverse("review_queue"))
    assert "Tidak ada yang menunggu pemeriksaan" in page.content.decode()


def test_staff_search_finds_numbers_words_and_companies(canvasser):
    vacancy = make_vacancy("draft", title="Juru masak", employer=make_employer(name="Hotel Yosodadi"))
    for typed in (vacancy.number, "koki", "yosodadi"):
        page = canvasser.get(reverse("staff_search"), {"q": typed})
        assert [row.pk for row in page.context["vacancies"]] == [vacancy.pk]
    assert [row.name for row in page.context["employers"]] == ["Hotel Yosodadi"]


def test_staff_list_pages_reach_every_row_once(canvasser):
    made = {make_vacancy("draft").pk for _number in range(60)}
    seen, url = [], reverse("staff_vacancy_list")
    while url:
        found = canvasser.get(url).context["found"]
        seen += [row.pk for row in found.rows]
        url = found.next and reverse("staff_vacancy_list") + found.next
    assert (len(seen), set(seen)) == (60, made)


@pytest.mark.parametrize("cursor", ["x", "e30", "W10", "bnVsbA", "W1siYSIsIDFdXQ"])
def test_staff_list_with_a_broken_position_shows_the_start(canvasser, cursor):
    make_vacancy("draft")
    assert len(canvasser.get(reverse("staff_vacancy_list"), {"sesudah": cursor}).context["found"].rows) == 1


def test_employer_form_tells_all_errors_at_once(canvasser):
    typed = {
        "name": "CV Karya",
        "nib": "12",
        "contacts-TOTAL_FORMS": "1",
        "contacts-INITIAL_FORMS": "0",
        "contacts-0-name": "Pak Heri",
    }
    context = canvasser.post(reverse("employer_new"), typed).context
    assert list(context["form"].errors) == ["nib"]
    assert context["contacts"].forms[0].non_field_errors() == ["Isi telepon atau e-mail, supaya bisa dihubungi."]
