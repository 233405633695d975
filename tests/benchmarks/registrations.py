"""Ten people a second begin to register and go through all seven steps: how many answers are wrong, how slow are they?

    python -m tests.benchmarks.registrations [--each-second 10] [--seconds 60]

Our site runs as in production. People come at their time, whether the site keeps up or not, each with an account that
is signed in already; every step is looked at and sent, as a browser does without script. A wrong answer is any that is
not the one a person would get; at the end every record must be complete.
"""

import argparse
import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPException
from re import search
from typing import Any
from urllib.parse import urlencode

import psycopg

from config import engines
from config.engines.processes import exclusive
from tests.benchmarks.lists import PATHS, STATE, Benchmark, processor, say
from tests.benchmarks.load import HEADERS

ACCOUNTS = STATE / "accounts"
STEPS: list[tuple[str, dict[str, str]]] = [
    ("diri", {"name": "Orang Uji", "birth_place": "Metro", "birth_date": "1999-02-12", "sex": "female"}),
    ("alamat", {"region": "18.72.04.1005", "address": "Jalan Uji 5", "phone": "0812-0000-1234"}),
    ("kemampuan", {"education": "3", "skills": "memasak, melayani tamu", "languages": "id"}),
    ("pengalaman", {"experience-TOTAL_FORMS": "1", "experience-INITIAL_FORMS": "0", "experience-0-position": ""}),
    ("keinginan", {"occupation": "51"}),
    ("disabilitas", {}),
    ("persetujuan", {"read": "on", "share": "on"}),
]


class Person:
    """One person at a phone. `times`: milliseconds of every answer; `wrong`: what was not as it should be."""

    def __init__(self, port: int, number: int, session: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.number, self.cookies = number, {"__Host-session": session}
        self.times: list[float] = []
        self.wrong: list[str] = []

    def register(self) -> "Person":
        try:
            for at, (slug, values) in enumerate(STEPS):
                onward = f"/akun/profil/{STEPS[at + 1][0]}/" if at + 1 < len(STEPS) else "/akun/"
                self.step(f"/akun/profil/{slug}/", values | self.own(slug), onward)
        except (OSError, HTTPException) as error:
            self.wrong.append(repr(error))
        finally:
            self.connection.close()
        return self

    def own(self, slug: str) -> dict[str, str]:
        """A NIK that is nobody's: there is no kecamatan 99."""
        return {"nik": f"187299520299{self.number + 1:04d}"} if slug == "diri" else {}

    def step(self, path: str, values: dict[str, str], onward: str) -> None:
        page, _headers = self.ask("GET", path, expected=200)
        form = {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "entry_id")}
        _page, headers = self.ask("POST", path, urlencode(form | values), expected=302)
        if headers.get("Location") != onward:
            self.wrong.append(f"{path} leads to {headers.get('Location')}")

    def ask(self, method: str, path: str, body: str | None = None, *, expected: int) -> tuple[str, Any]:
        headers = HEADERS | {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Host": "127.0.0.1",
            "Origin": "https://127.0.0.1",
        }
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        self.times.append(1000 * (time.perf_counter() - began))
        if answer.status != expected:
            self.wrong.append(f"{method} {path}: {answer.status}")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return page, answer.headers


def hidden(page: str, name: str) -> str:
    found = search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


class Registrations(Benchmark):
    def run(self) -> bool:
        number = self.options.each_second * self.options.seconds
        self.environment |= {"SECRET_KEY": self.production["SECRET_KEY"]}  # sessions are bound to it
        self.manage("migrate", "--verbosity=0")
        self.manage("collectstatic", "--no-input", "--verbosity=0")
        self.call("prepare", "make_accounts", number, str(ACCOUNTS))
        PATHS.mkdir(parents=True, exist_ok=True)
        (PATHS / "list.site").write_text("/lowongan/\n")
        say(self.machine())
        with ExitStack() as running:
            port = self.start_site(running)
            people, lasted = self.let_come(port, ACCOUNTS.read_text().split())
        return self.report(people, lasted)

    def machine(self) -> str:
        return f"{os.cpu_count()} x {processor()}, load {os.getloadavg()[0]:.1f}; {self.options.workers} workers."

    def let_come(self, port: int, sessions: list[str]) -> tuple[list[Person], float]:
        began = time.monotonic()

        def one(number: int, session: str) -> Person:
            time.sleep(max(0.0, began + number / self.options.each_second - time.monotonic()))
            return Person(port, number, session).register()

        with ThreadPoolExecutor(64) as pool:
            people = list(pool.map(one, range(len(sessions)), sessions))
        return people, time.monotonic() - began

    def report(self, people: list[Person], lasted: float) -> bool:
        times = [each for person in people for each in person.times]
        wrong = [each for person in people for each in person.wrong]
        parts = statistics.quantiles(times, n=100)
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            [complete] = connection.execute(
                "SELECT count(*) FROM jobseekers_jobseeker WHERE state = 'complete'"
            ).fetchone() or (0,)
        say(
            f"{len(people)} people in {lasted:.1f} s, {len(times) / lasted:.0f} requests a second: "
            f"p50 {parts[49]:.0f}, p95 {parts[94]:.0f}, p99 {parts[98]:.0f} ms. "
            f"{complete} complete, {len(wrong)} wrong answers."
        )
        for each in wrong[:10]:
            say(f"  {each}")
        return not wrong and complete == len(people)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--each-second", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4, help="of each worker; the site's default")
    parser.set_defaults(rows=0, clients=64)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    os.environ["KANVAS_STATE_DIR"] = str(STATE)
    with exclusive(STATE) as lock, engines.started(lock=lock, durable=False) as servers:
        os.environ |= servers.urls
        sys.exit(0 if Registrations(options, lock).run() else 1)


if __name__ == "__main__":
    main()
