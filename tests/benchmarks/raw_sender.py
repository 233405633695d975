"""The fastest sender there can be in Python: four threads, a kept connection each, bytes that are already there.

python -m tests.benchmarks.raw_sender PORT FILE NUMBER     prints how many a second it has handed over
"""

import smtplib
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

THREADS = 4


def send(port: int, content: bytes, numbers: range) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in numbers:
            server.sendmail("kabar@kanvas.test", [f"raw{number}@contoh.test"], content)


def main() -> None:
    port, content, number = int(sys.argv[1]), Path(sys.argv[2]).read_bytes(), int(sys.argv[3])
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        for each in [pool.submit(send, port, content, range(part, number, THREADS)) for part in range(THREADS)]:
            each.result()
    print(f"{number / (time.perf_counter() - began):.1f}")  # noqa: T201


if __name__ == "__main__":
    main()
