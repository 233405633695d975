"""`make run` as a process that tests start, look at and end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config import engines

NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "PLAIN_STATIC", "MAKELEVEL")  # of the tests, not of a user


class Run:
    """A supervisor on a state directory of its own."""

    def __init__(self, state: Path, port: int) -> None:
        self.state, self.port, self.output = state, port, state / "output.txt"
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        self.environment = inherited | {"KANVAS_STATE_DIR": str(state), "PORT": str(port)}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.supervisor"],
                cwd=engines.PROJECT_DIR,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def until_running(self) -> "Run":
        wait_until(lambda: "is running" in self.text or self.process.poll() is not None, seconds=120)
        assert "is running" in self.text, self.text
        return self

    def until_ended(self) -> "Run":
        self.process.wait(60)
        return self

    def manage(self, *words: str) -> str:
        """A command on the running product; what it prints."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=engines.PROJECT_DIR, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    @property
    def text(self) -> str:
        return self.output.read_text()

    def processes(self) -> list[str]:
        """The command lines of all processes that were started on this state directory."""
        return [line for directory in Path("/proc").iterdir() if (line := command_line_if_ours(directory, self.state))]


def command_line_if_ours(directory: Path, state: Path) -> str:
    try:
        ours = f"KANVAS_STATE_DIR={state}" in (directory / "environ").read_text(errors="replace").split("\0")
        return (directory / "cmdline").read_text().replace("\0", " ") if ours else ""
    except OSError:
        return ""


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
