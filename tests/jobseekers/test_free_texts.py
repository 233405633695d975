"""A NIK that somebody types into sentences is refused where it is typed, and by the database."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from jobseekers.models import DataRequest
from jobseekers.services import requests
from tests.factories import (
    make_application,
    make_card,
    make_cohort,
    make_enrolment,
    make_job_seeker,
    make_office,
    make_vacancy,
)

pytestmark = pytest.mark.django_db

TYPED = "Ini KTP saya: 1872 9957 0498 0421"  # nobody's: there is no kecamatan 99
NO_NIK = "Telepon 0812 3456 7890, lulus 2019, minta 10.500.000-13.500.000, bisa 24-11-2026 08.00-16.00"
REFUSED = "Ada angka 16 digit seperti NIK. Hapus dulu: NIK tidak boleh ada di sini."
EXPERIENCE = {
    "experience-TOTAL_FORMS": "1",
    "experience-INITIAL_FORMS": "0",
    "experience-0-position": "Kasir",
    "experience-0-from_year": "2020",
}
GUARDED = {
    "announcement_title_without_nik",
    "announcement_without_nik",
    "draft_title_without_nik",
    "draft_without_nik",
    "application_log_without_nik",
    "application_without_nik",
    "appointment_without_nik",
    "card_without_nik",
    "chat_message_without_nik",
    "complaint_without_nik",
    "consent_without_nik",
    "data_request_without_nik",
    "disability_without_nik",
    "enrolment_log_without_nik",
    "enrolment_without_nik",
    "experience_without_nik",
    "feedback_without_nik",
    "override_without_nik",
    "person_texts_without_nik",
    "referral_without_nik",
    "score_sheet_without_nik",
}


@pytest.fixture
def known(people):
    make_office()
    person = make_job_seeker(user=people["job_seeker"])
    return {
        "person": person.pk,
        "vacancy": make_vacancy().pk,
        "cohort": make_cohort().pk,
        "application": make_application(job_seeker=make_job_seeker()).pk,
        "card": make_card("requested", job_seeker=make_job_seeker()).pk,
        "enrolment": make_enrolment(cohort=make_cohort(), job_seeker=make_job_seeker()).pk,
        "request": requests.ask(person, DataRequest.Kind.CORRECTION, via="web", words="Nama saya Sity").pk,
    }


@pytest.mark.parametrize(
    ("who", "path", "field", "others"),
    [
        ("job_seeker", "/akun/lamar/{vacancy}/", "message", {"share": "on"}),
        ("job_seeker", "/akun/data/perbaikan/", "words", {}),
        ("job_seeker", "/akun/data/hapus/", "words", {"sure": "on"}),
        ("job_seeker", "/akun/pelatihan/{cohort}/daftar/", "motivation", {}),
        ("job_seeker", "/akun/profil/kemampuan/", "summary", {"education": "3"}),
        ("canvasser", "/petugas/lowongan/{vacancy}/cocok/{person}/", "reason", {"verdict": "leave_out"}),
        ("canvasser", "/petugas/kartu/{card}/tolak/", "reason", {}),
        ("canvasser", "/petugas/permintaan-data/{request}/", "answer", {"refuse": "1"}),
        ("canvasser", "/petugas/pencaker/{person}/permintaan-data/", "words", {"kind": "withdrawal"}),
        ("job_seeker", "/akun/profil/pengalaman/", "experience-0-duties", EXPERIENCE),
    ],
)
def test_nik_in_a_sentence_is_refused_and_the_sentence_kept(people, client_for, known, who, path, field, others):
    answer = client_for(people[who]).post(path.format(**known), {field: TYPED, **others}, follow=True)
    page = answer.content.decode()
    assert (REFUSED in page, TYPED in page) == (True, True)


def test_database_knows_every_guarded_text():
    names = {each.name for model in apps.get_models() for each in model._meta.constraints}
    assert {name for name in names if name.endswith("_without_nik")} == GUARDED


def test_database_refuses_a_nik_in_a_sentence():
    person = make_job_seeker()
    for typed in (TYPED, "1872995704980421", "1872-9957-0498-0421", "187299.570498.0421"):
        with pytest.raises(IntegrityError, match="person_texts_without_nik"), transaction.atomic():
            type(person).objects.filter(pk=person.pk).update(summary=typed)
    assert type(person).objects.filter(pk=person.pk).update(summary=NO_NIK) == 1
