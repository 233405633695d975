"""A hint tells a worker at once; without any broker everything still works, only later."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from celery import current_app
from django.core.management import call_command
from django.db import connection

from announcements import hints, services, tasks
from announcements.models import Announcement, Delivery
from tests.announcements.conftest import states, work
from tests.factories import make_office, make_subscription, make_vacancy, today

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def broker(url: str) -> Iterator[None]:
    before = current_app.conf.broker_url
    current_app.conf.broker_url = url
    try:
        yield
    finally:
        current_app.conf.broker_url = before


@pytest.fixture
def absent_broker():
    with broker("redis://127.0.0.1:1/0"):
        yield


@pytest.fixture
def silent_broker():
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server, broker(f"redis://127.0.0.1:{server.getsockname()[1]}/0"):
        yield


def queued(name: str) -> int:
    with current_app.connection_for_read() as opened:
        return opened.default_channel.client.llen(name)


def publish(by, vacancy):
    return services.publish(
        vacancy=vacancy, by=by, confirmed_with="Bu Lina", confirmed_on=today(), way="phone", version=vacancy.version
    )


def test_publishing_hints_the_bulk_workers(people):
    before = queued("bulk")
    publish(people["publisher"], make_vacancy("in_check"))
    assert queued("bulk") == before + 1


def test_code_hints_its_own_queue():
    before = queued("critical")
    hints.hint(hints.CRITICAL)
    assert queued("critical") == before + 1


@pytest.mark.parametrize("trouble", ["absent_broker", "silent_broker"])
def test_publishing_without_broker_is_answered_and_mailed_by_the_timer(trouble, people, sink, request):
    request.getfixturevalue(trouble)
    make_office()
    make_subscription(email="siti@contoh.test")
    by, vacancy = people["publisher"], make_vacancy("in_check")
    began = time.monotonic()
    announcement = publish(by, vacancy)
    assert time.monotonic() - began < 1
    call_command("dispatch", "--once")
    assert sink.addresses == ["siti@contoh.test"]
    assert states(announcement) == {"siti@contoh.test": "sent"}
    announcement.refresh_from_db()
    assert announcement.state == Announcement.State.DONE


def test_hint_answers_whether_it_was_taken(absent_broker):
    assert hints.send_now(hints.BULK) is False


def test_tasks_do_what_their_hints_say(people, sink):
    make_office()
    make_subscription(email="siti@contoh.test")
    publish(people["publisher"], make_vacancy("in_check"))
    tasks.send_critical()
    assert sink.mails == []
    tasks.send_bulk()
    assert sink.addresses == ["siti@contoh.test"]
    tasks.sweep()
    assert Announcement.objects.get(audience="instant").state == Announcement.State.DONE


def test_no_transaction_is_open_during_the_call(people, sink):
    """Seen from outside by the mail server, in the moment before it accepts."""
    make_office()
    make_subscription(email="siti@contoh.test")
    publish(people["publisher"], make_vacancy("in_check"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (sender,) = cursor.fetchone()
    parameters = connection.get_connection_params() | {"autocommit": True}
    own = {"context", "cursor_factory", "prepare_threshold"}
    seen: list[str] = []

    def look(address: str) -> None:
        with psycopg.connect(**{key: value for key, value in parameters.items() if key not in own}) as outside:
            query = (
                "SELECT state FROM pg_stat_activity WHERE pid = %s UNION ALL SELECT state FROM announcements_delivery"
            )
            seen.extend(state for (state,) in outside.execute(query, [sender]))

    sink.before_answer = look
    work()
    assert seen == ["idle", "sending"]
    assert Delivery.objects.get().state == "sent"


def test_without_any_broker_overdue_vacancies_are_closed_too():
    vacancy = make_vacancy(valid_until=today() - timedelta(days=1))
    call_command("dispatch", "--once")
    vacancy.refresh_from_db()
    assert vacancy.state == "expired"
