"""Mail that waits says what is true when it leaves, not what was true when it was written."""

import pytest

from announcements import ledger, services, sweep
from announcements.channels import Outcome
from announcements.models import Delivery, Issue
from announcements.models.deliveries import Reason
from announcements.sweep import expand_all
from canvassing.models import Vacancy
from tests.announcements.conftest import make_due, work
from tests.factories import make_subscription, make_vacancy

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = "Rp2.700.000", "Rp3.300.000"


@pytest.fixture
def vacancy():
    return make_vacancy(wage_min=2_700_000, wage_max=None, wage_not_stated=False)


def correct(vacancy, by, **changes):
    vacancy.refresh_from_db()
    services.correct(
        vacancy=vacancy,
        by=by,
        version=vacancy.version,
        reason="Bu Lina menelepon",
        changes={"wage_min": 3_300_000} | changes,
    )


def versions(announcement):
    return list(announcement.issues.filter(channel="email").values_list("facts_version", flat=True))


def sent_words(sink):
    texts = [mail.message.get_body(("plain",)).get_content() for mail in sink.mails]
    return [(OLD in text, NEW in text) for text in texts]


def test_waiting_mail_leaves_with_the_new_fact(vacancy, announced, people, sink):
    make_subscription(email="siti@contoh.test")
    announcement = announced(vacancy)
    expand_all()
    correct(vacancy, people["publisher"])
    assert versions(announcement) == [1, 2]
    work()
    assert sent_words(sink) == [(False, True)]


def test_recipients_not_yet_written_get_the_new_version(vacancy, announced, people, sink):
    make_subscription(email="siti@contoh.test")
    announced(vacancy)
    correct(vacancy, people["publisher"])
    work()
    assert sent_words(sink) == [(False, True)]


def test_claimed_mail_is_taken_from_the_process_that_holds_the_old_fact(vacancy, announced, people, sink):
    make_subscription(email="siti@contoh.test")
    announced(vacancy)
    expand_all()
    (held,) = ledger.claim("email")
    correct(vacancy, people["publisher"])
    assert ledger.begin(held) is None
    make_due()
    work()
    assert sent_words(sink) == [(False, True)]


def test_mail_that_has_left_keeps_the_version_it_said(vacancy, announced, people, sink):
    make_subscription(email="siti@contoh.test")
    announcement = announced(vacancy)
    work()
    correct(vacancy, people["publisher"])
    assert versions(announcement) == [1]
    assert Delivery.objects.get().issue == Issue.objects.get(announcement=announcement, channel="email")
    assert sent_words(sink) == [(True, False)]


def test_mail_that_comes_back_to_be_tried_again_gets_the_new_version(vacancy, announced, people, sink):
    make_subscription(email="siti@contoh.test")
    announced(vacancy)
    expand_all()
    (held,) = ledger.claim("email")
    begun = ledger.begin(held)
    assert begun is not None
    correct(vacancy, people["publisher"])
    ledger.finish(held, Outcome(Reason.BUSY), begun)
    services.renew_waiting()
    make_due()
    work()
    assert sent_words(sink) == [(False, True)]


def test_uncertain_mail_keeps_the_version_it_may_have_said_until_it_is_repeated(vacancy, announced, people, sink):
    make_subscription(email="siti@contoh.test")
    announced(vacancy)
    expand_all()
    Delivery.objects.update(ambiguous=1)
    (held,) = ledger.claim("email")
    begun = ledger.begin(held)
    assert begun is not None
    ledger.finish(held, Outcome(Reason.NO_ANSWER), begun)
    correct(vacancy, people["publisher"])
    uncertain = Delivery.objects.select_related("issue").get()
    assert (uncertain.state, uncertain.issue.facts_version) == ("unknown", 1)
    services.repeat(uncertain, by=people["publisher"])
    make_due()
    work()
    assert sent_words(sink) == [(False, True)]


def test_sweep_finds_a_change_made_by_another_way(vacancy, announced, sink):
    make_subscription(email="siti@contoh.test")
    announcement = announced(vacancy)
    changed = Vacancy.objects.get(pk=vacancy.pk)
    changed.wage_min = 3_300_000
    changed.save()
    sweep.sweep()
    assert versions(announcement) == [1, 2]
    sweep.sweep()
    assert versions(announcement) == [1, 2]


def test_touch_without_a_changed_fact_makes_no_version(vacancy, announced):
    announcement = announced(vacancy)
    Vacancy.objects.get(pk=vacancy.pk).save()
    assert services.renew_waiting() == 0
    assert versions(announcement) == [1]


def test_page_shows_the_newest_version_of_the_mail(vacancy, announced, people, client_for):
    announcement = announced(vacancy)
    correct(vacancy, people["publisher"])
    page = client_for(people["publisher"]).get(f"/petugas/pengumuman/{announcement.pk}/surat/")
    assert (page.status_code, NEW in page.content.decode()) == (200, True)
