"""Kill, stop, starve and confuse the product while mails go out, and count what is lost and what comes twice.

    python -m tests.faults [--short] [F1 F1b F2 F3 Q7 F5 F6 F7]

One line a programme. The figures and their bounds: docs/delivery.md. Everything runs on servers of its own in
var/faults, on loopback only; those of another PostgreSQL (KANVAS_PG_BIN) beside them.
"""

import argparse
import os
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import django

from config import engines
from config.engines.processes import exclusive


def noon() -> str:
    """A time zone where it is about noon, so that today's digest is due at any hour that this runs."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


def prepare() -> None:
    """The addresses of database and queue follow from the state directory."""
    for name in ("DATABASE_URL", "REDIS_URL", "TEST_DATABASE_NAME"):
        os.environ.pop(name, None)
    programs = Path(os.environ.get("KANVAS_PG_BIN") or "wheel/bin")
    os.environ |= {
        "KANVAS_STATE_DIR": str(engines.PROJECT_DIR / "var" / "faults" / programs.parent.name),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PLAIN_STATIC": "1",
        "TIME_ZONE": noon(),
    }
    django.setup()


def run(names: list[str], full: bool, seed: int) -> bool:
    kept = True
    random.seed(seed)
    with exclusive(engines.state_dir()) as lock, Ground(lock) as ground:
        for name in names:
            began = time.monotonic()
            result = PROGRAMMES[name](ground, full)
            say(f"{name} {result}  ({time.monotonic() - began:.0f} s, seed {seed})")
            kept &= result.is_kept
    return kept


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    prepare()
    from tests.faults.ground import Ground  # needs the settings
    from tests.faults.programmes import PROGRAMMES

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("programmes", nargs="*", metavar="F1", help="all by default")
    parser.add_argument("--short", action="store_true", help="all within three minutes")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    sys.exit(0 if run(options.programmes or list(PROGRAMMES), not options.short, options.seed) else 1)
