"""What a person sees, takes along and asks for; what the office does about it, and by when."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import DataAccess
from announcements.models import Delivery
from jobseekers.models import Consent, DataRequest, FollowUp, JobSeeker
from jobseekers.services import placements, requests, retention
from jobseekers.services.personal_data import export
from tests.factories import make_card, make_job_seeker, make_nik, make_placement, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(people):
    return make_job_seeker(user=people["job_seeker"], email="siti@contoh.test", name="Siti Rahmadani")


@pytest.fixture
def client(client_for, people, me):
    return client_for(people["job_seeker"])


def test_export_covers_every_table_that_points_to_a_person():
    sections_of = {
        "Disability": "disability", "Experience": "experiences", "Consent": "consents", "Document": "documents",
        "RegistrationCard": "cards", "Application": "applications", "Appointment": "appointments",
        "TalentListEntry": "talent_lists", "MatchOverride": "overrides", "Placement": "placements",
        "RegisterEvent": "register", "ChatSubscription": "chats", "ChatMessage": "messages", "DataRequest": "requests",
        "Merge": "merges", "JobSeeker": "merges",
        "Enrolment": "training", "CompetenceCertificate": "competence_certificates",
    }  # fmt: skip
    # MatchPerson repeats the profile as numbers
    pointing = {each.related_model.__name__ for each in JobSeeker._meta.related_objects}
    assert {name for name in pointing if not name.endswith("Event") or name == "RegisterEvent"} == {
        *sections_of,
        "MatchPerson",
    }


def test_export_names_the_person_and_masks_the_number(client, me):
    number = make_nik()
    me.set_nik(number)
    me.save()
    card = make_card(job_seeker=me)
    response = client.get("/akun/data/salinan.json")
    copy = json.loads(response.content)
    assert copy["profile"]["name"] == "Siti Rahmadani"
    assert copy["profile"]["nik_masked"] == f"{number[:4]}********{number[12:]}"
    assert [row["number"] for row in copy["cards"]] == [card.number]
    assert number not in response.content.decode()
    assert list(DataAccess.objects.filter(subject=me.key).values_list("action", flat=True)) == ["export"]


def test_export_is_limited(client, me, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"my_data": (1, 3600)}
    assert [client.get("/akun/data/salinan.json").status_code for _ in range(2)] == [200, 429]


def test_page_says_who_looked_without_names(client, me, people):
    DataAccess.objects.create(actor=people["canvasser"], subject=me.key, action="view", reason="mencocokkan lowongan")
    text = client.get("/akun/data/").content.decode()
    assert "Petugas Disnakertrans Kota Metro" in text
    assert "mencocokkan lowongan" in text
    assert people["canvasser"].name not in text


def test_stranger_has_no_data_page(client_for, people):
    assert client_for(people["canvasser"]).get("/akun/data/").status_code == 404


def test_consent_is_given_and_withdrawn_at_once(client, me):
    client.post("/akun/data/persetujuan/share/")
    assert me.consents_to("share")
    client.post("/akun/data/persetujuan/share/", {"withdraw": "1"})
    assert not me.consents_to("share")
    assert list(me.data_requests.values_list("kind", "state")) == [("withdrawal", "done")]


def test_minor_needs_the_guardian(client, me):
    JobSeeker.objects.filter(pk=me.pk).update(birth_date=date(today().year - 16, 1, 1), guardian_name="Bu Ani")
    client.post("/akun/data/persetujuan/share/")
    assert not me.consents_to("share")
    client.post("/akun/data/persetujuan/share/", {"guardian": "Bu Ani", "evidence": "ikut hadir"})
    assert list(Consent.objects.values_list("guardian", "evidence")) == [("Bu Ani", "ikut hadir")]
    assert "ikut hadir" in client.get("/akun/data/").content.decode()


def test_restriction_holds_at_once_and_can_be_lifted(client, me):
    client.post("/akun/data/batasi/")
    assert not JobSeeker.objects.usable().filter(pk=me.pk).exists()
    assert list(DataRequest.objects.open().values_list("kind", flat=True)) == ["restriction"]
    client.post("/akun/data/batasi/", {"lift": "1"})
    assert JobSeeker.objects.usable().filter(pk=me.pk).exists()
    assert not DataRequest.objects.open().exists()


def test_correction_needs_words(client, me):
    assert client.post("/akun/data/perbaikan/", {"words": ""}).status_code == 400
    assert client.post("/akun/data/perbaikan/", {"words": "Nama saya Sity"}).status_code == 302
    assert client.post("/akun/data/perbaikan/", {"words": "Sekali lagi"}).status_code == 302
    assert list(me.data_requests.values_list("kind", "words")) == [("correction", "Nama saya Sity")]


def test_erasure_must_be_meant_and_stops_matching(client, me):
    assert client.post("/akun/data/hapus/", {}).status_code == 400
    client.post("/akun/data/hapus/", {"sure": "on", "alerts": "on"})
    asked = me.data_requests.get()
    assert (asked.kind, asked.erase_alerts) == ("erasure", True)
    assert not JobSeeker.objects.usable().filter(pk=me.pk).exists()


def test_queue_tells_the_hours_left(client_for, people, me):
    asked = requests.ask(me, "correction", via="web", words="Nama")
    late = requests.ask(make_job_seeker(), "access", via="desk")
    DataRequest.objects.filter(pk=asked.pk).update(received_at=timezone.now() - timedelta(hours=60, minutes=30))
    DataRequest.objects.filter(pk=late.pk).update(received_at=timezone.now() - timedelta(hours=75, minutes=30))
    text = client_for(people["canvasser"]).get("/petugas/permintaan-data/").content.decode()
    assert "11 jam lagi" in text
    assert "Lewat 4 jam" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_queue_costs_the_same_for_every_length(client_for, people, rows, django_assert_num_queries):
    client = client_for(people["canvasser"])
    for _ in range(rows):
        requests.ask(make_job_seeker(), "access", via="desk")
    client.get("/petugas/permintaan-data/")
    with django_assert_num_queries(10):
        client.get("/petugas/permintaan-data/")


def test_person_gets_the_outcome_by_mail(client_for, people, me):
    asked = requests.ask(me, "correction", via="web", words="Nama")
    client = client_for(people["canvasser"])
    assert client.post(f"/petugas/permintaan-data/{asked.pk}/", {"refuse": "1", "answer": ""}).status_code == 400
    client.post(f"/petugas/permintaan-data/{asked.pk}/", {"refuse": "1", "answer": "KTP tidak cocok"})
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.handled_by) == ("refused", "KTP tidak cocok", people["canvasser"])
    assert list(Delivery.objects.values_list("address", flat=True)) == ["siti@contoh.test"]


def test_second_answer_is_refused(people, me):
    asked = requests.ask(me, "correction", via="web", words="Nama")
    requests.finish(asked, by=people["canvasser"])
    with pytest.raises(requests.AlreadyAnswered):
        requests.refuse(asked, by=people["manager"], answer="Tidak")


def test_erasure_is_the_heads_to_decide(client_for, people, me):
    asked = requests.ask(me, "erasure", via="web")
    path = f"/petugas/permintaan-data/{asked.pk}/"
    assert client_for(people["canvasser"]).post(path, {"done": "1"}).status_code == 403
    client_for(people["manager"]).post(path, {"done": "1"})
    me.refresh_from_db()
    assert me.state == "erased"


def test_desk_records_a_request(client_for, people, me):
    client = client_for(people["canvasser"])
    client.post(f"/petugas/pencaker/{me.pk}/permintaan-data/", {"kind": "access", "words": ""})
    asked = me.data_requests.get()
    assert (asked.kind, asked.via, asked.recorded_by) == ("access", "desk", people["canvasser"])


def test_head_reads_the_access_log(client_for, people, me):
    DataAccess.objects.create(actor=people["canvasser"], subject=me.key, action="view", reason="kartu")
    client = client_for(people["manager"])
    assert "Siti Rahmadani" in client.get("/petugas/akses-data/?action=view").content.decode()
    assert "Siti Rahmadani" not in client.get("/petugas/akses-data/?action=print").content.decode()


def test_idle_people_are_told_and_then_erased(me):
    JobSeeker.objects.filter(pk=me.pk).update(active_at=timezone.now() - timedelta(days=731))
    now = timezone.now()
    assert [retention.sweep(now), retention.sweep(now)] == [1, 0]
    assert Delivery.objects.filter(address="siti@contoh.test").count() == 1
    assert retention.sweep(now + timedelta(days=31)) == 1
    me.refresh_from_db()
    assert me.state == "erased"


def test_signing_in_stops_retention(me, people, client_for):
    JobSeeker.objects.filter(pk=me.pk).update(active_at=timezone.now() - timedelta(days=731))
    retention.sweep(timezone.now())
    client_for(people["job_seeker"])
    assert retention.sweep(timezone.now() + timedelta(days=31)) == 0


def test_person_without_address_is_telephoned_and_kept(people, client_for):
    quiet = make_job_seeker(email="")
    make_job_seeker()
    JobSeeker.objects.filter(pk=quiet.pk).update(active_at=timezone.now() - timedelta(days=731))
    assert retention.sweep() == 1
    client = client_for(people["canvasser"])
    assert client.get("/petugas/pencaker/?register=akan-dihapus").context["found"].rows == [quiet]
    assert "telepon orangnya" in client.get(quiet.get_absolute_url()).content.decode()
    client.post(f"/petugas/pencaker/{quiet.pk}/kabar/")
    assert retention.sweep(timezone.now() + timedelta(days=31)) == 0
    assert client.get("/petugas/pencaker/?register=akan-dihapus").context["found"].rows == []


@pytest.mark.parametrize("kind", [DataRequest.Kind.RESTRICTION, DataRequest.Kind.ERASURE])
def test_request_at_the_desk_holds_at_once_and_ends_with_a_refusal(people, client_for, kind):
    person = make_job_seeker()
    client_for(people["canvasser"]).post(f"/petugas/pencaker/{person.pk}/permintaan-data/", {"kind": kind})
    assert not JobSeeker.objects.usable().filter(pk=person.pk).exists()
    requests.refuse(person.data_requests.get(), by=people["manager"], answer="Penempatan sedang berjalan")
    assert JobSeeker.objects.usable().filter(pk=person.pk).exists()


def test_report_and_answer_are_signs_of_life(people):
    placed = make_placement()
    row = placed.follow_ups.get(months=3)
    JobSeeker.objects.update(active_at=timezone.now() - timedelta(days=731))
    assert placements.answer(row, FollowUp.Answer.NOT_REACHED, by=people["canvasser"])
    assert retention.sweep() == 1
    assert placements.answer(row, FollowUp.Answer.SAME_JOB)
    assert retention.sweep(timezone.now() + timedelta(days=31)) == 0


def test_breach_report_lists_people_masked(people, me):
    DataAccess.objects.create(actor=people["canvasser"], subject=me.key, action="view")
    DataAccess.objects.create(actor=people["manager"], subject=me.key, action="export")
    out = StringIO()
    day = today().isoformat()
    call_command("breach_report", "--from", day, "--to", day, "--actor", people["canvasser"].email, stdout=out)
    assert out.getvalue() == (
        f"S*** R***, {me.nik_masked}\t{me.key}\tmelihat data 1x\n"
        f"1 orang, 1 akses, {today():%d-%m-%Y} s.d. {today():%d-%m-%Y}\n"
    )


def test_every_section_can_be_read_by_a_program(me):
    assert json.loads(json.dumps(export(me)))["profile"]["address"] == "Jalan Contoh 7"
