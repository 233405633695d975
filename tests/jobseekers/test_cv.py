"""The CV that a profile makes."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import DataAccess
from tests.factories import make_registered

pytestmark = pytest.mark.django_db


def text_of(response):
    assert response["Content-Disposition"] == 'attachment; filename="cv.pdf"'
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)


@pytest.fixture
def person(people):
    made = make_registered(
        user=people["job_seeker"], name="Siti Rahmadani", religion="islam", marital_status="married",
        skills=["Menjahit", "Pola busana"], wage_from=2_600_000,
    )  # fmt: skip
    made.experiences.create(
        position="Penjahit", employer="Konveksi Sulam Usang", from_year=2024, duties="Menjahit kemeja"
    )
    return made


def test_cv_says_what_the_person_can_do_and_nothing_that_must_not_count(people, client_for, person):
    said = text_of(client_for(people["job_seeker"]).get(reverse("own_cv")))
    wanted = ["Siti Rahmadani", "Menjahit", "Pola busana", "Konveksi Sulam Usang", "Menjahit kemeja", "Rp2.600.000"]
    assert [each for each in wanted if each not in said] == []
    hidden = [
        "Islam", "Kawin", person.get_sex_display(), person.birth_place, str(person.birth_date.year),
        person.nik_masked[-4:],
    ]  # fmt: skip
    assert [each for each in hidden if each in said] == []


def test_cv_that_staff_print_is_in_the_log_in_the_language_of_the_person(people, client_for, person):
    client = client_for(people["canvasser"])
    client.cookies["bahasa"] = "en"
    assert "Siti Rahmadani" in text_of(client.get(reverse("cv_print", args=[person.pk])))
    logged = DataAccess.objects.get(subject=person.key)
    assert (logged.actor, logged.action, logged.reason) == (people["canvasser"], "print", "mencetak CV")
