"""Celery's beat on a machine whose clock is wrong.

python -m tests.faults.shifted_beat DAYS FILE     FILE is where it remembers its schedule
"""

import sys
from datetime import UTC, datetime, timedelta

import time_machine

from tests.faults.app import app

if __name__ == "__main__":
    with time_machine.travel(datetime.now(UTC) + timedelta(days=int(sys.argv[1])), tick=True):
        app.start(["beat", "--schedule", sys.argv[2], "--pidfile="])
