"""Whoever was told an old fact is told the new one, once, and nobody else."""

import json

import pytest
from django.db import IntegrityError, transaction

from announcements import corrections, dispatch, ledger, outdated, services, sweep
from announcements.channels import Outcome
from announcements.expansion import expand_batch
from announcements.models import Announcement, Delivery, Suppression
from announcements.models.deliveries import Reason, State
from tests.announcements.conftest import make_due, states, work
from tests.browser_keys import BrowserKeys
from tests.factories import make_device, make_subscription, make_vacancy
from tests.http_sink import HttpSink

pytestmark = pytest.mark.django_db(transaction=True)

SITI, BUDI, NEWCOMER = "siti@contoh.test", "budi@contoh.test", "dewi@contoh.test"
OLD, NEW = "Rp2.700.000", "Rp3.300.000"


@pytest.fixture
def vacancy():
    return make_vacancy(title="Kasir", wage_min=2_700_000, wage_max=None, wage_not_stated=False)


@pytest.fixture
def publisher(people, client_for):
    return client_for(people["publisher"])


@pytest.fixture
def service(settings):
    settings.OUTBOUND_LOOPBACK = True
    with HttpSink() as sink:
        yield sink


@pytest.fixture
def told(vacancy, announced, sink):
    """The mail that has left to Siti and Budi; the vacancy's wage is changed by nobody yet."""
    make_subscription(email=SITI)
    make_subscription(email=BUDI)
    announcement = announced(vacancy)
    work()
    assert sink.addresses == [BUDI, SITI]
    sink.forget()
    return announcement.issues.get(channel="email")


def change(vacancy, people, **changes):
    vacancy.refresh_from_db()
    services.correct(
        vacancy=vacancy,
        by=people["publisher"],
        version=vacancy.version,
        reason="Bu Lina menelepon",
        changes=changes or {"wage_min": 3_300_000},
    )


def press(client, issue):
    """Read the page and press its button."""
    address = f"/petugas/penarikan/{issue.pk}/koreksi/"
    return client.post(address, {"read": corrections.fingerprint(corrections.facts_of(issue))})


def correction():
    return Announcement.objects.get(kind="correction")


def listed(people):
    return [row.issue for row in outdated.standing_outdated(people["publisher"])]


def test_exactly_the_readers_of_the_old_fact_are_told_once(told, vacancy, people, publisher, sink):
    change(vacancy, people)
    make_subscription(email=NEWCOMER)
    page = publisher.get(f"/petugas/penarikan/{told.pk}/koreksi/").content.decode()
    assert "ke 2 penerima" in page
    assert press(publisher, told)["Location"] == correction().get_absolute_url()
    work()
    work()
    assert sink.addresses == [BUDI, SITI]
    for mail in sink.mails:
        assert mail.message["Subject"] == f"Koreksi: Kasir, {vacancy.employer_name}"
        assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        stop = mail.message["List-Unsubscribe"].strip(" <>")
        for kind in ("plain", "html"):
            named = [OLD, NEW, vacancy.get_absolute_url(), stop]
            assert [each for each in named if each not in mail.part(kind)] == []
        assert f"Upah: {OLD} per bulan menjadi {NEW} per bulan" in mail.part("plain")
    assert states(correction()) == {SITI: State.SENT, BUDI: State.SENT}


def test_reader_in_english_reads_the_change_in_english(vacancy, announced, people, publisher, sink):
    make_subscription(email=SITI, language="en")
    issue = announced(vacancy).issues.get(channel="email")
    work()
    change(vacancy, people)
    press(publisher, issue)
    work()
    mail = sink.mails[-1]
    assert mail.message["Subject"].startswith("Correction: Kasir")
    assert "Wage: Rp2.700.000 per month is now Rp3.300.000 per month" in mail.part("plain")


def test_stopped_and_suppressed_readers_get_nothing(told, vacancy, people, publisher, sink):
    change(vacancy, people)
    Suppression.objects.create(address=BUDI, reason=Suppression.Reason.UNKNOWN_ADDRESS)
    told.deliveries.get(address=SITI).subscription.stop()
    assert corrections.count(told, corrections.facts_of(told)) == 0
    press(publisher, told)
    work()
    assert sink.mails == []
    assert states(correction()) == {BUDI: State.SUPPRESSED}


def test_reader_who_stops_before_it_leaves_gets_nothing(told, vacancy, people, publisher, sink):
    change(vacancy, people)
    press(publisher, told)
    sweep.expand_all()
    told.deliveries.get(address=SITI).subscription.stop()
    work()
    assert sink.addresses == [BUDI]
    assert Delivery.objects.get(announcement=correction(), address=SITI).last_class == Reason.UNSUBSCRIBED


def test_mail_that_was_refused_is_not_corrected(told, vacancy, people, publisher, sink):
    Delivery.objects.filter(address=BUDI).update(state=State.BOUNCED)
    change(vacancy, people)
    press(publisher, told)
    work()
    assert sink.addresses == [SITI]


def test_second_press_makes_nothing_and_leads_to_the_first(told, vacancy, people, publisher, sink):
    change(vacancy, people)
    first, second = press(publisher, told), press(publisher, told)
    assert (first["Location"], second["Location"]) == (correction().get_absolute_url(),) * 2
    again = Announcement(
        kind="correction", corrects=told, correction_number=1, title="x", expires_at=correction().expires_at
    )
    with pytest.raises(IntegrityError, match="announcement_correction_once"), transaction.atomic():
        again.save()


def test_old_piece_is_listed_until_its_readers_are_told(told, vacancy, people, publisher):
    assert listed(people) == []
    change(vacancy, people)
    assert listed(people) == [told]
    assert f"/petugas/penarikan/{told.pk}/koreksi/" in publisher.get("/petugas/penarikan/").content.decode()
    campaign = publisher.get(told.announcement.get_absolute_url()).content.decode()
    assert f"/petugas/penarikan/{told.pk}/koreksi/" in campaign
    press(publisher, told)
    assert listed(people) == []
    page = publisher.get(correction().get_absolute_url()).content.decode()
    assert told.announcement.get_absolute_url() in page


def test_fact_that_changes_after_the_correction_is_corrected_from_what_was_last_said(
    told, vacancy, people, publisher, sink
):
    change(vacancy, people)
    press(publisher, told)
    work()
    sink.forget()
    change(vacancy, people, wage_min=2_700_000)
    assert listed(people) == [told]
    press(publisher, told)
    work()
    assert sink.addresses == [BUDI, SITI]
    assert f"Upah: {NEW} per bulan menjadi {OLD} per bulan" in sink.mails[0].part("plain")
    assert list(told.corrections.order_by("pk").values_list("correction_number", flat=True)) == [1, 2]


def test_correction_that_waits_is_called_back_when_the_fact_changes_again(told, vacancy, people, publisher, sink):
    change(vacancy, people)
    press(publisher, told)
    sweep.expand_all()
    change(vacancy, people, wage_min=3_500_000)
    assert correction().state == Announcement.State.CANCELLED
    assert listed(people) == [told]
    press(publisher, told)
    work()
    assert sink.addresses == [BUDI, SITI]
    assert f"Upah: {OLD} per bulan menjadi Rp3.500.000 per bulan" in sink.mails[0].part("plain")


def half_corrected(told, vacancy, people, publisher):
    """One of the two has been told the new wage when the correction is cancelled."""
    change(vacancy, people)
    press(publisher, told)
    sweep.expand_all()
    (first,) = ledger.claim("email", size=1)
    ledger.finish(first, Outcome(Reason.ACCEPTED), ledger.begin(first))
    assert services.cancel(correction(), by=people["publisher"])
    return first.address


def test_correction_after_a_cancelled_one_goes_to_those_who_did_not_get_it(told, vacancy, people, publisher, sink):
    done = half_corrected(told, vacancy, people, publisher)
    assert "ke 1 penerima" in publisher.get(f"/petugas/penarikan/{told.pk}/koreksi/").content.decode()
    press(publisher, told)
    work()
    assert [*sink.addresses, done] in ([BUDI, SITI], [SITI, BUDI])
    assert listed(people) == []


def test_correction_of_a_further_change_goes_to_all_again(told, vacancy, people, publisher, sink):
    half_corrected(told, vacancy, people, publisher)
    change(vacancy, people, wage_min=3_500_000)
    press(publisher, told)
    work()
    assert sink.addresses == [BUDI, SITI]


def test_text_that_has_changed_since_it_was_read_is_shown_again(told, vacancy, people, publisher):
    change(vacancy, people)
    response = publisher.post(f"/petugas/penarikan/{told.pk}/koreksi/", {"read": "something else"})
    assert (response.status_code, Announcement.objects.filter(kind="correction").exists()) == (409, False)


@pytest.mark.parametrize("step", ["fill", "withdraw"])
def test_correction_of_a_closed_vacancy_says_closed(step, told, vacancy, people, publisher, sink):
    vacancy.refresh_from_db()
    if step == "fill":
        vacancy.fill(by=people["publisher"], answer="by_us")
    else:
        vacancy.withdraw(by=people["publisher"], reason="Perusahaan membatalkan")
    press(publisher, told)
    work()
    assert sink.addresses == [BUDI, SITI]
    (mail, _other) = sink.mails
    assert mail.message["Subject"] == f"Sudah ditutup: Kasir, {vacancy.employer_name}"
    assert "Lowongan ini sudah ditutup, jangan melamar lagi." in mail.part("plain")
    assert listed(people) == []


def test_only_those_who_were_told_of_the_changed_vacancy_hear_of_it(announced, vacancy, people, publisher, sink):
    make_subscription(email=SITI, words="kasir")
    make_subscription(email=BUDI, words="sopir")
    issue = announced(vacancy, make_vacancy(title="Sopir")).issues.get(channel="email")
    work()
    sink.forget()
    change(vacancy, people)
    press(publisher, issue)
    work()
    assert sink.addresses == [SITI]


def test_device_reads_one_sentence(service, vacancy, announced, people, publisher):
    browser = BrowserKeys()
    make_device(service, browser)
    issue = announced(vacancy).issues.get(channel="push")
    work()
    change(vacancy, people)
    press(publisher, issue)
    make_device(service)
    work()
    assert len(service.requests) == 2
    notice = json.loads(browser.read(service.requests[-1].body))
    assert notice["title"] == f"Koreksi: Kasir, {vacancy.employer_name}"
    assert notice["body"] == f"Upah: {OLD} per bulan menjadi {NEW} per bulan."
    assert notice["url"].endswith(vacancy.get_absolute_url())
    page = publisher.get(correction().get_absolute_url())
    assert (page.status_code, notice["body"] in page.content.decode()) == (200, True)
    assert publisher.get("/petugas/pengumuman/").status_code == 200


def test_correction_goes_on_where_it_was_killed(told, vacancy, people, publisher, sink):
    change(vacancy, people)
    press(publisher, told)
    assert expand_batch(correction().pk, size=1) is True  # and here the process is gone
    assert correction().deliveries.count() == 1
    dispatch.send_due()
    assert len(sink.mails) == 1
    work()
    make_due()
    work()
    assert sink.addresses == [BUDI, SITI]


def test_correction_to_many_waits_for_the_head(told, vacancy, people, publisher, client_for, sink, settings):
    settings.RECIPIENTS_WITHOUT_RELEASE = 1
    change(vacancy, people)
    press(publisher, told)
    work()
    assert (correction().state, sink.mails) == (Announcement.State.HELD, [])
    client_for(people["manager"]).post(f"/petugas/pengumuman/{correction().pk}/lepas/")
    work()
    assert sink.addresses == [BUDI, SITI]


def test_stranger_is_refused(told, vacancy, people, client_for):
    change(vacancy, people)
    for name in ("canvasser", "trainer", "job_seeker"):
        assert press(client_for(people[name]), told).status_code == 403
    board = told.announcement.issues.get(channel="board")
    assert press(client_for(people["publisher"]), board).status_code == 404
    assert not Announcement.objects.filter(kind="correction").exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_equally_often_for_any_number_of_mails(
    rows, announced, people, publisher, sink, django_assert_num_queries
):
    make_subscription(email=SITI)
    for _ in range(rows):
        vacancy = make_vacancy(wage_min=2_700_000, wage_max=None, wage_not_stated=False)
        announced(vacancy)
        work()
        change(vacancy, people)
    publisher.get("/petugas/penarikan/")
    assert len(listed(people)) == rows
    with django_assert_num_queries(14):
        publisher.get("/petugas/penarikan/")
