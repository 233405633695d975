"""From papers to the announcement, and what applicants can say against it."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import DataAccess
from announcements.models import Delivery
from tests.factories import make_cohort, make_criterion, make_enrolment, make_job_seeker, make_user, today
from training.models import Enrolment, ScoreSheet
from training.models.enrolments import StepRefused
from training.services import seats, selection

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(people):
    """Two seats, two criteria of which the second counts three times as much."""
    made = make_cohort(capacity=2, trainer=people["trainer"])
    make_criterion(cohort=made, label="Tes tulis", weight=25)
    make_criterion(cohort=made, label="Wawancara", weight=75, most=10)
    return made


def applicant(cohort, name="Siti", *, complete=True):
    person = make_job_seeker(name=name, email=f"{name.lower()}@contoh.test")
    made = make_enrolment(cohort=cohort, job_seeker=person)
    Enrolment.objects.filter(pk=made.pk).update(files_complete=complete)
    made.refresh_from_db()
    return made


def judge(enrolment, test, interview, by):
    first, second = enrolment.cohort.criteria.all()
    return selection.judge(enrolment, by=by, points={first.pk: test, second.pk: interview})


def test_sheet_weighs_each_criterion_by_its_highest_mark(cohort):
    sheet = judge(applicant(cohort), 80, 6, make_user("canvasser"))
    assert sheet.total == 65  # 80 % of 25, and 60 % of 75


def test_score_is_the_mean_of_the_assessors(cohort):
    enrolment = applicant(cohort)
    for interview in (6, 8):
        judge(enrolment, 80, interview, make_user("canvasser"))
    enrolment.refresh_from_db()
    assert enrolment.score == pytest.approx((65 + 80) / 2)


def test_second_sheet_of_one_assessor_is_refused(cohort):
    enrolment, assessor = applicant(cohort), make_user("canvasser")
    judge(enrolment, 80, 6, assessor)
    with pytest.raises(StepRefused, match="sudah mengisi"):
        judge(enrolment, 100, 10, assessor)
    enrolment.refresh_from_db()
    assert enrolment.score == 65


def test_relation_excludes_the_assessor_in_the_database_too(cohort):
    enrolment, uncle = applicant(cohort), make_user("canvasser")
    sheet = selection.declare_relation(enrolment, by=uncle, relation="keponakan")
    with pytest.raises(StepRefused):
        judge(enrolment, 100, 10, uncle)
    with pytest.raises(IntegrityError, match="sheet_relation_excludes"), transaction.atomic():
        ScoreSheet.objects.filter(pk=sheet.pk).update(total=100)
    enrolment.refresh_from_db()
    assert enrolment.score is None


def test_only_complete_papers_are_judged(cohort):
    with pytest.raises(StepRefused, match="berkas lengkap"):
        judge(applicant(cohort, complete=None), 80, 6, make_user("canvasser"))


def test_incomplete_papers_end_with_the_reason(cohort):
    enrolment = applicant(cohort, complete=None)
    selection.check_files(enrolment, complete=False, by=make_user("canvasser"), reason="Ijazah belum ada")
    assert (enrolment.state, enrolment.reason) == ("not_selected", "Ijazah belum ada")
    assert b"Ijazah belum ada" in bytes(Delivery.objects.get().message)


def announced(cohort):
    judge_of_all = make_user("canvasser")
    rows = {name: applicant(cohort, name) for name in ("Ayu", "Budi", "Citra", "Dewi")}
    for name, marks in {"Ayu": (60, 6), "Budi": (90, 9), "Citra": (60, 6)}.items():
        judge(rows[name], *marks, judge_of_all)
    selection.announce(cohort, by=make_user("manager"))
    for each in rows.values():
        each.refresh_from_db()
    return rows


def test_announcement_follows_score_then_who_applied_first(cohort):
    rows = announced(cohort)
    assert {name: (each.state, each.position) for name, each in rows.items()} == {
        "Budi": ("offered", None),
        "Ayu": ("offered", None),
        "Citra": ("waiting", 1),
        "Dewi": ("not_selected", None),  # absent from the test
    }
    assert sorted(Delivery.objects.values_list("address", flat=True)) == [
        "ayu@contoh.test",
        "budi@contoh.test",
        "citra@contoh.test",
        "dewi@contoh.test",
    ]


def test_result_is_announced_once(cohort):
    announced(cohort)
    with pytest.raises(StepRefused, match="sudah diumumkan"):
        selection.announce(cohort, by=make_user("manager"))


def test_announcement_waits_for_papers_that_nobody_has_checked(cohort):
    judge(applicant(cohort, "Ayu"), 80, 6, make_user("canvasser"))
    applicant(cohort, "Budi", complete=None)
    with pytest.raises(StepRefused, match="belum diperiksa"):
        selection.announce(cohort, by=make_user("manager"))


def test_nobody_applies_any_more_once_the_result_is_announced(cohort):
    announced(cohort)
    cohort.refresh_from_db()
    with pytest.raises(StepRefused, match="tidak dibuka"):
        seats.apply(make_job_seeker(), cohort, via="web")


def test_class_does_not_begin_while_applicants_wait_for_a_decision(cohort, people, client_for):
    applicant(cohort)
    client_for(people["canvasser"]).post(reverse("cohort_step", args=[cohort.pk]), {"step": "running"})
    cohort.refresh_from_db()
    assert cohort.state == "open"


def test_minutes_stay_as_announced_whatever_comes_later(cohort, people, client_for):
    rows = announced(cohort)
    seats.leave(rows["Budi"], by=None)
    response = client_for(people["canvasser"]).get(reverse("selection_minutes", args=[cohort.pk]))
    said = "\n".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    assert "Mendapat kursi (2)" in said


def test_publisher_sees_the_class_and_none_of_its_people(cohort, people, client_for):
    make_enrolment("enrolled", cohort=cohort, job_seeker=make_job_seeker(name="Siti Rahmadani"))
    page = client_for(people["publisher"]).get(reverse("cohort_detail", args=[cohort.pk])).content.decode()
    assert ("1 terpakai" in page, "Siti Rahmadani" in page) == (True, False)


def test_nobody_is_announced_without_scores(cohort):
    applicant(cohort)
    with pytest.raises(StepRefused, match="Belum ada pelamar yang dinilai"):
        selection.announce(cohort, by=make_user("manager"))


def test_complaint_in_time_that_is_right_leads_to_the_waiting_list(cohort):
    rows = announced(cohort)
    complaint = selection.complain(rows["Dewi"], "Saya hadir, nama saya tertukar.")
    selection.answer(complaint, by=make_user("manager"), words="Benar, maaf.", right=True)
    rows["Dewi"].refresh_from_db()
    assert (rows["Dewi"].state, rows["Dewi"].position) == ("waiting", 2)
    with pytest.raises(StepRefused, match="sudah dijawab"):
        selection.answer(complaint, by=make_user("manager"), words="Lagi", right=False)


def test_complaint_too_late_or_twice_is_refused(cohort):
    rows = announced(cohort)
    selection.complain(rows["Citra"], "Nilai saya keliru.")
    with pytest.raises(StepRefused):
        selection.complain(rows["Citra"], "Sekali lagi.")
    late = time_machine.travel(timezone.now() + timedelta(days=4))
    with late, pytest.raises(StepRefused, match="Masa sanggah"):
        selection.complain(Enrolment.objects.select_related("cohort").get(pk=rows["Dewi"].pk), "Terlambat.")


def test_minutes_name_assessors_scores_and_who_was_kept_from_judging(cohort, people, client_for):
    rows = announced(cohort)
    uncle = make_user("canvasser", name="Paman Budi")
    ScoreSheet.objects.create(enrolment=rows["Citra"], assessor=uncle, relation="keponakan")
    response = client_for(people["canvasser"]).get(reverse("selection_minutes", args=[cohort.pk]))
    said = "\n".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    wanted = [
        "Berita acara",
        "Tes tulis, bobot 25",
        "Paman Budi tidak menilai Citra: keponakan",
        "90,00",
        "60,00",
        "Dewi",
    ]
    assert [each for each in wanted if each not in said] == []
    assert DataAccess.objects.filter(subject=rows["Ayu"].job_seeker.key, action="print").count() == 1


# --- Pages ----------------------------------------------------------------------------------------


def test_whole_selection_by_its_pages(cohort, people, client_for):
    enrolment = applicant(cohort, complete=None)
    office, trainer, seeker = (client_for(people[who]) for who in ("canvasser", "trainer", "job_seeker"))
    enrolment.job_seeker.user = people["job_seeker"]
    enrolment.job_seeker.save()
    office.post(reverse("enrolment_files", args=[enrolment.pk]), {"reason": ""})
    first, second = cohort.criteria.all()
    bad = trainer.post(reverse("enrolment_judge", args=[enrolment.pk]), {f"c{first.pk}": "101", f"c{second.pk}": "5"})
    assert (bad.status_code, "Paling tinggi 100." in bad.content.decode()) == (400, True)
    trainer.post(reverse("enrolment_judge", args=[enrolment.pk]), {f"c{first.pk}": "90", f"c{second.pk}": "5"})
    page = office.get(reverse("applicants", args=[cohort.pk]))
    assert "1 mendapat tawaran kursi, 0 masuk daftar tunggu, 0 belum dinilai" in page.content.decode()
    office.post(reverse("selection_announce", args=[cohort.pk]))
    assert "Terima kursi" in seeker.get(reverse("account")).content.decode()
    seeker.post(reverse("seat_accept", args=[enrolment.pk]))
    enrolment.refresh_from_db()
    cohort.refresh_from_db()
    assert (enrolment.state, cohort.taken) == ("enrolled", 1)


def test_trainer_of_another_class_sees_nothing(cohort, client_for):
    enrolment, stranger = applicant(cohort), client_for(make_user("trainer"))
    for name, key in (("cohort_detail", cohort.pk), ("applicants", cohort.pk), ("enrolment_detail", enrolment.pk)):
        assert stranger.get(reverse(name, args=[key])).status_code == 404, name
    assert stranger.get(reverse("cohort_list")).context["found"].rows == []


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("cohort_list", 11), ("applicants", 18), ("cohort_detail", 17)])
def test_lists_ask_as_often_for_three_as_for_one(people, client_for, django_assert_num_queries, name, queries, rows):
    first = make_cohort()
    for _ in range(rows):
        make_enrolment(cohort=first)
        make_enrolment("waiting", cohort=first)
        make_enrolment("enrolled", cohort=first)
        make_cohort()
    client = client_for(people["canvasser"])
    url = reverse(name, args=[] if name == "cohort_list" else [first.pk])
    client.get(url)
    with django_assert_num_queries(queries):
        client.get(url)


def form_data(cohort):
    """What the page of a cohort sends when nobody has changed anything."""
    names = [
        "name", "begins_on", "ends_on", "place", "reserves", "intake", "intake_from", "intake_until", "offer_hours",
        "replace_until_day", "attendance_percent", "capacity", "version",
    ]  # fmt: skip
    data = {name: str(getattr(cohort, name)) for name in names}
    data |= {"course": cohort.course_id, "trainer": cohort.trainer_id}
    return data | {"criteria-TOTAL_FORMS": "0", "criteria-INITIAL_FORMS": "0"}


def test_entry_of_a_cohort_keeps_what_was_typed_when_a_date_is_wrong(people, client_for):
    data = {
        "course": make_cohort().course_id, "name": "Angkatan X", "begins_on": "2030-03-10", "ends_on": "2030-03-01",
        "place": "Balai", "trainer": people["trainer"].pk, "capacity": "40", "reserves": "2", "intake": "selection",
        "intake_from": "2030-01-01", "intake_until": "2030-02-01", "offer_hours": "48", "replace_until_day": "3",
        "attendance_percent": "80", "criteria-TOTAL_FORMS": "0", "criteria-INITIAL_FORMS": "0",
    }  # fmt: skip
    response = client_for(people["canvasser"]).post(reverse("cohort_new"), data)
    text = response.content.decode()
    assert (response.status_code, "Angkatan X" in text) == (400, True)
    assert "Tanggal selesai tidak boleh sebelum tanggal mulai." in text


def test_capacity_below_what_is_taken_is_told_at_the_form(people, client_for):
    cohort = make_cohort(capacity=2, trainer=people["trainer"])
    for _ in range(2):
        make_enrolment("enrolled", cohort=cohort)
    data = form_data(cohort) | {"capacity": "1"}
    response = client_for(people["canvasser"]).post(reverse("cohort_edit", args=[cohort.pk]), data)
    assert "Kursi tidak boleh kurang" in response.content.decode()
    assert (response.status_code, today() <= cohort.begins_on, seats.recount()) == (400, True, [])


def test_cohort_saved_by_another_meanwhile_shows_both_texts_and_loses_none(people, client_for):
    cohort = make_cohort(capacity=16, place="Balai", trainer=people["trainer"])
    url, opened = reverse("cohort_edit", args=[cohort.pk]), form_data(cohort)
    client = client_for(people["canvasser"])
    criterion = {"criteria-0-label": "Tes", "criteria-0-most": "100", "criteria-0-weight": "1"}
    theirs = opened | {"place": "Aula", "criteria-TOTAL_FORMS": "1"} | criterion
    client_for(make_user("canvasser")).post(url, theirs)
    mine = opened | {"capacity": "20", "budget": "APBD"}
    late = client.post(url, mine)
    rows = [(row.label, row.mine, row.stored) for row in late.context["conflicts"]]
    cohort.refresh_from_db()
    assert (late.status_code, cohort.place, cohort.capacity, cohort.budget) == (409, "Aula", 16, "")
    assert rows == [
        ("Tempat", "Balai", "Aula"),
        ("Sumber dana", "APBD", "–"),
        ("Kursi", "20", "16"),
        ("Kriteria seleksi", "–", "Tes · 100 · 1"),
    ]
    again = client.post(url, mine | {"version": late.context["form"]["version"].value()})
    cohort.refresh_from_db()
    assert (again.status_code, cohort.place, cohort.capacity, cohort.budget) == (302, "Balai", 20, "APBD")
    assert list(cohort.criteria.values_list("label", flat=True)) == ["Tes"]


def test_course_saved_by_another_meanwhile_shows_both_texts_and_loses_none(people, client_for):
    course = make_cohort().course
    url, client = reverse("course_edit", args=[course.pk]), client_for(people["canvasser"])
    opened = {
        "title": course.title, "trade": course.trade_id, "lesson_hours": "160", "summary": course.summary,
        "skills": ", ".join(course.skills), "requirements": course.requirements, "is_current": "on",
        "version": str(course.version), "units-TOTAL_FORMS": "0", "units-INITIAL_FORMS": "0",
        "rules-TOTAL_FORMS": "0", "rules-INITIAL_FORMS": "0",
    }  # fmt: skip
    first = client_for(make_user("canvasser")).post(url, opened | {"requirements": "Bawa laptop"})
    late = client.post(url, opened | {"lesson_hours": "240", "units-TOTAL_FORMS": "1", "units-0-title": "Warna"})
    course.refresh_from_db()
    assert (first.status_code, late.status_code, course.units.count()) == (302, 409, 0)
    assert (course.requirements, course.lesson_hours) == ("Bawa laptop", 160)
    again = client.post(url, opened | {"lesson_hours": "240", "version": late.context["form"]["version"].value()})
    course.refresh_from_db()
    assert (again.status_code, course.lesson_hours) == (302, 240)


def test_trainer_begins_with_sessions_applicants_and_classes(cohort, people, client_for):
    waiting = applicant(cohort)
    judged = applicant(cohort, "Budi")
    judge(judged, 80, 6, people["trainer"])
    today_there = make_cohort("running", trainer=people["trainer"]).sessions.create(on=today(), topic="Warna")
    make_cohort("running").sessions.create(on=today(), topic="Kelas lain")
    queues = client_for(people["trainer"]).get(reverse("workspace")).context["queues"]
    assert (queues["sessions"]["rows"], queues["judging"]["rows"], queues["classes"]["count"]) == (
        [today_there],
        [waiting],
        2,
    )
