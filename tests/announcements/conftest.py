from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from accounts.roles import Role
from announcements import dispatch, services, sweep
from announcements.models import Announcement, Delivery
from canvassing.models import Vacancy
from tests.factories import make_user, make_vacancy
from tests.sink import Sink


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """The mail server of this test, which everything is sent to."""
    with Sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


@pytest.fixture
def announced(db: None) -> Callable[..., Announcement]:
    """Announces the given vacancies, or one new vacancy, as a publisher would; recipients are not yet written."""

    def announce(*vacancies: Vacancy) -> Announcement:
        by = make_user(Role.PUBLISHER)
        announcement = services.announce(vacancies=vacancies or [make_vacancy()], by=by)
        assert announcement is not None
        return announcement

    return announce


def work(**options: Any) -> None:
    """What a worker does when a hint arrives."""
    sweep.expand_all()
    dispatch.send_due(**options)


def make_due() -> None:
    """Let the waiting time of every queued delivery be over."""
    Delivery.objects.filter(state="queued").update(not_before=Now())


def states(announcement: Announcement) -> dict[str, str]:
    """The state of each address's delivery."""
    return dict(Delivery.objects.filter(announcement=announcement).values_list("address", "state"))
