"""Tells the workers that there is work. The only module that talks to the broker.

A hint may be lost, late or doubled: the rows in PostgreSQL are the work, and the sweep finds them anyway.
"""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

SWEEP, BULK, CRITICAL = "announcements.sweep", "announcements.send_bulk", "announcements.send_critical"
USEFUL_SECONDS = 60  # older hints are dropped by the worker: the sweep has come by since
# A broker that does not answer may cost the person who pressed a button about a second, not more.
IMPATIENT = {"socket_connect_timeout": 0.4, "socket_timeout": 0.4, "max_retries": 0}

log = logging.getLogger("kanvas.announcements")


def hint(task: str) -> None:
    """After the commit, ask some worker to run `task`. Never raises."""
    transaction.on_commit(partial(send_now, task), robust=True)


def send_now(task: str) -> bool:
    """False when the broker could not be reached."""
    try:
        with current_app.connection_for_write() as broker:
            broker.transport_options = {**broker.transport_options, **IMPATIENT}
            current_app.send_task(task, connection=broker, retry=False, expires=USEFUL_SECONDS)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("hint not sent: %s (%s)", task, type(error).__name__)
        return False
    return True
