"""Where the fault programmes take place: own servers, workers as in production, and a mail server that counts."""

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

import redis
from django.core.management import call_command
from django.db import connection

from announcements.models import Announcement, ChannelControl, Delivery
from config import engines
from config.engines import postgres, valkey
from config.engines.processes import Child
from tests.faults.proxy import Line
from tests.sink import Sink

PROCESSES = 4
LEASE_SECONDS, SMTP_SECONDS = 4, 2
ALL_TABLES = (
    "accounts_user, canvassing_employer, canvassing_vacancy, jobseekers_alertsubscription, "
    "announcements_announcement, announcements_delivery, announcements_channelcontrol, announcements_suppression"
)


class Server:
    """PostgreSQL or Valkey, which can be made to crash."""

    def __init__(self, start: Callable[[], "contextmanager[Child]"], crash_signal: int) -> None:
        self.start, self.crash_signal = start, crash_signal
        self.running = ExitStack()

    def up(self) -> None:
        self.child = self.running.enter_context(self.start())

    def down(self) -> None:
        """Without a word to its clients, without writing anything more."""
        self.child.process.send_signal(self.crash_signal)
        self.child.process.wait()
        self.running.close()

    def crash(self) -> None:
        self.down()
        self.up()


class Ground:
    """`with Ground(lock) as ground:` has an empty database, a queue and a mail server, and nobody at work yet."""

    def __init__(self, lock: int) -> None:
        self.state, self.lock = engines.state_dir(), lock
        # What `pg_ctl stop -m immediate` sends.
        self.database = Server(lambda: postgres.started(self.state, lock=lock), signal.SIGQUIT)
        self.queue = Server(lambda: valkey.started(self.state, lock=lock), signal.SIGKILL)
        self.sink = Sink()
        self.programs: dict[str, tuple[Child, Callable[[], None]]] = {}

    def __enter__(self) -> "Ground":
        with ExitStack() as running:
            for server in (self.database, self.queue):
                server.up()
                running.callback(server.running.close)
            running.enter_context(self.sink)
            running.callback(connection.close)
            call_command("migrate", verbosity=0)
            self.environment = os.environ | {
                "SMTP_HOST": "127.0.0.1",
                "SMTP_PORT": str(self.sink.port),
                "KANVAS_LEASE_SECONDS": str(LEASE_SECONDS),
                "KANVAS_SMTP_SECONDS": str(SMTP_SECONDS),
            }
            self.running = running.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self.running.close()

    @contextmanager
    def programme(self, *, per_minute: int) -> Iterator[None]:
        """An empty database and queue before, nobody at work afterwards."""
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {ALL_TABLES} CASCADE")
        redis.from_url(engines.redis_url()).flushall()
        ChannelControl.objects.create(channel="email", per_minute=per_minute)
        self.sink.forget()
        try:
            yield
        finally:
            for name in list(self.programs):
                self.kill(name)

    @contextmanager
    def lines(self) -> Iterator[tuple[Line, Line]]:
        """What starts from now on reaches the queue and the mail server over these two lines."""
        direct = self.environment
        path = unquote(urlsplit(engines.redis_url()).path)
        with Line(path) as queue, Line(self.sink.port) as mail:
            self.environment = direct | {"REDIS_URL": f"redis://127.0.0.1:{queue.port}/0", "SMTP_PORT": str(mail.port)}
            try:
                yield queue, mail
            finally:
                self.environment = direct

    # --- Programs, as the service manager runs them: started again when they end by themselves ---

    def start(self, name: str, *arguments: str) -> None:
        command = [sys.executable, *arguments]
        log = self.state / "log" / f"{name}.log"
        options = {"env": self.environment, "cwd": engines.PROJECT_DIR, "log": log}
        child = Child(name, command, lock=self.lock, death_signal=signal.SIGKILL, **options)
        self.programs[name] = child, lambda: self.start(name, *arguments)

    def start_workers(self) -> None:
        size = ["-Q", "bulk,critical", "-c", str(PROCESSES), "--soft-time-limit", "15"]
        alone = [
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
            "--include",
            "config.engines.pool,tests.faults.poison",
        ]
        self.start("workers", "-m", "celery", "-A", "tests.faults.app", "worker", *size, *alone)

    def start_beat(self) -> None:
        schedule = str(self.state / "run" / "beat")
        self.start("beat", "-m", "celery", "-A", "tests.faults.app", "beat", "--schedule", schedule, "--pidfile=")

    def start_shifted_beat(self, days: int) -> None:
        schedule = str(self.state / "run" / f"beat{days:+}")
        Path(schedule).unlink(missing_ok=True)
        self.start(f"beat{days:+}", "-m", "tests.faults.shifted_beat", str(days), schedule)

    def kill(self, name: str) -> None:
        """It and all that it has started, at once."""
        child, _again = self.programs.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()

    def kill_workers(self) -> None:
        self.kill("workers")
        self.start_workers()

    def restart_workers(self) -> None:
        """As an update does it: ask, wait for the end, start again."""
        child, again = self.programs["workers"]
        child.process.terminate()
        child.process.wait(60)
        again()

    def crash_database(self) -> None:
        connection.close()
        self.database.crash()

    def empty_queue(self) -> None:
        redis.from_url(engines.redis_url()).flushall()
        self.queue.crash()

    @contextmanager
    def one_stopped(self) -> Iterator[None]:
        """One process of the pool stands still."""
        parent = self.programs["workers"][0].process.pid
        members = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        member = int(random.choice(members))
        os.kill(member, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(member, signal.SIGCONT)

    # --- Waiting ---

    def wait(self, reached: Callable[[], bool], seconds: float, *, every: float = 0.01) -> bool:
        """Poll; False when time ran out, which is no failure here: the counts afterwards tell."""
        deadline = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > deadline:
                return False
            for child, again in list(self.programs.values()):
                if child.has_ended:
                    again()
            time.sleep(every)
        return True

    def wait_for_mails(self, number: int, seconds: float) -> bool:
        return self.wait(lambda: len(self.sink.mails) >= number, seconds)

    def wait_for_end(self, seconds: float) -> bool:
        return self.wait(is_over, seconds, every=0.3)


def is_over() -> bool:
    """Every recipient is in the ledger and nothing waits there any more."""
    unwritten = Announcement.objects.running().filter(expanded_at=None)
    return not unwritten.exists() and not Delivery.objects.waiting().exists()
