"""Real servers for the tests; loaded by `-p` in pyproject.toml, because pytest-django reads the settings early.

Only the process that the user started runs servers; the processes of xdist inherit the addresses.
TEST_DATABASE_URL and TEST_REDIS_URL (or DATABASE_URL and REDIS_URL) name others, and then none is started.
"""

import atexit
import os
from contextlib import ExitStack

import pytest
from django.conf import settings

from config import engines
from config.engines.processes import InUse, exclusive
from config.management.commands.compile_catalogues import compile_catalogue, stale_catalogues

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # "gw3" in the fourth process of xdist
DATABASES_EACH = 2  # cache and broker


def take_state_dir(stack: ExitStack) -> int:
    """Take the first of `var/test/1`, `var/test/2`, … that no other test run in this checkout holds."""
    for number in range(1, 21):
        state = engines.PROJECT_DIR / "var" / "test" / str(number)
        try:
            lock = stack.enter_context(exclusive(state, patience=5))
        except InUse:
            continue
        os.environ["KANVAS_STATE_DIR"] = str(state)
        return lock
    raise pytest.UsageError("Twenty test runs are at work in var/test already.")


def start_servers() -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        if given := os.environ.get(f"TEST_{name}"):
            os.environ[name] = given
    stack = ExitStack()
    atexit.register(stack.close)
    lock = take_state_dir(stack)
    os.environ.update(stack.enter_context(engines.started(lock=lock, durable=False)).urls)
    os.environ["PLAIN_STATIC"] = "1"


if WORKER:
    number = int(WORKER.removeprefix("gw"))
    os.environ["REDIS_URL"] = engines.cache_url(os.environ["REDIS_URL"], number * DATABASES_EACH)
else:
    start_servers()


def pytest_configure() -> None:
    if not WORKER:
        for source in stale_catalogues(settings.LOCALE_PATHS):
            compile_catalogue(source)


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """At least two, so that tests which lean on each other are found on any machine."""
    return max(2, os.cpu_count() or 1)
