"""Placement as a dated event, and what becomes of the placed: asked, called, counted."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jobseekers import referral_mail
from jobseekers.models import Application, FollowUp, Placement, ReferralSettings, RegisterEvent
from jobseekers.services import applications, placements
from jobseekers.services.placements import PlacementRefused, scope_of
from tests.accounts.conftest import last_text_to, mails_to
from tests.factories import (
    make_application,
    make_card,
    make_employer,
    make_job_seeker,
    make_placement,
    make_referral,
    make_registered,
    today,
)

pytestmark = pytest.mark.django_db
Answer = FollowUp.Answer


@pytest.mark.parametrize(
    ("within", "region", "scope"),
    [
        ("province", "18.72.01.1003", "akl"),
        ("province", "18.71", "akl"),
        ("province", "18", "akl"),
        ("province", "31", "akad"),
        ("province", "99", "akan"),
        ("city", "18.72", "akl"),
        ("city", "18.71", "akad"),
        ("city", "99", "akan"),
    ],
)
def test_scope_follows_from_the_place_of_work(within, region, scope):
    ReferralSettings.objects.update_or_create(pk=1, defaults={"local_within": within})
    assert scope_of(region) == scope


def placement(person, **fields):
    defaults = {"employer": make_employer(), "position": "Kasir", "started_on": today(), "region_id": "18.72"}
    return Placement(job_seeker=person, **(defaults | fields))


def test_placed_person_leaves_register_and_card_and_is_asked_later(people, time_machine):
    time_machine.move_to(date(2026, 8, 31))
    card = make_card()
    person = card.job_seeker
    time_machine.move_to(date(2026, 11, 30))
    placed = placements.place(placement(person), by=people["canvasser"])
    card.refresh_from_db()
    person.refresh_from_db()
    assert (card.state, card.end, card.ended_on) == ("ended", "placed", date(2026, 11, 30))
    assert (person.in_register, placed.event.kind, placed.event.on) == (False, "placed", date(2026, 11, 30))
    assert list(placed.follow_ups.values_list("months", "due_on")) == [
        (3, date(2027, 2, 28)), (6, date(2027, 5, 30)), (12, date(2027, 11, 30)),
    ]  # fmt: skip


def test_double_entry_is_one_placement_and_one_event(people):
    person, employer = make_registered(), make_employer()
    first = placements.place(placement(person, employer=employer), by=people["canvasser"])
    again = placements.place(placement(person, employer=employer), by=people["manager"])
    assert (first, FollowUp.objects.count()) == (again, 3)
    assert list(RegisterEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["registered", "placed"]


def test_who_was_placed_and_returns_is_registered_and_placed_again(people):
    person = make_registered()
    placements.place(placement(person), by=people["canvasser"])
    RegisterEvent.objects.register(person, by=None)
    placements.place(placement(person), by=people["canvasser"])
    kinds = ["registered", "placed"] * 2
    assert list(RegisterEvent.objects.order_by("pk").values_list("kind", flat=True)) == kinds


def test_outside_the_register_a_placement_has_no_event(people):
    assert placements.place(placement(make_job_seeker()), by=people["canvasser"]).event is None


@pytest.mark.parametrize(
    ("person", "fields", "words"),
    [
        ({"restricted_at": timezone.now()}, {}, "dibatasi"),
        ({"state": "draft"}, {}, "belum lengkap"),
        ({}, {"started_on": today() + timedelta(days=2)}, "belum tiba"),
    ],
)
def test_refused_placement_leaves_nothing(people, person, fields, words):
    with pytest.raises(PlacementRefused, match=words):
        placements.place(placement(make_job_seeker(**person), **fields), by=people["canvasser"])
    assert (Placement.objects.count(), FollowUp.objects.count()) == (0, 0)


def test_nobody_is_placed_before_being_registered(people):
    with pytest.raises(PlacementRefused, match="baru terdaftar"):
        placements.place(placement(make_registered(), started_on=today() - timedelta(days=1)), by=people["canvasser"])


def test_placement_needs_an_accepted_application_and_leaves_the_others(people):
    application = make_application()
    other = make_application(job_seeker=application.job_seeker)
    make_referral(application)
    mine = placement(application.job_seeker, employer=application.vacancy.employer)
    with pytest.raises(PlacementRefused, match="menerima orang ini"):
        placements.place(mine, by=people["canvasser"], application=application)
    applications.accept(application, by=people["canvasser"])
    placed = placements.place(mine, by=people["canvasser"], application=application)
    other.refresh_from_db()
    assert (placed.application, other.state) == (application, "applied")
    assert Application.objects.accepted_not_placed().count() == 0


# --- Follow-up ------------------------------------------------------------------------------------


def due(months=3, **person):
    """The follow-up after `months` of somebody who began so long ago that it is due today."""
    placed = make_placement(
        job_seeker=make_job_seeker(**({"email": "siti@contoh.test"} | person)),
        started_on=today() - timedelta(days=30 * months),
    )
    return placed.follow_ups.get(months=months)


def test_due_person_is_asked_once_by_a_link_that_answers(client):
    row = due()
    assert [placements.sweep(), placements.sweep()] == [1, 0]
    path = referral_mail.follow_up_path(row)
    assert path in last_text_to("siti@contoh.test")
    assert client.get(path).status_code == 200
    assert FollowUp.objects.get(pk=row.pk).answer == ""
    for answer in ("same_job", "business"):
        assert client.post(path, {"answer": answer}).status_code == 200
        assert FollowUp.objects.get(pk=row.pk).answer == answer
    row.refresh_from_db()
    assert (row.via, row.by, row.asked_at is not None) == ("message", None, True)


@pytest.mark.parametrize("answer", ["not_reached", "x", ""])
def test_link_takes_only_the_five_answers(client, answer):
    row = due()
    assert client.post(referral_mail.follow_up_path(row), {"answer": answer}).status_code == 400
    assert FollowUp.objects.get(pk=row.pk).answer == ""


def test_answer_stands_once_the_next_question_is_due(client, time_machine):
    row = due()
    path = referral_mail.follow_up_path(row)
    client.post(path, {"answer": "same_job"})
    time_machine.move_to(timezone.now() + timedelta(days=91))
    assert client.post(path, {"answer": "seeking"}).status_code == 410
    assert FollowUp.objects.get(pk=row.pk).answer == "same_job"


def test_forged_link_is_refused(client):
    assert client.get(reverse("follow_up_link", args=["1:palsu"])).status_code == 404


def test_restricted_people_are_neither_asked_nor_called():
    due(restricted_at=timezone.now())
    assert (placements.sweep(), FollowUp.objects.to_call().count(), mails_to("siti@contoh.test")) == (0, 0, [])


@pytest.mark.parametrize(("days", "called"), [(6, 0), (7, 1)])
def test_who_does_not_answer_for_a_week_is_called(time_machine, days, called):
    due()
    placements.sweep()
    time_machine.move_to(timezone.now() + timedelta(days=days, minutes=1))
    assert FollowUp.objects.to_call().count() == called


def test_who_has_no_address_is_called_at_once():
    row = due(email="")
    assert (placements.sweep(), list(FollowUp.objects.to_call())) == (0, [row])


def test_third_failed_call_is_not_reached(people, client_for):
    row, client = due(email=""), client_for(people["canvasser"])
    seen = []
    for _ in range(3):
        client.post(reverse("follow_up_record", args=[row.pk]), {"failed": "1"})
        row.refresh_from_db()
        seen.append((row.calls, row.answer))
    assert seen == [(1, ""), (2, ""), (3, "not_reached")]
    assert client.post(reverse("follow_up_record", args=[row.pk]), {"failed": "1"}).status_code == 404


def test_officer_records_what_was_told(people, client_for):
    row = due(email="")
    client_for(people["canvasser"]).post(reverse("follow_up_record", args=[row.pk]), {"answer": "seeking"})
    row.refresh_from_db()
    assert (row.answer, row.via, row.by) == ("seeking", "phone", people["canvasser"])


def adds_up():
    for row in placements.funnel():
        assert row.due == row.not_asked + row.waiting + row.answered + row.not_reached
        assert row.answered == row.employed + row.business + row.seeking + row.studying
    return placements.funnel()[0]


def test_funnel_adds_up_at_every_step(people, client_for):
    rows = [due(email=f"orang{n}@contoh.test") for n in range(6)] + [due(email="")]
    assert (adds_up().due, adds_up().asked) == (7, 0)
    placements.sweep()
    assert (adds_up().asked, adds_up().waiting, adds_up().not_asked) == (6, 6, 1)
    for row, answer in zip(rows, ("same_job", "other_job", "business", "seeking", "studying"), strict=False):
        placements.answer(row, answer)
        adds_up()
    for _ in range(3):
        placements.call_failed(rows[6], by=people["canvasser"])
        adds_up()
    now = adds_up()
    assert (now.due, now.asked, now.answered, now.not_reached, now.waiting) == (7, 7, 5, 1, 1)
    assert (now.employed, now.business, now.employed_percent, now.answered_percent) == (2, 1, 40, 71)
    page = client_for(people["manager"]).get(reverse("follow_up_list")).content.decode()
    assert "dari yang menjawab; 5 dari 7 menjawab (71&nbsp;%)" in page


def test_share_of_nobody_is_unknown_and_not_zero(people, client_for):
    assert placements.funnel()[0].employed_percent is None
    assert "belum ada jawaban" in client_for(people["manager"]).get(reverse("follow_up_list")).content.decode()


# --- The desk -------------------------------------------------------------------------------------


def test_officer_places_somebody_at_the_desk(people, client_for):
    person, employer = make_registered(), make_employer(name="PT Maju Jaya")
    client, url = client_for(people["canvasser"]), reverse("placement_new", args=[person.pk])
    given = {"employer_name": "Maju Jaya", "position": "Kasir", "started_on": today().isoformat(), "region": "18.72"}
    assert client.post(url, given | {"employer_name": "PT Tidak Ada"}).status_code == 400
    assert client.post(url, given).status_code == 302
    row = Placement.objects.get()
    assert (row.employer, row.scope, row.recorded_by) == (employer, "akl", people["canvasser"])
    assert "Kasir" in client.get(reverse("job_seeker_detail", args=[person.pk])).content.decode()


def test_placement_page_names_the_applications_that_go_on(people, client_for):
    running = make_application()
    page = client_for(people["canvasser"]).get(reverse("placement_new", args=[running.job_seeker_id]))
    assert running.vacancy.title in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_call_list_asks_as_often_for_three_as_for_one(people, client_for, django_assert_num_queries, count):
    for _ in range(count):
        due(email="")
    client = client_for(people["manager"])
    client.get(reverse("follow_up_list"))
    with django_assert_num_queries(13):
        client.get(reverse("follow_up_list"))
