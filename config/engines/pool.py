"""Loaded by the Celery workers of `make run`: a worker that is killed takes the processes of its pool with it."""

import os
import signal

from celery.signals import worker_process_init

from config.engines.processes import die_with_parent


@worker_process_init.connect
def end_with_worker(**kwargs: object) -> None:
    die_with_parent(signal.SIGKILL, os.getppid())
