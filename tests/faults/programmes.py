"""The fault programmes: what is struck, how often, and what must hold afterwards.

Each is a function of the ground and of whether it runs in full; the short form is for every day.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from datetime import time as clock

from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from announcements import hints, services
from announcements.models import AnnouncedVacancy, Announcement, Attempt, ChannelControl, Delivery
from announcements.models.announcements import Audience
from announcements.models.deliveries import Reason, State
from canvassing.models import Vacancy
from jobseekers.models import AlertSubscription
from tests.factories import make_office, make_user, make_vacancy
from tests.faults.counting import Result, count
from tests.faults.ground import LEASE_SECONDS, PROCESSES, Ground
from tests.faults.poison import HANGS, KILLS, POISON, RAISES

PATIENCE = 600  # seconds after the last fault
FAST = 60_000  # mails a minute


def subscribe(addresses: list[str], frequency: str = "instant") -> None:
    now = timezone.now()
    AlertSubscription.objects.bulk_create(
        AlertSubscription(email=address, state="active", frequency=frequency, confirmed_at=now) for address in addresses
    )


def announce_to(number: int, *more: str) -> list[str]:
    """Announce one vacancy to that many; returns their addresses."""
    addresses, publish = subscribers(number, *more)
    publish()
    return addresses


def subscribers(number: int, *more: str) -> tuple[list[str], Callable[..., None]]:
    """Their addresses, and what announces a vacancy to them: the click alone, with all else prepared."""
    addresses = [*(f"orang{each}@contoh.test" for each in range(number)), *more]
    make_office()
    subscribe(addresses)
    prepared, publisher, manager = make_vacancy(), make_user(Role.PUBLISHER), make_user(Role.MANAGER)

    def publish(vacancy: Vacancy = prepared) -> None:
        announcement = services.announce(vacancies=[vacancy], by=publisher)
        assert announcement is not None
        services.release(announcement, by=manager)

    return addresses, publish


def thresholds(strikes: int, number: int) -> list[int]:
    """After how many mails something is struck; never so late that nothing is left to do."""
    return sorted(random.sample(range(1, number - number // 10), strikes))


def once(addresses: list[str]) -> dict[str, int]:
    return dict.fromkeys(addresses, 1)


def killed_workers_queue_and_database(ground: Ground, full: bool) -> Result:
    """All workers, the queue and the database are killed again and again; the queue is emptied once."""
    number, kills, queue_kills, crashes = (10_000, 20, 5, 3) if full else (800, 3, 1, 1)
    strikes = [ground.kill_workers] * kills + [ground.crash_database] * crashes
    strikes += [ground.queue.crash] * (queue_kills - 1) + [ground.empty_queue]
    random.shuffle(strikes)
    with ground.programme(per_minute=FAST if full else 12_000):
        ground.start_workers()
        ground.start_beat()
        addresses = announce_to(number)
        for strike, threshold in zip(strikes, thresholds(len(strikes), number), strict=True):
            ground.wait_for_mails(threshold, PATIENCE)
            strike()
        ground.wait_for_end(PATIENCE)
        return count(once(addresses), ground.sink, bound=PROCESSES * (kills + crashes))


def stopped_process(ground: Ground, full: bool) -> Result:
    """One process stands still for two leases and then goes on: what it says then is not believed."""
    number, stops = (6_000, 10) if full else (800, 2)
    with ground.programme(per_minute=FAST):
        ground.sink.before_answer = lambda address: time.sleep(0.03)  # so that it is stopped in the middle of a mail
        ground.start_workers()
        ground.start_beat()
        addresses = announce_to(number)
        for threshold in thresholds(stops, number):
            ground.wait_for_mails(threshold, PATIENCE)
            with ground.one_stopped():
                ground.wait(lambda: False, 2 * LEASE_SECONDS)
        ground.wait_for_end(PATIENCE)
        return count(once(addresses), ground.sink, bound=stops)


def planned_restarts(ground: Ground, full: bool) -> Result:
    """Updates while mails go out: nothing is lost, nothing doubled, nothing uncertain."""
    number, restarts = (10_000, 20) if full else (1_200, 2)
    with ground.programme(per_minute=2_400 if full else 4_800):
        ground.start_workers()
        ground.start_beat()
        addresses = announce_to(number)
        for threshold in thresholds(restarts, number):
            ground.wait_for_mails(threshold, PATIENCE)
            ground.restart_workers()
        ground.wait_for_end(PATIENCE)
        result = count(once(addresses), ground.sink, bound=0)
        result.require(not result.unknown, "a planned restart left something uncertain")
        return result


def no_queue(ground: Ground, full: bool) -> Result:
    """The queue is gone from before the publication: pages work, and mails leave by the timer's dispatcher."""
    number = 5_000 if full else 400
    with ground.programme(per_minute=FAST):
        ground.queue.down()
        try:
            addresses, publish = subscribers(number)
            began = time.monotonic()
            publish()
            took = time.monotonic() - began
            ground.start("dispatch", "manage.py", "dispatch")
            failed = [path for path in pages() if not answers(path)]
            ground.wait_for_end(PATIENCE)
        finally:
            ground.queue.up()
        result = count(once(addresses), ground.sink, bound=0)
        result.require(took <= 2, f"publishing took {took:.1f} s")
        result.require(not failed, f"no answer from {', '.join(failed)}")
        return result


def pages() -> list[str]:
    vacancy = Vacancy.objects.get()
    announcement = Announcement.objects.get()
    public = ["/", "/lowongan/", vacancy.get_absolute_url(), reverse("account_login")]
    return [*public, reverse("workspace"), announcement.get_absolute_url()]


def answers(path: str) -> bool:
    client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    client.force_login(User.objects.get(groups__name=Role.MANAGER))
    return client.get(path, follow=True).status_code == 200


def broken_lines(ground: Ground, full: bool) -> Result:
    """The line to the mail server is cut in the middle of mails, then the one to the queue is silent or gone a while.

    A minute after each the mails have left, those too that were announced meanwhile.
    """
    number, strikes, seconds = (300, 10, 30) if full else (100, 2, 4)
    late = 0
    with ground.programme(per_minute=FAST), ground.lines() as (queue, mail):
        mail.delay = 0.005
        ground.start_workers()
        ground.start_beat()
        addresses, publish = subscribers(number)
        publish()
        for strike in range(strikes):
            ground.wait_for_mails(2 * strike * number + number // 3, PATIENCE)
            mail.cut()
            with (queue.silent, queue.gone)[strike % 2]():
                publish(make_vacancy())
                ground.wait(lambda: False, seconds)
            late += not ground.wait(nothing_is_due, 60, every=0.3)
            publish(make_vacancy())
        let_all_end(ground)
        result = count(dict.fromkeys(addresses, 2 * strikes + 1), ground.sink, bound=PROCESSES * strikes)
        result.require(bool(mail.struck and queue.struck), "no connection was there to be cut")
        result.require(not late, f"{late} times mails still waited a minute after the line was whole again")
        return result


def bad_mail_server(ground: Ground, full: bool) -> Result:
    """It refuses, delays, falls silent after the content, hangs up after taking it, and is gone for a while."""
    number, rate = (5_000, 100) if full else (300, 50)
    fates, tries, seen, delayed = {}, [], Counter(), Counter()

    def reply_to(address: str) -> str | None:
        tries.append(time.monotonic())
        if fates[address] == "refused":
            return "550 5.7.1 no"
        # Somebody put off seven times would rightly be given up; among thousands chance finds one.
        if fates[address] == "fine" and delayed[address] < 4 and random.random() < 0.3:
            delayed[address] += 1
            return "451 4.2.0 later"
        return None

    def instead(address: str) -> str:
        seen[address] += 1
        return fates[address] if fates[address] in ("silence", "hang up") and seen[address] == 1 else ""

    with ground.programme(per_minute=60 * rate):
        ground.sink.answer_to_recipient, ground.sink.after_taking = reply_to, instead
        kinds = ["refused"] * 5 + ["silence"] * 5 + ["hang up"] * 2 + ["fine"] * 88
        fates = {f"orang{each}@contoh.test": random.choice(kinds) for each in range(number)}
        ground.start_workers()
        ground.start_beat()
        announce_to(number)
        ground.wait_for_mails(number // 3, PATIENCE)
        ground.sink.close()
        gone = time.monotonic()
        ground.wait(breaker_is_open, 30, every=0.1)
        opened_after = time.monotonic() - gone
        time.sleep(1)  # for who was in the middle of a try
        before = Attempt.objects.count()
        time.sleep(60 if full else 3)
        while_open = Attempt.objects.count() - before
        ground.sink.open()
        let_all_end(ground)
        received = {address: 1 for address, fate in fates.items() if fate != "refused"}
        unclear = sum(fate in ("silence", "hang up") for fate in fates.values())
        result = count(received, ground.sink, bound=unclear)
        state_of = dict(Delivery.objects.values_list("address", "state"))
        misjudged = sum((fate == "refused") != (state_of[address] == State.FAILED) for address, fate in fates.items())
        most = max(Delivery.objects.values_list("attempts", flat=True))
        result.require(not misjudged, f"{misjudged} have a wrong end")
        result.require(most <= 8, f"one was tried {most} times")
        result.require(opened_after <= 10, f"the breaker opened after {opened_after:.0f} s")
        result.require(while_open <= full, f"{while_open} tries while the breaker was open")  # in a minute: one probe
        # What a second brings and the bucket held, and what had been taken just before.
        busiest = max(sum(0 <= other - each < 4 for other in tries) for each in tries[:: 1 if not full else 50])
        result.require(busiest <= 4 * rate + rate + 20 * PROCESSES, f"{busiest} tries in 4 s")
        return result


def breaker_is_open() -> bool:
    return ChannelControl.objects.filter(open_until__gt=Now()).exists()


def nothing_is_due() -> bool:
    """What waits for a later moment, because a try of it failed, may wait."""
    unwritten = Announcement.objects.running().filter(expanded_at=None)
    due = Delivery.objects.waiting().exclude(state=State.QUEUED, not_before__gt=Now())
    return not unwritten.exists() and not due.exists()


def let_all_end(ground: Ground) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ground.wait_for_end(1) and time.monotonic() < deadline:
        let_hours_pass()


def let_hours_pass() -> None:
    """Whatever waits for a later moment is due now."""
    Delivery.objects.filter(state=State.QUEUED, not_before__gt=Now()).update(not_before=Now())
    ChannelControl.objects.filter(open_until__gt=Now()).update(open_until=Now())
    hints.send_now(hints.BULK)


CALENDAR = (date(2027, 12, 31), date(2028, 1, 1), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1))


def two_beats(ground: Ground, full: bool) -> Result:
    """Two schedulers with clocks two days apart; the digest of month ends and of the leap day asked for four times."""
    number, vacancies = (200, 10) if full else (40, 3)
    with ground.programme(per_minute=FAST):
        make_office()
        instant, daily = ([f"{kind}{each}@contoh.test" for each in range(number)] for kind in ("segera", "harian"))
        subscribe(instant)
        subscribe(daily, "daily")
        yesterday = timezone.now() - timedelta(days=1)
        for _number in range(vacancies):
            make_vacancy(published_at=yesterday)
        for day in CALENDAR:
            make_vacancy(published_at=at_noon(day - timedelta(days=1)), announce_later=True)
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(ask_for_digest, [day] * 4))
        digests = 1 + len(CALENDAR)  # and today's
        for days in (-1, 1):
            ground.start_shifted_beat(days)
        ground.start_workers()
        expected = dict.fromkeys(instant, vacancies) | dict.fromkeys(daily, digests)
        ground.wait(lambda: len(ground.sink.mails) >= sum(expected.values()), 60, every=0.3)
        ground.wait(lambda: False, 8)  # for the sweeps that must not announce it again
        ground.wait_for_end(PATIENCE)
        result = count(expected, ground.sink, bound=0)
        made = Counter(Announcement.objects.values_list("audience", flat=True))
        planned = {Audience.INSTANT: vacancies, Audience.DAILY: digests}
        result.require(made == planned, f"{dict(made)} announcements")
        told = AnnouncedVacancy.objects.filter(audience=Audience.DAILY).count()
        result.require(told == vacancies + len(CALENDAR), f"{told} vacancies in digests")
        return result


def at_noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock(12)))


def ask_for_digest(day: date) -> None:
    try:
        services.daily_digest(day)
    finally:
        connection.close()


def poison(ground: Ground, full: bool) -> Result:
    """One mail kills its process, one raises, one hangs: they are put aside and the others leave."""
    number = 9_997 if full else 300
    with ground.programme(per_minute=FAST):
        ground.start_workers()
        ground.start_beat()
        addresses = announce_to(number, *POISON)
        ground.wait_for_end(PATIENCE)
        result = count(once([each for each in addresses if each not in POISON]), ground.sink, bound=0)
        # That nobody knows of two of them is right, and is told to the office.
        result.duplicates -= Delivery.objects.filter(address__in=POISON, state=State.UNKNOWN).count()
        ends = {each.address: each for each in Delivery.objects.filter(address__in=POISON)}
        result.require(ends[KILLS].state == State.UNKNOWN, f"the one that kills is {ends[KILLS].state}")
        result.require(ends[RAISES].last_class == Reason.OWN_ERROR, f"the one that raises is {ends[RAISES].state}")
        result.require(ends[HANGS].state in (State.UNKNOWN, State.FAILED), f"the one that hangs: {ends[HANGS].state}")
        starts = max(each.attempts for each in ends.values())
        result.require(starts <= 3, f"one was begun {starts} times")
        return result


PROGRAMMES: dict[str, Callable[[Ground, bool], Result]] = {
    "F1": killed_workers_queue_and_database,
    "F1b": stopped_process,
    "F2": planned_restarts,
    "F3": no_queue,
    "Q7": broken_lines,
    "F5": bad_mail_server,
    "F6": two_beats,
    "F7": poison,
}
