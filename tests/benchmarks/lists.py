"""How fast the vacancy list, its search and one vacancy are, beside the cheapest Django pages of the same rows.

    python -m tests.benchmarks.lists [--floor DIRECTORY] [--rows 100000]

Our site runs as in production, and no page comes from a cache. Site and floor are loaded in turn; what counts is the
ratio of the two within a round, which hardly depends on the machine or on what else it does.

Uses our own database server, or the one that DATABASE_URL names. The rows stay there for the next run of that day.
"""

import argparse
import os
import platform
import secrets
import socket
import statistics
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import django
import psycopg
from psycopg.conninfo import conninfo_to_dict

from config import engines
from config.engines.processes import Child, exclusive
from tests.benchmarks.load import HEADERS, WRK, Load, measure

STATE = engines.PROJECT_DIR / "var" / "benchmark"
PATHS = STATE / "paths"
STRAY = 0.25  # a round is repeated when its floor lies further from the other rounds' floor


class Goal(NamedTuple):
    rate: float  # at least this part of the floor's requests a second
    p99: float  # at most this many times the floor's


GOALS = {"list": Goal(0.40, 2.5), "search": Goal(0.50, 2.5), "detail": Goal(0.45, 2.5)}


@dataclass(frozen=True)
class Round:
    site: Load
    floor: Load

    @property
    def rate(self) -> float:
        return self.site.rate / self.floor.rate

    @property
    def p99(self) -> float:
        return self.site.p99 / self.floor.p99


class Benchmark:
    def __init__(self, options: argparse.Namespace, lock: int) -> None:
        self.options, self.lock = options, lock
        self.environment = os.environ | {"DATABASE_URL": own_database(os.environ["DATABASE_URL"], options.rows)}
        self.production = self.environment | {
            "KANVAS_ENV": "production",
            "KANVAS_PROCESS": "web",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "NIK_KEY": secrets.token_urlsafe(50),
            "NIK_INDEX_KEY": secrets.token_urlsafe(50),
            "FACTOR_KEY": secrets.token_urlsafe(50),
            "SITE_URL": "https://127.0.0.1",
            "MAIL_FROM": "kabar@kanvas.example",
            "ALLOWED_HOSTS": "127.0.0.1",
            "WEB_THREADS": str(options.threads),
            "SEARCH_PER_MINUTE": "0",
        }

    def run(self) -> bool:
        """Print all figures; answers whether every goal is reached."""
        self.manage("migrate", "--verbosity=0")
        self.manage("collectstatic", "--no-input", "--verbosity=0")
        say(f"Preparing {self.options.rows} vacancies")
        self.call("prepare", "prepare", self.options.rows, str(PATHS))
        say(f"\n{self.machine()}\n\nStatements                        p50    p95    p99")
        self.call("statements", "report")
        with ExitStack() as running:
            site = self.start_site(running)
            floor = self.start_floor(running)
            return not [page for page, goal in GOALS.items() if not self.compare(page, goal, site, floor)]

    def manage(self, *arguments: str) -> None:
        self.start("manage.py", ["manage.py", *arguments], self.environment).succeed()

    def call(self, module: str, function: str, *values: object) -> None:
        """Call a function of this package in a process that has Django set up."""
        code = f"from tests.benchmarks import {module}; {module}.{function}(*{values!r})"
        self.start(function, ["manage.py", "shell", "--verbosity=0", "--command", code], self.environment).succeed()

    def start_site(self, running: ExitStack) -> int:
        return self.serve(running, "site", engines.PROJECT_DIR, "config.wsgi", self.production)

    def start_floor(self, running: ExitStack) -> int:
        floor: Path | None = self.options.floor
        if floor is None:
            return self.serve(running, "floor", engines.PROJECT_DIR, "tests.benchmarks.floor", self.production)
        database = conninfo_to_dict(self.environment["DATABASE_URL"])
        named = {"DBHOST": "host", "DBPORT": "port", "DBUSER": "user", "DBNAME": "dbname", "PGPASSWORD": "password"}
        given = {variable: str(database[key]) for variable, key in named.items() if key in database}
        given |= {"DJANGO_SETTINGS_MODULE": "floor.settings", "VTABLE": "floor_vacancy"}
        return self.serve(running, "floor", floor, "floor.app", os.environ | given)

    def serve(self, running: ExitStack, name: str, directory: Path, module: str, env: dict[str, str]) -> int:
        """Start a web server and wait until it answers; returns its port."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        size = ["--workers", str(self.options.workers), "--blocking-threads", str(self.options.threads)]
        where = ["--host", "127.0.0.1", "--port", str(port), "--interface", "wsgi", "--no-ws"]
        command = ["-m", "granian", *where, *size, f"{module}:application"]
        server = self.start(name, command, env, cwd=directory, log=STATE / "log" / f"{name}.log")
        running.callback(server.stop)
        [path] = (PATHS / f"list.{name}").read_text().split()
        server.wait_until(lambda: answers(port, path), seconds=60)
        return port

    def start(self, name: str, arguments: list[str], env: dict[str, str], **options: Any) -> Child:
        options.setdefault("cwd", engines.PROJECT_DIR)
        return Child(name, [sys.executable, *arguments], lock=self.lock, env=env, **options)

    def compare(self, page: str, goal: Goal, site: int, floor: int) -> bool:
        """Load both with a page in turn and print what came out; answers whether the goal is reached."""

        def one_round(seconds: float = self.options.seconds) -> Round:
            size = {"clients": self.options.clients, "seconds": seconds}
            return Round(measure(site, PATHS / f"{page}.site", **size), measure(floor, PATHS / f"{page}.floor", **size))

        one_round(seconds=1)
        rounds = steady([one_round() for _number in range(self.options.rounds)], one_round)
        say(f"\n{page:<8} {'site: requests   p50    p95    p99':<40} floor")
        for each in rounds:
            say(f"  {each.site}   {each.floor}   ratio {each.rate:.2f}, p99 {each.p99:.2f}")
        rate, p99 = statistics.median(each.rate for each in rounds), statistics.median(each.p99 for each in rounds)
        reached = rate >= goal.rate and p99 <= goal.p99 and not any(each.site.failed for each in rounds)
        say(
            f"  median: {rate:.2f} of the floor's requests (goal: at least {goal.rate:.2f}), "
            f"{p99:.2f} times its p99 (at most {goal.p99:.2f}): {'reached' if reached else 'MISSED'}"
        )
        return reached

    def machine(self) -> str:
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            postgres = connection.info.server_version // 10_000
        return (
            f"{os.cpu_count()} x {processor()}, load {os.getloadavg()[0]:.1f}. Python {platform.python_version()}, "
            f"Django {django.__version__}, PostgreSQL {postgres}, {'wrk' if WRK else 'clients in Python'}.\n"
            f"{self.options.rows} vacancies, a tenth of them open. {self.options.workers} workers with "
            f"{self.options.threads} threads each, {self.options.clients} clients."
        )


def steady(rounds: list[Round], again: Callable[[], Round]) -> list[Round]:
    """The rounds, those repeated whose floor was disturbed; at most as many as there are rounds."""
    for _repeat in range(len(rounds)):
        usual = statistics.median(each.floor.rate for each in rounds)
        strays = [each for each in rounds if abs(each.floor.rate / usual - 1) > STRAY]
        if not strays:
            break
        rounds[rounds.index(strays[0])] = again()
    return rounds


def own_database(url: str, rows: int | str) -> str:
    """The address of a database beside the given one, made if there is none."""
    name = f"kanvas_benchmark_{rows}"
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=HEADERS)
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def processor() -> str:
    with open("/proc/cpuinfo") as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--floor", type=Path, help="the floor's directory, with floor/app.py; else the built-in one")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4, help="of each worker; the site's default")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    os.environ["KANVAS_STATE_DIR"] = str(STATE)
    with exclusive(STATE) as lock, engines.started(lock=lock, durable=False) as servers:
        os.environ |= servers.urls
        sys.exit(0 if Benchmark(options, lock).run() else 1)


if __name__ == "__main__":
    main()
