"""Three ways into the register of people: alone on a phone, at the desk, by a school. And who may look."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.models import DataAccess
from accounts.roles import Role
from canvassing.models import SchoolJobCentre
from jobseekers.forms.people import DeskForm
from jobseekers.models import Consent, Disability, JobSeeker
from jobseekers.services import people as services
from tests.accounts.conftest import PASSWORD, make_person
from tests.factories import make_job_seeker, make_nik, make_vacancy

pytestmark = pytest.mark.django_db

NIK = "1872995704980001"
IDENTITY = {
    "nik": "1872 9957 0498 0001", "name": "Siti Contoh", "birth_place": "Metro", "birth_date": "1998-04-17",
    "sex": "female",
}  # fmt: skip
ADDRESS = {"region": "18.72.01.1003", "address": "Jalan Contoh 7", "phone": "081200000123"}
ABILITY = {"education": "4", "skills": "kasir, Kasir, Microsoft Excel", "languages": ["id", "en"]}
WISH = {"occupation": "52", "places": ["18.72"], "wage_from": "2,7 juta"}
NO_JOBS = {"experience-TOTAL_FORMS": "0", "experience-INITIAL_FORMS": "0"}
CONSENT = {"read": "on", "share": "on"}
DESK = IDENTITY | ADDRESS | ABILITY | WISH | NO_JOBS | CONSENT


def step(client, slug, data):
    return client.post(reverse("profile_step", args=[slug]), data)


def test_person_registers_in_steps_that_are_kept(people, client_for):
    client = client_for(people["job_seeker"])
    assert step(client, "diri", IDENTITY).url == reverse("profile_step", args=["alamat"])
    person = JobSeeker.objects.get()
    assert (person.state, person.name, person.nik_masked) == ("draft", "Siti Contoh", "1872********0001")
    for slug, data in {"alamat": ADDRESS, "kemampuan": ABILITY, "pengalaman": NO_JOBS, "keinginan": WISH}.items():
        step(client, slug, data)
    step(client, "disabilitas", {})
    assert step(client, "persetujuan", CONSENT).url == reverse("account")
    person.refresh_from_db()
    assert (person.state, person.via, person.user) == ("complete", "web", people["job_seeker"])
    assert (person.skills, person.languages, person.wage_from) == (
        ["kasir", "Microsoft Excel"],
        ["id", "en"],
        2_700_000,
    )
    assert list(person.consents.values_list("purpose", "channel", "recorded_by")) == [("share", "web", None)]


def test_newcomer_who_wanted_to_apply_comes_back_to_it_once_registered(people, client_for):
    client, application = client_for(people["job_seeker"]), reverse("apply", args=[make_vacancy().pk])
    assert client.get(application).url == reverse("account")
    steps = {"diri": IDENTITY, "alamat": ADDRESS, "kemampuan": ABILITY, "pengalaman": NO_JOBS, "keinginan": WISH}
    for slug, data in (steps | {"disabilitas": {}}).items():
        step(client, slug, data)
    assert step(client, "persetujuan", CONSENT).url == application
    assert client.get(application).status_code == 200


def test_unfinished_registration_goes_on_where_something_is_missing(people, client_for):
    client = client_for(people["job_seeker"])
    step(client, "diri", IDENTITY)
    assert step(client, "persetujuan", CONSENT).url == reverse("profile_step", args=["alamat"])
    assert JobSeeker.objects.get().state == "draft"


def test_later_steps_wait_for_the_first(people, client_for):
    assert step(client_for(people["job_seeker"]), "alamat", ADDRESS).url == reverse("profile_step", args=["diri"])
    assert not JobSeeker.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nik": ""}, "nik"),
        ({"nik": "123"}, "nik"),
        ({"nik": "1872999904980001"}, "nik"),
        ({"name": ""}, "name"),
        ({"name": "A" * 10_000}, "name"),
        ({"birth_date": "17 April"}, "birth_date"),
        ({"birth_date": "2024-01-01"}, "birth_date"),
        ({"birth_date": "1900-01-01"}, "birth_date"),
        ({"sex": "x"}, "sex"),
    ],
)
def test_bad_input_is_told_at_the_field_and_keeps_the_rest(people, client_for, change, field):
    response = step(client_for(people["job_seeker"]), "diri", IDENTITY | change)
    assert (response.status_code, list(response.context["form"].errors)) == (400, [field])
    assert response.context["form"]["birth_place"].value() == "Metro"
    assert not JobSeeker.objects.exists()


def test_minor_names_a_guardian(people, client_for, time_machine):
    time_machine.move_to(date(2026, 11, 24))
    young = IDENTITY | {"birth_date": "2010-01-05", "nik": "1872994501100001"}
    client = client_for(people["job_seeker"])
    assert list(step(client, "diri", young).context["form"].errors) == ["guardian_name"]
    step(client, "diri", young | {"guardian_name": "Bu Contoh"})
    assert list(step(client, "persetujuan", CONSENT).context["form"].errors) == ["evidence"]
    step(client, "persetujuan", CONSENT | {"evidence": "Ibu membaca ini bersama saya"})
    told = Consent.objects.values_list("purpose", "guardian", "evidence")
    assert list(told) == [("share", "Bu Contoh", "Ibu membaca ini bersama saya")]


def test_adult_is_not_asked_for_a_guardian(people, client_for):
    client = client_for(people["job_seeker"])
    step(client, "diri", IDENTITY)
    assert "Bukti wali" not in client.get(reverse("profile_step", args=["persetujuan"])).content.decode()


def test_desk_writes_down_how_a_guardian_agrees(people, client_for, time_machine):
    time_machine.move_to(date(2026, 11, 24))
    young = {"birth_date": "2010-01-05", "nik": "1872994501100001", "guardian_name": "Bu Contoh"}
    client, page = client_for(people["canvasser"]), reverse("job_seeker_new")
    refused = client.post(page, DESK | young)
    assert (refused.status_code, list(refused.context["consents"].errors)) == (400, ["evidence"])
    client.post(page, DESK | young | {"evidence": "Wali ikut hadir"})
    assert list(Consent.objects.values_list("guardian", "evidence")) == [("Bu Contoh", "Wali ikut hadir")]
    person = JobSeeker.objects.get()
    assert "evidence" in client.get(reverse("job_seeker_edit", args=[person.pk])).context["consents"].fields


def test_adult_found_to_be_a_minor_needs_the_guardian(people, client_for, time_machine):
    time_machine.move_to(date(2026, 11, 24))
    client = client_for(people["canvasser"])
    client.post(reverse("job_seeker_new"), DESK | {"share": ""})
    page = reverse("job_seeker_edit", args=[JobSeeker.objects.get().pk])
    version = client.get(page).context["form"]["version"].value()
    young = {"birth_date": "2010-01-05", "guardian_name": "Bu Contoh", "version": version}
    refused = client.post(page, DESK | young)
    assert (refused.status_code, list(refused.context["consents"].errors)) == (400, ["evidence"])
    assert 'name="evidence"' in refused.content.decode()


def test_known_nik_is_refused_and_nothing_is_kept(people, client_for):
    make_job_seeker(number=NIK)
    response = step(client_for(people["job_seeker"]), "diri", IDENTITY)
    assert list(response.context["form"].errors) == ["nik"]
    assert JobSeeker.objects.count() == 1


def test_staff_do_not_register_themselves_here(people, client_for):
    assert step(client_for(people["canvasser"]), "diri", IDENTITY).status_code == 403


def test_canvasser_registers_somebody_in_one_screen(people, client_for):
    response = client_for(people["canvasser"]).post(reverse("job_seeker_new"), DESK)
    person = JobSeeker.objects.get()
    assert response.url == person.get_absolute_url()
    assert (person.state, person.via, person.created_by) == ("complete", "desk", people["canvasser"])
    assert list(person.consents.values_list("purpose", "recorded_by")) == [("share", people["canvasser"].pk)]


def test_form_sent_twice_registers_once(people, client_for):
    client, data = client_for(people["canvasser"]), DESK | {"entry_id": "11111111-1111-4111-8111-111111111111"}
    first, second = (client.post(reverse("job_seeker_new"), data) for _ in range(2))
    assert (first.url, JobSeeker.objects.count()) == (second.url, 1)


def test_nik_that_does_not_fit_warns_but_registers(people, client_for):
    data = DESK | {"sex": "male"}
    response = client_for(people["canvasser"]).post(reverse("job_seeker_new"), data, follow=True)
    told = [str(message) for message in response.context["messages"]]
    assert told == [
        "Jenis kelamin tidak sama dengan angka di NIK. Cocokkan lagi dengan KTP.", "Siti Contoh terdaftar.",
    ]  # fmt: skip


def test_look_alikes_are_shown_before_a_second_record_is_made(people, client_for):
    make_job_seeker(name="SITI  CONTOH", birth_date=date(1998, 4, 17), number=make_nik())
    client = client_for(people["canvasser"])
    response = client.post(reverse("job_seeker_new"), DESK)
    assert [twin.name for twin in response.context["twins"]] == ["SITI  CONTOH"]
    assert JobSeeker.objects.count() == 1
    client.post(reverse("job_seeker_new"), DESK | {"not_same": "on"})
    assert JobSeeker.objects.count() == 2


def test_second_editor_sees_both_texts(people, client_for):
    person = make_job_seeker(number=NIK, address="Jalan Lama 1")
    client = client_for(people["canvasser"])
    client.post(reverse("job_seeker_edit", args=[person.pk]), DESK | {"nik": "", "version": "1"})
    response = client.post(
        reverse("job_seeker_edit", args=[person.pk]), DESK | {"nik": "", "version": "1", "address": "Jalan Baru 9"}
    )
    assert response.status_code == 409
    assert [(row.label, row.mine, row.stored) for row in response.context["conflicts"]] == [
        ("Alamat", "Jalan Baru 9", "Jalan Contoh 7")
    ]
    person.refresh_from_db()
    assert (person.address, person.nik_masked) == ("Jalan Contoh 7", "1872********0001")


def test_school_registers_its_graduate_and_no_other(people, client_for):
    client, school = client_for(people["bkk_officer"]), SchoolJobCentre.objects.get()
    client_for(people["other_bkk_officer"])
    other = SchoolJobCentre.objects.exclude(pk=school.pk).get()
    assert client.post(reverse("job_seeker_new"), DESK | {"school_centre": other.pk}).status_code == 400
    client.post(reverse("job_seeker_new"), DESK | {"school_centre": school.pk})
    person = JobSeeker.objects.get()
    assert (person.via, person.school_centre) == ("bkk", school)
    assert client.get(person.get_absolute_url()).status_code == 200
    assert client_for(people["other_bkk_officer"]).get(person.get_absolute_url()).status_code == 404


def test_school_neither_sees_nor_loses_what_was_told_about_a_disability(people, client_for):
    client, school = client_for(people["bkk_officer"]), SchoolJobCentre.objects.get()
    person = make_job_seeker(school_centre=school, number=NIK)
    Disability.objects.create(job_seeker=person, kinds=["hearing"], needs="Papan tulis")
    page = client.get(reverse("job_seeker_edit", args=[person.pk])).content.decode()
    assert "Papan tulis" not in page
    change = DESK | {"nik": "", "version": "1", "school_centre": school.pk, "disability-needs": "x"}
    assert client.post(reverse("job_seeker_edit", args=[person.pk]), change).status_code == 302
    assert Disability.objects.values_list("kinds", "needs").get() == (["hearing"], "Papan tulis")


def test_counter_records_a_disability(people, client_for):
    told = {"disability-kinds": ["sight"], "disability-needs": "Layar besar"}
    client_for(people["canvasser"]).post(reverse("job_seeker_new"), DESK | told)
    assert Disability.objects.values_list("kinds", "needs").get() == (["sight"], "Layar besar")


def test_nik_taken_between_the_check_and_the_save_is_told_at_its_field(people):
    form = DeskForm(DESK, instance=JobSeeker(via="desk"), by=people["canvasser"])
    assert form.is_valid()
    make_job_seeker(number=NIK)
    assert (form.save_person(), list(form.errors)) == (None, ["nik"])
    assert JobSeeker.objects.count() == 1


def test_number_of_a_document_is_no_skill(people, client_for):
    response = client_for(people["canvasser"]).post(reverse("job_seeker_new"), DESK | {"skills": f"kasir, {NIK}"})
    assert list(response.context["form"].errors) == ["skills"]


def test_looking_at_somebody_is_written_down(people, client_for):
    person = make_job_seeker(user=people["job_seeker"])
    client_for(people["manager"]).get(person.get_absolute_url())
    assert list(DataAccess.objects.values_list("actor", "subject", "action")) == [
        (people["manager"].pk, person.key, "view")
    ]


def test_person_reads_who_opened_the_nik_and_why(people, client_for):
    person, other = make_job_seeker(user=people["job_seeker"]), make_job_seeker()
    services.reveal_nik(person, by=people["manager"], reason="Permintaan Dukcapil")
    services.reveal_nik(other, by=people["manager"], reason="Untuk orang lain")
    page = client_for(people["job_seeker"]).get(reverse("account"))
    assert [(each.action, each.reason, who) for each, who in page.context["accesses"]] == [
        ("reveal_nik", "Permintaan Dukcapil", "Kepala kantor, Disnakertrans Kota Metro")
    ]
    assert people["manager"].name not in page.content.decode()


def test_owner_of_the_address_claims_the_record_by_the_birth_date(people, client_for):
    person = make_job_seeker(email="job_seeker@contoh.test", birth_date=date(1998, 4, 17))
    EmailAddress.objects.create(user=people["job_seeker"], email="job_seeker@contoh.test", verified=True)
    client = client_for(people["job_seeker"])
    assert client.get(reverse("profile_step", args=["diri"])).url == reverse("profile_claim")
    assert client.post(reverse("profile_claim"), {"birth_date": "1998-04-18"}).status_code == 400
    assert client.post(reverse("profile_claim"), {"birth_date": "17-04-1998"}).url == reverse("account")
    person.refresh_from_db()
    assert person.user == people["job_seeker"]


def test_record_of_an_unverified_address_is_not_claimed(people, client_for):
    make_job_seeker(email="job_seeker@contoh.test")
    EmailAddress.objects.create(user=people["job_seeker"], email="job_seeker@contoh.test", verified=False)
    assert client_for(people["job_seeker"]).get(reverse("profile_claim")).status_code == 404


def test_nik_search_finds_exactly_and_is_written_down(people, client_for):
    person = make_job_seeker(number=NIK)
    client = client_for(people["canvasser"])
    assert client.post(reverse("job_seeker_find"), {"nik": NIK}).url == person.get_absolute_url()
    assert client.post(reverse("job_seeker_find"), {"nik": "1872995704980002"}).url == reverse("job_seeker_list")
    assert list(DataAccess.objects.values_list("action", flat=True)) == ["search_nik"]


def test_nik_searches_are_limited(people, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"nik": (1, 3600)}
    services.find_by_nik(NIK, by=people["canvasser"])
    with pytest.raises(services.TooMany):
        services.find_by_nik(NIK, by=people["canvasser"])


def reveal(client, person, reason):
    return client.post(reverse("nik_reveal", args=[person.pk]), {"reason": reason})


def test_password_comes_again_before_a_nik(client_for):
    person = make_job_seeker(number=NIK)
    client = client_for(make_person(Role.MANAGER))
    assert reveal(client, person, "Permintaan Dukcapil").url.startswith(reverse("account_reauthenticate"))
    assert not DataAccess.objects.exists()


def test_manager_opens_a_nik_with_a_reason(client_for):
    person = make_job_seeker(number=NIK)
    client = client_for(make_person(Role.MANAGER))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert reveal(client, person, "").status_code == 400
    assert reveal(client, person, "Permintaan Dukcapil").context["number"] == NIK
    assert list(DataAccess.objects.values_list("action", "reason")) == [("reveal_nik", "Permintaan Dukcapil")]


@pytest.mark.parametrize(("rows", "queries"), [(1, 11), (3, 11)])
def test_list_asks_the_same_number_of_queries(people, client_for, django_assert_num_queries, rows, queries):
    for _each in range(rows):
        make_job_seeker()
    client = client_for(people["canvasser"])
    client.get(reverse("job_seeker_list"))
    with django_assert_num_queries(queries):
        assert len(client.get(reverse("job_seeker_list")).context["found"].rows) == rows
