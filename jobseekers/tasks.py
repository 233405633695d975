"""Thin: what to do is read from the database."""

from celery import shared_task

from jobseekers.services import applications, appointments, cards, matching_run, placements, retention


@shared_task(name="jobseekers.match_all", soft_time_limit=3_500, time_limit=3_600)
def match_all() -> None:
    matching_run.run()


@shared_task(name="jobseekers.sweep_cards")
def sweep_cards() -> int:
    """Remind of reports, end what was not reported or has run out. Pages know it from midnight on by themselves."""
    return cards.sweep()


@shared_task(name="jobseekers.sweep_referrals")
def sweep_referrals() -> int:
    """Remind employers and people, close what stayed unanswered, ask the placed how it goes."""
    return applications.sweep() + appointments.sweep() + placements.sweep()


@shared_task(name="jobseekers.retention")
def let_go_of_idle_people() -> None:
    retention.sweep()
