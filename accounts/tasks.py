"""Thin: what to do is read from the database."""

from celery import shared_task

from accounts import sessions


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> int:
    return sessions.forget_ended()
