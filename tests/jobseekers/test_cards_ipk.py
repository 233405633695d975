"""Whatever happens to cards, opening + registered - placed - removed = closing, and no past balance changes later."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.roles import Role
from jobseekers.models import DocumentKind, JobSeeker, RegisterEvent, RegistrationCard
from jobseekers.models.register import RegisterRefused
from jobseekers.services import cards, documents
from jobseekers.services.cards import CardRefused
from tests.factories import make_job_seeker, make_user

START = datetime(2026, 1, 5, 3, tzinfo=UTC)
ACTIONS = ("issue", "seeking", "working", "stopped", "place", "wait")
STEPS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 1), st.sampled_from(ACTIONS)), min_size=4, max_size=14
)  # days that pass, who, what happens then


def act(person, action, officer):
    with suppress(CardRefused, RegisterRefused):
        if action == "issue":
            cards.issue(cards.request(person, officer), officer)
        elif action == "place":
            RegisterEvent.objects.place(person, by=officer)
            for card in person.cards.standing():
                cards.end(card, RegistrationCard.End.PLACED, officer)
        elif action != "wait":
            cards.report(person.cards.standing().get(), action, "desk", officer)


def in_register():
    """How many, by education: the rows of IPK III/2."""
    return Counter(JobSeeker.objects.filter(in_register=True).values_list("education_id", flat=True))


def moved(since: date, until: date):
    """Registered - placed - removed after `since` and up to `until`, by the same rows."""
    rows: Counter[int] = Counter()
    for kind, row in RegisterEvent.objects.filter(on__gt=since, on__lte=until).values_list("kind", "education_id"):
        rows[row] += 1 if kind == "registered" else -1
    return rows


def total(opening, change):
    return {row: opening[row] + change[row] for row in {*opening, *change} if opening[row] + change[row]}


class TestRegister(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(steps=STEPS)
    def test_balances_hold(self, steps):
        officer = make_user(Role.CANVASSER)
        people = [make_job_seeker(education_id=level) for level in (3, 7)]
        kinds = DocumentKind.objects.filter(is_required=True)
        for person in people:
            documents.see(person, kinds, by=officer)
        now, closings = START, {START.date() - timedelta(days=1): Counter()}
        for days, who, action in steps:
            now += timedelta(days=days)
            with time_machine.travel(now, tick=False):
                cards.sweep()
                with suppress(RegistrationCard.DoesNotExist):
                    act(JobSeeker.objects.get(pk=people[who].pk), action, officer)
                assert cards.sweep() == cards.sweep() == 0
                closings[now.date()] = in_register()
        periods = list(closings.items())
        for (opened, opening), (closed, closing) in pairwise(periods):
            assert total(opening, moved(opened, closed)) == dict(closing)
