"""How fast an announcement reaches the mail server, beside the fastest sender that Python can have.

    python -m tests.benchmarks.announcements [--recipients 20000] [--rounds 3]

The workers run as in production, on a database that does wait for its disk. Our sending and the raw one take turns on
the same mail server; what counts is the ratio within a round. Then once more while the public list is being read
and people ask for sign-in codes.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from config import engines, supervisor
from config.engines.processes import exclusive
from tests.benchmarks.lists import PATHS, STATE, Benchmark, processor, say
from tests.benchmarks.load import measure
from tests.benchmarks.smtp_sink import Sink

WORKERS = {"bulk": 2, "critical": 1}
THINKS = 20  # milliseconds, of the slow mail server
MAIL = STATE / "mail"
GOALS = {
    "rate": 0.50,  # at least this part of the raw sender's
    "first": 1.0,  # seconds from the click to the first mail, at most
    "first ratio": 2.0,  # to that of a thousand recipients, at most
    "slow": 0.70,  # at least this part of connections / latency
    "growth": 1.1,  # of a worker's memory over the second half, at most
    "codes": 5.0,  # seconds from asking to the mail server, of 95 in 100, at most
    "list": 4.0,  # times the p99 of the idle site, at most
}


class Announcements(Benchmark):
    def __init__(self, options: argparse.Namespace, lock: int) -> None:
        super().__init__(options, lock)
        self.missed: list[str] = []

    def run(self) -> bool:
        self.manage("migrate", "--verbosity=0")
        sizes = {"big": self.options.recipients, "small": 1_000}
        self.call("announcing", "prepare", sizes, str(PATHS))
        say(f"{os.cpu_count()} x {processor()}, load {os.getloadavg()[0]:.1f}; {self.options.recipients} recipients.")
        with ExitStack() as running:
            self.sink = self.start_sink(running)
            self.start_workers(running)
            small = self.announce("small", 1_000)
            MAIL.write_bytes(self.sink.latest())
            say(f"A mail has {MAIL.stat().st_size} bytes. To 1,000: first after {small['first']:.2f} s.")
            self.compare_with_raw(small)
            self.slow_server()
            if not self.options.short:
                self.meanwhile(running)
        return not self.missed

    def start_sink(self, running: ExitStack) -> Sink:
        listening = running.enter_context(socket.create_server(("127.0.0.1", 0), backlog=100))
        self.port = listening.getsockname()[1]
        descriptor = listening.fileno()
        arguments = ["-m", "tests.benchmarks.smtp_sink", str(descriptor)]
        running.callback(self.start("sink", arguments, dict(os.environ), keep=[descriptor]).stop)
        return Sink(self.port)

    def start_workers(self, running: ExitStack) -> None:
        self.environment |= {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.port),
            "MAIL_PER_MINUTE": "60000000",
            "RECIPIENTS_WITHOUT_RELEASE": "10000000",
        }
        self.workers = []
        for queue, processes in WORKERS.items():
            arguments = supervisor.worker_arguments(queue, str(processes))
            log = STATE / "log" / f"worker-{queue}.log"
            worker = self.start(queue, arguments, self.environment, log=log)
            running.callback(worker.stop)
            self.workers.append(worker)
        time.sleep(4)

    def ask(self, function: str, *values: object) -> Any:
        """What a function of `announcing` prints, which runs in a process of its own."""
        code = f"from tests.benchmarks import announcing; announcing.{function}(*{values!r})"
        command = [sys.executable, "manage.py", "shell", "--verbosity=0", "--command", code]
        return json.loads(subprocess.check_output(command, env=self.environment, cwd=engines.PROJECT_DIR))

    def announce(self, kind: str, number: int, thinks: int = 0) -> dict[str, float]:
        """Announce and wait for all mails: seconds to the first and the last, rate, memory of a worker."""
        self.call("announcing", "tidy")
        self.sink.zero(thinks)
        click = self.ask("click", kind)
        half, processor_began, database_began = 0.0, self.processor_seconds(), database_seconds()
        deadline = time.monotonic() + 60 + number / 100
        while (taken := self.sink.stat())["different"] < number and time.monotonic() < deadline:
            time.sleep(0.2)
            if not half and taken["number"] > number / 2:
                half = self.memory()
        used, in_database = self.processor_seconds() - processor_began, database_seconds() - database_began
        time.sleep(1)
        taken = self.sink.stat()
        if (taken["number"], taken["different"]) != (number, number):
            self.missed.append(f"{taken['number']} mails, {taken['different']} different, for {number} recipients")
        return {
            "click": click["took"],
            "first": taken["first"] - click["at"],
            "last": taken["last"] - click["at"],
            "rate": number / (taken["last"] - click["at"]),
            "cpu": 1e6 * used / number,
            "database": 1e6 * in_database / number,
            "growth": self.memory() / half if half else 1.0,
            "memory": self.memory(),
        }

    def members(self) -> list[int]:
        """The processes that send: the pool of the bulk worker."""
        parent = self.workers[0].process.pid
        return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]

    def memory(self) -> float:
        """MiB of the largest of them."""
        pages = [int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in self.members()]
        return max(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def processor_seconds(self) -> float:
        return sum(seconds(each) for each in self.members())

    def raw(self) -> float:
        self.sink.zero()
        arguments = [str(self.port), str(MAIL), str(min(self.options.recipients, 20_000))]
        command = [sys.executable, "-m", "tests.benchmarks.raw_sender", *arguments]
        return float(subprocess.check_output(command, cwd=engines.PROJECT_DIR))

    def compare_with_raw(self, small: dict[str, float]) -> None:
        ratios, firsts, growths = [], [], []
        raw = self.raw()
        for _round in range(self.options.rounds):
            ours = self.announce("big", self.options.recipients)
            raw, before = self.raw(), raw
            ratios.append(ours["rate"] / statistics.mean([raw, before]))
            firsts.append(ours["first"])
            growths.append(ours["growth"])
            say(
                f"  announced: {ours['rate']:6.0f}/s, click {ours['click']:.2f} s, first {ours['first']:.2f} s, "
                f"{ours['cpu']:.0f} us a mail in our processes and {ours['database']:.0f} in PostgreSQL, "
                f"{ours['memory']:.0f} MiB; raw {before:.0f} and {raw:.0f}/s; ratio {ratios[-1]:.2f}, "
                f"load {os.getloadavg()[0]:.1f}"
            )
        self.judge("rate", statistics.median(ratios), at_least=True)
        self.judge("first", statistics.median(firsts))
        self.judge("first ratio", statistics.median(firsts) / small["first"])
        self.judge("growth", statistics.median(growths))

    def slow_server(self) -> None:
        """All connections of the bulk workers, one each, with a server that thinks about every mail."""
        connections = WORKERS["bulk"]
        ours = self.announce("small", 1_000, THINKS)
        rate = 1_000 / (ours["last"] - ours["first"])
        say(f"  a server that thinks for {THINKS} ms: {rate:.0f}/s over {connections} connections")
        self.judge("slow", rate / (connections * 1000 / THINKS), at_least=True)

    def meanwhile(self, running: ExitStack) -> None:
        """List pages and sign-in codes while the large announcement goes out."""
        self.manage("collectstatic", "--no-input", "--verbosity=0")
        self.production["DATABASE_URL"] = self.environment["DATABASE_URL"]
        site = self.start_site(running)
        size = {"clients": self.options.clients, "seconds": 8}
        idle = [measure(site, PATHS / "list.site", **size) for _warm_up in range(2)][1]
        with ThreadPoolExecutor() as pool:
            announced = pool.submit(self.announce, "big", self.options.recipients)
            time.sleep(6)  # until it has emptied the table and the counts, and mails go out
            asked = pool.submit(self.ask, "codes", 8)
            busy = measure(site, PATHS / "list.site", **size)
            announced.result()
        came = self.sink.stat()["codes"]
        waits = [came.get(address, float("inf")) - at for address, at in asked.result().items()]
        say(f"  list idle {idle}\n  list busy {busy}; announced at {announced.result()['rate']:.0f}/s meanwhile")
        self.judge("list", busy.p99 / idle.p99 if not busy.failed else float("inf"))
        self.judge("codes", statistics.quantiles(waits, n=20)[18])

    def judge(self, goal: str, figure: float, *, at_least: bool = False) -> None:
        reached = figure >= GOALS[goal] if at_least else figure <= GOALS[goal]
        bound = "at least" if at_least else "at most"
        say(f"  {goal}: {figure:.2f} ({bound} {GOALS[goal]:.2f}): {'reached' if reached else 'MISSED'}")
        if not reached:
            self.missed.append(goal)


def seconds(process: int, *, with_ended_children: bool = False) -> float:
    """Processor time that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11 : 15 if with_ended_children else 13])) / os.sysconf("SC_CLK_TCK")


def database_seconds() -> float:
    """The same of our own database server with all its processes."""
    parent = int((STATE / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return seconds(parent, with_ended_children=True) + sum(seconds(int(each)) for each in children)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recipients", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--short", action="store_true", help="without the list and the codes meanwhile")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2, help="of the web server")
    parser.add_argument("--threads", type=int, default=4, help="of each web worker")
    options = parser.parse_args()
    options.rows = "announcements"  # the name of the database
    return options


def main() -> None:
    options = arguments()
    os.environ["KANVAS_STATE_DIR"] = str(STATE)
    with exclusive(STATE) as lock, engines.started(lock=lock, durable=True) as servers:
        os.environ |= servers.urls
        benchmark = Announcements(options, lock)
        reached = benchmark.run()
        if not reached:
            say(f"Missed: {', '.join(benchmark.missed)}")
        sys.exit(0 if reached else 1)


if __name__ == "__main__":
    main()
