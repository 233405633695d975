"""Interviews and talks: no clash, a calendar file, a reminder; talent lists."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from jobseekers.models import Appointment, TalentList
from jobseekers.models.applications import StepRefused
from jobseekers.services import appointments
from tests.accounts.conftest import last_text_to, mails_to
from tests.factories import make_application, make_job_seeker, make_referral, make_user, make_vacancy

pytestmark = pytest.mark.django_db
NINE = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)  # 09.00 in Jakarta


def meeting(person=None, *, minute=0, minutes=30, **fields):
    defaults = {"kind": "counselling", "place": "Kantor", "begins_at": NINE + timedelta(minutes=minute)}
    return Appointment(job_seeker=person or make_job_seeker(), minutes=minutes, **(defaults | fields))


@pytest.mark.parametrize(("minute", "minutes", "clash"), [
    (0, 30, True), (15, 30, True), (-15, 30, True), (10, 5, True), (-30, 90, True), (29, 5, True),
    (30, 30, False), (-30, 30, False),
])  # fmt: skip
@pytest.mark.parametrize("whose", ["job_seeker", "officer"])
def test_overlapping_times_of_one_person_or_officer_are_refused(people, minute, minutes, clash, whose):
    officer, person = people["canvasser"], make_job_seeker()
    first = meeting(person, officer=officer)
    appointments.plan(first, by=officer)
    same = {"person": person} if whose == "job_seeker" else {"officer": officer}
    second = meeting(minute=minute, minutes=minutes, **same)
    if clash:
        with pytest.raises(StepRefused, match="sudah punya janji"):
            appointments.plan(second, by=officer)
    else:
        appointments.plan(second, by=officer)
    assert Appointment.objects.count() == (1 if clash else 2)


def test_cancelled_time_is_free_again(people):
    person = make_job_seeker()
    first = appointments.plan(meeting(person), by=people["canvasser"])
    assert [first.settle("cancelled"), first.settle("kept")] == [True, False]
    appointments.plan(meeting(person), by=people["canvasser"])
    assert Appointment.objects.planned().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_wins():
    person, officer, refused, gate = make_job_seeker(), make_user("canvasser"), [], threading.Barrier(2)

    def plan():
        gate.wait()
        try:
            appointments.plan(meeting(person), by=officer)
        except StepRefused as words:
            refused.append(words)
        finally:
            connection.close()

    threads = [threading.Thread(target=plan) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (Appointment.objects.count(), len(refused)) == (1, 1)


def test_interview_invites_and_waits_for_an_answer_after_it(people):
    application = make_application(job_seeker=make_job_seeker(email="siti@contoh.test"))
    make_referral(application)
    plan = meeting(application.job_seeker, kind="interview", place="Toko Maju")
    appointments.plan(plan, by=people["canvasser"], application=application)
    application.refresh_from_db()
    assert (application.state, application.answer_by, application.appointments.get()) == (
        "invited", NINE.date() + timedelta(days=14), plan,
    )  # fmt: skip
    assert "Toko Maju" in last_text_to("siti@contoh.test")


def test_reminder_goes_the_day_before_and_once(people, time_machine):
    time_machine.move_to(NINE - timedelta(days=3))
    appointments.plan(meeting(make_job_seeker(email="siti@contoh.test")), by=people["canvasser"])
    sent = []
    for days in (3, 2, 1, 1, 0):
        time_machine.move_to(NINE - timedelta(days=days))
        sent.append(appointments.sweep())
    assert sent == [0, 0, 1, 0, 0]
    assert "Senin, 1 Maret 2027, 09.00 WIB" in last_text_to("siti@contoh.test")


def test_cancelled_meeting_is_not_reminded_of(people, time_machine):
    time_machine.move_to(NINE - timedelta(days=3))
    plan = appointments.plan(meeting(make_job_seeker(email="siti@contoh.test")), by=people["canvasser"])
    plan.settle("cancelled")
    time_machine.move_to(NINE - timedelta(days=1))
    assert (appointments.sweep(), len(mails_to("siti@contoh.test"))) == (0, 1)


def test_calendar_file_is_what_calendars_read(people, client_for):
    person = make_job_seeker(user=people["job_seeker"])
    place = "Toko Maju; lantai 2, Jalan Jenderal Sudirman nomor 12, Imopuro, Metro Pusat, Kota Metro é"
    plan = meeting(person, place=place)
    plan.save()
    response = client_for(people["job_seeker"]).get(reverse("appointment_file", args=[plan.pk]))
    text = response.content.decode()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART:20270301T020000Z\r\nDTEND:20270301T023000Z\r\n" in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    unfolded = text.replace("\r\n ", "")
    assert "LOCATION:Toko Maju\\; lantai 2\\, Jalan" in unfolded
    assert unfolded.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")


def test_officer_plans_and_notes_on_the_pages(people, client_for):
    officer, person, client = people["canvasser"], make_job_seeker(), client_for(people["canvasser"])
    url = reverse("appointment_new", args=[person.pk])
    given = {
        "begins_at_0": "2027-03-01", "begins_at_1": "09.00", "minutes": "30", "place": "Kantor", "officer": officer.pk,
    }  # fmt: skip
    assert client.post(url, given).status_code == 302
    clash = client.post(url, given | {"begins_at_1": "09.15"})
    assert clash.status_code == 400
    assert "sudah punya janji" in clash.content.decode()
    assert client.post(url, given | {"officer": "", "begins_at_1": "10.00"}).status_code == 400
    assert client.post(url, given | {"begins_at_0": "2020-03-01"}).status_code == 400
    row = Appointment.objects.get()
    assert (row.begins_at, row.kind) == (NINE, "counselling")
    client.post(reverse("appointment_settle", args=[row.pk]), {"state": "kept"})
    row.refresh_from_db()
    assert row.state == "kept"


def test_today_shows_what_is_today(people, client_for, time_machine):
    time_machine.move_to(NINE - timedelta(hours=2))
    for hours, name in ((0, "Hari Ini"), (24, "Besok"), (-48, "Terlewat")):
        meeting(make_job_seeker(name=name), minute=60 * hours).save()
    groups = client_for(people["canvasser"]).get(reverse("appointment_list")).context["groups"]
    assert [[str(each.job_seeker) for each in rows] for _title, rows in groups] == [
        ["Terlewat"],
        ["Hari Ini"],
        ["Besok"],
    ]


def test_talent_list_holds_people_masked_and_without_the_restricted(people, client_for):
    client, person = client_for(people["canvasser"]), make_job_seeker(name="Siti Rahmadani")
    client.post(reverse("talent_lists"), {"name": "Penjahit siap kerja"})
    saved = TalentList.objects.get()
    for _ in range(2):
        client.post(reverse("talent_list_add", args=[person.pk]), {"talent_list": saved.pk})
    hidden = make_job_seeker(name="Minta Dibatasi")
    saved.entries.create(job_seeker=hidden)
    hidden.restricted_at = timezone.now()
    hidden.save()
    page = client.get(reverse("talent_list", args=[saved.pk])).content.decode()
    assert (saved.entries.count(), "Siti Rahmadani" in page, "Minta Dibatasi" in page) == (2, True, False)
    assert person.phone not in page
    client.post(reverse("talent_list_remove", args=[saved.pk, person.pk]))
    assert list(saved.entries.values_list("job_seeker", flat=True)) == [hidden.pk]
    assert client.post(reverse("talent_list_add", args=[hidden.pk]), {"talent_list": saved.pk}).status_code == 404


def test_talent_list_can_follow_an_open_vacancy(people, client_for):
    client, open_one, closed = client_for(people["canvasser"]), make_vacancy("published"), make_vacancy("expired")
    assert client.post(reverse("talent_lists"), {"name": "Tutup", "vacancy": closed.pk}).status_code == 400
    page = client.post(reverse("talent_lists"), {"name": "Penjahit", "vacancy": open_one.pk}, follow=True)
    assert TalentList.objects.get().vacancy == open_one
    assert f"Diisi tiap malam dengan orang yang cocok untuk {open_one.title}." in page.content.decode()
