"""Celery as the fault programmes run it: the product's, with a sweep every three seconds instead of fifteen."""

from celery.schedules import schedule

from config.celery import app

app.conf.beat_schedule["sweep deliveries"] = {
    "task": "announcements.sweep",
    "schedule": schedule(3),
    "options": {"expires": 3},
}
