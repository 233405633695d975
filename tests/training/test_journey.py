"""One class by its pages alone, from the plan to what became of its graduate."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from announcements.models import Delivery
from tests.factories import make_job_seeker, make_office, today
from training.models import Cohort, Course, Enrolment
from training.services import outcomes

COURSE = {
    "title": "Digital Marketing", "trade": "24", "lesson_hours": "160", "summary": "Berjualan lewat internet.",
    "skills": "Pemasaran digital, Media sosial", "is_current": "on",
    "units-TOTAL_FORMS": "1", "units-INITIAL_FORMS": "0", "units-0-code": "M.70", "units-0-title": "Iklan daring",
    "rules-TOTAL_FORMS": "1", "rules-INITIAL_FORMS": "0", "rules-0-kind": "education", "rules-0-value": "3",
}  # fmt: skip


def cohort_data(course, trainer):
    begin = today() + timedelta(days=20)
    return {
        "course": course.pk, "name": "Angkatan I", "begins_on": begin, "ends_on": begin + timedelta(days=4),
        "place": "Laboratorium Komputer", "trainer": trainer.pk, "capacity": "40", "reserves": "2",
        "intake": "selection", "intake_from": today(), "intake_until": today() + timedelta(days=7),
        "offer_hours": "48", "replace_until_day": "3", "attendance_percent": "80",
        "criteria-TOTAL_FORMS": "1", "criteria-INITIAL_FORMS": "0",
        "criteria-0-label": "Tes tulis", "criteria-0-most": "100", "criteria-0-weight": "100",
    }  # fmt: skip


@pytest.mark.django_db
def test_class_from_the_plan_to_its_graduates(people, client_for, client):
    make_office()
    person = make_job_seeker(user=people["job_seeker"], name="Lina Marlina", email="lina@contoh.test", education_id=4)
    who = ("canvasser", "manager", "trainer", "job_seeker")
    office, head, trainer, seeker = (client_for(people[each]) for each in who)
    start = timezone.now()

    office.post(reverse("course_new"), COURSE)
    office.post(reverse("cohort_new"), cohort_data(Course.objects.get(), people["trainer"]))
    cohort = Cohort.objects.get()
    assert client.get(cohort.get_absolute_url()).status_code == 404  # not announced yet
    office.post(reverse("cohort_step", args=[cohort.pk]), {"step": "open"})
    assert "Daftar sampai" in client.get(reverse("training_list")).content.decode()
    assert b"DTSTART;VALUE=DATE:" in client.get(reverse("cohort_calendar", args=[cohort.pk])).content

    seeker.post(reverse("training_apply", args=[cohort.pk]), {"motivation": "Ingin berjualan lewat internet."})
    enrolment = Enrolment.objects.get()
    office.post(reverse("enrolment_files", args=[enrolment.pk]))
    criterion = cohort.criteria.get()
    trainer.post(reverse("enrolment_judge", args=[enrolment.pk]), {f"c{criterion.pk}": "85"})
    head.post(reverse("selection_announce", args=[cohort.pk]))
    assert Delivery.objects.latest("pk").address == "lina@contoh.test"
    seeker.post(reverse("seat_accept", args=[enrolment.pk]))
    office.post(reverse("cohort_step", args=[cohort.pk]), {"step": "running"})

    with time_machine.travel(start + timedelta(days=24)):  # job seekers stay signed in for two weeks
        office, head, trainer, seeker = (client_for(people[each]) for each in who)
        cohort.refresh_from_db()
        for number in range(5):
            day = cohort.begins_on + timedelta(days=number)
            trainer.post(
                reverse("session_list", args=[cohort.pk]),
                {"on": day, "topic": f"Hari {number + 1}", "lesson_hours": "8"},
            )
        for session in cohort.sessions.all()[:4]:
            trainer.post(reverse("session_detail", args=[session.pk]), {f"m{enrolment.pk}": "present"})
        last = cohort.sessions.last()
        assert "Kehadiran Anda tercatat" in seeker.post(reverse("check_in", args=[last.token])).content.decode()
        office.post(reverse("cohort_step", args=[cohort.pk]), {"step": "finished"})
        head.post(reverse("cohort_certificates", args=[cohort.pk]))
        paper = seeker.get(reverse("own_certificate", args=[enrolment.pk]))
        text = PdfReader(BytesIO(paper.content)).pages[0].extract_text()
        enrolment.refresh_from_db()
        assert (enrolment.state, "Lina Marlina" in text, enrolment.certificate.number in text) == (
            "completed",
            True,
            True,
        )
        assert "Sertifikat ini asli" in client.get(enrolment.certificate.check_path).content.decode()
        seeker.post(reverse("feedback", args=[enrolment.pk]), {"content": "5", "teaching": "5", "facilities": "4"})

    with time_machine.travel(start + timedelta(days=24 + 93)):
        assert outcomes.sweep() == 1
        letter = bytes(Delivery.objects.latest("pk").message).decode().replace("=\n", "")
        link = re.search(r"/kabar-pelatihan/[^\s\"<]+", letter)[0].replace("=3D", "=")
        client.post(link, {"answer": "business", "business_name": "Toko Lina", "business_sector": "kerajinan"})
        page = client_for(people["manager"]).get(reverse("entrepreneurs")).content.decode()
        assert ("Toko Lina" in page, person.name in page) == (True, True)
