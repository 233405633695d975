import os
import pwd
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from kombu import Connection

from config import engines
from config.engines import postgres
from config.engines.processes import Child, InUse, StartError, exclusive, private_dir, socket_dir
from tests.running import wait_until


@pytest.mark.parametrize(
    ("url", "cache", "broker"),
    [
        ("unix:///run/v.sock?db=0", "unix:///run/v.sock?db=0", "redis+socket:///run/v.sock?virtual_host=1"),
        ("unix:///run/v.sock", "unix:///run/v.sock?db=0", "redis+socket:///run/v.sock?virtual_host=1"),
        ("unix:///a%20b/v.sock?db=4", "unix:///a%20b/v.sock?db=4", "redis+socket:///a%20b/v.sock?virtual_host=5"),
        ("unix://:pw@/run/v.sock", "unix://:pw@/run/v.sock?db=0", "redis+socket://:pw@/run/v.sock?virtual_host=1"),
        ("redis://queue.example", "redis://queue.example/0", "redis://queue.example/1"),
        ("redis://:secret@queue.example:6380/2", "redis://:secret@queue.example:6380/2", "redis://:secret@queue.example:6380/3"),
        ("rediss://q.example/0?ssl_cert_reqs=required", "rediss://q.example/0?ssl_cert_reqs=required", "rediss://q.example/1?ssl_cert_reqs=required"),
    ],
)  # fmt: skip
def test_one_address_serves_cache_and_broker_in_databases_of_their_own(url: str, cache: str, broker: str) -> None:
    assert engines.cache_url(url) == cache
    assert engines.broker_url(url) == broker


def test_both_clients_understand_their_address() -> None:
    url = os.environ["REDIS_URL"]
    with redis.Redis.from_url(engines.cache_url(url)) as client, Connection(engines.broker_url(url)) as connection:
        assert client.ping()
        broker = connection.default_channel.client
        assert broker.ping()
        assert broker.get_connection_kwargs()["db"] == client.get_connection_kwargs()["db"] + 1


def test_addresses_follow_from_the_state_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KANVAS_STATE_DIR", str(tmp_path))
    socket = str(tmp_path / "postgres" / "run").replace("/", "%2F")
    assert engines.database_url() == f"postgresql://kanvas@/kanvas?host={socket}&port=5432"
    assert engines.redis_url() == f"unix://{tmp_path}/valkey/run/valkey.sock?db=0"
    assert list(tmp_path.iterdir()) == []
    assert engines.smtp_port() == 25


def test_nothing_is_started_where_the_environment_names_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_FILE", "/run/secrets/database-url")
    monkeypatch.setenv("REDIS_URL", "redis://queue.example/0")
    with engines.started(lock=0) as servers:
        assert servers == ({}, [])


def test_awkward_socket_path_becomes_a_link_to_a_short_one(tmp_path: Path) -> None:
    short, long = tmp_path / "run", tmp_path / ("x" * 90) / "run"
    assert socket_dir(short, "s") == short
    private_dir(long.parent)
    place = socket_dir(long, "s")
    assert len(str(place)) < 60
    assert socket_dir(long, "s") == place == long.resolve()
    place.rmdir()
    assert socket_dir(long, "s").is_dir(), "a swept place is made again"
    long.resolve().rmdir()


def test_second_holder_of_a_state_directory_is_refused(tmp_path: Path) -> None:
    with exclusive(tmp_path), pytest.raises(InUse, match="Already running"), exclusive(tmp_path):
        pass
    with exclusive(tmp_path):
        pass


def test_children_of_a_killed_run_are_waited_for(tmp_path: Path) -> None:
    with exclusive(tmp_path) as lock:
        orphan = Child("sleep", ["sleep", "60"], lock=lock)
    with pytest.raises(InUse, match="earlier run"), exclusive(tmp_path, patience=0.2):
        pass
    orphan.stop()
    with exclusive(tmp_path, patience=0.2):
        pass


def test_child_that_does_not_stop_is_killed_with_what_it_started(tmp_path: Path) -> None:
    script = "trap '' TERM; sleep 60 & echo $! > child; wait; wait"
    with exclusive(tmp_path) as lock:
        child = Child("stubborn", ["sh", "-c", script], lock=lock, cwd=tmp_path, patience=0.2)
        child.wait_until(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text() != "", seconds=10)
        child.stop()
    assert child.process.returncode == -signal.SIGKILL
    grandchild = int((tmp_path / "child").read_text())
    wait_until(lambda: not Path(f"/proc/{grandchild}/exe").exists(), seconds=10)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_deleted_state_begins_anew_where_the_server_keeps_its_data_elsewhere(tmp_path: Path) -> None:
    state = private_dir(tmp_path / "closed") / "var"
    nobody = pwd.getpwnam("nobody")
    state.mkdir()
    place = postgres._home(state, nobody)
    try:
        (place / "data").write_text("of before")
        assert postgres._home(state, nobody) == place
        assert (place / "data").exists()
        shutil.rmtree(state)
        state.mkdir()
        assert postgres._home(state, nobody) == place
        assert not (place / "data").exists()
    finally:
        shutil.rmtree(place)


def test_failure_shows_the_end_of_the_log(tmp_path: Path) -> None:
    with exclusive(tmp_path) as lock:
        child = Child("grumbler", ["sh", "-c", "echo no such thing; exit 3"], lock=lock, log=tmp_path / "log")
        with pytest.raises(StartError, match=r"grumbler failed(?s:.*)no such thing"):
            child.succeed()


@pytest.mark.skipif(sys.platform != "linux", reason="needs the kernel's parent-death signal")
def test_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from config.engines.processes import Child, exclusive\n"
        "with exclusive(Path(sys.argv[1])) as lock:\n"
        "    print(Child('sleep', ['sleep', '60'], lock=lock).process.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=engines.PROJECT_DIR, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        orphan = int(parent.stdout.readline())
        os.kill(orphan, 0)
        parent.kill()
    with exclusive(tmp_path, patience=5):
        assert not Path(f"/proc/{orphan}/exe").exists()
