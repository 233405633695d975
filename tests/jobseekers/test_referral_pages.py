"""Applications on the pages: the person's, the office's, the employer's."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import DataAccess
from jobseekers.models import Application, Consent, Referral
from jobseekers.services import people as person_services
from tests.accounts.conftest import last_text_to
from tests.factories import (
    make_application,
    make_contact,
    make_job_seeker,
    make_referral,
    make_vacancy,
    today,
)

pytestmark = pytest.mark.django_db


def consenting(**fields):
    person = make_job_seeker(**fields)
    person_services.agree(person, {Consent.Purpose.SHARE}, channel="desk", by=None)
    return person


# --- The person -----------------------------------------------------------------------------------


def test_vacancy_page_leads_to_the_application(client, people):
    vacancy = make_vacancy(title="Kasir")
    path = reverse("apply", args=[vacancy.pk])
    assert path in client.get(vacancy.get_absolute_url()).content.decode()
    assert client.get(path).url == f"{reverse('account_login')}?next={path}"


def test_who_is_not_registered_is_sent_to_register(people, client_for):
    path = reverse("apply", args=[make_vacancy().pk])
    response = client_for(people["job_seeker"]).get(path, follow=True)
    assert response.redirect_chain == [(reverse("account"), 302)]
    assert "Lengkapi data diri dulu" in response.content.decode()


def test_person_applies_and_agrees_on_the_same_page(people, client_for):
    person, vacancy = make_job_seeker(user=people["job_seeker"]), make_vacancy(title="Penjahit busana")
    client, path = client_for(people["job_seeker"]), reverse("apply", args=[vacancy.pk])
    assert client.post(path, {"message": "Halo"}).status_code == 400
    assert not Application.objects.exists()
    for _ in range(2):
        assert client.post(path, {"message": "Halo", "share": "on"}).url == reverse("applications")
    row = Application.objects.get()
    assert (row.way, row.message, row.created_by, person.consents_to("share")) == ("site", "Halo", None, True)
    for name in ("applications", "account"):
        assert "Penjahit busana" in client.get(reverse(name)).content.decode()


def test_minor_applies_with_the_guardian(people, client_for):
    born = date(today().year - 16, 1, 1)
    person = make_job_seeker(user=people["job_seeker"], birth_date=born, guardian_name="Bu Ani")
    client, path = client_for(people["job_seeker"]), reverse("apply", args=[make_vacancy().pk])
    assert list(client.post(path, {"share": "on"}).context["form"].errors) == ["evidence"]
    client.post(path, {"share": "on", "evidence": "Ibu membaca ini bersama saya"})
    assert list(person.consents.values_list("guardian", "evidence")) == [("Bu Ani", "Ibu membaca ini bersama saya")]
    assert Application.objects.count() == 1


def test_who_has_agreed_is_not_asked_again(people, client_for):
    consenting(user=people["job_seeker"])
    client, path = client_for(people["job_seeker"]), reverse("apply", args=[make_vacancy().pk])
    assert 'name="share"' not in client.get(path).content.decode()
    assert client.post(path).status_code == 302


def test_other_ways_are_noted_without_sharing(people, client_for):
    person = make_job_seeker(user=people["job_seeker"])
    vacancy = make_vacancy(apply_via="email", apply_to="lamar@contoh.test")
    client_for(people["job_seeker"]).post(reverse("apply", args=[vacancy.pk]))
    assert (Application.objects.get().way, person.consents.count()) == ("own", 0)


def test_restricted_person_reads_why(people, client_for):
    make_job_seeker(user=people["job_seeker"], restricted_at=timezone.now())
    response = client_for(people["job_seeker"]).post(reverse("apply", args=[make_vacancy().pk]), {"share": "on"})
    assert (response.status_code, Application.objects.count()) == (409, 0)
    assert "dibatasi" in response.content.decode()


def test_refusal_is_told_in_plain_words_with_the_next_step(people, client_for):
    person = make_job_seeker(user=people["job_seeker"])
    row = make_application(job_seeker=person)
    make_referral(row)
    Application.objects.update(state="rejected", reason_id="skill")
    page = client_for(people["job_seeker"]).get(reverse("applications")).content.decode()
    assert "keterampilan yang belum ada di profil Anda" in page
    assert "Lihat pelatihan gratis dari kantor." in page


def test_person_takes_back_the_own_application_only(people, client_for):
    mine = make_application(job_seeker=make_job_seeker(user=people["job_seeker"]))
    other = make_application()
    client = client_for(people["job_seeker"])
    assert client.post(reverse("application_withdraw", args=[other.pk])).status_code == 404
    for _ in range(2):
        assert client.post(reverse("application_withdraw", args=[mine.pk])).status_code == 302
    states = dict(Application.objects.values_list("pk", "state"))
    assert (states, mine.log.count()) == ({mine.pk: "withdrawn", other.pk: "applied"}, 1)


# --- The office -----------------------------------------------------------------------------------


def test_officer_proposes_somebody_by_number(people, client_for):
    person, vacancy = make_job_seeker(), make_vacancy(title="Kasir")
    make_vacancy(title="Penjahit")
    client, path = client_for(people["canvasser"]), reverse("application_propose", args=[person.pk])
    found = client.get(path, {"q": vacancy.number}).context["vacancies"]
    assert list(found) == [vacancy]
    for _ in range(2):
        client.post(path, {"vacancy": vacancy.pk})
    row = Application.objects.get()
    assert (row.way, row.created_by, row.log.get().actor) == ("office", people["canvasser"], people["canvasser"])


def test_officer_looks_at_the_letter_and_issues_it(people, client_for):
    contact = make_contact(name="Bu Lina", position="bagian umum")
    vacancy = make_vacancy(employer=contact.employer)
    yes, no = consenting(name="Siti Setuju"), make_job_seeker(name="Tono Belum")
    rows = [make_application(job_seeker=each, vacancy=vacancy) for each in (yes, no)]
    client, path = client_for(people["canvasser"]), reverse("referral_new", args=[vacancy.pk])
    page = client.get(path)
    assert page.context["form"].initial["to"] == "Bu Lina, bagian umum"
    assert page.context["form"].initial["answer_by"] == today() + timedelta(days=14)
    assert "belum setuju" in page.content.decode()
    given = {"to": "Bu Lina", "answer_by": today() + timedelta(days=7), "applications": [rows[0].pk]}
    preview = client.post(path, given)
    assert (preview.status_code, Referral.objects.count()) == (200, 0)
    assert "kami perkenalkan" in preview.content.decode()
    assert client.post(path, given | {"issue": "1", "applications": [rows[1].pk]}).status_code == 400
    assert client.post(path, given | {"issue": "1", "answer_by": today()}).status_code == 400
    assert client.post(path, given | {"issue": "1"}).url == reverse("referral_detail", args=[Referral.objects.get().pk])
    assert client.post(path, given | {"issue": "1"}).status_code == 400
    assert Referral.objects.count() == 1


def test_letter_is_printed_and_noted(people, client_for):
    row = make_application(job_seeker=consenting())
    referral = make_referral(row)
    response = client_for(people["canvasser"]).get(reverse("referral_print", args=[referral.pk]))
    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")
    assert DataAccess.objects.get(subject=row.job_seeker.key).action == "print"


@pytest.mark.parametrize(
    ("posted", "state", "status"),
    [
        ({"step": "accepted"}, "accepted", 302),
        ({"step": "invited"}, "invited", 302),
        ({"step": "withdrawn"}, "withdrawn", 302),
        ({"step": "rejected", "reason": "skill"}, "rejected", 302),
        ({"step": "rejected"}, "referred", 400),
        ({"step": "silent"}, "referred", 400),
        ({}, "referred", 400),
    ],
)
def test_officer_records_what_the_employer_says(people, client_for, posted, state, status):
    row = make_application()
    make_referral(row)
    response = client_for(people["canvasser"]).post(reverse("application_step", args=[row.pk]), posted)
    assert (response.status_code, Application.objects.get().state) == (status, state)


def test_second_officer_is_told_that_it_changed(people, client_for):
    row = make_application()
    make_referral(row)
    client, path = client_for(people["canvasser"]), reverse("application_step", args=[row.pk])
    client.post(path, {"step": "accepted"})
    assert client.post(path, {"step": "rejected", "reason": "skill"}).status_code == 409


def test_work_filters_find_their_rows(people, client_for):
    client = client_for(people["canvasser"])
    contact = make_contact(email="")
    waiting, late, done = make_application(), make_application(), make_application()
    near = make_application(vacancy=make_vacancy(employer=contact.employer))
    make_referral(late, issued_on=today() - timedelta(days=9), answer_by=today() - timedelta(days=1))
    make_contact(employer=late.vacancy.employer, email="lina@contoh.test")
    make_referral(near, answer_by=today() + timedelta(days=1))
    make_referral(done)
    Application.objects.filter(pk=done.pk).update(state="accepted")
    found = {
        work: [row.pk for row in client.get(reverse("application_list"), {"waits": work}).context["found"].rows]
        for work in ("surat", "lewat", "telepon", "penempatan")
    }
    assert found == {"surat": [waiting.pk], "lewat": [late.pk], "telepon": [near.pk], "penempatan": [done.pk]}


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_as_often_for_three_as_for_one(people, client_for, django_assert_num_queries, count):
    for _ in range(count):
        make_application()
    client = client_for(people["manager"])
    client.get(reverse("application_list"))
    with django_assert_num_queries(12):
        client.get(reverse("application_list"))


# --- The employer ---------------------------------------------------------------------------------


def letter_of(*names):
    rows = [make_application(job_seeker=make_job_seeker(name=names[0], email="siti@contoh.test"))]
    rows += [make_application(job_seeker=make_job_seeker(name=name), vacancy=rows[0].vacancy) for name in names[1:]]
    return make_referral(*rows), rows


def test_employer_sees_names_and_nothing_else(client):
    referral, (row,) = letter_of("Siti Rahmadani")
    page = client.get(reverse("employer_answer", args=[referral.token])).content.decode()
    assert "Siti Rahmadani" in page
    person = row.job_seeker
    for secret in (person.phone, person.email, person.address, person.nik_masked, "1998", str(person.education)):
        assert secret not in page


def test_employer_answers_each_person_once(client):
    referral, (siti, tono, _ani) = letter_of("Siti", "Tono", "Ani")
    path = reverse("employer_answer", args=[referral.token])
    given = {f"{siti.pk}-answer": "accepted", f"{tono.pk}-answer": "rejected"}
    assert client.post(path, given).status_code == 400
    assert set(Application.objects.values_list("state", flat=True)) == {"referred"}
    assert client.post(path, given | {f"{tono.pk}-reason": "skill"}).status_code == 200
    assert list(Application.objects.order_by("pk").values_list("state", flat=True)) == [
        "accepted", "rejected", "referred",
    ]  # fmt: skip
    log = siti.log.get()
    assert (log.actor, log.note) == (None, "dari perusahaan lewat tautan surat")
    assert "Petugas memastikan hari mulai kerja" in last_text_to("siti@contoh.test")
    client.post(path, {f"{siti.pk}-answer": "rejected", f"{siti.pk}-reason": "skill"})
    siti.refresh_from_db()
    assert siti.state == "accepted"


def test_looking_changes_nothing_and_empty_answers_neither(client):
    referral, (row,) = letter_of("Siti")
    path = reverse("employer_answer", args=[referral.token])
    client.get(path)
    client.post(path, {})
    row.refresh_from_db()
    assert (row.state, row.log.count()) == ("referred", 0)


def test_employer_cannot_answer_for_people_of_another_letter(client):
    referral, _rows = letter_of("Siti")
    _other, (stranger,) = letter_of("Tono")
    client.post(reverse("employer_answer", args=[referral.token]), {f"{stranger.pk}-answer": "accepted"})
    stranger.refresh_from_db()
    assert stranger.state == "referred"


@pytest.mark.parametrize("change", [{"restricted_at": timezone.now()}, {"state": "draft"}])
def test_employer_no_longer_sees_who_asked_to_stop(client, change):
    referral, (row,) = letter_of("Siti Rahmadani")
    type(row.job_seeker).objects.filter(pk=row.job_seeker_id).update(**change)
    assert "Siti Rahmadani" not in client.get(reverse("employer_answer", args=[referral.token])).content.decode()


def test_made_up_and_old_links_say_so(client):
    referral, _rows = letter_of("Siti")
    Referral.objects.filter(pk=referral.pk).update(
        issued_on=today() - timedelta(days=181), answer_by=today() - timedelta(days=160)
    )
    assert client.get(reverse("employer_answer", args=[uuid4()])).status_code == 404
    response = client.get(reverse("employer_answer", args=[referral.token]))
    assert (response.status_code, "Siti" in response.content.decode()) == (410, False)
