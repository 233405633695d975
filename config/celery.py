"""The Celery application. A task message is only a hint; see announcements.hints and docs/delivery."""

import os

from celery import Celery
from celery.schedules import crontab, schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("kanvas")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.task_routes = {"announcements.send_critical": {"queue": "critical"}}
app.conf.beat_schedule = {
    "sweep deliveries": {"task": "announcements.sweep", "schedule": schedule(15), "options": {"expires": 15}},
    "close expired vacancies": {"task": "canvassing.expire", "schedule": schedule(60), "options": {"expires": 60}},
    "remind and end cards": {"task": "jobseekers.sweep_cards", "schedule": schedule(600), "options": {"expires": 600}},
    "remind and ask": {
        "task": "jobseekers.sweep_referrals", "schedule": schedule(600), "options": {"expires": 600}
    },
    "training": {"task": "training.sweep", "schedule": schedule(60), "options": {"expires": 60}},
    "match everybody": {  # 02.10 in Jakarta, after the backup
        "task": "jobseekers.match_all", "schedule": crontab(hour=19, minute=10), "options": {"expires": 3_600}
    },
    "let go of idle job seekers": {
        "task": "jobseekers.retention", "schedule": schedule(3600), "options": {"expires": 3_600}
    },
    "forget sessions": {  # 02.40 in Jakarta
        "task": "accounts.forget_sessions", "schedule": crontab(hour=19, minute=40), "options": {"expires": 3_600}
    },
    "forget contacts": {
        "task": "canvassing.forget_contacts", "schedule": crontab(hour=19, minute=45), "options": {"expires": 3_600}
    },
}  # fmt: skip
