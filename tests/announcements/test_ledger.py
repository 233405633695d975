"""The rules of the ledger, one statement at a time."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.db.models.functions import Now

from announcements import ledger, sweep
from announcements.channels import Outcome
from announcements.models import Attempt, ChannelControl, Delivery
from announcements.models.deliveries import TRANSITIONS, Reason, State
from tests.factories import make_subscription

pytestmark = pytest.mark.django_db

ACCEPTED = Outcome(Reason.ACCEPTED, "250 2.0.0", "queued as 1")


@pytest.fixture
def delivery(announced):
    make_subscription(email="siti@contoh.test")
    announced()
    sweep.expand_all()
    return Delivery.objects.get()


def claim_and_begin():
    (claimed,) = ledger.claim("email")
    return claimed, ledger.begin(claimed)


def let_lease_run_out(delivery):
    Delivery.objects.filter(pk=delivery.pk).update(lease_until=Now() - timedelta(seconds=1))


def state_of(delivery):
    delivery.refresh_from_db()
    return delivery.state


def test_claim_takes_each_delivery_once(announced):
    for number in range(25):
        make_subscription(email=f"orang{number}@contoh.test")
    announced()
    sweep.expand_all()
    first, second, third = (ledger.claim("email", size=20) for _ in range(3))
    assert [len(first), len(second), len(third)] == [20, 5, 0]
    assert len({each.pk for each in first + second}) == 25


def test_claim_takes_critical_mail_first(delivery):
    later = Delivery.objects.create(
        channel="email", address="kode@contoh.test", priority=0, message=b"kode", expires_at=Now() + timedelta(hours=1)
    )
    assert [each.pk for each in ledger.claim("email")] == [later.pk, delivery.pk]


def test_claim_for_critical_mail_leaves_bulk_alone(delivery):
    assert ledger.claim("email", least_priority=Delivery.Priority.CRITICAL) == []


def test_claim_leaves_what_is_not_due_yet(delivery):
    Delivery.objects.update(not_before=Now() + timedelta(seconds=5))
    assert ledger.claim("email") == []


def test_begin_counts_the_try_before_the_call(delivery):
    _claimed, begun = claim_and_begin()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, begun.number) == (State.SENDING, 1, 1)


def test_begin_refuses_a_claim_that_somebody_else_holds_now(delivery):
    (claimed,) = ledger.claim("email")
    let_lease_run_out(delivery)
    ledger.free_leases()
    (theirs,) = ledger.claim("email")
    assert ledger.begin(claimed) is None
    assert ledger.begin(theirs) is not None


def test_finish_writes_state_and_attempt(delivery):
    claimed, begun = claim_and_begin()
    assert ledger.finish(claimed, ACCEPTED, begun) is True
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_class, delivery.provider_ref) == ("sent", "accepted", "queued as 1")
    assert list(Attempt.objects.values_list("delivery_id", "number", "outcome", "code")) == [
        (delivery.pk, 1, "accepted", "250 2.0.0")
    ]


def test_finish_refuses_a_late_result(delivery):
    claimed, begun = claim_and_begin()
    let_lease_run_out(delivery)
    ledger.settle_interrupted()
    assert ledger.finish(claimed, ACCEPTED, begun) is False
    assert state_of(delivery) == State.QUEUED
    assert list(Attempt.objects.values_list("number", "outcome")) == [(1, "interrupted")]


def test_result_and_next_beginning_are_committed_together(announced):
    for name in "ab":
        make_subscription(email=f"{name}@contoh.test")
    announced()
    sweep.expand_all()
    first, second = ledger.claim("email")
    tried = ledger.Tried(first, ACCEPTED, ledger.begin(first))
    in_time, begun = ledger.finish_and_begin(tried, second)
    assert (in_time, begun.number) == (True, 1)
    assert (state_of(first), state_of(second)) == (State.SENT, State.SENDING)


@pytest.mark.django_db(transaction=True)
def test_result_is_kept_when_the_next_delivery_cannot_be_begun(announced):
    for name in "ab":
        make_subscription(email=f"{name}@contoh.test")
    announced()
    sweep.expand_all()
    first, second = ledger.claim("email")
    tried = ledger.Tried(first, ACCEPTED, ledger.begin(first))
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    with held(second), pytest.raises(OperationalError):
        ledger.finish_and_begin(tried, second)
    assert (state_of(first), state_of(second)) == (State.SENT, State.CLAIMED)


@contextmanager
def held(delivery):
    """Somebody else has locked the row."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT FROM announcements_delivery WHERE id = %s FOR UPDATE", [delivery.pk])
        yield
        other.rollback()
    finally:
        other.close()


def test_expired_claim_returns_to_the_queue_without_counting(delivery):
    ledger.claim("email")
    assert ledger.free_leases() == 0
    let_lease_run_out(delivery)
    assert ledger.free_leases() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.token) == (State.QUEUED, 0, None)


def test_interrupted_sending_is_repeated_once_and_then_unknown(delivery):
    found = []
    for _try in range(2):
        claim_and_begin()
        let_lease_run_out(delivery)
        ledger.settle_interrupted()
        found.append(state_of(delivery))
    assert found == [State.QUEUED, State.UNKNOWN]
    assert (delivery.attempts, delivery.ambiguous) == (2, 2)


def test_temporary_error_comes_back_later_and_ends_after_six_repeats(delivery):
    found = []
    for _try in range(7):
        Delivery.objects.update(not_before=delivery.created_at)
        claimed, begun = claim_and_begin()
        ledger.finish(claimed, Outcome(Reason.BUSY, "451 4.7.1"), begun)
        delivery.refresh_from_db()
        found.append((delivery.state, delivery.not_before > delivery.created_at))
    assert found == [(State.QUEUED, True)] * 6 + [(State.FAILED, False)]
    assert (delivery.last_class, delivery.attempts) == (Reason.TRIED_OUT, 7)


@pytest.mark.parametrize(("attempts", "longest"), list(enumerate([60, 300, 900, 3600, 4 * 3600, 12 * 3600], start=1)))
def test_retry_delay_is_anything_up_to_the_step(attempts, longest):
    delays = [ledger.retry_delay(attempts).total_seconds() for _ in range(200)]
    assert 0 <= min(delays) < longest / 4
    assert longest * 3 / 4 < max(delays) <= longest


def test_own_error_fails_at_once(delivery):
    claimed, begun = claim_and_begin()
    ledger.finish(claimed, Outcome(Reason.OWN_ERROR), begun)
    assert state_of(delivery) == State.FAILED
    assert list(Delivery.objects.needing_action()) == [delivery]


def test_given_back_claim_returns_its_tokens(delivery):
    claimed = ledger.claim("email")
    before = ChannelControl.objects.get().tokens
    ledger.give_back(claimed)
    assert ChannelControl.objects.get().tokens == before + 1
    assert state_of(delivery) == State.QUEUED


def test_expired_delivery_is_closed_by_the_sweep(delivery):
    Delivery.objects.update(expires_at=Now())
    assert ledger.expire() == 1
    assert (state_of(delivery), delivery.last_class) == (State.EXPIRED, Reason.EXPIRED)


def test_uncertain_delivery_is_closed_when_a_repeat_makes_no_sense(delivery):
    for state in (State.CLAIMED, State.SENDING, State.UNKNOWN):
        Delivery.objects.update(state=state, token=uuid4(), lease_until=Now())
    Delivery.objects.update(expires_at=Now())
    ledger.expire()
    assert (state_of(delivery), delivery.last_class) == (State.FAILED, Reason.EXPIRED)


def test_address_is_written_once_per_announcement(delivery):
    with pytest.raises(IntegrityError, match="delivery_once_per_address"), transaction.atomic():
        Delivery.objects.create(
            announcement=delivery.announcement,
            issue=delivery.issue,
            channel="email",
            address=delivery.address,
            expires_at=delivery.expires_at,
        )


def ways() -> dict[str, list[str]]:
    """For each state the steps that lead to it from the queue."""
    known: dict[str, list[str]] = {State.QUEUED: []}
    while len(known) < len(State):
        known |= {end: [*known[start], end] for start, end in TRANSITIONS if start in known and end not in known}
    return known


def database_allows(steps: list[str]) -> bool:
    """Whether the only delivery can go through these states. Changes nothing."""
    try:
        with transaction.atomic():
            for step in steps:
                Delivery.objects.update(state=step, token=uuid4(), lease_until=Now())
            transaction.set_rollback(True)
    except ProgrammingError as error:
        return "Invalid transition" not in str(error)
    return True


def test_database_allows_exactly_the_transitions_of_the_table(delivery):
    found = {(start, end) for start, way in ways().items() for end in State if database_allows([*way, end])}
    assert found == TRANSITIONS | {(state, state) for state in State}


def test_attempts_are_never_changed_or_deleted(delivery):
    claimed, begun = claim_and_begin()
    ledger.finish(claimed, ACCEPTED, begun)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        Attempt.objects.update(outcome=Reason.REFUSED)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        Attempt.objects.all().delete()


def test_erased_subscription_leaves_a_row_without_address(delivery):
    delivery.subscription.delete()
    delivery.refresh_from_db()
    assert (delivery.subscription, delivery.address) == (None, f"terhapus-{delivery.pk}")


def test_beginning_a_mail_asks_nothing_but_its_own_statement(delivery, django_assert_num_queries):
    (claimed,) = ledger.claim("email")
    with django_assert_num_queries(0):  # that one goes past Django, see `run_prepared`
        begun = ledger.begin(claimed)
    assert begun.vacancy_ids == tuple(delivery.vacancy_ids)
