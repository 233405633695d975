import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from io import StringIO
from urllib.parse import urldefrag
from zoneinfo import ZoneInfo

import pytest
import pytest_django
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.http import Http404
from django.test import Client
from django.urls import resolve
from time_machine import TimeMachineFixture

from accounts.models import User
from announcements import services, sweep
from announcements.models import Announcement, Delivery, Draft, unannounced_vacancies
from canvassing.models import Employer, SchoolJobCentre, Vacancy, VacancyLog, Visit
from canvassing.wording import warnings
from config.demo import build
from jobseekers.models import AlertSubscription, ChatMessage
from tests.factories import make_user, today

APPS = ("accounts", "canvassing", "jobseekers", "announcements")
LINK = re.compile(r'<a [^>]*?href="(/[^"]*)"')
LEFT_OUT = ("/static/", "/media/", "/bahasa/", "/keluar/", "/admin/", "/demo/")
OF_EACH_VIEW = 3  # addresses; more of the same view tell nothing new
READERS = ["", "petugas", "penerbit", "pelatih", "bkk", "manajer", "admin", "pencaker", "newcomer"]
MOMENT = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Asia/Jakarta"))


def snapshot() -> list[tuple]:
    """What can be seen of the demo, without the keys that differ between two runs."""
    seen = Vacancy.objects.order_by("created_at", "title").values_list(
        "title", "employer_name", "state", "source", "created_at", "published_at", "ended_at", "created_by__name"
    )
    log = VacancyLog.objects.order_by("at", "vacancy__title", "to_state").values_list(
        "vacancy__title", "to_state", "at"
    )
    visits = Visit.objects.order_by("planned_for", "employer__name").values_list(
        "employer__name", "state", "visited_on"
    )
    told = Delivery.objects.order_by("address", "sent_at").values_list("address", "state", "sent_at")
    return [*seen, *log, *visits, *told]


def refused(client: Client, start: str) -> list[tuple[str, str, int]]:
    """(page, link on it, status) of every link that leads nowhere, following the others from `start` on."""
    seen: Counter[str] = Counter()
    known, waiting, found = {start}, [("", start)], []
    while waiting:
        page, link = waiting.pop(0)
        try:
            view = resolve(link.partition("?")[0]).view_name
        except Http404:
            found.append((page, link, 404))
            continue
        seen[view] += 1
        if seen[view] > OF_EACH_VIEW:
            continue
        response = client.get(link)
        if response.status_code in {403, 404, 500}:
            found.append((page, link, response.status_code))
        if response.streaming:
            response.close()
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            for address in LINK.findall(response.content.decode()):
                target = urldefrag(unescape(address)).url
                if target not in known and not target.startswith(LEFT_OUT):
                    known.add(target)
                    waiting.append((link, target))
    return found


@pytest.fixture(scope="class")
def demo(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[list[tuple]]:
    """The demo in the database for the tests of one class; its value is the snapshot of an earlier, undone run."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            build(MOMENT)
            earlier = snapshot()
            transaction.set_rollback(True)
        build(MOMENT)
    yield earlier
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.mark.django_db
class TestDemo:
    @pytest.fixture(autouse=True)
    def _at_the_moment(self, demo: list[tuple], time_machine: TimeMachineFixture) -> None:
        time_machine.move_to(MOMENT, tick=False)

    def test_it_is_the_same_every_time(self, demo: list[tuple]) -> None:
        assert snapshot() == demo

    def test_it_shows_every_state_and_source(self) -> None:
        assert set(Vacancy.objects.values_list("state", flat=True)) == set(Vacancy.State.values)
        assert set(Vacancy.objects.values_list("source", flat=True)) == set(Vacancy.Source.values)
        assert set(Vacancy.objects.values_list("apply_via", flat=True)) == set(Vacancy.ApplyVia.values)
        assert set(Vacancy.objects.values_list("wage_period", flat=True)) == set(Vacancy.WagePeriod.values)
        assert set(Visit.objects.values_list("state", flat=True)) == set(Visit.State.values)
        assert set(Visit.objects.values_list("outcome", flat=True)) == {"", *Visit.Outcome.values}
        assert set(AlertSubscription.objects.values_list("state", flat=True)) == set(AlertSubscription.State.values)
        assert Vacancy.objects.exclude(relisted_from=None).exists()

    def test_there_is_something_to_do_today(self) -> None:
        assert Visit.objects.due(today()).count() >= 3
        assert Visit.objects.to_call_back(today()).filter(next_step_on__lt=today()).exists()
        assert Vacancy.objects.waiting_for_check().count() >= 5
        assert {len(warnings(vacancy)) for vacancy in Vacancy.objects.waiting_for_check()} >= {0, 1, 2, 3}
        assert 3 <= Vacancy.objects.ending_within(3, today()).count() <= 8
        assert Delivery.objects.needing_action().exists()
        assert set(Draft.objects.values_list("state", flat=True)) == {"draft", "submitted", "scheduled", "started"}
        assert set(ChatMessage.objects.values_list("state", flat=True)) == {"open", "answered"}
        assert SchoolJobCentre.objects.filter(valid_until__lt=today()).exists()

    def test_open_vacancies_are_many_and_varied(self) -> None:
        vacancies = Vacancy.objects.open()

        assert vacancies.count() >= 30
        assert vacancies.values("city").distinct().count() >= 6
        assert vacancies.values("education").distinct().count() >= 5
        for filters in ({"open_to_disability": True}, {"part_time": True}, {"wage_not_stated": True}):
            assert vacancies.filter(**filters).exists()

    def test_every_published_vacancy_was_checked_by_somebody_else(self) -> None:
        published = Vacancy.objects.exclude(published_at=None)

        assert not published.filter(published_by=models.F("created_by")).exists()
        assert all(
            vacancy.log.filter(from_state="in_check", to_state="published").count() == 1 for vacancy in published
        )

    def test_nothing_is_announced_that_was_announced(self) -> None:
        before = Announcement.objects.count()

        kept_back = Vacancy.objects.filter(pk__in=Draft.objects.filter(is_reminder=False).values("vacancies"))
        assert set(unannounced_vacancies()) == set(kept_back)
        assert services.announce_unannounced() == []
        assert Announcement.objects.count() == before

    def test_a_few_mails_leave_when_the_workers_start(self) -> None:
        waiting = Announcement.objects.running()
        assert sorted(each.kind for each in waiting) == ["course", "news", "vacancies"]
        sweep.expand_all()

        assert [3 <= each.deliveries.count() <= 15 for each in waiting] == [True] * 3

    def test_people_can_sign_in(self) -> None:
        assert User.objects.count() == EmailAddress.objects.filter(verified=True, primary=True).count() == 9
        assert User.objects.get(email="penerbit@demo.test").check_password("kanvas-demo")
        assert not User.objects.get(email="pencaker@demo.test").has_usable_password()
        assert User.objects.get(email="admin@demo.test").is_staff
        assert User.objects.get(email="bkk@demo.test").school_centres.get().name == "SMK Bina Karya"

    def test_nobody_real_can_be_reached(self) -> None:
        text = "\n".join(everything_written())

        assert re.findall(r"(?<![\d.])0\d{2,3}[- ]\d{3,4}[- ]\d{3,4}\b", text)
        for number in re.findall(r"(?<![\d.])(?:\+62|0)8[\d -]{7,}", text):
            assert number.startswith("0812-0000-"), number
        for address in re.findall(r"[\w.]+@[\w.-]+", text):
            assert address.endswith((".test", ".example")), address
        for host in re.findall(r"https?://([\w.-]+)", text):
            assert host.endswith((".test", ".example")) or host == "127.0.0.1", host

    @pytest.mark.parametrize("who", READERS)
    def test_no_page_offers_a_link_that_its_reader_is_refused(self, who: str) -> None:
        client, start = Client(), "/"
        if who:
            user = User.objects.filter(email=f"{who}@demo.test").first() or make_user()
            client.force_login(user)
            start = "/petugas/" if user.is_office_staff else "/akun/"
        assert refused(client, start) == []

    def test_second_run_is_refused_or_quiet(self) -> None:
        with pytest.raises(CommandError, match="sudah ada"):
            call_command("demo")
        call_command("demo", if_empty=True)

        assert Employer.objects.count() == 30


def everything_written() -> Iterator[str]:
    """Every text in the rows of our own apps, but for what is random or rendered."""
    for model in User._meta.apps.get_models():
        if model._meta.app_label in APPS and "Event" not in model.__name__:
            names = [
                field.name
                for field in model._meta.concrete_fields
                if isinstance(field, models.CharField | models.TextField)
                and field.name not in ("message_id", "password")
            ]
            for row in model._default_manager.values_list(*names):
                yield from (str(value) for value in row if value)


def test_production_is_refused(settings: pytest_django.Settings) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="sungguhan"):
        call_command("demo")


@pytest.mark.django_db
def test_office_with_users_is_left_alone() -> None:
    make_user()
    output = StringIO()

    call_command("demo", if_empty=True, stdout=output)

    assert (output.getvalue(), Vacancy.objects.count()) == ("", 0)
