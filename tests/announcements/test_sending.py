"""What reaches the mail server, and what the ledger makes of its answers. The server is real, on loopback."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.html import escape

from announcements import ledger, services, sweep
from announcements.channels.email import EmailSender
from announcements.models import Attempt, Delivery, Suppression
from announcements.models.deliveries import Reason, State
from jobseekers.models import AlertSubscription
from tests.announcements.conftest import make_due, states, work
from tests.factories import make_subscription, make_user, make_vacancy
from tests.sink import Mail

pytestmark = pytest.mark.django_db

SITI = "siti@contoh.test"


@pytest.fixture
def publisher(people):
    return people["publisher"]


def only_delivery():
    return Delivery.objects.get(address=SITI)


def test_mail_names_vacancy_search_and_ways_out(sink, announced):
    subscription = make_subscription(email=SITI, words="kasir")
    vacancy = make_vacancy(title="Kasir toko")
    announced(vacancy)
    work()
    (mail,) = sink.mails
    assert mail.address == SITI
    assert mail.message["Subject"] == f"Lowongan baru: Kasir toko, {vacancy.employer_name}"
    assert mail.message["Message-ID"] == only_delivery().message_id
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail.message["Auto-Submitted"], mail.message["Precedence"]) == ("auto-generated", "bulk")
    stop = mail.message["List-Unsubscribe"].strip(" <>")
    assert stop.startswith("http://127.0.0.1:8000/langganan/berhenti/")
    for kind in ("plain", "html"):
        text = mail.part(kind)
        named = [stop, subscription.manage_path(), vacancy.get_absolute_url(), "“kasir”"]
        assert [each for each in named if each not in text] == []


def test_address_with_several_searches_gets_one_mail_with_all_that_fits(sink, announced):
    make_subscription(email=SITI, words="kasir")
    make_subscription(email=SITI, words="sopir")
    make_subscription(email="budi@contoh.test", words="sopir")
    announced(make_vacancy(title="Kasir"), make_vacancy(title="Sopir"), make_vacancy(title="Guru"))
    work()
    subjects = {mail.address: mail.message["Subject"] for mail in sink.mails}
    assert sink.addresses == ["budi@contoh.test", SITI]
    assert subjects[SITI] == "2 lowongan baru cocok dengan pencarian Anda"
    assert subjects["budi@contoh.test"].startswith("Lowongan baru: Sopir, ")


def test_unsubscribed_in_between_gets_nothing(sink, announced):
    subscription = make_subscription(email=SITI)
    announcement = announced()
    sweep.expand_all()
    subscription.stop()
    work()
    assert sink.mails == []
    assert states(announcement) == {SITI: State.SUPPRESSED}
    assert only_delivery().last_class == Reason.UNSUBSCRIBED


def test_stopping_one_of_two_searches_keeps_what_the_other_wants(sink, announced):
    stopped = make_subscription(email=SITI, words="kasir")
    kept = make_subscription(email=SITI, words="sopir")
    announced(make_vacancy(title="Kasir"), make_vacancy(title="Sopir"))
    sweep.expand_all()
    stopped.stop()
    work()
    (mail,) = sink.mails
    assert mail.message["Subject"].startswith("Lowongan baru: Sopir, ")
    assert kept.stop_path() in mail.message["List-Unsubscribe"]


def test_subscriber_who_changed_to_daily_gets_no_instant_mail(sink, announced):
    make_subscription(email=SITI)
    announcement = announced()
    sweep.expand_all()
    AlertSubscription.objects.update(frequency="daily")
    work()
    assert (sink.mails, states(announcement)) == ([], {SITI: State.SUPPRESSED})


def test_suppressed_address_gets_nothing(sink, announced):
    make_subscription(email=SITI)
    Suppression.objects.create(address=SITI)
    announcement = announced()
    work()
    assert (sink.mails, states(announcement)) == ([], {SITI: State.SUPPRESSED})
    assert only_delivery().last_class == Reason.SUPPRESSED


def test_vacancy_that_closed_meanwhile_is_left_out(sink, announced, publisher):
    make_subscription(email=SITI)
    closing, staying = make_vacancy(title="Kasir"), make_vacancy(title="Sopir")
    announced(closing, staying)
    sweep.expand_all()
    closing.withdraw(by=publisher, reason="batal")
    work()
    (mail,) = sink.mails
    assert mail.message["Subject"].startswith("Lowongan baru: Sopir, ")
    assert "Kasir" not in mail.part("plain")


def test_mail_whose_vacancies_all_closed_is_cancelled(sink, announced, publisher):
    make_subscription(email=SITI)
    vacancy = make_vacancy()
    announcement = announced(vacancy)
    sweep.expand_all()
    vacancy.withdraw(by=publisher, reason="batal")
    work()
    assert (sink.mails, states(announcement)) == ([], {SITI: State.CANCELLED})
    assert only_delivery().last_class == Reason.WITHDRAWN


def test_cancelled_announcement_sends_no_more(sink, announced, publisher):
    make_subscription(email=SITI)
    announcement = announced()
    sweep.expand_all()
    assert services.cancel(announcement, by=publisher) is True
    assert services.cancel(announcement, by=publisher) is False
    work()
    assert (sink.mails, states(announcement)) == ([], {SITI: State.CANCELLED})


def test_expired_mail_is_not_sent(sink, announced):
    make_subscription(email=SITI)
    announcement = announced()
    sweep.expand_all()
    Delivery.objects.update(expires_at=Now() - timedelta(seconds=1))
    work()
    assert (sink.mails, states(announcement)) == ([], {SITI: State.EXPIRED})


def test_quiet_hours_move_bulk_mail_to_the_morning(sink, announced, settings):
    settings.QUIET_HOURS = ("00:00", "23:59")  # quiet whatever the time is
    make_subscription(email=SITI)
    announcement = announced()
    work()
    assert (sink.mails, states(announcement)) == ([], {SITI: State.QUEUED})
    delivery = only_delivery()
    assert (delivery.last_class, delivery.attempts) == (Reason.QUIET, 0)
    assert f"{timezone.localtime(delivery.not_before):%H:%M}" == "23:59"


def test_temporary_refusal_is_tried_again(sink, announced):
    make_subscription(email=SITI)
    announcement = announced()
    sink.answer_to_recipient = lambda address: "451 4.7.1 Greylisted"
    work()
    assert (sink.mails, states(announcement)) == ([], {SITI: State.QUEUED})
    assert (only_delivery().last_class, only_delivery().last_detail) == (Reason.BUSY, "451 4.7.1")
    sink.answer_to_recipient = lambda address: None
    make_due()
    work()
    assert (sink.addresses, states(announcement)) == ([SITI], {SITI: State.SENT})
    assert list(Attempt.objects.values_list("number", "outcome")) == [(1, "busy"), (2, "accepted")]


@pytest.mark.parametrize(
    ("reply", "reason", "suppressed"),
    [
        ("550 5.1.1 No such user", Reason.UNKNOWN_ADDRESS, [SITI]),
        ("550 No such user", Reason.UNKNOWN_ADDRESS, [SITI]),
        ("550 5.7.1 Policy", Reason.REFUSED, []),
        ("552 5.2.2 Mailbox full", Reason.REFUSED, []),
    ],
)
def test_permanent_refusal_fails_and_suppresses_dead_addresses(sink, announced, reply, reason, suppressed):
    make_subscription(email=SITI)
    announcement = announced()
    sink.answer_to_recipient = lambda address: reply
    work()
    assert states(announcement) == {SITI: State.FAILED}
    assert only_delivery().last_class == reason
    assert list(Suppression.objects.values_list("address", flat=True)) == suppressed


def test_refusal_of_one_recipient_leaves_the_connection_good_for_the_next(sink, announced):
    for name in "abc":
        make_subscription(email=f"{name}@contoh.test")
    announcement = announced()
    sink.answer_to_recipient = lambda address: "550 5.7.1 No" if address.startswith("b") else None
    work()
    assert states(announcement) == {"a@contoh.test": "sent", "b@contoh.test": "failed", "c@contoh.test": "sent"}
    assert len(sink.connections) == 1


def test_refused_content_fails(sink, announced):
    make_subscription(email=SITI)
    announcement = announced()
    sink.answer_to_content = lambda address: "554 5.6.0 Bad content"
    work()
    assert states(announcement) == {SITI: State.FAILED}
    assert (only_delivery().last_class, only_delivery().last_detail) == (Reason.REFUSED, "554 5.6.0")


def test_connection_lost_before_the_answer_is_repeated_once_with_the_same_message_id(sink, announced):
    make_subscription(email=SITI)
    announcement = announced()
    sink.hangs_up_after_content = True
    work()
    make_due()
    work()
    assert states(announcement) == {SITI: State.UNKNOWN}
    first, second = (mail.message["Message-ID"] for mail in sink.mails)
    assert first == second
    assert list(Attempt.objects.values_list("number", "outcome")) == [(1, "no_answer"), (2, "no_answer")]


def test_uncertain_mail_is_repeated_on_an_officers_word(sink, announced, publisher):
    make_subscription(email=SITI)
    announcement = announced()
    sink.hangs_up_after_content = True
    work()
    make_due()
    work()
    sink.hangs_up_after_content = False
    assert services.repeat(only_delivery(), by=publisher) is True
    assert services.repeat(only_delivery(), by=publisher) is False
    work()
    assert states(announcement) == {SITI: State.SENT}
    assert only_delivery().settled_by == publisher


def test_uncertain_mail_is_left_on_an_officers_word(sink, announced, publisher):
    make_subscription(email=SITI)
    announced()
    sink.hangs_up_after_content = True
    work()
    make_due()
    work()
    assert services.give_up(only_delivery(), by=publisher) is True
    assert services.give_up(only_delivery(), by=publisher) is False
    assert (only_delivery().state, only_delivery().last_class) == (State.FAILED, Reason.GIVEN_UP)


def test_error_of_our_own_fails_one_mail_and_spares_the_others(sink, announced):
    make_subscription(email=SITI, language="xx")  # a language we do not speak: no facts in it
    make_subscription(email="budi@contoh.test")
    announcement = announced()
    work()
    assert states(announcement) == {SITI: State.FAILED, "budi@contoh.test": State.SENT}
    assert only_delivery().last_class == Reason.OWN_ERROR


def test_mail_speaks_the_subscribers_language(sink, announced):
    make_subscription(email=SITI, language="en")
    announced(make_vacancy(wage_not_stated=True))
    work()
    (mail,) = sink.mails
    assert '<html lang="en">' in mail.part("html")


@pytest.mark.parametrize(
    ("words", "encoding"),
    [("kasir <b> & ü", "8bit"), ("🛠" * 100, "quoted-printable")],  # the second makes a line too long for SMTP
    ids=["filled in", "built anew"],
)
def test_two_people_get_their_own_words_and_links_in_one_form(announced, settings, words, encoding):
    budi = make_subscription(email="budi@contoh.test")
    siti = make_subscription(email=SITI, words=words)
    AlertSubscription.objects.filter(pk=siti.pk).update(words="")  # so that the vacancy fits
    announced()
    sweep.expand_all()
    deliveries = {each.address: each for each in ledger.claim("email")}
    deliveries[SITI].subscription.words = words
    with EmailSender() as sender:
        contents = {address: sender.compose(each, ledger.begin(each)) for address, each in deliveries.items()}
    for subscription, content in ((budi, contents["budi@contoh.test"]), (siti, contents[SITI])):
        mail = Mail(subscription.email, content)
        assert mail.message["To"] == subscription.email
        assert mail.message["Message-ID"] == deliveries[subscription.email].message_id
        assert mail.message["List-Unsubscribe"].strip() == f"<{settings.SITE_URL}{subscription.stop_path()}>"
        assert subscription.stop_path() in mail.part("plain")
        assert subscription.manage_path() in mail.part("html")
        assert max(map(len, content.split(b"\r\n"))) <= 998
    assert words in Mail(SITI, contents[SITI]).part("plain")
    assert escape(words) in Mail(SITI, contents[SITI]).part("html")
    assert f"Content-Transfer-Encoding: {encoding}".encode() in contents[SITI]
    assert SITI.encode() not in contents["budi@contoh.test"]


def test_words_of_a_vacancy_are_data_in_the_mail(sink, announced):
    make_subscription(email=SITI)
    announced(make_vacancy(title="<b>Kasir</b> {{ office }} slot %(x)s {0}\r\nBcc: x@contoh.test"))
    work()
    (mail,) = sink.mails
    assert mail.message["Bcc"] is None
    assert "<b>Kasir" not in mail.part("html")
    assert "&lt;b&gt;Kasir&lt;/b&gt; {{ office }} slot %(x)s {0}" in mail.part("html")
    assert "<b>Kasir</b> {{ office }} slot %(x)s {0}" in mail.part("plain")


def test_long_digest_names_twenty_and_leads_to_the_rest(sink, announced):
    make_subscription(email=SITI)
    author, checker = make_user(), make_user()
    announced(*(make_vacancy(title="Kasir", created_by=author, published_by=checker) for _ in range(23)))
    work()
    (mail,) = sink.mails
    assert mail.message["Subject"] == "23 lowongan baru cocok dengan pencarian Anda"
    assert mail.part("plain").count("Kasir\n") == 20
    assert "dan 3 lowongan lain" in mail.part("plain")


def test_finished_announcement_is_marked_done(sink, announced):
    make_subscription(email=SITI)
    announcement = announced()
    work()
    assert sweep.close_finished() == 1
    announcement.refresh_from_db()
    assert announcement.state == "done"


def test_announcement_that_waits_for_a_retry_is_not_done(sink, announced):
    make_subscription(email=SITI)
    announced()
    sink.answer_to_recipient = lambda address: "451 4.7.1 Greylisted"
    work()
    Delivery.objects.update(not_before=Now() + timedelta(hours=1))
    assert sweep.close_finished() == 0
