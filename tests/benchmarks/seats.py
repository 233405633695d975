"""A rush for the seats of a class: many requests at once, while seats are given up and added. Is it ever oversold?

    python -m tests.benchmarks.seats [--people 2000] [--seats 40] [--threads 32]

Every request is the service that the page calls, in a transaction of its own. Printed are requests a second, beside
the same number of bare inserts into a table with a unique key, in the same run, and what stands in the end.
"""

import argparse
import os
import sys

from config import engines
from config.engines.processes import Child, StartError, exclusive
from tests.benchmarks.lists import STATE, own_database


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seats", type=int, default=40)
    parser.add_argument("--threads", type=int, default=32)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    os.environ["KANVAS_STATE_DIR"] = str(STATE)
    with exclusive(STATE) as lock, engines.started(lock=lock, durable=False) as servers:
        os.environ |= servers.urls
        environment = os.environ | {"DATABASE_URL": own_database(os.environ["DATABASE_URL"], 0)}
        code = (
            "from tests.benchmarks import seats_rush as rush; "
            f"rush.report({options.people}, {options.seats}, {options.threads})"
        )
        for command in (["migrate", "--verbosity=0"], ["shell", "--verbosity=0", "--command", code]):
            line = [sys.executable, "manage.py", *command]
            try:
                Child(command[0], line, lock=lock, env=environment, cwd=engines.PROJECT_DIR).succeed()
            except StartError as failed:
                sys.exit(str(failed))


if __name__ == "__main__":
    main()
