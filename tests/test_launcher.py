"""`make run` as a whole: starting, refusing, being killed, starting again, stopping."""

import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import engines, supervisor
from config.engines import postgres
from config.engines.processes import StartError
from tests.running import Run, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="follows processes through /proc")


@pytest.fixture
def state() -> Iterator[Path]:
    """A state directory that the user who runs PostgreSQL for root can reach, which pytest's own is not."""
    parent = engines.PROJECT_DIR / "var" / "test"
    parent.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="launcher-", dir=parent))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree((directory / "postgres").resolve(), ignore_errors=True)
    shutil.rmtree(directory)


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.slow
def test_killed_run_leaves_nothing_and_the_next_one_goes_on(state: Path, port: int) -> None:
    first = Run(state, port).until_running()
    assert f"http://127.0.0.1:{port}/" in first.text
    assert "petugas@demo.test" in first.text
    assert not {"\r", "\x1b"} & set(first.text)
    with psycopg.connect(postgres.url(state)) as connection:
        connection.execute("CREATE TABLE remembered (word text)")

    refused = Run(state, port).until_ended()
    assert refused.process.returncode == 1
    assert "Already running" in refused.text

    first.process.kill()
    first.process.wait()
    wait_until(lambda: not first.processes(), seconds=20)

    second = Run(state, port).until_running()
    with psycopg.connect(postgres.url(state)) as connection:
        connection.execute("SELECT word FROM remembered")

    second.process.send_signal(signal.SIGTERM)
    second.until_ended()
    assert second.process.returncode == 0
    assert second.processes() == []


def test_taken_port_is_named_with_the_way_out(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)), pytest.raises(StartError, match=f"Port {port} .*PORT=8123"):
        supervisor.check_is_free(port)


@pytest.mark.parametrize("given", ["acht", "0", "65536", "-1"])
def test_senseless_port_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PORT", given)
    with pytest.raises(StartError, match="PORT must be a number"):
        supervisor.chosen_port()


def test_production_is_not_started_this_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANVAS_ENV", "production")
    with pytest.raises(StartError, match="deploy"):
        supervisor.run(8000)
