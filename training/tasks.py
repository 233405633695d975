"""Thin: what to do is read from the database."""

from celery import shared_task

from training.services import certificates, outcomes, seats


@shared_task(name="training.sweep")
def sweep_training() -> int:
    """End offers, make certificates that have been asked for, ask graduates how it goes."""
    return seats.sweep() + certificates.sweep() + outcomes.sweep()
