"""What `seats` needs of Django: a class, people, the rush, and the bare inserts beside it."""

import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from tests.factories import make_cohort, make_job_seeker, make_office
from training.models import Cohort, Enrolment
from training.models.enrolments import State, StepRefused
from training.services import seats


def report(people: int, places: int, threads: int) -> None:
    call_command("flush", interactive=False, verbosity=0)
    make_office()
    cohort = make_cohort(capacity=places, intake=Cohort.Intake.FIRST_COME)
    crowd = [make_job_seeker() for _ in range(people)]
    sent = crowd * 2
    random.Random(7).shuffle(sent)
    highest: list[int] = []
    stop = Event()
    watcher = Thread(target=disturb, args=(cohort, stop, highest))
    bare = bare_inserts(len(sent), threads)
    watcher.start()
    took = at_once(lambda person: seats.apply(person, cohort, via=Enrolment.Via.WEB), sent, threads)
    stop.set()
    watcher.join()
    seats.set_capacity(cohort, places + 2)
    cohort.refresh_from_db()
    line = list(cohort.enrolments.in_line().values_list("created_at", flat=True))
    full, right = cohort.taken == cohort.capacity, cohort.taken == cohort.enrolments.seated().count()
    say(f"{len(sent)} requests of {people} people for {places} seats, {threads} at a time, beside {len(highest)} looks")
    say(f"  {len(sent) / took:.0f} requests a second; bare inserts {len(sent) / bare:.0f} a second")
    say(f"  most seats above the capacity: {max(highest)}")
    say(f"  in the end {cohort.taken} of {cohort.capacity} seats are taken and {len(line)} people wait")
    if not (max(highest) <= 0 and full and right and line == sorted(line)):
        sys.exit("  OVERSOLD, not full, or out of order")


def disturb(cohort: Cohort, stop: Event, highest: list[int]) -> None:
    """Somebody gives up, somebody takes an offer, seats come and go, until told to stop."""
    dice, usual = random.Random(8), cohort.capacity
    try:
        while not stop.is_set():
            now = Cohort.objects.get(pk=cohort.pk)
            highest.append(now.taken - now.capacity)
            for enrolment in cohort.enrolments.filter(state=State.ENROLLED).order_by("?")[:1]:
                seats.leave(enrolment, by=None, reason="uji")
            for enrolment in cohort.enrolments.filter(state=State.OFFERED)[:2]:
                try:
                    seats.accept(enrolment, by=None)
                except StepRefused:
                    continue
            try:
                seats.set_capacity(cohort, usual + dice.choice([-2, 0, 2]))
            except IntegrityError:
                continue
    finally:
        connection.close()


def at_once(step, items: list, threads: int) -> float:  # type: ignore[no-untyped-def,type-arg]
    """Seconds for all items."""

    def one(item: object) -> None:
        step(item)

    began = time.perf_counter()
    with ThreadPoolExecutor(threads, initializer=connection.ensure_connection) as pool:
        list(pool.map(one, items))
    return time.perf_counter() - began


def bare_inserts(number: int, threads: int) -> float:
    """Seconds for as many single inserts, each committed."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_seat")
        cursor.execute("CREATE TABLE bare_seat (person int PRIMARY KEY, at timestamptz NOT NULL)")

    def insert(person: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare_seat VALUES (%s, %s)", [person, timezone.now()])

    return at_once(insert, list(range(number)), threads)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201
