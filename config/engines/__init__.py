"""PostgreSQL and Valkey of our own for the demo and the tests, from the wheels in requirements.txt.

Importing this package starts nothing. The addresses follow from the state directory alone, so that
`manage.py shell` works beside a running `make run`. Where DATABASE_URL and REDIS_URL are set, as in
production, none of it is used.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from config.engines import postgres, valkey
from config.engines.processes import Child

PROJECT_DIR = Path(__file__).resolve().parents[2]

CACHE_DB, BROKER_DB = 0, 1


class Started(NamedTuple):
    """The addresses by their environment variable, and the processes."""

    urls: dict[str, str]
    children: list[Child]


def state_dir() -> Path:
    """Where everything that changes lives: data, sockets, logs, uploads, collected static files."""
    return Path(os.environ.get("KANVAS_STATE_DIR") or PROJECT_DIR / "var").absolute()


def database_url() -> str:
    """Address of the embedded PostgreSQL, whether it is running or not."""
    return postgres.url(state_dir())


def redis_url() -> str:
    """Address of the embedded Valkey, whether it is running or not."""
    return valkey.url(state_dir())


def smtp_port() -> int:
    """Port of the demo's mail server, as the supervisor wrote it down; 25 where there has been none."""
    try:
        return int((state_dir() / "run" / "smtp-port").read_text())
    except FileNotFoundError:
        return 25


def cache_url(redis_url: str, db: int = CACHE_DB) -> str:
    """The address in the form of Django's cache: `unix://PATH?db=0` or `redis://HOST:PORT/0`.

    Database numbers count from the one that the address names, so that several users of one
    server (test processes, say) keep apart by giving `…/0`, `…/2`, `…/4`.
    """
    parts = urlsplit(redis_url)
    query = dict(parse_qsl(parts.query))
    if parts.scheme == "unix":
        query["db"] = str(int(query.get("db", 0)) + db)
        return f"unix://{parts.netloc}{parts.path}?{urlencode(query)}"
    number = int(parts.path.strip("/") or 0) + db
    return parts._replace(path=f"/{number}").geturl()


def broker_url(redis_url: str) -> str:
    """The address in Celery's form, on a database of its own: flushing the cache must not drop work."""
    url = cache_url(redis_url, BROKER_DB)
    if not url.startswith("unix:"):
        return url
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    query["virtual_host"] = query.pop("db")
    return f"redis+socket://{parts.netloc}{parts.path}?{urlencode(query)}"


def is_named(variable: str) -> bool:
    """Whether the environment names this server (`DATABASE_URL`, or `DATABASE_URL_FILE`)."""
    return bool(os.environ.get(variable) or os.environ.get(f"{variable}_FILE"))


@contextmanager
def started(*, lock: int, durable: bool = True) -> Iterator[Started]:
    """Run the servers that the environment does not name.

    `lock` is the descriptor from `processes.exclusive(state_dir())`. `durable=False` trades crash
    safety for speed: for tests. Raises `processes.StartError` with a sentence for the user.
    """
    state, urls, children = state_dir(), {}, []
    with ExitStack() as running:
        if not is_named("DATABASE_URL"):
            children.append(running.enter_context(postgres.started(state, lock=lock, durable=durable)))
            urls["DATABASE_URL"] = database_url()
        if not is_named("REDIS_URL"):
            children.append(running.enter_context(valkey.started(state, lock=lock, durable=durable)))
            urls["REDIS_URL"] = redis_url()
        yield Started(urls, children)
