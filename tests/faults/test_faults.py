"""The fault programmes in their short form, in a process of their own with servers of their own."""

import subprocess
import sys

import pytest

from config import engines

PROGRAMMES = ["F1", "F1b", "F2", "F3", "Q7", "F5", "F6", "F7"]


@pytest.mark.slow
@pytest.mark.xdist_group("faults")
def test_faults_lose_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "tests.faults", "--short"]
    run = subprocess.run(command, cwd=engines.PROJECT_DIR, capture_output=True, text=True, check=False)
    with capsys.disabled():
        print(f"\n{run.stdout}")  # noqa: T201
    assert run.returncode == 0, run.stdout + run.stderr[-4000:]
    assert [line.split()[0] for line in run.stdout.splitlines()] == PROGRAMMES
