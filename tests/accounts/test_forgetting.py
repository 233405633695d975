"""What is no longer needed is not kept: ended sessions every night."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import sessions
from config.celery import app
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_ended_sessions_are_deleted_and_running_ones_stay(client_for):
    with time_machine.travel(timezone.now() - timedelta(days=15)):
        client_for(make_user())
    running = client_for(make_user())
    assert sessions.forget_ended() == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == [running.session.session_key]


@pytest.mark.parametrize("task", ["accounts.forget_sessions", "canvassing.forget_contacts"])
def test_night_knows_its_duties(task):
    assert [entry["task"] for entry in app.conf.beat_schedule.values()].count(task) == 1
    app.loader.import_default_modules()
    assert task in app.tasks
