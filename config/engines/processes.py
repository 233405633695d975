"""Child processes that end when we end, and the locks that keep two runs on one state directory apart."""

import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
SOCKET_PATH_BYTES = 103  # the longest path of a Unix socket that Linux and macOS take
LOG_BYTES = 10_000_000

User = pwd.struct_passwd
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class StartError(Exception):
    """Something the user can mend; the message says what and how."""


class InUse(StartError):
    """Somebody else is at work on the state directory."""


def die_with_parent(signal_number: int, parent: int) -> None:
    """Have the kernel send us the signal when the process `parent` ends. Linux only.

    Changing the user clears this setting: call it after that.
    """
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal_number)


class Child:
    """A running program in a session of its own, so that Ctrl-C in a terminal reaches only us."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        lock: int,
        log: Path | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: User | None = None,
        stdin: IO | int = subprocess.DEVNULL,
        stop_signal: int = signal.SIGTERM,
        death_signal: int | None = None,
        patience: float = 15,
        keep: Sequence[int] = (),
    ) -> None:
        """Start it.

        lock, keep: descriptors that it inherits; the lock comes from `exclusive`.
        log: the file that takes its output; without one it writes where we do.
        patience: seconds it gets between `stop_signal` and SIGKILL.
        death_signal: what it gets when we die first; the same as `stop_signal` if not given.
        """
        self.name, self.log, self.stop_signal, self.patience = name, log, stop_signal, patience
        self.stop_by = 0.0  # set when it was asked to stop
        parent = os.getpid()
        with ExitStack() as files:
            output = files.enter_context(_open_log(log)) if log else None
            self.process = subprocess.Popen(
                command,
                env=env,
                cwd=cwd,
                stdin=stdin,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
                pass_fds=[lock, *keep],
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                preexec_fn=lambda: die_with_parent(death_signal or stop_signal, parent),
            )

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def ask_to_stop(self) -> None:
        """Send the stop signal, once: a second one means "at once" to some programs."""
        if not self.stop_by:
            self.stop_by = time.monotonic() + self.patience
            if not self.has_ended:
                self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask, wait until its time is up, and finally kill it together with whatever it started."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(self.stop_by - time.monotonic(), 0))
        with suppress(ProcessLookupError, PermissionError):  # no such group any more, or already a stranger's
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def succeed(self) -> None:
        """Wait for its end. Raises StartError when it fails."""
        try:
            if self.process.wait() != 0:
                raise StartError(f"{self.name} failed.\n{self.log_tail()}".strip())
        finally:
            self.stop()

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Poll `ready` until it is true. Raises StartError when the process ends or time is up."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.has_ended:
                raise StartError(f"{self.name} did not start.\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise StartError(f"{self.name} is not ready after {seconds:.0f} s.\n{self.log_tail()}")
            time.sleep(0.02)

    def log_tail(self, lines: int = 20) -> str:
        """The end of its log, under the name of the file."""
        if self.log is None:
            return ""
        tail = self.log.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join([f"The end of {self.log}:", *tail])


def _open_log(path: Path) -> IO[bytes]:
    private_dir(path.parent)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def invoker() -> User:
    """Who runs us."""
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError as error:
        raise StartError(
            f"The user id {os.geteuid()} has no name on this system, which PostgreSQL insists on. "
            "Run as a user that has one, or set DATABASE_URL to a server."
        ) from error


def server_user() -> User | None:
    """Who runs PostgreSQL, which refuses root: `postgres` or `nobody` when we are root, else ourselves (None)."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise StartError("PostgreSQL cannot run as root, and there is neither a user postgres nor nobody.")


def can_enter(path: Path, user: User) -> bool:
    """Whether `user` may execute the file or enter the directory. The kernel is asked, not the mode bits."""
    command = ["test", "-x", str(path)]
    try:
        asked = subprocess.run(command, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", check=False)
    except OSError as error:
        raise StartError(
            f"PostgreSQL cannot run as root, and we cannot become {user.pw_name} ({error.strerror}). "
            "Run as an ordinary user, or set DATABASE_URL to a server."
        ) from error
    return asked.returncode == 0


def private_dir(path: Path, user: User | None = None) -> Path:
    """Make a directory that only its owner may enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)
    return path


def socket_dir(path: Path, socket_name: str, user: User | None = None) -> Path:
    """Make the directory of a Unix socket.

    `path` becomes a link to a short temporary place where it is too long itself, or has a comma,
    which separates two servers in a PostgreSQL address.
    """
    if path.is_symlink() and not _is_private(path, user):
        path.unlink()
    if not path.exists():
        full = str(path.parent.resolve() / path.name / socket_name)
        if len(os.fsencode(full)) > SOCKET_PATH_BYTES or "," in full:
            path.symlink_to(tempfile.mkdtemp(prefix="kanvas-"))
    return private_dir(path, user).resolve()


def _is_private(path: Path, user: User | None) -> bool:
    """Whether the directory is still there and still ours: temporary places are swept and shared."""
    owner = user.pw_uid if user else os.geteuid()
    try:
        status = path.stat()
    except FileNotFoundError:
        return False
    return status.st_uid == owner and status.st_mode & 0o077 == 0


@contextmanager
def exclusive(state: Path, *, patience: float = 30) -> Iterator[int]:
    """Hold the state directory. Yields a descriptor that every child must inherit.

    A run that was killed lets go of its own lock at once, but its children may still be writing their
    last pages. They hold the second lock, and we wait `patience` seconds for the last of them to end.
    Raises InUse when somebody else is at work here.
    """
    run = state / "run"
    run.mkdir(parents=True, exist_ok=True)
    owner = state.stat().st_uid
    if owner != os.geteuid():
        raise StartError(f"{state} belongs to another user (uid {owner}). Run as that user, or remove it.")
    with (run / "supervisor.lock").open("a") as supervisor, (run / "children.lock").open("a") as children:
        if not _try_lock(supervisor.fileno()):
            raise InUse(f"Already running here (state: {state}). Stop that first, or use another checkout.")
        deadline = time.monotonic() + patience
        while not _try_lock(children.fileno()):
            if time.monotonic() > deadline:
                raise InUse(f"Processes of an earlier run still hold {children.name}. End them first.")
            time.sleep(0.1)
        yield children.fileno()


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
