from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from announcements import ledger, services, sweep
from announcements.expansion import expand_batch
from announcements.models import AnnouncedVacancy, Announcement, Attempt, Delivery
from announcements.models.deliveries import State
from canvassing.models import Vacancy
from tests.announcements.conftest import states, work
from tests.factories import make_office, make_subscription, make_vacancy, today

pytestmark = pytest.mark.django_db


def in_the_past(vacancy, **ago):
    Vacancy.objects.filter(pk=vacancy.pk).update(published_at=timezone.now() - timedelta(**ago))
    vacancy.refresh_from_db()
    return vacancy


# --- Recipients ---------------------------------------------------------------------------------


def test_expansion_goes_on_where_it_was_interrupted(announced):
    for number in range(5):
        make_subscription(email=f"orang{number}@contoh.test")
    announcement = announced()
    assert expand_batch(announcement.pk, size=2) is True
    assert len(states(announcement)) == 2
    assert [expand_batch(announcement.pk, size=2) for _ in range(3)] == [True, True, False]  # devices come last
    announcement.refresh_from_db()
    assert sorted(states(announcement)) == [f"orang{number}@contoh.test" for number in range(5)]
    assert announcement.expanded_at is not None


def test_expansion_cut_between_two_searches_of_one_address_finds_all_its_vacancies(announced):
    make_subscription(email="siti@contoh.test", words="kasir")
    make_subscription(email="budi@contoh.test")
    make_subscription(email="siti@contoh.test", words="sopir")
    vacancies = [make_vacancy(title=title) for title in ("Kasir", "Sopir", "Guru")]
    announcement = announced(*vacancies)
    while expand_batch(announcement.pk, size=1):
        pass
    found = {each.address: sorted(each.vacancy_ids) for each in announcement.deliveries.all()}
    assert found == {
        "siti@contoh.test": [vacancies[0].pk, vacancies[1].pk],
        "budi@contoh.test": [each.pk for each in vacancies],
    }


def test_expansion_run_again_writes_nobody_twice(announced):
    make_subscription()
    announcement = announced()
    sweep.expand_all()
    Announcement.objects.update(expanded_at=None, expanded_to=0)
    sweep.expand_all()
    assert len(states(announcement)) == 1


def test_expansion_leaves_out_who_has_not_confirmed_has_stopped_or_wants_something_else(announced):
    make_subscription(state="pending")
    make_subscription(state="stopped")
    make_subscription(frequency="daily")
    make_subscription(words="dokter")
    announcement = announced()
    sweep.expand_all()
    assert states(announcement) == {}


# --- What nobody announced ----------------------------------------------------------------------


def test_safety_net_announces_what_was_published_without_announcement():
    forgotten = in_the_past(make_vacancy(), seconds=31)
    in_the_past(make_vacancy(announce_later=True), seconds=31)
    make_vacancy()  # a moment ago: whoever publishes it may still be at it
    sweep.sweep()
    announcement = Announcement.objects.get(audience="instant")
    assert (list(announcement.vacancies.all()), announcement.created_by) == ([forgotten], None)


def test_safety_net_announces_once():
    in_the_past(make_vacancy(), minutes=1)
    sweep.sweep()
    sweep.sweep()
    assert Announcement.objects.filter(audience="instant").count() == 1


def test_database_lets_an_audience_hear_of_a_vacancy_once(announced):
    vacancy = make_vacancy()
    announced(vacancy)
    with pytest.raises(Exception, match="vacancy_announced_once"), transaction.atomic():
        AnnouncedVacancy.objects.create(announcement=Announcement.objects.get(), vacancy=vacancy)


# --- The morning's digest -----------------------------------------------------------------------


def morning(hour=7):
    return timezone.make_aware(datetime.combine(today(), datetime.min.time())) + timedelta(hours=hour)


def test_digest_holds_what_was_published_until_seven(sink):
    make_subscription(email="siti@contoh.test", frequency="daily")
    make_subscription(email="budi@contoh.test", frequency="instant")
    author = {"published_at": morning() - timedelta(hours=2)}
    early = [make_vacancy(**author) for _ in range(2)]
    make_vacancy(published_at=morning() + timedelta(minutes=1))
    make_vacancy(published_at=morning() - timedelta(days=8))
    digest = services.daily_digest(today())
    work()
    assert digest is not None
    assert sorted(digest.vacancies.values_list("pk", flat=True)) == [each.pk for each in early]
    assert digest.period_key == f"daily:{today().isoformat()}"
    (mail,) = sink.mails
    assert mail.address == "siti@contoh.test"
    assert "paling banyak satu sehari" in mail.part("plain")


def test_digest_is_made_once_a_day():
    make_vacancy(published_at=morning() - timedelta(hours=2))
    assert services.daily_digest(today()) is not None
    make_vacancy(published_at=morning() - timedelta(hours=1))
    assert services.daily_digest(today()) is None


def test_digest_of_the_next_day_holds_what_is_new_and_what_was_missed():
    make_vacancy(published_at=morning() - timedelta(hours=2))
    services.daily_digest(today())
    missed = make_vacancy(published_at=morning() - timedelta(hours=1))
    tomorrow = services.daily_digest(today() + timedelta(days=1))
    assert tomorrow is not None
    assert list(tomorrow.vacancies.all()) == [missed]


def test_empty_morning_makes_no_digest():
    assert services.daily_digest(today()) is None
    assert Announcement.objects.count() == 0


@pytest.mark.parametrize(("hour", "made"), [(23, 0), (0, 1), (5, 1)])  # UTC; the office is seven hours ahead
def test_sweep_makes_the_digest_from_seven_on(hour, made):
    make_vacancy(published_at=morning() - timedelta(hours=8), announce_later=True)
    day = datetime.combine(today(), datetime.min.time(), UTC)
    sweep.announce_due(day.replace(hour=hour) - timedelta(days=hour == 23))
    assert Announcement.objects.count() == made


# --- The ledger ---------------------------------------------------------------------------------


def test_sweep_mends_what_dead_processes_left(announced):
    for name in "ab":
        make_subscription(email=f"{name}@contoh.test")
    announcement = announced()
    sweep.expand_all()
    first, _second = ledger.claim("email")
    ledger.begin(first)
    Delivery.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert sweep.sweep() is True
    assert set(states(announcement).values()) == {"queued"}
    assert list(Attempt.objects.values_list("delivery_id", "outcome")) == [(first.pk, "interrupted")]


def test_old_transactional_mail_loses_its_address():
    old, young, waiting = (
        Delivery.objects.create(
            channel="email", address=f"{name}@contoh.test", priority=0, expires_at=Now() + timedelta(days=60)
        )
        for name in ("lama", "baru", "menunggu")
    )
    for state in (State.CLAIMED, State.SENDING, State.SENT):
        Delivery.objects.exclude(pk=waiting.pk).update(state=state, token="0" * 32, lease_until=Now())
    Delivery.objects.exclude(pk=young.pk).update(created_at=Now() - timedelta(days=31))
    ledger.forget_old_addresses()
    found = dict(Delivery.objects.values_list("pk", "address"))
    assert found == {old.pk: f"terhapus-{old.pk}", young.pk: "baru@contoh.test", waiting.pk: "menunggu@contoh.test"}


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_do_the_work_once():
    make_office()
    in_the_past(make_vacancy(), minutes=1)
    make_subscription()
    barrier, done = Barrier(4), []

    def run() -> None:
        barrier.wait()
        done.append(sweep.sweep())
        connection.close()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert True in done
    assert Announcement.objects.filter(audience="instant").count() == 1
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_publishers_announcing_at_once_make_one_announcement(people):
    by, vacancy = people["publisher"], make_vacancy()
    barrier, made = Barrier(2), []

    def run() -> None:
        barrier.wait()
        made.append(services.announce(vacancies=[vacancy], by=by))
        connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each is None for each in made) == [False, True]
    assert Announcement.objects.count() == 1
