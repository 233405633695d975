"""Seats are never oversold by any path, and go in order."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pgtrigger
import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from announcements.models import Delivery
from tests.factories import make_card, make_cohort, make_enrolment, make_job_seeker, make_user, today
from training import mails
from training.models import AdmissionRule, Cohort, Enrolment
from training.models.enrolments import SEATED, TRANSITIONS, State, StepRefused
from training.services import seats

pytestmark = pytest.mark.django_db
FIRST_COME = Cohort.Intake.FIRST_COME


def taken(cohort):
    cohort.refresh_from_db()
    return cohort.taken


def states(cohort):
    return dict(cohort.enrolments.values_list("job_seeker__name", "state"))


# --- The guard ------------------------------------------------------------------------------------


def test_one_seat_too_many_is_refused_by_the_database():
    cohort = make_cohort(capacity=1)
    make_enrolment("enrolled", cohort=cohort)
    with pytest.raises(IntegrityError, match="cohort_not_oversold"), transaction.atomic():
        make_enrolment("offered", cohort=cohort)
    waiting = make_enrolment("waiting", cohort=cohort)
    with pytest.raises(IntegrityError, match="cohort_not_oversold"), transaction.atomic():
        Enrolment.objects.filter(pk=waiting.pk).update(
            state=State.OFFERED, offered_until=timezone.now() + timedelta(days=1)
        )
    assert taken(cohort) == 1


def test_capacity_cannot_go_below_what_is_taken():
    cohort = make_cohort(capacity=2)
    make_enrolment("enrolled", cohort=cohort)
    make_enrolment("offered", cohort=cohort)
    with pytest.raises(IntegrityError, match="cohort_not_oversold"), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(capacity=1)


def test_seat_that_moves_to_another_cohort_is_counted_there():
    full, other = make_cohort(capacity=1), make_cohort(capacity=1)
    moved = make_enrolment("enrolled", cohort=full)
    Enrolment.objects.filter(pk=moved.pk).update(cohort=other)
    assert (taken(full), taken(other)) == (0, 1)


def test_seat_of_a_deleted_row_is_free():
    cohort = make_cohort()
    make_enrolment("enrolled", cohort=cohort).delete()
    assert taken(cohort) == 0


def test_saving_a_cohort_leaves_the_counter_alone():
    cohort = make_cohort()
    make_enrolment("enrolled", cohort=cohort)
    cohort.place = "Balai Latihan"  # read before the seat was taken
    cohort.save()
    assert taken(cohort) == 1


class TestCounter(TestCase):
    """Whatever steps are taken, and refused, the counter is the number of seated people."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        steps=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(list(State))), min_size=1, max_size=20),
        capacity=st.integers(1, 4),
    )
    def test_is_the_count_over_all_transitions(self, steps, capacity):
        cohort = make_cohort(capacity=capacity)
        people = [make_enrolment(cohort=cohort) for _ in range(5)]
        for who, to in steps:
            changes = {"position": 100 + who, "offered_until": timezone.now() + timedelta(days=1), "reason": "uji"}
            try:
                with transaction.atomic():
                    people[who].move(to, by=None, **changes)
            except StepRefused:
                assert (Enrolment.objects.get(pk=people[who].pk).state, to) not in TRANSITIONS
            except IntegrityError:
                assert cohort.enrolments.filter(state__in=SEATED).count() == capacity
            people[who].refresh_from_db()
        seated = cohort.enrolments.filter(state__in=SEATED).count()
        assert (taken(cohort), taken(cohort) <= capacity) == (seated, True)


# --- Applying -------------------------------------------------------------------------------------


def test_applying_twice_is_one_enrolment():
    cohort, person = make_cohort(), make_job_seeker(email="siti@contoh.test")
    first, second = (seats.apply(person, cohort, via="web", motivation="Ingin belajar") for _ in range(2))
    assert (first, first.state, Delivery.objects.count()) == (second, "applied", 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"restricted_at": timezone.now()}, "dibatasi"),
        ({"state": "draft"}, "belum lengkap"),
    ],
)
def test_who_may_not_be_processed_reads_why(change, words):
    with pytest.raises(StepRefused, match=words):
        seats.apply(make_job_seeker(**change), make_cohort(), via="web")


@pytest.mark.parametrize(
    "closed",
    [
        {"state": "draft"},
        {"state": "running"},
        {"intake_from": today() - timedelta(days=2), "intake_until": today() - timedelta(days=1)},
    ],
)
def test_closed_intake_takes_nobody(closed):
    with pytest.raises(StepRefused, match="tidak dibuka"):
        seats.apply(make_job_seeker(), make_cohort(**closed), via="web")


@pytest.mark.parametrize(
    ("kind", "value", "person", "words"),
    [
        ("education", 7, {"education_id": 4}, "D3"),
        ("age_from", 60, {}, "60 tahun"),
        ("age_to", 16, {}, "16 tahun"),
        ("resident", None, {"region_id": "18.71"}, "warga kota"),
        ("registered", None, {}, "kartu AK/I"),
    ],
)
def test_condition_that_is_not_met_is_told(kind, value, person, words):
    cohort = make_cohort()
    AdmissionRule.objects.create(course=cohort.course, kind=kind, value=value)
    with pytest.raises(StepRefused, match=words):
        seats.apply(make_job_seeker(**person), cohort, via="web")


def test_conditions_that_are_met_let_in():
    cohort, person = make_cohort(), make_job_seeker(education_id=7, region_id="18.72.01.1003")
    make_card("issued", job_seeker=person)
    for kind, value in (("education", 4), ("age_from", 17), ("age_to", 60), ("resident", None), ("registered", None)):
        AdmissionRule.objects.create(course=cohort.course, kind=kind, value=value)
    assert seats.apply(person, cohort, via="desk", by=make_user("canvasser")).state == "applied"


def test_second_training_in_a_year_is_refused_where_the_course_says_so():
    cohort, person = make_cohort(), make_job_seeker()
    AdmissionRule.objects.create(course=cohort.course, kind="one_a_year")
    elsewhere = make_enrolment("completed", cohort=make_cohort("finished"), job_seeker=person)
    with pytest.raises(StepRefused, match="pelatihan lain"):
        seats.apply(person, cohort, via="web")
    Cohort.objects.filter(pk=elsewhere.cohort_id).update(
        begins_on=today() - timedelta(days=500), intake_from=today() - timedelta(days=600),
        intake_until=today() - timedelta(days=550),
    )  # fmt: skip
    assert seats.apply(person, cohort, via="web").state == "applied"


# --- Without selection ----------------------------------------------------------------------------


def test_first_come_first_served_then_the_waiting_list():
    cohort = make_cohort(capacity=2, intake=FIRST_COME)
    made = [seats.apply(make_job_seeker(), cohort, via="web") for _ in range(4)]
    assert [(each.state, each.position) for each in made] == [
        ("enrolled", None),
        ("enrolled", None),
        ("waiting", 1),
        ("waiting", 2),
    ]


def test_free_seat_goes_to_the_next_in_line_at_once():
    cohort = make_cohort(capacity=1, intake=FIRST_COME)
    first, second, third = (seats.apply(make_job_seeker(), cohort, via="web") for _ in range(3))
    seats.leave(first, by=None)
    for each in (first, second, third):
        each.refresh_from_db()
    assert [each.state for each in (first, second, third)] == ["withdrawn", "offered", "waiting"]
    seats.accept(second, by=None)
    assert (second.state, taken(cohort)) == ("enrolled", 1)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_fill_the_seats_exactly_and_in_order():
    """500 people send 1,000 requests for 40 seats, while seats are given up, added and taken away."""
    cohort = make_cohort(capacity=40, intake=FIRST_COME)
    people = [make_job_seeker() for _ in range(500)]
    sent = [person for person in people for _twice in range(2)]
    random.Random(7).shuffle(sent)
    highest, stop = [], threading.Event()

    def send(person):
        try:
            seats.apply(person, cohort, via="web")
        finally:
            connection.close()

    def disturb():
        dice = random.Random(8)
        try:
            while not stop.is_set():
                now = Cohort.objects.get(pk=cohort.pk)
                highest.append(now.taken - now.capacity)
                if leaver := cohort.enrolments.filter(state=State.ENROLLED).order_by("?").first():
                    seats.leave(leaver, by=None, reason="uji")
                for offered in cohort.enrolments.filter(state=State.OFFERED)[:2]:
                    seats.accept(offered, by=None)
                try:
                    seats.set_capacity(cohort, dice.choice([38, 40, 42]))
                except IntegrityError:
                    continue
        finally:
            connection.close()

    watcher = threading.Thread(target=disturb)
    watcher.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, sent))
    stop.set()
    watcher.join()
    seats.set_capacity(cohort, 42)
    cohort.refresh_from_db()
    line = list(cohort.enrolments.in_line().values_list("created_at", flat=True))
    passed = cohort.enrolments.exclude(state=State.WAITING).order_by("-created_at").first()
    applied = cohort.enrolments.values("job_seeker").distinct().count()
    assert (max(highest) <= 0, applied, cohort.taken, cohort.capacity) == (True, 500, 42, 42)
    assert cohort.taken == cohort.enrolments.seated().count()
    positions = list(cohort.enrolments.in_line().values_list("position", flat=True))
    assert (line, positions) == (sorted(line), sorted(positions))
    assert passed.created_at <= line[0]  # nobody in line came before somebody who has had a seat


# --- Offers ---------------------------------------------------------------------------------------


def test_free_seats_are_offered_in_order_and_end_in_time():
    cohort = make_cohort(capacity=2)
    line = [make_enrolment("waiting", cohort=cohort) for _ in range(3)]
    offers = seats.offer(cohort, by=make_user("canvasser"))
    assert offers.made == line[:2]
    assert [each.offered_until for each in offers.made] == pytest.approx(
        [timezone.now() + timedelta(hours=48)] * 2, abs=timedelta(minutes=1)
    )


def test_skipped_people_and_the_reason_are_kept_once():
    cohort, elsewhere = make_cohort(capacity=1), make_cohort()
    restricted, busy, free = (make_enrolment("waiting", cohort=cohort) for _ in range(3))
    restricted.job_seeker.restricted_at = timezone.now()
    restricted.job_seeker.save()
    make_enrolment("enrolled", cohort=elsewhere, job_seeker=busy.job_seeker)
    offers = seats.offer(cohort, by=None)
    assert [(each, why) for each, why in offers.skipped] == [
        (restricted, "pemrosesan datanya dibatasi"),
        (busy, f"punya kursi di {elsewhere}"),
    ]
    assert offers.made == [free]
    seats.leave(free, by=None)
    seats.offer(cohort, by=None)
    assert [each.log.filter(from_state="waiting", to_state="waiting").count() for each in (restricted, busy)] == [1, 1]


def test_offer_that_is_not_answered_lapses_and_frees_the_seat():
    cohort = make_cohort(capacity=1)
    person = make_job_seeker(email="siti@contoh.test")
    late = make_enrolment("offered", cohort=cohort, job_seeker=person)
    make_enrolment("waiting", cohort=cohort)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        with pytest.raises(StepRefused, match="lewat waktunya"):
            seats.accept(late, by=None)
        assert (seats.sweep(), seats.sweep()) == (1, 0)
        late.refresh_from_db()
        cohort.refresh_from_db()
        assert (late.state, cohort.free, Delivery.objects.get().address) == ("lapsed", 1, "siti@contoh.test")


def test_nothing_is_offered_after_the_last_day_for_replacements():
    cohort = make_cohort("running", capacity=1, replace_until_day=3)
    make_enrolment("waiting", cohort=cohort)
    late = time_machine.travel(timezone.now() + timedelta(days=33))
    with late, pytest.raises(StepRefused, match="lewat hari penggantian"):
        seats.offer(cohort, by=None)


def test_offer_never_outlasts_the_last_day_for_replacements():
    cohort = make_cohort("running", capacity=1, replace_until_day=1, offer_hours=720)
    make_enrolment("waiting", cohort=cohort)
    made = seats.offer(cohort, by=None).made[0]
    assert timezone.localdate(made.offered_until) == cohort.begins_on


def test_declined_seat_is_free_and_the_person_may_apply_again():
    cohort = make_cohort(capacity=1)
    declined = make_enrolment("offered", cohort=cohort)
    seats.leave(declined, by=None)
    assert (declined.state, taken(cohort)) == ("declined", 0)
    assert seats.apply(declined.job_seeker, cohort, via="web").state == "applied"


def test_counter_can_be_checked():
    cohort = make_cohort()
    make_enrolment("enrolled", cohort=cohort)
    assert seats.recount() == []
    Cohort.objects.filter(pk=cohort.pk).update(taken=5)  # refused by the trigger
    assert seats.recount() == []
    with pgtrigger.ignore("training.Cohort:taken_is_counted"):
        Cohort.objects.filter(pk=cohort.pk).update(taken=5)
    assert seats.recount() == [cohort]


def test_cancelled_class_frees_everybody_and_tells_them():
    cohort = make_cohort(capacity=2)
    person = make_job_seeker(email="siti@contoh.test")
    enrolled = make_enrolment("enrolled", cohort=cohort, job_seeker=person)
    AdmissionRule.objects.create(course=cohort.course, kind="one_a_year")
    assert seats.cancel(cohort, by=make_user("canvasser")) == 1
    enrolled.refresh_from_db()
    assert (enrolled.state, enrolled.reason, taken(cohort)) == ("withdrawn", "Angkatan dibatalkan", 0)
    assert Delivery.objects.get().address == "siti@contoh.test"
    again = make_cohort(course=cohort.course)
    assert seats.apply(person, again, via="web").state == "applied"


def test_seat_offered_in_two_classes_can_be_taken_in_one():
    person = make_job_seeker()
    first, second = (make_enrolment("offered", job_seeker=person) for _ in range(2))
    seats.accept(first, by=None)
    with pytest.raises(StepRefused, match="punya kursi di"):
        seats.accept(second, by=None)


def test_offer_of_a_cancelled_class_cannot_be_taken():
    offered = make_enrolment("offered")
    Cohort.objects.filter(pk=offered.cohort_id).update(state="cancelled")
    with pytest.raises(StepRefused, match="dibatalkan"):
        seats.accept(offered, by=None)


def test_whoever_was_in_the_class_already_is_told_so():
    dropped = make_enrolment("dropped")
    with pytest.raises(StepRefused, match="pernah ikut"):
        seats.apply(dropped.job_seeker, dropped.cohort, via="web")


def test_new_applicant_gets_the_seat_that_nobody_before_can_take():
    cohort = make_cohort(capacity=1, intake=FIRST_COME)
    make_enrolment("waiting", cohort=cohort, job_seeker=make_job_seeker(restricted_at=timezone.now()))
    assert seats.apply(make_job_seeker(), cohort, via="web").state == "offered"


# --- The link in the letter -----------------------------------------------------------------------


@pytest.fixture
def offer():
    """A seat that was offered by letter, the next in line, and the path of the link."""
    cohort = make_cohort(capacity=1, intake=FIRST_COME)
    first, _second = (
        make_enrolment(
            "waiting", cohort=cohort, position=number, job_seeker=make_job_seeker(email=f"{number}@contoh.test")
        )
        for number in (1, 2)
    )
    seats.offer(cohort, by=None)
    first.refresh_from_db()
    return first, mails.offer_path(first)


def test_letter_carries_a_link_that_changes_nothing_when_looked_at(offer, client):
    enrolment, path = offer
    letter = bytes(Delivery.objects.get(address="1@contoh.test").message).decode().replace("=\n", "")
    assert path in letter.replace("=3D", "=")
    page = client.get(path)
    enrolment.refresh_from_db()
    assert (page.status_code, "Jawab paling lambat" in page.content.decode(), enrolment.state) == (200, True, "offered")


def test_seat_is_accepted_by_the_link_once(offer, client):
    enrolment, path = offer
    assert client.post(path, {"accept": "1"}).status_code == 200
    late = client.post(path, {"decline": "1"})
    enrolment.refresh_from_db()
    assert (late.status_code, enrolment.state, enrolment.log.filter(to_state="enrolled").count()) == (
        409,
        "enrolled",
        1,
    )
    assert "Kursi ini milik Anda" in client.get(path).content.decode()
    assert client.post(path, {"accept": "1"}).status_code == 409


def test_seat_declined_by_the_link_goes_to_the_next_in_line(offer, client):
    enrolment, path = offer
    assert "sudah Anda tolak" in client.post(path, {"decline": "1"}).content.decode()
    assert list(enrolment.cohort.enrolments.order_by("pk").values_list("state", flat=True)) == ["declined", "offered"]
    assert client.post(path, {"accept": "1"}).status_code == 409


def test_link_after_its_time_says_so(offer, client):
    enrolment, path = offer
    with time_machine.travel(enrolment.offered_until + timedelta(minutes=1)):
        assert client.post(path, {"accept": "1"}).status_code == 409
        assert "Tawaran ini sudah lewat waktunya" in client.get(path).content.decode()
    enrolment.refresh_from_db()
    assert enrolment.state == "offered"  # until the sweep


def test_link_of_another_purpose_is_no_offer(offer, client):
    enrolment, _path = offer
    assert client.get(f"/tawaran-kursi/{mails.signer.sign(str(enrolment.pk))}/").status_code == 404
