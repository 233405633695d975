"""Thin: a task is a hint that arrived. What to do is read from the database."""

from functools import partial
from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from announcements import hints
from announcements.dispatch import send_due
from announcements.models import Delivery
from announcements.sweep import close_finished, expand_all
from announcements.sweep import sweep as sweep_once


@shared_task(name=hints.SWEEP)
def sweep() -> None:
    if sweep_once():
        hints.send_now(hints.CRITICAL)
        hints.send_now(hints.BULK)


@shared_task(name=hints.BULK)
def send_bulk() -> None:
    another = partial(hints.send_now, hints.BULK)
    expand_all(on_first_batch=another)
    if send_due(on_full_batch=another):
        hints.send_now(hints.BULK)
    else:
        close_finished()


@shared_task(name=hints.CRITICAL)
def send_critical() -> None:
    if send_due(least_priority=Delivery.Priority.CRITICAL):
        hints.send_now(hints.CRITICAL)


@worker_ready.connect
def look_for_work(**kwargs: Any) -> None:
    """A worker that starts need not wait for the next sweep."""
    hints.send_now(hints.SWEEP)
