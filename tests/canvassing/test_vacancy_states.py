"""The life of a vacancy: who may move it where, and what the database refuses whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from canvassing.models import Vacancy, VacancyLog
from canvassing.models.vacancies import ENDED, TRANSITIONS, State, TransitionRefused, expire_overdue
from tests.factories import make_office, make_vacancy, today

pytestmark = pytest.mark.django_db

CONFIRMED = {"confirmed_with": "Bagian personalia", "way": "phone"}


def publish(vacancy, by, **extra):
    vacancy.publish(by=by, confirmed_on=today(), **CONFIRMED, **extra)


def test_publish_makes_it_open_and_logs_who(people):
    vacancy = make_vacancy("in_check", created_by=people["canvasser"])
    publish(vacancy, people["publisher"])
    assert list(Vacancy.objects.open()) == [vacancy]
    entry = VacancyLog.objects.get(vacancy=vacancy)
    assert (entry.actor, entry.from_state, entry.to_state) == (people["publisher"], "in_check", "published")


def test_publish_refuses_the_author(people):
    vacancy = make_vacancy("in_check", created_by=people["publisher"])
    with pytest.raises(TransitionRefused):
        publish(vacancy, people["publisher"])
    assert Vacancy.objects.get().state == "in_check"


def test_publish_by_the_author_is_logged_where_the_office_allows_it(people):
    make_office(author_may_publish=True)
    vacancy = make_vacancy("in_check", created_by=people["publisher"])
    publish(vacancy, people["publisher"])
    assert vacancy.published_by_author is True
    assert VacancyLog.objects.get().reason == "diterbitkan pencatatnya sendiri, aturan dua orang dimatikan"


@pytest.mark.parametrize("who", ["canvasser", "trainer", "bkk_officer", "job_seeker", "admin", "deactivated"])
def test_publish_refuses_whoever_has_no_right(people, who):
    vacancy = make_vacancy("in_check")
    with pytest.raises(TransitionRefused):
        publish(vacancy, people[who])


def test_publish_refuses_a_day_that_has_passed(people):
    vacancy = make_vacancy("in_check", valid_until=today() - timedelta(days=1))
    with pytest.raises(TransitionRefused):
        publish(vacancy, people["publisher"])


def test_publish_twice_lets_only_the_first_win(people):
    vacancy = make_vacancy("in_check")
    stale = Vacancy.objects.get(pk=vacancy.pk)
    publish(vacancy, people["publisher"])
    with pytest.raises(TransitionRefused):
        publish(stale, people["manager"])
    assert VacancyLog.objects.count() == 1


def test_submit_names_the_missing_facts(people):
    vacancy = make_vacancy("draft", working_hours="", region_id=None)
    with pytest.raises(TransitionRefused) as refused:
        vacancy.submit(by=people["canvasser"])
    assert str(refused.value) == "Belum bisa dikirim ke pemeriksaan. Lengkapi: Tempat kerja, Jam kerja."


def test_send_back_needs_a_reason(people):
    vacancy = make_vacancy("in_check")
    with pytest.raises(TransitionRefused):
        vacancy.send_back(by=people["publisher"], reason="  ")
    vacancy.send_back(by=people["publisher"], reason="Jam kerja belum jelas")
    assert (vacancy.state, vacancy.log.get().reason) == ("draft", "Jam kerja belum jelas")


def test_every_step_raises_the_version(people):
    vacancy = make_vacancy("lead")
    vacancy.take_up(by=people["canvasser"])
    vacancy.withdraw(by=people["canvasser"], reason="dobel")
    assert vacancy.version == 3


def test_filled_keeps_unknown_numbers_apart_from_zero(people):
    vacancy = make_vacancy("published")
    vacancy.fill(by=people["canvasser"], answer="by_us", female=2)
    assert (vacancy.filled_female, vacancy.filled_male, vacancy.has_ended) == (2, None, True)


def test_expire_overdue_closes_only_what_has_passed():
    past = make_vacancy("published", valid_until=today() - timedelta(days=1))
    last_day = make_vacancy("published", valid_until=today())
    assert expire_overdue(today()) == 1
    assert Vacancy.objects.get(pk=past.pk).state == "expired"
    assert Vacancy.objects.get(pk=last_day.pk).state == "published"
    assert VacancyLog.objects.get().actor is None


def test_open_hides_an_overdue_vacancy_before_the_sweep_has_run():
    make_vacancy("published", valid_until=today() - timedelta(days=1))
    assert list(Vacancy.objects.open()) == []


def test_relist_makes_a_new_draft_and_keeps_the_old_one(people):
    old = make_vacancy("expired", title="Penjahit busana")
    new = old.relist(by=people["canvasser"])
    assert (new.state, new.title, new.relisted_from, new.valid_until) == ("draft", "Penjahit busana", old, None)
    assert Vacancy.objects.get(pk=old.pk).state == "expired"


def test_relist_refuses_an_open_vacancy(people):
    with pytest.raises(TransitionRefused):
        make_vacancy("published").relist(by=people["canvasser"])


@pytest.mark.parametrize("start", State.values)
@pytest.mark.parametrize("end", State.values)
def test_database_refuses_every_way_that_is_not_in_the_table(start, end):
    vacancy = make_vacancy(start)
    allowed = start == end or (start, end) in TRANSITIONS
    facts = make_vacancy("published") if end == "published" else None
    changes = {"state": end, "ended_at": timezone.now() if end in ENDED else None}
    if facts:
        names = (
            "occupation_id",
            "region_id",
            "wage_min",
            "working_hours",
            "working_conditions",
            "valid_until",
            "published_at",
            "published_by_id",
            "confirmed_on",
            "confirmed_with",
            "confirmed_by_way",
        )
        changes |= {name: getattr(facts, name) for name in names}
    try:
        with transaction.atomic():
            Vacancy.objects.filter(pk=vacancy.pk).update(**changes)
        happened = True
    except ProgrammingError:
        happened = False
    assert happened is allowed


@pytest.mark.parametrize(
    "wrong",
    [
        {"working_hours": ""},
        {"working_conditions": ""},
        {"region_id": None},
        {"occupation_id": None},
        {"wage_min": None, "wage_max": None, "wage_not_stated": False},
        {"confirmed_with": ""},
        {"valid_until": None},
        {"wage_min": 3_000_000, "wage_max": 2_000_000},
        {"wage_min": 5, "wage_max": None},
        {"openings_any": 0},
        {"age_min": 40, "age_max": 30, "restriction_reason": "x"},
        {"age_max": 35},
        {"title": ""},
        {"experience_years": 60},
    ],
)
def test_database_refuses_a_published_vacancy_with(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_vacancy("published", **wrong)


def test_database_refuses_an_author_who_published(people):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_vacancy("published", created_by=people["publisher"], published_by=people["publisher"])


def test_log_can_not_be_rewritten(people):
    vacancy = make_vacancy("in_check")
    publish(vacancy, people["publisher"])
    with pytest.raises(ProgrammingError), transaction.atomic():
        VacancyLog.objects.update(reason="tidak pernah")
    with pytest.raises(ProgrammingError), transaction.atomic():
        VacancyLog.objects.all().delete()


def test_employer_name_follows_the_employer():
    vacancy = make_vacancy("published")
    vacancy.employer.name = "PT Nama Baru"
    vacancy.employer.save()
    vacancy.refresh_from_db()
    assert vacancy.employer_name == "PT Nama Baru"
