"""The AK/I card: asked for, issued or refused, reported on, ended by the holder, by the clock, by a new card."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import DataAccess
from announcements.models import Delivery
from jobseekers import card_mail, card_numbers
from jobseekers.models import CardSettings, DocumentKind, JobSeeker, PeriodicReport, RegisterEvent, RegistrationCard
from jobseekers.services import cards, documents
from jobseekers.services.cards import CardRefused, months_after
from tests.accounts.conftest import last_text_to
from tests.factories import make_card, make_job_seeker, make_registered

pytestmark = pytest.mark.django_db


def see_everything(person, officer):
    documents.see(person, DocumentKind.objects.filter(is_required=True), by=officer)


def requested(officer, **fields):
    person = make_job_seeker(**({"email": "siti@contoh.test"} | fields))
    see_everything(person, officer)
    return cards.request(person, officer)


def issued(officer, **fields):
    card = requested(officer, **fields)
    cards.issue(card, officer)
    return card


def kinds_of(person):
    return list(person.register_events.order_by("pk").values_list("kind", "reason"))


def balance():
    """Opening + registered - placed - removed, as the IPK tables count it, and who is in the register now."""
    kinds = RegisterEvent.objects.values_list("kind", flat=True)
    counted = sum(1 if kind == "registered" else -1 for kind in kinds)
    return counted, JobSeeker.objects.filter(in_register=True).count()


# --- Asking and deciding ---------------------------------------------------------------------------


def test_issued_card_has_number_validity_reports_and_a_registered_holder(people, time_machine):
    time_machine.move_to(date(2026, 11, 24))
    card = issued(people["canvasser"])
    assert (card.state, card.number, card.issued_on, card.valid_until) == (
        "issued", "1872/000001/2026", date(2026, 11, 24), date(2028, 11, 24),
    )  # fmt: skip
    assert list(card.reports.values_list("number", "due_on")) == [
        (1, date(2027, 5, 24)), (2, date(2027, 11, 24)), (3, date(2028, 5, 24)),
    ]  # fmt: skip
    assert kinds_of(card.job_seeker) == [("registered", None)]
    assert "1872/000001/2026" in last_text_to("siti@contoh.test")


def test_incomplete_record_gets_no_card(people):
    person = make_job_seeker("draft", address="")
    with pytest.raises(CardRefused, match="alamat"):
        cards.request(person, people["canvasser"])


def test_one_request_at_a_time(people):
    card = requested(people["canvasser"])
    with pytest.raises(CardRefused):
        cards.request(card.job_seeker, people["canvasser"])


def test_standing_card_is_not_asked_for_again_until_it_is_about_to_end(people):
    card = issued(people["canvasser"])
    with pytest.raises(CardRefused):
        cards.request(card.job_seeker, people["canvasser"])
    RegistrationCard.objects.filter(pk=card.pk).update(valid_until=timezone.localdate() + timedelta(days=30))
    assert cards.request(card.job_seeker, people["canvasser"]).state == "requested"


def test_required_papers_must_have_been_seen(people):
    card = cards.request(make_job_seeker(), people["canvasser"])
    with pytest.raises(CardRefused, match="KTP, Ijazah terakhir, Foto 3 × 4"):
        cards.issue(card, people["canvasser"])
    assert RegistrationCard.objects.get().state == "requested"


@pytest.mark.parametrize("who", ["publisher", "manager", "bkk_officer", "job_seeker"])
def test_only_who_may_issue_decides(people, who):
    card = requested(people["canvasser"])
    with pytest.raises(CardRefused):
        cards.issue(card, people[who])
    with pytest.raises(CardRefused):
        cards.refuse(card, people[who], "Foto tidak jelas")


def test_refusal_tells_why_and_lets_ask_again(people):
    card = requested(people["canvasser"])
    cards.refuse(card, people["canvasser"], "Foto tidak jelas, bawa foto baru")
    assert "Foto tidak jelas, bawa foto baru" in last_text_to("siti@contoh.test")
    with pytest.raises(CardRefused):
        cards.issue(card, people["canvasser"])
    assert cards.request(card.job_seeker, people["canvasser"]).state == "requested"


def test_new_card_replaces_the_old_one_without_registering_twice(people):
    old = issued(people["canvasser"])
    RegistrationCard.objects.filter(pk=old.pk).update(valid_until=timezone.localdate() + timedelta(days=5))
    new = cards.request(old.job_seeker, people["canvasser"])
    cards.issue(new, people["canvasser"])
    old.refresh_from_db()
    assert (old.state, old.end) == ("ended", "replaced")
    assert kinds_of(old.job_seeker) == [("registered", None)]


@pytest.mark.django_db(transaction=True)
def test_two_officers_issue_one_card(people):
    card = requested(people["canvasser"])
    officers, outcomes = (people["canvasser"], people["other_canvasser"]), []
    start = threading.Barrier(2)

    def decide(officer):
        start.wait()
        try:
            cards.issue(RegistrationCard.objects.get(pk=card.pk), officer)
            outcomes.append("issued")
        except CardRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(officer,)) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["issued", "refused"]
    assert RegisterEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_differ_when_cards_are_issued_at_the_same_moment(people):
    waiting = [requested(people["canvasser"], email="") for _each in range(6)]

    def decide(card):
        cards.issue(card, people["canvasser"])
        connection.close()

    threads = [threading.Thread(target=decide, args=(card,)) for card in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(RegistrationCard.objects.values_list("number", flat=True)) == [
        f"1872/{serial:06}/{timezone.localdate().year}" for serial in range(1, 7)
    ]


# --- Numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "number"),
    [
        ("{city}/{serial:06}/{year}", "1872/000123/2026"),
        ("{serial}", "123"),
        ("AK1-{day}{month}{year}-{serial}", "AK1-24112026-123"),
    ],
)
def test_number_follows_its_form(form, number):
    assert card_numbers.problem(form) == ""
    assert card_numbers.written(form, city_code="18.72", serial=123, on=date(2026, 11, 24)) == number


@pytest.mark.parametrize(
    "form", ["", "{year}", "{nik}/{serial}", "{serial.__class__}", "{serial!r}", "{serial}<b>", "{"]
)
def test_form_of_a_number_that_would_not_do_is_refused(form):
    assert card_numbers.problem(form) != ""


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 24), 24, date(2028, 11, 24)),
    ],
)
def test_months_after_stays_in_its_month(day, months, expected):
    assert months_after(day, months) == expected


# --- Reports ----------------------------------------------------------------------------------------


def due_in(card, days):
    row = card.next_report()
    PeriodicReport.objects.filter(pk=row.pk).update(due_on=timezone.localdate() + timedelta(days=days))
    row.refresh_from_db()
    return row


def test_still_seeking_keeps_the_card(people):
    card = issued(people["canvasser"])
    row = due_in(card, 5)
    cards.report(card, "seeking", "page", people["canvasser"])
    row.refresh_from_db()
    assert (row.reported_on, row.answer) == (timezone.localdate(), "seeking")
    assert card.is_standing


@pytest.mark.parametrize(
    ("answer", "end", "reason"), [("working", "placed", "own-effort"), ("stopped", "asked", "asked")]
)
def test_other_answers_end_the_card_and_leave_the_register(people, answer, end, reason):
    card = issued(people["canvasser"])
    due_in(card, 5)
    cards.report(card, answer, "page")
    card.refresh_from_db()
    assert (card.state, card.end) == ("ended", end)
    assert kinds_of(card.job_seeker) == [("registered", None), ("removed", reason)]


def test_report_far_ahead_of_its_time_is_refused(people):
    card = issued(people["canvasser"])
    with pytest.raises(CardRefused):
        cards.report(card, "seeking", "page")
    assert not PeriodicReport.objects.exclude(reported_on=None).exists()


def test_link_of_a_mail_shows_buttons_and_reports_only_by_one(people, client):
    card = issued(people["canvasser"])
    link = card_mail.report_path(due_in(card, 5))
    assert client.get(link).status_code == 200
    assert not PeriodicReport.objects.exclude(reported_on=None).exists()
    assert client.post(link, {"answer": "seeking"}).status_code == 200
    assert PeriodicReport.objects.exclude(reported_on=None).values_list("answer", "via").get() == ("seeking", "message")
    assert client.post(link, {"answer": "seeking"}).status_code == 410


def test_forged_link_is_not_found(client):
    assert client.post(reverse("card_report_link", args=["1:palsu"]), {"answer": "working"}).status_code == 404


# --- The clock --------------------------------------------------------------------------------------


def run_out():
    """A card whose last day was yesterday, which no sweep has seen yet."""
    today = timezone.localdate()
    return make_card(issued_on=today - timedelta(days=731), valid_until=today - timedelta(days=1))


def test_report_is_asked_for_once_by_mail(people):
    card = issued(people["canvasser"])
    due_in(card, 14)
    assert [cards.sweep(), cards.sweep()] == [1, 0]
    assert Delivery.objects.filter(address="siti@contoh.test").count() == 2  # issued, and please report
    assert card_mail.report_path(card.next_report()) in last_text_to("siti@contoh.test")


def test_holder_is_told_once_that_the_card_is_about_to_end(people):
    card = issued(people["canvasser"])
    RegistrationCard.objects.filter(pk=card.pk).update(valid_until=timezone.localdate() + timedelta(days=30))
    assert [cards.sweep(), cards.sweep()] == [1, 0]
    assert card.number in last_text_to("siti@contoh.test")


def test_link_of_a_card_that_has_ended_says_so(people, client):
    card = issued(people["canvasser"])
    link = card_mail.report_path(card.next_report())
    cards.end(card, "asked", people["canvasser"])
    assert client.post(link, {"answer": "seeking"}).status_code == 410
    assert not PeriodicReport.objects.exclude(reported_on=None).exists()


def test_nobody_is_asked_or_ended_for_silence_while_processing_is_restricted(people):
    card = issued(people["canvasser"])
    JobSeeker.objects.filter(pk=card.job_seeker_id).update(restricted_at=timezone.now())
    due_in(card, -100)
    assert cards.sweep() == 0


def test_card_without_a_report_ends_after_the_grace(people):
    card = issued(people["canvasser"])
    grace = CardSettings.current().grace_days
    due_in(card, -grace)
    cards.sweep()
    card.refresh_from_db()
    assert card.state == "issued"
    due_in(card, -grace - 1)
    assert [cards.sweep() > 0, cards.sweep()] == [True, 0]
    card.refresh_from_db()
    assert (card.state, card.end, kinds_of(card.job_seeker)[-1]) == ("ended", "no_report", ("removed", "no-report"))


def test_card_past_its_last_day_ends_and_is_silent_before_the_sweep(people, client):
    card = run_out()
    assert "tidak berlaku" in client.get(card.check_path).content.decode()
    cards.sweep()
    card.refresh_from_db()
    assert (card.end, kinds_of(card.job_seeker)[-1]) == ("expired", ("removed", "expired"))


def test_somebody_placed_meanwhile_is_left_alone(people):
    card = run_out()
    RegisterEvent.objects.place(card.job_seeker, by=None)
    cards.sweep()
    assert kinds_of(card.job_seeker) == [("registered", None), ("placed", None)]


def test_register_adds_up_through_reports_ends_and_new_cards(people):
    officer = people["canvasser"]
    for answer in ("seeking", "working", "stopped", "working"):
        card = issued(officer, email="")
        due_in(card, 5)
        cards.report(card, answer, "desk", officer)
        assert balance()[0] == balance()[1]
    again = cards.request(JobSeeker.objects.filter(in_register=False).first(), officer)
    cards.issue(again, officer)
    assert balance() == (2, 2)


# --- Pages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "status"), [("issued", 200), ("ended", 200), ("requested", 404), ("refused", 404)])
def test_check_page_knows_issued_cards_and_nobody(client, state, status):
    card = make_card(state)
    page = client.get(card.check_path)
    assert (page.status_code, page["X-Robots-Tag"]) == (status, "noindex")
    told = page.content.decode()
    assert [
        fact for fact in (card.job_seeker.name, card.job_seeker.phone, "1872", "Jalan Contoh 7") if fact in told
    ] == []


def test_holder_asks_sees_and_downloads_the_card(people, client_for):
    person = make_job_seeker(user=people["job_seeker"])
    mine = client_for(people["job_seeker"])
    mine.post(reverse("card_ask"))
    see_everything(person, people["canvasser"])
    card = RegistrationCard.objects.get()
    client_for(people["canvasser"]).post(reverse("card_issue", args=[card.pk]))
    card.refresh_from_db()
    assert card.number in mine.get(reverse("account")).content.decode()
    pdf = mine.get(reverse("card_download"))
    assert (pdf["Content-Type"], pdf["Content-Disposition"]) == (
        "application/pdf",
        'attachment; filename="kartu-ak1.pdf"',
    )
    assert pdf.content.startswith(b"%PDF-")


def test_ticks_stay_when_the_card_cannot_be_issued_yet(people, client_for):
    card = cards.request(make_job_seeker(), people["canvasser"])
    response = client_for(people["canvasser"]).post(reverse("card_issue", args=[card.pk]), {"seen": ["ktp"]})
    assert response.status_code == 409
    assert list(card.job_seeker.documents.values_list("kind", flat=True)) == ["ktp"]


def test_print_is_written_down(people, client_for):
    card = make_card()
    client_for(people["canvasser"]).get(reverse("card_print", args=[card.pk]))
    assert list(DataAccess.objects.values_list("subject", "action")) == [(card.job_seeker.key, "print")]


def test_each_count_of_the_list_leads_to_its_cards(people, client_for):
    quiet, late, ending = (issued(people["canvasser"]) for _each in range(3))
    due_in(late, -1)
    RegistrationCard.objects.filter(pk=ending.pk).update(valid_until=timezone.localdate() + timedelta(days=30))
    client = client_for(people["canvasser"])
    context = client.get(reverse("card_list")).context
    assert (context["waiting"], context["late"], context["ending"]) == (0, 1, 1)
    shown = {
        due: client.get(reverse("card_list") + f"?state=&due={due}").context["found"].rows for due in ("lapor", "habis")
    }
    assert shown == {"lapor": [late], "habis": [ending]}
    assert len(client.get(reverse("card_list") + "?state=").context["found"].rows) == 3
    assert quiet.is_standing


@pytest.mark.parametrize("action", ["card_issue", "card_refuse", "card_report_desk"])
def test_stranger_neither_sees_nor_decides(people, client_for, action):
    card = make_card("issued" if action == "card_report_desk" else "requested")
    stranger = client_for(people["bkk_officer"])
    assert stranger.get(reverse("card_detail", args=[card.pk])).status_code == 403
    assert stranger.post(reverse(action, args=[card.pk]), {"answer": "working", "reason": "x"}).status_code == 403
    holder = client_for(people["job_seeker"])  # of no card at all
    assert holder.get(reverse("card_download")).status_code == 404
    assert RegistrationCard.objects.filter(pk=card.pk, state=card.state).exists()


def test_request_that_is_refused_at_the_desk_leads_back_to_the_person(people, client_for):
    person = make_card().job_seeker
    response = client_for(people["canvasser"]).post(reverse("card_request_desk", args=[person.pk]))
    assert response.url == person.get_absolute_url()


@pytest.mark.parametrize(("rows", "queries"), [(1, 13), (3, 13)])
def test_list_asks_the_same_number_of_queries(people, client_for, django_assert_num_queries, rows, queries):
    for _each in range(rows):
        make_card("requested", job_seeker=make_registered())
    client = client_for(people["canvasser"])
    client.get(reverse("card_list"))
    with django_assert_num_queries(queries):
        assert len(client.get(reverse("card_list")).context["found"].rows) == rows


def test_two_standing_cards_are_refused_by_the_database(people):
    card = make_card()
    with pytest.raises(Exception, match="card_one_valid"), transaction.atomic():
        make_card(job_seeker=card.job_seeker)
