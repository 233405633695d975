"""Thin: what to do is read from the database."""

from celery import shared_task
from django.utils import timezone

from jobseekers.services import cards, matching_run, retention


@shared_task(name="jobseekers.match_all", soft_time_limit=3_500, time_limit=3_600)
def match_all() -> None:
    matching_run.run()


@shared_task(name="jobseekers.sweep_cards")
def sweep_cards() -> int:
    """Remind of reports, end what was not reported or has run out. Pages know it from midnight on by themselves."""
    return cards.sweep()


@shared_task(name="jobseekers.retention")
def let_go_of_idle_people() -> None:
    retention.sweep(timezone.now())
