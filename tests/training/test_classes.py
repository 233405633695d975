"""A class from its first session to what became of its graduates."""

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from announcements.models import Delivery
from jobseekers.models import JobSeeker
from jobseekers.services import merging, personal_data
from jobseekers.services.erasure import erase
from tests.factories import (
    make_cohort,
    make_course,
    make_enrolment,
    make_job_seeker,
    make_placement,
    make_user,
    make_vacancy,
    today,
)
from training import mails
from training.models import (
    AttendanceEntry,
    Cohort,
    CompetenceCertificate,
    Complaint,
    Course,
    CourseUnit,
    Enrolment,
    Feedback,
    Outcome,
    Session,
    TrainingCertificate,
    TrainingSettings,
)
from training.models.enrolments import StepRefused
from training.services import attendance, certificates, outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(people):
    """Running since ten days, over yesterday; three participants."""
    made = make_cohort(
        "running", trainer=people["trainer"], begins_on=today() - timedelta(days=10),
        ends_on=today() - timedelta(days=1), intake_from=today() - timedelta(days=40),
        intake_until=today() - timedelta(days=20), attendance_percent=80,
    )  # fmt: skip
    for name in ("Ayu", "Budi", "Citra"):
        make_enrolment(
            "enrolled", cohort=made, job_seeker=make_job_seeker(name=name, email=f"{name.lower()}@contoh.test")
        )
    return made


def session(cohort, days_ago=5, **fields):
    return Session.objects.create(
        cohort=cohort, on=today() - timedelta(days=days_ago), topic=f"Hari {days_ago}", **fields
    )


def called(cohort, name):
    return cohort.enrolments.get(job_seeker__name=name)


def hold_five_sessions(cohort):
    """Ayu was always there, Budi four times of five, Citra three."""
    there = {"Ayu": 5, "Budi": 4, "Citra": 3}
    for number in range(5):
        marks = {
            each.pk: "present" if number < there[each.job_seeker.name] else "absent" for each in cohort.enrolments.all()
        }
        attendance.mark(session(cohort, 9 - number), marks, by=cohort.trainer)


# --- Attendance -----------------------------------------------------------------------------------


def test_share_counts_lesson_hours_of_sessions_that_were_held(cohort):
    hold_five_sessions(cohort)
    session(cohort, 2, lesson_hours=16)  # nobody has kept its list
    with pytest.raises(StepRefused, match="tanpa catatan kehadiran"):
        certificates.finish(cohort, by=make_user("manager"))
    shares = {each.job_seeker.name: attendance.percent(each) for each in attendance.participants(cohort)}
    assert shares == {"Ayu": 100, "Budi": 80, "Citra": 60}


def test_later_mark_wins_whichever_arrives_first(cohort):
    day, ayu = session(cohort), called(cohort, "Ayu")
    noon = timezone.now() - timedelta(hours=3)
    attendance.mark(day, {ayu.pk: "present"}, by=cohort.trainer, at=noon)
    attendance.mark(day, {ayu.pk: "absent"}, by=cohort.trainer, at=noon - timedelta(hours=1))  # an offline phone
    assert day.attendances.get().mark == "present"
    attendance.mark(day, {ayu.pk: "excused"}, by=cohort.trainer, at=noon + timedelta(hours=1))
    assert day.attendances.get().mark == "excused"


def test_marks_of_strangers_and_of_tomorrow_are_not_kept(cohort):
    stranger = make_enrolment("enrolled", cohort=make_cohort("running"))
    assert (
        attendance.mark(session(cohort), {stranger.pk: "present", called(cohort, "Ayu").pk: "odd"}, by=cohort.trainer)
        == 0
    )
    with pytest.raises(StepRefused, match="belum mulai"):
        attendance.mark(session(cohort, -1), {called(cohort, "Ayu").pk: "present"}, by=cohort.trainer)


def test_scan_counts_on_the_day_for_participants_only(cohort):
    now, ayu = session(cohort, 0), called(cohort, "Ayu").job_seeker
    assert attendance.check_in(now, ayu).mark == "present"
    assert attendance.check_in(now, ayu).pk == now.attendances.get().pk
    with pytest.raises(StepRefused, match="pada hari pertemuannya"):
        attendance.check_in(session(cohort, 1), ayu)
    with pytest.raises(StepRefused, match="bukan peserta"):
        attendance.check_in(now, make_job_seeker())


def test_scan_by_its_page(cohort, people, client_for):
    person = called(cohort, "Ayu").job_seeker
    person.user = people["job_seeker"]
    person.save()
    url = reverse("check_in", args=[session(cohort, 0).token])
    client = client_for(people["job_seeker"])
    assert "Saya hadir" in client.get(url).content.decode()
    assert "Kehadiran Anda tercatat" in client.post(url).content.decode()


def sent(client, *words):
    """What the phone is told: [(result, mark that stands)]."""
    answer = client.post(reverse("attendance_entries"), {"entries": words}, content_type="application/json")
    return [(each["result"], each.get("mark")) for each in answer.json()["entries"]]


def word(day, enrolment, mark, minute, seen=""):
    at = timezone.now() - timedelta(hours=2) + timedelta(minutes=minute)
    return {
        "id": str(uuid4()), "session": str(day.pk), "enrolment": enrolment.pk, "mark": mark, "seen": seen,
        "at": at.isoformat(),
    }  # fmt: skip


def test_words_of_an_offline_phone_make_one_mark_in_any_order_and_thrice(cohort, people, client_for):
    day, ayu, client = session(cohort), called(cohort, "Ayu"), client_for(people["trainer"])
    first, second = word(day, ayu, "absent", 0), word(day, ayu, "present", 5, seen="absent")
    for order in ((second, first), (first, second), (second, first)):
        assert dict(sent(client, *order)) == {"kept": "present", "older": "present"}
    stands, entries = day.attendances.get(), day.entries.order_by("said_at")
    assert [(each.mark, each.result) for each in entries] == [("absent", "older"), ("present", "kept")]
    assert (stands.mark, stands.marked_at, stands.marked_by) == ("present", entries[1].said_at, people["trainer"])
    assert entries[1].received_at - entries[1].said_at > timedelta(hours=1)


def test_mark_of_somebody_else_is_not_written_over_unseen(cohort, people, client_for):
    day, ayu, client = session(cohort), called(cohort, "Ayu"), client_for(people["trainer"])
    attendance.mark(day, {ayu.pk: "absent"}, by=people["canvasser"])
    assert sent(client, word(day, ayu, "present", 5)) == [("conflict", "absent")]
    assert day.attendances.get().marked_by == people["canvasser"]
    assert sent(client, word(day, ayu, "present", 6, seen="absent")) == [("kept", "present")]


def test_scan_is_not_written_over_unseen(cohort, people, client_for):
    day, ayu = session(cohort, 0), called(cohort, "Ayu")
    attendance.check_in(day, ayu.job_seeker)
    assert sent(client_for(people["trainer"]), word(day, ayu, "absent", 5)) == [("conflict", "present")]


def test_same_mark_of_two_people_is_no_conflict(cohort, people, client_for):
    day, ayu = session(cohort), called(cohort, "Ayu")
    attendance.mark(day, {ayu.pk: "present"}, by=people["canvasser"])
    assert sent(client_for(people["trainer"]), word(day, ayu, "present", 5)) == [("kept", "present")]


def test_words_about_other_classes_and_of_tomorrow_are_refused(cohort, people, client_for):
    client, ayu = client_for(people["trainer"]), called(cohort, "Ayu")
    foreign = make_enrolment("enrolled", cohort=make_cohort("running"))
    theirs = session(foreign.cohort)
    words = [word(theirs, foreign, "present", 0), word(session(cohort), foreign, "present", 0)]
    words += [word(session(cohort, -1), ayu, "present", 0), word(session(cohort, 4), ayu, "odd", 0), {}]
    assert sent(client, *words) == [("refused", None)] * 5
    assert AttendanceEntry.objects.count() == 0


@pytest.mark.parametrize("body", ["", "[]", '{"entries": 3}', '{"entries": [3]}'])
def test_unreadable_words_are_refused(people, client_for, body):
    client = client_for(people["trainer"])
    answer = client.post(reverse("attendance_entries"), body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, {"entries": []})


def test_words_that_have_arrived_are_never_changed(cohort):
    attendance.mark(session(cohort), {called(cohort, "Ayu").pk: "present"}, by=cohort.trainer)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        AttendanceEntry.objects.update(mark="absent")


def test_list_without_script_says_what_it_did_not_write_over(cohort, people, client_for):
    day, ayu, budi = session(cohort), called(cohort, "Ayu"), called(cohort, "Budi")
    client, url = client_for(people["trainer"]), reverse("session_detail", args=[day.pk])
    attendance.mark(day, {ayu.pk: "absent"}, by=people["canvasser"])
    form = {f"m{ayu.pk}": "present", f"s{ayu.pk}": "", f"m{budi.pk}": "excused", f"s{budi.pk}": ""}
    page = client.post(url, form, follow=True).content.decode()
    assert "Ayu: orang lain sudah menandai Tidak hadir." in page
    assert dict(day.attendances.values_list("enrolment", "mark")) == {ayu.pk: "absent", budi.pk: "excused"}
    client.post(url, form | {f"s{ayu.pk}": "absent"})
    assert day.attendances.get(enrolment=ayu).mark == "present"


def test_list_says_until_when_a_phone_may_show_it(cohort, people, client_for):
    client = client_for(people["trainer"])
    page = client.get(reverse("session_detail", args=[session(cohort).pk]))
    ends = client.session.get_expiry_date().timestamp() * 1000
    assert abs(int(page["Kanvas-Until"]) - ends) < 5000


def test_session_outside_the_class_is_refused_at_the_form(cohort, people, client_for):
    data = {"on": today() + timedelta(days=30), "topic": "Terlambat", "lesson_hours": "8"}
    response = client_for(people["trainer"]).post(reverse("session_list", args=[cohort.pk]), data)
    assert (response.status_code, "di luar masa angkatan" in response.content.decode()) == (400, True)


# --- The end --------------------------------------------------------------------------------------


def test_class_is_closed_by_attendance_and_plans_the_questions(cohort):
    hold_five_sessions(cohort)
    assert certificates.finish(cohort, by=make_user("manager")) == (2, 1)
    assert dict(cohort.enrolments.values_list("job_seeker__name", "state")) == {
        "Ayu": "completed",
        "Budi": "completed",
        "Citra": "failed",
    }
    assert Outcome.objects.filter(enrolment__cohort=cohort).count() == 6
    cohort.refresh_from_db()
    assert (cohort.state, cohort.taken) == ("finished", 3)


def test_class_is_not_closed_before_its_last_day(cohort):
    Cohort.objects.filter(pk=cohort.pk).update(ends_on=today() + timedelta(days=1))
    with pytest.raises(StepRefused, match="hari terakhirnya"):
        certificates.finish(cohort, by=make_user("manager"))


def issued(cohort):
    hold_five_sessions(cohort)
    certificates.finish(cohort, by=make_user("manager"))
    certificates.go_on(certificates.start(cohort, by=make_user("manager")))
    return list(
        cohort.enrolments.filter(certificate__isnull=False)
        .order_by("certificate__number")
        .select_related("certificate")
    )


def test_certificates_are_numbered_by_name_and_issued_once(cohort):
    graduates = issued(cohort)
    year = today().year
    assert [(each.job_seeker.name, each.certificate.number) for each in graduates] == [
        ("Ayu", f"563/000001/Pelatihan/{year}"),
        ("Budi", f"563/000002/Pelatihan/{year}"),
    ]
    with pytest.raises(StepRefused, match="sudah punya"):
        certificates.start(cohort, by=make_user("manager"))


def test_many_certificates_go_on_in_batches(monkeypatch):
    monkeypatch.setattr(certificates, "BATCH", 2)
    big = make_cohort("finished", capacity=5)
    for _ in range(5):
        make_enrolment("completed", cohort=big)
    run = certificates.start(big, by=make_user("manager"))
    assert certificates.go_on(run)
    run.refresh_from_db()
    assert (run.done, run.total, run.finished_at) == (2, 5, None)
    certificates.sweep()
    run.refresh_from_db()
    assert (run.done, run.total, certificates.missing(big), run.finished_at is None) == (5, 5, 0, False)


def test_certificate_says_who_has_learnt_what(cohort):
    CourseUnit.objects.create(course=cohort.course, code="TIK.01", title="Mengolah gambar", lesson_hours=80)
    first = issued(cohort)[0].certificate
    pages = [page.extract_text() for page in PdfReader(BytesIO(certificates.pdf([first]))).pages]
    wanted = ["SERTIFIKAT PELATIHAN", "Ayu", first.number, str(cohort.course), "160 jam"]
    assert [each for each in wanted if each not in pages[0].replace("\n", " ")] == []
    assert ("TIK.01" in pages[1], "Mengolah gambar" in pages[1], len(pages)) == (True, True, 2)


def test_certificate_goes_on_saying_what_the_course_was_called(cohort, client):
    unit = CourseUnit.objects.create(course=cohort.course, code="TIK.01", title="Mengolah gambar", lesson_hours=80)
    certificate, title = issued(cohort)[0].certificate, cohort.course.title
    Course.objects.update(title="Desain Masa Depan", lesson_hours=8)
    CourseUnit.objects.filter(pk=unit.pk).update(title="Unit lain")
    Cohort.objects.update(name="Angkatan lain", place="Tempat lain")
    TrainingSettings.objects.update(signer_name="Kepala Baru")
    certificate = TrainingCertificate.objects.get(pk=certificate.pk)
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(certificates.pdf([certificate]))).pages)
    new = ["Desain Masa Depan", "Unit lain", "Angkatan lain", "Tempat lain", "Kepala Baru"]
    assert [each for each in new if each in text] == []
    assert [each for each in (title, "Mengolah gambar", "160 jam") if each not in text.replace("\n", " ")] == []
    assert title in client.get(certificate.check_path).content.decode()
    with pytest.raises(ProgrammingError, match="facts"), transaction.atomic():
        TrainingCertificate.objects.update(facts={"course": "lain"})


def test_anybody_can_check_a_certificate_without_learning_whose_it_is(cohort, client):
    certificate = issued(cohort)[0].certificate
    page = client.get(certificate.check_path).content.decode()
    assert ("Sertifikat ini asli" in page, "Ayu" in page) == (True, False)
    certificate.revoked_on = date(2026, 11, 1)
    certificate.save()
    assert "dicabut" in client.get(certificate.check_path).content.decode()


def test_stranger_does_not_get_the_certificate(cohort, people, client_for):
    graduate = issued(cohort)[0]
    make_job_seeker(user=people["job_seeker"])
    assert client_for(people["job_seeker"]).get(reverse("own_certificate", args=[graduate.pk])).status_code == 404


def test_competence_certificate_ends_after_it_was_issued(cohort):
    graduate = issued(cohort)[0]
    with pytest.raises(IntegrityError, match="competence_valid_later"), transaction.atomic():
        CompetenceCertificate.objects.create(
            job_seeker=graduate.job_seeker, scheme="Desain", body="LSP", number="1", issued_on=today(),
            valid_until=today(), recorded_by=make_user("manager"),
        )  # fmt: skip


def test_feedback_reaches_the_trainer_once(cohort, people, client_for):
    graduate = issued(cohort)[0]
    graduate.job_seeker.user = people["job_seeker"]
    graduate.job_seeker.save()
    client, url = client_for(people["job_seeker"]), reverse("feedback", args=[graduate.pk])
    assert client.post(url, {"content": "9", "teaching": "5", "facilities": "4"}).status_code == 400
    client.post(url, {"content": "4", "teaching": "5", "facilities": "4", "words": "Tambah praktik."})
    client.post(url, {"content": "1", "teaching": "1", "facilities": "1"})
    assert (graduate.feedback.content, graduate.feedback.words) == (4, "Tambah praktik.")
    page = reverse("cohort_detail", args=[cohort.pk])
    assert "Tambah praktik." not in client_for(people["trainer"]).get(page).content.decode()  # one would have a name
    for _ in range(2):
        Feedback.objects.create(
            enrolment=make_enrolment("failed", cohort=cohort), content=4, teaching=5, facilities=4, words=""
        )
    shown = client_for(people["trainer"]).get(page).content.decode()
    assert ("Tambah praktik." in shown, "4,0 / 5" in shown) == (True, True)


def test_corrected_attendance_is_counted_again_before_the_certificate(cohort):
    hold_five_sessions(cohort)
    certificates.finish(cohort, by=make_user("manager"))
    citra, last = called(cohort, "Citra"), cohort.sessions.last()
    attendance.mark(last, {citra.pk: "present"}, by=cohort.trainer)
    certificates.reconsider(citra, by=make_user("canvasser"))
    assert (citra.state, citra.outcomes.count()) == ("completed", 3)


def test_same_session_twice_is_told_at_the_form(cohort, people, client_for):
    data = {"on": cohort.begins_on, "topic": "Warna", "lesson_hours": "8"}
    client, url = client_for(people["trainer"]), reverse("session_list", args=[cohort.pk])
    answers = [client.post(url, data) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 400]
    assert "Pertemuan ini sudah ada." in answers[1].content.decode()


def test_odd_time_of_an_offline_list_counts_as_now(cohort, people, client_for):
    day, ayu = session(cohort), called(cohort, "Ayu")
    data = {f"m{ayu.pk}": "present", "at": "x" * 50}
    assert client_for(people["trainer"]).post(reverse("session_detail", args=[day.pk]), data).status_code == 302
    assert day.attendances.get().mark == "present"


# --- Outcomes -------------------------------------------------------------------------------------


def test_graduates_are_asked_once_and_answer_by_a_tap(cohort, client):
    issued(cohort)
    Delivery.objects.all().delete()
    with time_machine.travel(timezone.now() + timedelta(days=92)):
        assert (outcomes.sweep(), outcomes.sweep()) == (2, 0)
        row = Outcome.objects.get(enrolment__job_seeker__name="Ayu", months=3)
        url = mails.outcome_path(row)
        assert url.encode() in bytes(Delivery.objects.get(address="ayu@contoh.test").message).replace(b"=\n", b"")
        assert client.get(url).status_code == 200
        assert client.post(url, {}).status_code == 400
        row.refresh_from_db()
        assert row.answer == ""
        client.post(url, {"answer": "business", "business_name": "Sablon Ayu", "employer_name": "PT Lain"})
        row.refresh_from_db()
        assert (row.answer, row.business_name, row.employer_name, row.via) == ("business", "Sablon Ayu", "", "message")


def test_shares_stand_beside_the_share_that_answered(cohort):
    issued(cohort)
    rows = Outcome.objects.filter(months=3).order_by("enrolment__job_seeker__name")
    outcomes.answer(rows[0], "employed")
    outcomes.answer(rows[1], "not_reached", by=make_user("canvasser"))
    with time_machine.travel(timezone.now() + timedelta(days=92)):
        found = outcomes.funnel(Outcome.objects.all())[0]
    assert (found.graduates, found.answered, found.not_reached, found.working_percent, found.answered_percent) == (
        2, 1, 1, 100, 50,
    )  # fmt: skip


def test_work_found_through_the_office_is_linked(cohort):
    row = Outcome.objects.filter(enrolment=issued(cohort)[0]).first()
    placed = make_placement(job_seeker=row.enrolment.job_seeker)
    outcomes.answer(row, "employed")
    row.refresh_from_db()
    assert row.placement == placed


def test_new_entrepreneurs_have_a_page(cohort, people, client_for):
    row = Outcome.objects.filter(enrolment=issued(cohort)[0]).first()
    details = {"business_name": "Sablon Ayu", "business_sector": "sablon"}
    outcomes.answer(row, "business", by=people["canvasser"], details=details)
    page = client_for(people["manager"]).get(reverse("entrepreneurs")).content.decode()
    assert ("Sablon Ayu" in page, "1 lulusan dengan usaha sendiri" in page) == (True, True)


def test_photo_of_a_business_is_drawn_anew_and_shown_to_staff_alone(cohort, people, client, client_for):
    row = Outcome.objects.filter(enrolment=issued(cohort)[0]).first()
    picture = BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    business, url = {"answer": "business", "business_name": "Sablon Ayu"}, mails.outcome_path(row)
    broken = client.post(url, business | {"business_photo": SimpleUploadedFile("usaha.jpg", b"bukan gambar")})
    assert (broken.status_code, broken.content.decode().count("Ada 1 isian yang perlu diperbaiki")) == (400, 1)
    assert broken.context["form"].errors["business_photo"] == ["Unggah foto JPEG atau PNG."]
    client.post(url, business | {"business_photo": SimpleUploadedFile("usaha.png", picture.getvalue())})
    client.post(url, business | {"business_sector": "sablon"})  # keeps the photo
    assert client.get(url).context["form"].initial == {
        "answer": "business", "employer_name": "", "business_name": "Sablon Ayu", "business_sector": "sablon",
    }  # fmt: skip
    later = Outcome.objects.get(enrolment=row.enrolment, months=6)
    outcomes.answer(later, "business", details={"business_name": "Sablon Ayu"})  # the newest word, without a photo
    photo = reverse("entrepreneur_photo", args=[row.pk])
    assert f'src="{photo}"' in client_for(people["manager"]).get(reverse("entrepreneurs")).content.decode()
    shown = client_for(people["manager"]).get(photo)
    assert (shown["Content-Type"], shown.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    trainers = (row.enrolment.cohort.trainer, make_user("trainer"))
    assert [client_for(each).get(photo).status_code for each in trainers] == [200, 404]
    client.post(url, {"answer": "seeking"})
    row.refresh_from_db()
    assert (row.answer, row.business_photo, client_for(people["manager"]).get(photo).status_code) == (
        "seeking", None, 404,
    )  # fmt: skip


def test_next_class_is_where_openings_meet_people_who_lack_the_skill():
    wanted = make_course(title="Barista", trade_id="51", skills=["Barista"])
    idle = make_course(title="Las", trade_id="72", skills=["Las listrik"])
    make_vacancy("published", skills=["barista"], occupation_id="51", openings_any=4)
    for skills in ([], ["Barista"], []):
        make_job_seeker(occupation_id="51", skills=skills)
    found = {need.course: (need.openings, need.lacking, need.results) for need in outcomes.needs()}
    assert found == {wanted: (4, 2, None), idle: (0, 0, None)}
    assert [need.course for need in outcomes.needs()] == [wanted, idle]


def test_match_that_lacks_only_a_skill_names_the_class(people, client_for):
    person = make_job_seeker(
        user=people["job_seeker"], occupation_id="51", skills=["Kasir"], places=[], wage_from=None, education_id=4
    )
    make_vacancy(
        "published", occupation_id="51", skills=["Barista"], education_id=3, experience_years=0, wage_min=9_000_000
    )
    cohort = make_cohort(course=make_course(skills=["barista"]))
    page = client_for(people["job_seeker"]).get(reverse("account_matches")).content.decode()
    assert ("Tinggal satu kelas:" in page, str(cohort) in page, person.state) == (True, True, "complete")


# --- Own data -------------------------------------------------------------------------------------


def test_own_copy_holds_training(cohort):
    graduate = issued(cohort)[0]
    Complaint.objects.create(enrolment=graduate, words="Nilai saya keliru")
    found = personal_data.export(graduate.job_seeker)
    assert found["training"][0]["cohort"] == str(cohort)
    assert [row["words"] for row in found["complaints"]] == ["Nilai saya keliru"]
    assert found["training_certificates"][0]["number"] == graduate.certificate.number
    assert len(found["attendance"]) == 5


def test_erased_person_leaves_seat_and_words_but_counts_stay(cohort):
    ayu = called(cohort, "Ayu")
    Enrolment.objects.filter(pk=ayu.pk).update(motivation="Saya burung kenari")
    Complaint.objects.create(enrolment=ayu, words="kenari")
    attendance.mark(session(cohort), {ayu.pk: "present"}, by=cohort.trainer)
    erase(ayu.job_seeker, by=None)
    ayu.refresh_from_db()
    cohort.refresh_from_db()
    assert (ayu.state, ayu.motivation, cohort.taken, ayu.attendances.count()) == ("dropped", "", 2, 1)
    assert not Complaint.objects.filter(enrolment=ayu).exists()


def test_merged_record_takes_its_training_along_and_back(cohort):
    ayu, other = called(cohort, "Ayu"), make_job_seeker()
    merged = merging.merge(other, ayu.job_seeker, by=make_user("canvasser"))
    ayu.refresh_from_db()
    assert ayu.job_seeker == other
    merging.undo(merged, by=make_user("canvasser"))
    ayu.refresh_from_db()
    assert ayu.job_seeker == JobSeeker.objects.get(name="Ayu")
