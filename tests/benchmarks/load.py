"""Many clients that ask one server on loopback for pages: wrk where it is installed, else threads of our own."""

import http.client
import os
import shutil
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path

HEADERS = {"X-Forwarded-Proto": "https"}  # production believes its proxy
WRK = shutil.which("wrk")


@dataclass(frozen=True)
class Load:
    """Requests a second, and how many milliseconds an answer took."""

    rate: float
    p50: float
    p95: float
    p99: float
    failed: int

    def __str__(self) -> str:
        failed = f", {self.failed} FAILED" if self.failed else ""
        return f"{self.rate:7.1f}/s  {self.p50:6.1f} {self.p95:6.1f} {self.p99:6.1f} ms{failed}"


def measure(port: int, paths: Path, *, clients: int, seconds: float) -> Load:
    """Load the server with the paths in the file, each client sending its next request when the last is answered."""
    return (_with_wrk if WRK else _with_threads)(port, paths, clients, seconds)


def _with_wrk(port: int, paths: Path, clients: int, seconds: float) -> Load:
    size = [f"-t{min(clients, 2)}", f"-c{clients}", f"-d{seconds:.0f}s", "--timeout", "30s"]
    headers = [part for name, value in HEADERS.items() for part in ("-H", f"{name}: {value}")]
    script = str(Path(__file__).with_name("paths.lua"))
    shown = subprocess.check_output(
        [str(WRK), *size, *headers, "-s", script, f"http://127.0.0.1:{port}"],
        env=os.environ | {"PATHS": str(paths)},
        text=True,
    )
    [result] = [line for line in shown.splitlines() if line.startswith("RESULT")]
    rate, p50, p95, p99, failed = map(float, result.split()[1:])
    return Load(rate, p50, p95, p99, int(failed))


def _with_threads(port: int, paths: Path, clients: int, seconds: float) -> Load:
    """Python itself takes a part of the machine here, so both sides look slower and more alike than they are."""
    listed = paths.read_text().splitlines()
    number = count()  # next() of it is one step of the interpreter, so threads may share it
    until = time.perf_counter() + seconds

    def ask() -> tuple[list[float], int]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        times, failed = [], 0
        while (began := time.perf_counter()) < until:
            connection.request("GET", listed[next(number) % len(listed)], headers=HEADERS)
            answer = connection.getresponse()
            answer.read()
            times.append(1000 * (time.perf_counter() - began))
            failed += answer.status >= 400
        connection.close()
        return times, failed

    with ThreadPoolExecutor(clients) as pool:
        asked = [each.result() for each in [pool.submit(ask) for _client in range(clients)]]
    times = [each for client_times, _failed in asked for each in client_times]
    parts = statistics.quantiles(times, n=100)
    return Load(len(times) / seconds, parts[49], parts[94], parts[98], sum(failed for _times, failed in asked))
