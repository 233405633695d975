"""Entering a vacancy at the counter: what is kept, what is refused and in which words."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse

from canvassing.models import Employer, Vacancy
from tests.factories import make_employer, make_school_centre, make_vacancy, make_visit, today

pytestmark = pytest.mark.django_db
NEW = reverse("vacancy_new")


def entry(**changes) -> dict[str, str]:
    """What a canvasser types for a complete vacancy told by the employer."""
    typed = {
        "entry_id": str(uuid.uuid4()),
        "source": "employer",
        "obtained_on": str(today()),
        "employer_name": "PT Graha Sentosa",
        "title": "Penjaga malam",
        "occupation": "54",
        "openings_any": "4",
        "openings_female": "0",
        "openings_male": "0",
        "education": "2",
        "experience_years": "0",
        "wage_min": "2,7 juta",
        "wage_max": "Rp2.900.000",
        "wage_period": "month",
        "region": "18.72.04.1004",
        "working_hours": "5 malam seminggu, 20.00–04.00",
        "working_conditions": "kontrak 12 bulan",
        "employment": "pkwt",
        "valid_until": str(today() + timedelta(days=20)),
        "apply_via": "office",
        "submit": "1",
    }
    return typed | changes


@pytest.fixture
def canvasser(people, client_for):
    return client_for(people["canvasser"])


def error_at(response, field: str) -> str:
    return response.context["form"].errors.get(field, [""])[0]


def test_complete_entry_goes_to_the_check(canvasser, people):
    response = canvasser.post(NEW, entry())
    vacancy = Vacancy.objects.get()
    assert response["Location"] == reverse("staff_vacancy_detail", args=[vacancy.pk])
    assert (vacancy.state, vacancy.wage_min, vacancy.wage_max) == ("in_check", 2_700_000, 2_900_000)
    assert (vacancy.created_by, vacancy.employer.name) == (people["canvasser"], "PT Graha Sentosa")


def test_entry_from_a_visit_takes_employer_and_visit_over(canvasser, people):
    visit = make_visit("done", officer=people["canvasser"], employer=make_employer(name="Hotel Grand Yosodadi"))
    page = canvasser.get(f"{NEW}?kunjungan={visit.pk}")
    form = page.context["form"]
    assert (form["employer_name"].value(), form["visit"].value()) == ("Hotel Grand Yosodadi", visit.pk)
    canvasser.post(
        f"{NEW}?kunjungan={visit.pk}",
        entry(source="visit", visit=visit.pk, employer=visit.employer_id, employer_name="Hotel Grand Yosodadi"),
    )
    assert (Vacancy.objects.get().visit, Vacancy.objects.get().employer) == (visit, visit.employer)


def test_known_employer_is_used_again_whatever_its_spelling(canvasser):
    known = make_employer(name="PT. Graha Sentosa, Tbk")
    canvasser.post(NEW, entry(employer_name="pt graha  sentosa"))
    assert Vacancy.objects.get().employer == known
    assert Employer.objects.count() == 1


def test_draft_may_have_gaps(canvasser):
    typed = entry(working_hours="", valid_until="", region="", wage_min="", wage_max="", draft="1")
    del typed["submit"]
    canvasser.post(NEW, typed)
    assert Vacancy.objects.get().state == "draft"


def test_form_sent_ten_times_makes_one_row(canvasser):
    typed = entry()
    places = {canvasser.post(NEW, typed)["Location"] for _number in range(10)}
    assert Vacancy.objects.count() == 1
    assert len(places) == 1


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        (
            {"valid_until": "2020-01-01"},
            "valid_until",
            "Tanggal ini sudah lewat. Tulis hari terakhir orang bisa melamar.",
        ),
        ({"valid_until": "besok"}, "valid_until", "Tulis tanggal seperti 24-11-2026."),
        (
            {"wage_min": "3000000", "wage_max": "2000000"},
            "wage_min",
            "Upah mulai lebih besar daripada upah sampai. Tukar keduanya.",
        ),
        ({"wage_min": "banyak"}, "wage_min", "Tulis upah dengan angka, misalnya 2.700.000 atau 2,7 juta."),
        ({"wage_min": "", "wage_max": ""}, "wage_min", "Isi upah, atau centang bahwa pemberi kerja tidak menyebutnya."),
        ({"region": "18.72.99.1001"}, "region", "Wilayah ini tidak dikenal. Pilih dari daftar."),
        ({"title": "x" * 10_000}, "title", "Nama pekerjaan paling panjang 120 huruf. Yang diisi 10000."),
        ({"title": ""}, "title", "Isi nama pekerjaan."),
        ({"working_hours": ""}, "working_hours", "Isi jam kerja, misalnya “5 malam seminggu, 20.00–04.00”."),
        (
            {"age_max": "35"},
            "restriction_reason",
            "Tulis alasan batas usia atau jenis kelamin (SE Menaker M/6/HK.04/V/2025).",
        ),
        ({"source": "visit"}, "visit", "Pilih kunjungannya, atau ganti sumber."),
        ({"source": "online"}, "source_url", "Lowongan daring perlu tautan sumbernya."),
        ({"source": "bkk"}, "school_centre", "Pilih BKK yang menyampaikan lowongan ini."),
    ],
)
def test_bad_input_is_told_at_its_field_and_loses_nothing(canvasser, wrong, field, words):
    response = canvasser.post(NEW, entry(description="Menjaga gudang.", **wrong))
    assert response.status_code == 400
    assert error_at(response, field) == words
    assert response.context["form"]["description"].value() == "Menjaga gudang."
    assert "Menjaga gudang." in response.content.decode()
    assert Vacancy.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "rupiah"),
    [
        ("2700000", 2_700_000),
        ("2.700.000", 2_700_000),
        ("Rp 2.700.000,-", 2_700_000),
        ("2,7 juta", 2_700_000),
        ("2.5jt", 2_500_000),
        ("110 ribu", 110_000),
        ("110rb", 110_000),
    ],
)
def test_wage_is_read_as_people_write_it(canvasser, typed, rupiah):
    canvasser.post(NEW, entry(wage_min=typed, wage_max=""))
    assert Vacancy.objects.get().wage_min == rupiah


def test_restrictive_words_warn_but_do_not_block(canvasser):
    response = canvasser.post(NEW, entry(employer_words="Dicari pria, maks. 35 tahun", title=""))
    text = response.content.decode()
    assert re.search(r"<q>maks. 35 tahun</q> membatasi usia tanpa alasan", text)
    canvasser.post(NEW, entry(employer_words="Dicari pria, maks. 35 tahun"))
    assert Vacancy.objects.get().employer_words == "Dicari pria, maks. 35 tahun"


def test_state_author_and_version_can_not_be_posted(canvasser, people):
    canvasser.post(NEW, entry(state="published", created_by=people["publisher"].pk, version="9"))
    vacancy = Vacancy.objects.get()
    assert (vacancy.state, vacancy.created_by, vacancy.published_by) == ("in_check", people["canvasser"], None)


def edit_form(vacancy, **changes):
    return entry(
        version=str(vacancy.version), employer=vacancy.employer_id, employer_name=vacancy.employer.name, **changes
    )


def test_second_editor_gets_both_texts_and_may_decide(people, client_for):
    vacancy = make_vacancy("draft", created_by=people["canvasser"])
    url = reverse("vacancy_edit", args=[vacancy.pk])
    first, second = client_for(people["canvasser"]), client_for(people["publisher"])
    mine, theirs = edit_form(vacancy, title="Satpam", draft="1"), edit_form(vacancy, title="Penjaga gudang", draft="1")
    del mine["submit"], theirs["submit"]
    assert first.post(url, mine).status_code == 302
    response = second.post(url, theirs)
    assert response.status_code == 409
    assert [(row.mine, row.stored) for row in response.context["rows"] if row.label == "Nama pekerjaan"] == [
        ("Penjaga gudang", "Satpam")
    ]
    assert Vacancy.objects.get().title == "Satpam"
    assert "Pengalaman (tahun)" not in [row.label for row in response.context["rows"]]  # 0 and 0 are the same
    again = dict(response.context["posted"]) | {"version": str(response.context["vacancy"].version)}
    assert second.post(url, again).status_code == 302
    assert Vacancy.objects.get().title == "Penjaga gudang"


def test_editing_raises_the_version_by_one(canvasser, people):
    vacancy = make_vacancy("draft", created_by=people["canvasser"])
    typed = edit_form(vacancy, title="Satpam")
    del typed["submit"]
    canvasser.post(reverse("vacancy_edit", args=[vacancy.pk]), typed)
    assert Vacancy.objects.filter(version=F("version")).get().version == vacancy.version + 1


def test_lead_that_is_saved_becomes_a_draft(canvasser):
    vacancy = make_vacancy("lead", source="online", source_url="https://contoh.test/1")
    typed = edit_form(vacancy, source="online", source_url="https://contoh.test/1")
    del typed["submit"]
    canvasser.post(reverse("vacancy_edit", args=[vacancy.pk]), typed)
    assert Vacancy.objects.get().state == "draft"


def test_bkk_officer_enters_for_the_own_school_only(people, client_for):
    own, other = people["bkk_officer"].school_centres.get(), make_school_centre()
    client = client_for(people["bkk_officer"])
    assert client.post(NEW, entry(source="bkk", school_centre=other.pk)).status_code == 400
    client.post(NEW, entry(source="bkk", school_centre=own.pk))
    assert (Vacancy.objects.get().school_centre, Vacancy.objects.get().source) == (own, "bkk")


def test_employer_names_are_suggested_from_two_letters_on(canvasser):
    make_employer(name="Toko Buku Cahaya Ilmu")
    url = reverse("employer_names")
    assert "Toko Buku Cahaya Ilmu" in canvasser.get(url, {"employer_name": "cahaya"}).content.decode()
    assert canvasser.get(url, {"employer_name": "c"}).content.decode().strip() == ""


@pytest.mark.parametrize("typed", ["²", "x", "-1", "9" * 40, "1 OR 1=1", "٣"])
def test_start_from_something_that_is_no_number_is_no_error(canvasser, typed):
    for name in ("kunjungan", "perusahaan"):
        assert canvasser.get(NEW, {name: typed}).status_code in {200, 404}
    assert canvasser.post(NEW, entry(source="visit", visit=typed)).status_code == 400
    assert canvasser.get(reverse("staff_search"), {"q": f"LK-2026-{typed}"}).status_code == 200


def test_duplicate_hint_names_a_colleagues_vacancy(canvasser):
    twin = make_vacancy(title="Penjaga malam")
    page = canvasser.post(
        NEW, entry(employer=twin.employer_id, employer_name=twin.employer.name, title="Penjaga malam", working_hours="")
    )
    assert twin.number in page.content.decode()


def test_duplicate_hint_tells_a_bkk_officer_nothing_of_other_schools(people, client_for):
    own = people["bkk_officer"].school_centres.get()
    mine = make_vacancy("draft", source="bkk", school_centre=own, title="Penjaga malam")
    secret = make_vacancy("draft", title="Penjaga malam", employer=mine.employer)
    page = client_for(people["bkk_officer"]).get(reverse("vacancy_edit", args=[mine.pk]))
    assert secret.number not in page.content.decode()
