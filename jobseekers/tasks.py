from celery import shared_task

from jobseekers.services import cards


@shared_task(name="jobseekers.sweep_cards")
def sweep_cards() -> int:
    """Remind of reports, end what was not reported or has run out. Pages know it from midnight on by themselves."""
    return cards.sweep()
