"""`make run`: the whole product on one machine, for trying it and for working on it.

Starts the database and the queue, prepares the data, then a mail server that keeps what it gets, the
web server, the workers and the scheduler. When one of them ends, everything ends: nothing is restarted
behind the user's back. Production has a service manager for this; see deploy/.
"""

import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from types import FrameType
from typing import Any, NoReturn

from config import engines
from config.engines.processes import Child, StartError, die_with_parent, exclusive

HOST = "127.0.0.1"
WEB_PROCESSES, WEB_THREADS = "2", "4"  # the threads are also the size of each process's connection pool
QUEUES = {"bulk": "2", "critical": "1"}  # and how many processes work on each
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DEMO_PASSWORD = "kanvas-demo"  # noqa: S105
DEMO_PEOPLE = {
    "petugas": "canvasser: employers, visits, vacancies",
    "penerbit": "publisher: checks, publishes, announces",
    "pelatih": "trainer: selection and attendance",
    "bkk": "job centre of a school: its vacancies and alumni",
    "manajer": "head of office: reads everything, reports",
    "admin": "administrator: users, settings, reference data",
}


class Stopped(BaseException):
    """Somebody asked us to stop."""


def main() -> None:
    for number in STOP_SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means: stay
            signal.signal(number, stop)
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM, os.getppid())
    try:
        run(chosen_port())
    except Stopped:
        say("Stopped.")
    except StartError as error:
        sys.exit(str(error))


def stop(signal_number: int, frame: FrameType | None) -> NoReturn:
    """Unwind, once: what follows is bounded in time and must not be interrupted."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    say("Stopping")
    raise Stopped


def say(line: str) -> None:
    """Print at once. The terminal may have gone, which must not keep us from stopping in order."""
    with suppress(OSError):
        print(line, flush=True)  # noqa: T201


def chosen_port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise StartError(f"PORT must be a number from 1 to 65535, not {given!r}.")
    return int(given)


def run(port: int) -> NoReturn:
    """Start everything, say where it is, and watch it. Leaves by Stopped or StartError only."""
    if os.environ.get("KANVAS_ENV") == "production":
        raise StartError("This starts the demo. For production see deploy/.")
    began = time.monotonic()
    with ExitStack() as running:
        lock = running.enter_context(exclusive(engines.state_dir()))
        check_is_free(port)
        say("Starting the database and the queue")
        servers = running.enter_context(engines.started(lock=lock))
        mailbox = running.enter_context(socket.create_server((HOST, 0)))
        programs = Programs(lock, environment(port, servers.urls, mailbox))
        programs.prepare()
        mail = programs.start_mail(mailbox)
        running.callback(mail.stop)
        running.callback(programs.stop)
        web = programs.start_web(port)
        web.wait_until(lambda: answers(port), seconds=60)
        programs.start_workers()  # after the pages: all at once, they would take each other's processors
        say(welcome(port, time.monotonic() - began))
        watch([*servers.children, mail, *programs.running])


def check_is_free(port: int) -> None:
    """Web servers may agree to share a port, so a second one would not notice the first."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise StartError(f"Port {port} cannot be used ({reason}). Choose another: PORT=8123 make run") from error


def environment(port: int, urls: dict[str, str], mailbox: socket.socket) -> dict[str, str]:
    """What our programs find in their environment. The mail port is written down for commands beside us."""
    smtp_port = str(mailbox.getsockname()[1])
    (engines.state_dir() / "run" / "smtp-port").write_text(smtp_port)
    ours = {"PORT": str(port), "WEB_THREADS": WEB_THREADS, "SMTP_HOST": HOST, "SMTP_PORT": smtp_port}
    return os.environ | urls | ours


class Programs:
    """The parts of the product that are our own code."""

    def __init__(self, lock: int, environment: Mapping[str, str]) -> None:
        self.lock, self.environment = lock, environment
        self.running: list[Child] = []

    def prepare(self) -> None:
        self._spawn("prepare", "manage.py", "prepare", log=None).succeed()

    def start_mail(self, mailbox: socket.socket) -> Child:
        """Not among `running`: it stops after those who still send."""
        descriptor = mailbox.fileno()
        return self._spawn("mail", "-m", "config.mailcatcher", str(descriptor), keep=[descriptor])

    def start_workers(self) -> None:
        for queue, processes in QUEUES.items():
            # Without us the queue goes away too, and every gentler signal leaves a worker waiting for it.
            self._start(f"worker-{queue}", *worker_arguments(queue, processes), death_signal=signal.SIGKILL)
        self._start("beat", *beat_arguments())

    def start_web(self, port: int) -> Child:
        return self._start("web", "-m", "granian", *granian_arguments(port))

    def stop(self) -> None:
        for child in self.running:
            child.ask_to_stop()
        for child in self.running:
            child.stop()

    def _start(self, name: str, *arguments: str, **options: Any) -> Child:
        child = self._spawn(name, *arguments, **options)
        self.running.append(child)
        return child

    def _spawn(self, name: str, *arguments: str, **options: Any) -> Child:
        options.setdefault("log", engines.state_dir() / "log" / f"{name}.log")
        command = [sys.executable, *arguments]
        return Child(name, command, lock=self.lock, env=self.environment, cwd=engines.PROJECT_DIR, **options)


def granian_arguments(port: int) -> list[str]:
    where = ["--host", HOST, "--port", str(port)]
    size = ["--workers", WEB_PROCESSES, "--blocking-threads", WEB_THREADS, "--workers-kill-timeout", "10"]
    return [*where, *size, "--interface", "wsgi", "--no-ws", "config.wsgi:application"]


def worker_arguments(queue: str, processes: str) -> list[str]:
    what = ["-Q", queue, "-c", processes, "-n", f"{queue}@%h", "--include", "config.engines.pool"]
    alone = ["--without-gossip", "--without-mingle"]  # nothing here listens to what workers tell each other
    return ["-m", "celery", "-A", "config", "worker", *what, *alone]


def beat_arguments() -> list[str]:
    schedule = engines.state_dir() / "run" / "beat-schedule"
    return ["-m", "celery", "-A", "config", "beat", "--schedule", str(schedule), "--pidfile="]


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def welcome(port: int, seconds: float) -> str:
    people = [f"    {f'{name}@demo.test':<20}  {does}" for name, does in DEMO_PEOPLE.items()]
    return "\n".join(
        [
            "",
            f"Kanvas Kerja is running (started in {seconds:.1f} s):  http://{HOST}:{port}/",
            "",
            f"  Sign in at /masuk/ with the password {DEMO_PASSWORD} as",
            *people,
            "  Mails it sends are shown at /demo/surat/, sign-in codes of job seekers among them.",
            f"  Logs: {engines.state_dir() / 'log'}    Stop: Ctrl-C",
            "",
        ]
    )


def watch(children: list[Child]) -> NoReturn:
    while True:
        for child in children:
            if child.has_ended:
                raise StartError(f"{child.name} ended by itself, so everything was stopped.\n{child.log_tail()}")
        time.sleep(0.5)


if __name__ == "__main__":
    main()
