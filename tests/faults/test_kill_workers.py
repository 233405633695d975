"""All Celery workers are stopped in the middle of a large announcement, again and again. What is lost?

The promise: nothing is lost; `kill -9` doubles at most one mail per process and crash; what nobody can know is listed
as unknown; every delivery reaches an end. A planned restart doubles nothing.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from accounts.roles import Role
from announcements import services
from announcements.models import Announcement, Delivery
from announcements.models.deliveries import ENDED, State
from jobseekers.models import AlertSubscription
from tests.factories import make_office, make_user, make_vacancy
from tests.sink import Sink

RECIPIENTS, PROCESSES, KILLS, RESTARTS = 1000, 4, 5, 2
PATIENCE = 170  # seconds in all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class Workers:
    """Celery workers and the scheduler as processes of their own, in groups that can be killed as one."""

    def __init__(self, environment: dict[str, str], directory: Path) -> None:
        self.environment, self.directory = environment, directory

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self.directory / "celery.log").open("ab")
        command = [sys.executable, "-m", "celery", "-A", "config", *arguments]
        with log:
            return subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)

    def start_workers(self) -> None:
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self.workers = self.start("worker", "-Q", "bulk,critical", "-c", str(PROCESSES), *alone)

    def start_scheduler(self) -> None:
        self.scheduler = self.start("beat", "--schedule", str(self.directory / "beat"), "--pidfile=")

    def restart(self) -> None:
        """As a deploy does it: ask, wait for the end, start again."""
        self.workers.terminate()
        self.workers.wait()
        self.start_workers()

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


def environment(sink: Sink) -> dict[str, str]:
    """That of this process, but with the test's database, the test's mail server and short leases."""
    database = connection.settings_dict
    host = quote(str(database["HOST"]), safe="")
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DATABASE_URL": f"postgresql://{quote(database['USER'])}:{quote(database['PASSWORD'])}@/{database['NAME']}"
        f"?host={host}&port={database['PORT']}",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(sink.port),
        "MAIL_PER_MINUTE": "60000",
    }


def announce_to(number: int) -> Announcement:
    make_office()
    AlertSubscription.objects.bulk_create(
        AlertSubscription(email=f"orang{each}@contoh.test", state="active", confirmed_at="2026-11-01T00:00Z")
        for each in range(number)
    )
    announcement = services.announce(vacancies=[make_vacancy()], by=make_user(Role.PUBLISHER))
    assert announcement is not None
    services.release(announcement, by=make_user(Role.MANAGER))
    return announcement


def wait_until(reached: Callable[[], bool], deadline: float) -> None:
    """Poll `reached`; running out of time is no failure here, the counts afterwards tell."""
    while not reached() and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.fixture
def workers(sink: Sink, tmp_path: Path) -> Iterator[Workers]:
    """Scheduler and workers, running."""
    workers = Workers(environment(sink), tmp_path)
    with ExitStack() as running:
        workers.start_scheduler()
        running.callback(lambda: workers.kill(workers.scheduler))
        workers.start_workers()
        running.callback(lambda: workers.kill(workers.workers))
        yield workers


def thresholds(times: int, seed: int) -> list[int]:
    """After how many mails the workers are stopped; never so late that nothing is left to do."""
    return sorted(random.Random(seed).sample(range(1, RECIPIENTS - 50), times))


def test_killed_workers_lose_nothing(workers: Workers, sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    began, seed = time.monotonic(), random.randrange(1_000_000)
    announcement, bound = announce_to(RECIPIENTS), PROCESSES * KILLS
    for threshold in thresholds(KILLS, seed):
        wait_until(lambda: len(sink.mails) >= threshold, began + PATIENCE)  # noqa: B023
        workers.kill(workers.workers)
        workers.start_workers()
    wait_until(lambda: is_over(announcement), began + PATIENCE)
    count = Count(announcement, sink)
    with capsys.disabled():
        print(f"\n{count.line(bound)} kills={KILLS} seed={seed} seconds={time.monotonic() - began:.0f}")  # noqa: T201
    assert (count.lost, count.stuck) == (0, 0)
    assert count.duplicates <= bound
    assert count.unknown <= 3
    assert count.ledger_equals_sink


def test_planned_restarts_lose_and_double_nothing(
    workers: Workers, sink: Sink, capsys: pytest.CaptureFixture[str]
) -> None:
    began, seed = time.monotonic(), random.randrange(1_000_000)
    announcement = announce_to(RECIPIENTS)
    for threshold in thresholds(RESTARTS, seed):
        wait_until(lambda: len(sink.mails) >= threshold, began + PATIENCE)  # noqa: B023
        workers.restart()
    wait_until(lambda: is_over(announcement), began + PATIENCE)
    count = Count(announcement, sink)
    with capsys.disabled():
        print(f"\n{count.line(0)} restarts={RESTARTS} seed={seed} seconds={time.monotonic() - began:.0f}")  # noqa: T201
    assert (count.lost, count.stuck, count.duplicates, count.unknown) == (0, 0, 0, 0)
    assert count.ledger_equals_sink


def is_over(announcement: Announcement) -> bool:
    announcement.refresh_from_db()
    return announcement.state == Announcement.State.DONE


class Count:
    """What the ledger says against what the mail server has taken."""

    def __init__(self, announcement: Announcement, sink: Sink) -> None:
        state_of = dict(Delivery.objects.filter(announcement=announcement).values_list("address", "state"))
        taken = set(sink.addresses)
        expected = {f"orang{number}@contoh.test" for number in range(RECIPIENTS)}
        unknown = {address for address, state in state_of.items() if state == State.UNKNOWN}
        sent = {address for address, state in state_of.items() if state == State.SENT}
        self.lost = len(expected - taken - unknown)
        self.duplicates = len(sink.mails) - len(taken)
        self.unknown = len(unknown)
        self.stuck = sum(state not in ENDED and state != State.UNKNOWN for state in state_of.values())
        self.ledger_equals_sink = sent | (unknown & taken) == taken

    def line(self, bound: int) -> str:
        return f"lost={self.lost} duplicates={self.duplicates} bound={bound} unknown={self.unknown} stuck={self.stuck}"
