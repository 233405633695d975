"""Matching: the rules, the reasons, what must not count, decisions, and that SQL, words and numpy agree."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import DataAccess
from canvassing.models import Vacancy
from jobseekers.matching import people_for, ranked_people, ranked_vacancies, vacancies_for
from jobseekers.models import (
    Experience,
    JobSeeker,
    MatchOverride,
    MatchPerson,
    MatchRun,
    MatchVacancy,
    MatchWeights,
    TalentList,
    TalentListEntry,
)
from jobseekers.services import matching_run
from jobseekers.services.matching import FairnessRow, fairness, hidden
from tests.factories import make_job_seeker, make_school_centre, make_vacancy, today

pytestmark = pytest.mark.django_db


def worked(person, years):
    Experience.objects.create(job_seeker=person, position="Kasir", from_year=2010, to_year=2010 + years)


def found(vacancy):
    return [match.person for match in people_for(vacancy)]


def words(match, kind):
    return [reason.words for reason in match.reasons if reason.kind == kind]


def test_reasons_say_what_fits_what_is_missing_and_what_can_be_negotiated():
    vacancy = make_vacancy(skills=["Kasir", "Microsoft Excel"], region_id="18.71", experience_years=2)
    person = make_job_seeker(skills=["kasir "], wage_from=3_000_000, places=["18.72"])
    worked(person, 1)
    [match] = people_for(vacancy)
    assert words(match, "fits") == [
        "Pendidikan SMK, diminta SMA",
        "Punya 1 dari 2 keterampilan: Kasir",
        "Jabatan yang dicari: Tenaga penjualan",
    ]
    assert words(match, "negotiable") == [
        "Upah: minta Rp3.000.000, ditawarkan Rp2.700.000",
        "Pengalaman 1 tahun, diminta 2 tahun",
    ]
    assert words(match, "missing") == [
        "Belum punya: Microsoft Excel",
        "Tempat kerja di Kota Bandar Lampung; yang dipilih Kota Metro",
    ]
    assert (match.score, match.is_one_class_away) == (6000 // 2 + 2000 + 500 + 500, False)
    [other_way] = vacancies_for(person)
    assert other_way.reasons == match.reasons


@pytest.mark.parametrize(
    ("held", "asked", "kind"), [(3, 4, "negotiable"), (4, 3, "fits"), (2, 3, None), (9, 0, "fits"), (3, 5, None)]
)
def test_education_must_reach_what_is_asked_and_sma_stands_for_smk(held, asked, kind):
    vacancy = make_vacancy(education_id=asked)
    make_job_seeker(education_id=held)
    assert [match.reasons[0].kind for match in people_for(vacancy)] == ([kind] if kind else [])


def test_only_usable_people_and_open_vacancies_meet():
    vacancy = make_vacancy()
    person = make_job_seeker()
    make_job_seeker("draft", phone="")
    make_vacancy("draft")
    overdue = make_vacancy(valid_until=today() - timedelta(days=1))
    assert (found(vacancy), people_for(overdue)) == ([person], [])
    assert [match.vacancy for match in vacancies_for(person)] == [vacancy]
    JobSeeker.objects.filter(pk=person.pk).update(restricted_at="2026-11-24T00:00Z")
    assert (found(vacancy), vacancies_for(person)) == ([], [])


def test_one_class_away_names_the_skills():
    vacancy = make_vacancy(skills=["Kasir", "Barista"])
    make_job_seeker(skills=["Kasir"])
    [match] = people_for(vacancy)
    assert (match.is_one_class_away, match.missing_skills) == (True, ["Barista"])


def test_removing_a_reason_changes_the_rank_as_stated():
    vacancy = make_vacancy(skills=["Kasir", "Barista"], education_id=0)
    better = make_job_seeker(skills=["Kasir", "Barista"], occupation_id="71")
    worse = make_job_seeker(skills=["Kasir"])
    assert [(match.person, match.score) for match in people_for(vacancy)] == [(better, 10_000), (worse, 9_000)]
    better.skills = ["Kasir"]
    better.save()
    assert [(match.person, match.score) for match in people_for(vacancy)] == [(worse, 9_000), (better, 7_000)]


def test_somebody_with_one_skill_is_not_left_out_for_many_with_two():
    """Who shares two keys is asked for first: they are enough only when nobody with one could stand before them."""
    vacancy = make_vacancy(skills=["Kasir", "Excel"], occupation_id="52", region_id="18.72.01", wage_min=3_000_000)
    elsewhere = {"places": ["18.71"], "region_id": "18.71", "wage_from": 9_000_000}
    one_skill = make_job_seeker(skills=["Kasir"], occupation_id="52", places=[])
    near = make_job_seeker(skills=["Kasir"], occupation_id="51", places=[])
    both = [make_job_seeker(skills=["Kasir", "Excel"], occupation_id="71", **elsewhere) for _ in range(2)]
    best = [(match.person, match.score) for match in people_for(vacancy, 4)]
    assert best == [(one_skill, 9_000), (near, 7_666), *((person, 7_000) for person in both)]
    assert people_for(vacancy, 2) == people_for(vacancy, 4)[:2]


def test_weights_of_the_office_count():
    vacancy = make_vacancy(skills=["Kasir", "Barista"], education_id=0)
    skilled = make_job_seeker(skills=["Kasir", "Barista"], occupation_id="71")
    wishing = make_job_seeker(skills=["Kasir"])
    assert found(vacancy) == [skilled, wishing]
    MatchWeights.objects.create(pk=1, skills=1, occupation=10)
    assert found(vacancy) == [wishing, skilled]


@pytest.mark.parametrize(
    "change",
    [
        {"birth_date": date(1960, 1, 1)},
        {"sex": "male"},
        {"religion": "hindu"},
        {"marital_status": "widowed"},
        {"birth_place": "Jakarta"},
        {"name": "Orang Lain"},
    ],
)
def test_protected_traits_change_nothing(change):
    vacancy = make_vacancy(age_max=30, restriction_reason="Kerja di ketinggian", openings_any=0, openings_female=1)
    person, other = make_job_seeker(), make_job_seeker()
    before = ranked_people(vacancy.match, 10, MatchWeights.current())
    JobSeeker.objects.filter(pk=person.pk).update(**change)
    assert ranked_people(vacancy.match, 10, MatchWeights.current()) == before
    assert found(vacancy) == [person, other]


def test_inputs_hold_no_protected_trait():
    columns = {field.column for model in (MatchPerson, MatchVacancy) for field in model._meta.fields}
    assert columns == {
        "job_seeker_id", "wage", "education", "experience", "keys", "places",
        "vacancy_id", "last_day", "major", "submajor", "occupation", "province", "city", "district",
        "asked_count", "asked",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname ~ '^jobseekers_(match|skill|experience|place|occup)'")
        sources = " ".join(source for (source,) in cursor.fetchall())
    traits = r"birth|\bage_|sex|religion|marital|photo|openings|disab"
    assert re.findall(traits, sources) == []


def test_input_row_follows_the_person():
    person = make_job_seeker(skills=["Kasir"], places=["18.72.01"], other_occupations=["71"])
    worked(person, 3)
    row = MatchPerson.objects.get(pk=person.pk)
    assert (row.experience, row.places, row.education) == (3, [-1872, 187201], 4)
    assert sorted(key for key in row.keys if key < 0) == [-171, -152, -17, -15]
    person.experiences.all().delete()
    person.delete()
    assert not MatchPerson.objects.exists()


def test_input_row_follows_the_vacancy(people):
    vacancy = make_vacancy(skills=["Las", "las"], education_id=4)
    row = MatchVacancy.objects.get(pk=vacancy.pk)
    assert (row.asked_count, row.education, row.wage, row.district) == (1, 3, 2_700_000, 187201)
    vacancy.withdraw(by=people["publisher"], reason="Batal")
    assert not MatchVacancy.objects.exists()


def test_years_of_two_jobs_at_once_count_once():
    person = make_job_seeker()
    for begin, end in ((2010, 2014), (2012, 2015), (2020, 2020)):
        Experience.objects.create(job_seeker=person, position="Kasir", from_year=begin, to_year=end)
    assert MatchPerson.objects.get(pk=person.pk).experience == 6


# --- Decisions ------------------------------------------------------------------------------------


def decide(client, vacancy, person, verdict, reason="Sudah dikenal perusahaan"):
    return client.post(f"/petugas/lowongan/{vacancy.pk}/cocok/{person.pk}/", {"verdict": verdict, "reason": reason})


def test_forwarded_people_stand_first_and_left_out_ones_do_not_appear(people, client_for):
    vacancy = make_vacancy()
    first, second, unfit = make_job_seeker(), make_job_seeker(), make_job_seeker(education_id=0)
    client = client_for(people["canvasser"])
    decide(client, vacancy, unfit, "forward")
    decide(client, vacancy, first, "leave_out", "Sedang pelatihan")
    assert found(vacancy) == [unfit, second]
    assert (vacancies_for(first), [match.vacancy for match in vacancies_for(unfit)]) == ([], [vacancy])
    page = client.get(f"/petugas/lowongan/{vacancy.pk}/cocok/").content.decode()
    assert "Sedang pelatihan" in page
    assert "Sudah dikenal perusahaan" in page
    assert DataAccess.objects.filter(subject=first.key, action="change", actor=people["canvasser"]).count() == 1
    decide(client, vacancy, first, "")
    assert found(vacancy) == [unfit, first, second]


def test_decision_needs_a_reason(people, client_for):
    vacancy, person = make_vacancy(), make_job_seeker()
    decide(client_for(people["canvasser"]), vacancy, person, "leave_out", "")
    assert not MatchOverride.objects.exists()


def test_bkk_officers_see_only_their_graduates(people, client_for):
    school = people["bkk_officer"].school_centres.get()
    vacancy = make_vacancy(source="bkk", school_centre=school)
    own, other = make_job_seeker(school_centre=school), make_job_seeker(school_centre=make_school_centre())
    client = client_for(people["bkk_officer"])
    page = client.get(f"/petugas/lowongan/{vacancy.pk}/cocok/").content.decode()
    assert (own.name in page, other.name in page) == (True, False)
    assert client.get(f"/petugas/lowongan/{make_vacancy().pk}/cocok/").status_code == 404
    assert decide(client, vacancy, own, "forward").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_the_same_number_of_queries(people, client_for, django_assert_num_queries, rows):
    for _number in range(rows):
        make_job_seeker()
        make_vacancy()
    vacancy = Vacancy.objects.first()
    make_job_seeker(user=people["job_seeker"])
    staff, seeker = client_for(people["canvasser"]), client_for(people["job_seeker"])
    for client, path, queries in (  # and the ranking itself, which goes past what Django counts
        (staff, f"/petugas/lowongan/{vacancy.pk}/cocok/", 17),
        (seeker, "/akun/cocok/", 10),
    ):
        client.get(path)
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200


def test_own_page_shows_vacancies_and_a_stranger_has_none(people, client_for):
    vacancy = make_vacancy(title="Kasir toko buku")
    make_job_seeker(user=people["job_seeker"])
    assert vacancy.title in client_for(people["job_seeker"]).get("/akun/cocok/").content.decode()
    assert client_for(people["trainer"]).get("/akun/cocok/").status_code == 404


# --- The nightly run --------------------------------------------------------------------------------


def test_run_refills_lists_that_follow_a_vacancy_and_keeps_what_staff_added(people):
    vacancy = make_vacancy()
    make_vacancy(occupation_id="96", education_id=11)
    fits, by_hand, stale = make_job_seeker(), make_job_seeker(education_id=0), make_job_seeker(education_id=0)
    listed = TalentList.objects.create(name="Kasir", vacancy=vacancy, created_by=people["canvasser"])
    TalentListEntry.objects.create(talent_list=listed, job_seeker=by_hand)
    TalentListEntry.objects.create(talent_list=listed, job_seeker=stale, by_matching=True)
    run = matching_run.run()
    entries = listed.entries.order_by("job_seeker").values_list("job_seeker", "by_matching")
    assert list(entries) == [(fits.pk, True), (by_hand.pk, False)]
    assert (run.done, run.total, run.people, run.unmatched) == (2, 2, 3, 1)
    assert MatchRun.objects.get().finished_at is not None


def test_run_mends_rows_that_are_missing():
    vacancy, person = make_vacancy(), make_job_seeker()
    MatchPerson.objects.all().delete()
    MatchVacancy.objects.all().delete()
    matching_run.run()
    assert found(vacancy) == [person]


WORDS = st.lists(st.sampled_from(["Kasir", "kasir", "Las", "Excel", "Barista", "Sopir"]), max_size=4)
CODES = ["52", "51", "5", "71", "7"]
PLACES = ["18.72", "18.72.01", "18.72.02", "18.71", "18"]
SEEKERS = st.fixed_dictionaries(
    {
        "skills": WORDS,
        "occupation_id": st.sampled_from(CODES),
        "other_occupations": st.lists(st.sampled_from(CODES), max_size=2),
        "places": st.lists(st.sampled_from(PLACES), max_size=2),
        "region_id": st.sampled_from(["18.72.01.1003", "18.71"]),
        "wage_from": st.sampled_from([None, 2_000_000, 3_000_000, 3_375_001]),
        "education_id": st.sampled_from([0, 3, 4, 9]),
    }
)
OFFERS = st.fixed_dictionaries(
    {
        "skills": WORDS,
        "occupation_id": st.sampled_from(CODES),
        "region_id": st.sampled_from(PLACES),
        "wage_min": st.sampled_from([2_000_000, 2_700_000, 3_000_000]),
        "wage_period": st.sampled_from(["month", "piece"]),
        "experience_years": st.integers(0, 3),
        "education_id": st.sampled_from([0, 3, 4, 5]),
    }
)


class AgreementTest(TestCase):
    """SQL, the reasons in words and numpy add up the same points and give the same order."""

    @settings(max_examples=25, deadline=None)
    @given(
        seekers=st.lists(st.tuples(SEEKERS, st.integers(0, 3)), max_size=6),
        offers=st.lists(OFFERS, min_size=1, max_size=4),
        weights=st.tuples(*[st.integers(0, 10)] * 5),
        limit=st.integers(1, 4),
        data=st.data(),
    )
    def test_all_three_agree(self, seekers, offers, weights, limit, data):
        MatchWeights.objects.create(
            pk=1, **dict(zip(("skills", "occupation", "place", "wage", "experience"), weights, strict=True))
        )
        known = MatchWeights.current()
        people = []
        for fields, years in seekers:
            people.append(make_job_seeker(**fields))
            if years:
                worked(people[-1], years)
        vacancies = [make_vacancy(**fields) for fields in offers]
        decided = {}
        if people and data.draw(st.booleans()):
            decided = {vacancies[0].pk: [people[0].pk]}
            MatchOverride.objects.create(
                vacancy=vacancies[0], job_seeker=people[0], verdict="leave_out", reason="-",
                by=vacancies[0].created_by,
            )  # fmt: skip
        at_night = {
            row.vacancy: list(zip(row.people, row.scores, strict=True)) for row in matching_run.rankings(known, limit)
        }
        for vacancy in vacancies:
            asked = ranked_people(vacancy.match, limit, known, decided.get(vacancy.pk, ()))
            assert asked == at_night[vacancy.pk]
            assert asked == [(match.person.pk, match.score) for match in people_for(vacancy, limit)]
        for person in people:
            besides = [vacancy for vacancy, left_out in decided.items() if person.pk in left_out]
            asked = ranked_vacancies(person.pk, limit, known, besides)
            assert asked == [(match.vacancy.pk, match.score) for match in vacancies_for(person, limit)]


# --- Fairness ----------------------------------------------------------------------------------------


def test_small_groups_are_hidden_and_cannot_be_worked_out():
    rows = [FairnessRow("a", [4, 9]), FairnessRow("b", [20, 8]), FairnessRow("c", [30, 7])]
    assert [row.counts for row in hidden(rows)] == [[None, 9], [None, 8], [30, 7]]


def test_fairness_counts_people_by_sex():
    for sex, number in (("female", 6), ("male", 5)):
        for _person in range(number):
            make_job_seeker(sex=sex)
    tables = dict(fairness(today().year))
    assert [row.counts[0] for row in tables["Jenis kelamin"]] == [6, 5]


def test_only_the_head_sees_the_fairness_table(people, client_for):
    path = "/petugas/kecocokan/keadilan/?tahun=2026"
    answers = {who: client_for(people[who]).get(path).status_code for who in ("manager", "canvasser", "job_seeker")}
    assert answers == {"manager": 200, "canvasser": 403, "job_seeker": 403}
