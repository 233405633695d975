"""An application step by step: what is allowed, what is refused, who is told, and what the clock does."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import DataAccess
from jobseekers.models import Application, Consent, OutcomeReason, Referral, ReferralSettings
from jobseekers.models.applications import TRANSITIONS, StepRefused
from jobseekers.services import applications as services
from jobseekers.services import people as person_services
from jobseekers.services import referrals
from tests.accounts.conftest import last_text_to, mails_to
from tests.factories import (
    make_application,
    make_contact,
    make_employer,
    make_job_seeker,
    make_referral,
    make_user,
    make_vacancy,
    today,
)

pytestmark = pytest.mark.django_db
State = Application.State


def consenting(**fields):
    person = make_job_seeker(**fields)
    person_services.agree(person, {Consent.Purpose.SHARE}, channel="desk", by=None)
    return person


def reason(code="skill"):
    return OutcomeReason.objects.get(pk=code)


def in_state(state):
    """An application put into `state`, as the steps leave it."""
    application = make_application()
    if state != State.APPLIED:
        make_referral(application)
    if state not in (State.APPLIED, State.REFERRED):
        changes = {"reason_id": "other"} if state == State.REJECTED else {}
        Application.objects.filter(pk=application.pk).update(state=state, **changes)
    application.refresh_from_db()
    return application


STEPS = {
    State.INVITED: lambda a: services.invite(a, by=None),
    State.ACCEPTED: lambda a: services.accept(a, by=None),
    State.REJECTED: lambda a: services.reject(a, by=None, reason=reason()),
    State.WITHDRAWN: lambda a: services.withdraw(a, by=None),
}


@pytest.mark.parametrize("start", State.values)
@pytest.mark.parametrize("step", STEPS)
def test_step_is_taken_exactly_where_it_is_allowed(start, step):
    application = in_state(start)
    if (start, step) in TRANSITIONS:
        STEPS[step](application)
        assert (application.state, application.log.get().to_state) == (step, step)
    else:
        with pytest.raises(StepRefused):
            STEPS[step](application)
        assert (Application.objects.get().state, application.log.count()) == (start, 0)


def test_person_applies_once_however_often_it_is_sent():
    person, vacancy = consenting(), make_vacancy()
    first = services.apply(person, vacancy, way="site", message="Bisa mulai Senin")
    assert services.apply(person, vacancy, way="site") == first
    assert list(first.log.values_list("from_state", "to_state", "actor")) == [("", "applied", None)]


@pytest.mark.django_db(transaction=True)
def test_same_wish_at_the_same_moment_is_one_application():
    person, vacancy = make_job_seeker(), make_vacancy()
    together(lambda: services.apply(person, vacancy, way="site"), 4)
    assert Application.objects.count() == 1


def together(work, times):
    """Run `work` in threads that start at the same moment; the exceptions they raise."""
    raised, gate = [], threading.Barrier(times)

    def run():
        gate.wait()
        try:
            work()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return raised


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"restricted_at": timezone.now()}, "dibatasi"),
        ({"state": "draft"}, "belum lengkap"),
    ],
)
def test_who_may_not_be_processed_cannot_apply(change, words):
    with pytest.raises(StepRefused, match=words):
        services.apply(make_job_seeker(**change), make_vacancy(), way="site")
    assert not Application.objects.exists()


def test_nobody_applies_for_a_closed_vacancy():
    with pytest.raises(StepRefused, match="sudah ditutup"):
        services.apply(consenting(), make_vacancy("expired"), way="site")


def test_after_a_refusal_somebody_may_apply_again():
    application = in_state(State.REJECTED)
    again = services.apply(application.job_seeker, application.vacancy, way="site")
    assert again != application


# --- Letters --------------------------------------------------------------------------------------


def letter(vacancy, *applications, by=None, **fields):
    given = {"to": "Bu Lina", "answer_by": today() + timedelta(days=14)} | fields
    return referrals.issue(vacancy, applications, by=by or make_user("canvasser"), **given)


def test_letter_refers_all_at_once_and_tells_who_was_given_what():
    vacancy = make_vacancy(employer=make_employer(name="CV Sari Singkong"))
    people = [consenting(email=f"orang{n}@contoh.test") for n in (1, 2)]
    referral, left_out = letter(vacancy, *(make_application(job_seeker=each, vacancy=vacancy) for each in people))
    assert (referral.number, left_out) == (f"562/001/Rujukan/{today().year}", [])
    assert set(referral.applications.values_list("state", "answer_by")) == {("referred", referral.answer_by)}
    assert list(DataAccess.objects.filter(action="share").values_list("reason", flat=True)) == ["CV Sari Singkong"] * 2
    assert "CV Sari Singkong" in last_text_to("orang1@contoh.test")


def test_letter_leaves_out_who_has_not_agreed():
    vacancy = make_vacancy()
    yes, no = consenting(), make_job_seeker(name="Tanpa Izin")
    rows = [make_application(job_seeker=each, vacancy=vacancy) for each in (yes, no)]
    referral, left_out = letter(vacancy, *rows)
    assert [each.job_seeker for each in referral.applications.all()] == [yes]
    assert [(each.application.job_seeker, "belum setuju" in each.obstacle) for each in left_out] == [(no, True)]
    assert DataAccess.objects.filter(subject=no.key, action="share").count() == 0


@pytest.mark.parametrize("change", [{"restricted_at": timezone.now()}, {}])
def test_letter_for_nobody_is_refused_and_uses_no_number(change):
    vacancy = make_vacancy()
    row = make_application(job_seeker=make_job_seeker(**change), vacancy=vacancy)
    with pytest.raises(StepRefused, match="Tidak ada orang"):
        letter(vacancy, row)
    assert not Referral.objects.exists()


def test_letter_for_somebody_who_was_referred_a_moment_ago_is_refused():
    vacancy = make_vacancy()
    row = make_application(job_seeker=consenting(), vacancy=vacancy)
    letter(vacancy, row)
    with pytest.raises(StepRefused):
        letter(vacancy, row)
    assert Referral.objects.count() == 1


@pytest.mark.parametrize("state", ["filled", "withdrawn", "draft"])
def test_letter_needs_a_vacancy_that_still_wants_people(state):
    vacancy = make_vacancy(state)
    with pytest.raises(StepRefused, match="terisi, ditarik"):
        letter(vacancy, make_application(job_seeker=consenting(), vacancy=vacancy))


def test_letter_takes_twenty_people_and_not_more():
    vacancy = make_vacancy()
    rows = [make_application(job_seeker=consenting(), vacancy=vacancy) for _ in range(21)]
    with pytest.raises(StepRefused, match="Paling banyak 20"):
        letter(vacancy, *rows)
    referral, _left_out = letter(vacancy, *rows[:20])
    assert referral.applications.count() == 20


def test_numbers_begin_anew_every_year(time_machine):
    vacancy = make_vacancy(valid_until=date(2027, 12, 31))
    for day, number in ((date(2026, 12, 31), "562/001/Rujukan/2026"), (date(2027, 1, 2), "562/001/Rujukan/2027")):
        time_machine.move_to(day)
        referral, _ = letter(vacancy, make_application(job_seeker=consenting(), vacancy=vacancy))
        assert referral.number == number


@pytest.mark.django_db(transaction=True)
def test_letters_at_the_same_moment_get_different_numbers():
    officer, vacancies = make_user(), [make_vacancy() for _ in range(4)]
    ReferralSettings.current()
    waiting = [(vacancy, make_application(job_seeker=consenting(), vacancy=vacancy)) for vacancy in vacancies]
    assert together(lambda: letter(*waiting.pop(), by=officer), 4) == []
    assert sorted(Referral.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]


def test_letter_holds_names_schools_and_skills_only():
    person = consenting(name="Siti Rahmadani", field_of_study="Tata Busana", skills=["Menjahit"])
    vacancy = make_vacancy()
    referral, _ = letter(vacancy, make_application(job_seeker=person, vacancy=vacancy))
    facts = referrals.letter_facts(referral)
    (candidate,) = facts.candidates
    assert (candidate.name, list(candidate.skills)) == ("Siti Rahmadani", ["Menjahit"])
    assert "Tata Busana" in candidate.education
    assert str(referral.token) in facts.answer.url
    assert person.phone not in str(facts)
    assert referrals.letter_pdf(referral).startswith(b"%PDF-")


# --- Silence --------------------------------------------------------------------------------------


def silent_since(days, **fields):
    """Referred, and the last day for an answer was `days` ago."""
    application = make_application(job_seeker=make_job_seeker(email="siti@contoh.test"), **fields)
    make_referral(application, issued_on=today() - timedelta(days=60), answer_by=today() - timedelta(days=days))
    return application


@pytest.mark.parametrize(("days", "state"), [(7, "referred"), (8, "silent")])
def test_silence_closes_after_the_time_of_grace(days, state):
    silent_since(days)
    services.sweep()
    assert Application.objects.get().state == state


def test_silence_is_told_once_in_plain_words():
    silent_since(8)
    assert [services.sweep(), services.sweep()] == [1, 0]
    row = Application.objects.get()
    assert (row.reason_id, list(row.log.values_list("actor", "to_state"))) == ("no-answer", [(None, "silent")])
    assert len(mails_to("siti@contoh.test")) == 1
    assert "Ini bukan penilaian atas diri Anda" in last_text_to("siti@contoh.test")


def test_restricted_people_are_not_written_to():
    application = silent_since(8)
    application.job_seeker.restricted_at = timezone.now()
    application.job_seeker.save()
    services.sweep()
    assert mails_to("siti@contoh.test") == []


def test_employer_is_reminded_before_and_after_the_last_day(time_machine):
    contact = make_contact(email="lina@contoh.test")
    application = make_application(vacancy=make_vacancy(employer=contact.employer))
    make_referral(application, answer_by=today() + timedelta(days=14))
    start, sent = timezone.now(), []
    for day in (0, 11, 12, 13, 14, 15, 16, 20):
        time_machine.move_to(start + timedelta(days=day))
        services.sweep()
        sent.append(len(mails_to("lina@contoh.test")))
    assert sent == [0, 0, 1, 1, 1, 2, 2, 2]
    assert f"/jawab/{application.referral.token}/" in last_text_to("lina@contoh.test")


def test_employer_without_address_is_left_to_the_telephone():
    contact = make_contact(email="")
    application = make_application(vacancy=make_vacancy(employer=contact.employer))
    make_referral(application, answer_by=today() + timedelta(days=1))
    assert services.sweep() == 0
    assert Referral.objects.get().reminded_at is None


def test_rate_counts_whose_answer_was_due():
    employer = make_employer()
    rows = [make_application(vacancy=make_vacancy(employer=employer)) for _ in range(4)]
    for row in rows:
        make_referral(row)
    services.accept(rows[0], by=None)
    old = Application.objects.filter(pk__in=[rows[1].pk, rows[2].pk])
    old.update(answer_by=today() - timedelta(days=1))
    services.withdraw(rows[2], by=None)
    assert services.answer_rates({employer.pk}) == {employer.pk: (1, 2)}


def test_withdrawing_cancels_the_interview():
    application = in_state(State.REFERRED)
    meeting = application.appointments.create(
        job_seeker=application.job_seeker, kind="interview", begins_at=timezone.now() + timedelta(days=1), place="Toko"
    )
    services.withdraw(application, by=None)
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"
