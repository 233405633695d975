"""How fast matching is, beside the bare SQL and the numpy of research/performance.md section 7 on the same people.

    python -m tests.benchmarks.matching [--people 100000] [--vacancies 10000]

Ours and the reference take turns, so that what else the machine does falls on both; what counts is their ratio.
Uses our own database server, or the one that DATABASE_URL names. The rows stay there for the next run.
"""

import argparse
import os
import sys

from config import engines
from config.engines.processes import Child, StartError, exclusive
from tests.benchmarks.lists import STATE, own_database


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--vacancies", type=int, default=10_000)
    parser.add_argument("--samples", type=int, default=200, help="questions of each kind")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    os.environ["KANVAS_STATE_DIR"] = str(STATE)
    with exclusive(STATE) as lock, engines.started(lock=lock, durable=False) as servers:
        os.environ |= servers.urls
        url = own_database(os.environ["DATABASE_URL"], options.people)
        environment = os.environ | {"DATABASE_URL": url}
        code = (
            "from tests.benchmarks import matching_figures as figures; "
            f"figures.report({options.people}, {options.vacancies}, {options.samples})"
        )
        for command in (["migrate", "--verbosity=0"], ["shell", "--verbosity=0", "--command", code]):
            line = [sys.executable, "manage.py", *command]
            try:
                Child(command[0], line, lock=lock, env=environment, cwd=engines.PROJECT_DIR).succeed()
            except StartError as failed:
                sys.exit(str(failed))


if __name__ == "__main__":
    main()
