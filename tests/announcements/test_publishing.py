"""From the review page's button to the mail in somebody's hands and out again."""

import pytest
from django.test import Client

from announcements import services
from announcements.models import Announcement, Delivery, Issue
from canvassing.models import Vacancy
from canvassing.models.vacancies import TransitionRefused
from jobseekers.models import AlertSubscription
from tests.announcements.conftest import states, work
from tests.factories import make_subscription, make_vacancy, today

pytestmark = pytest.mark.django_db


def answers(vacancy, **changes):
    """What the review page posts when everything has been checked."""
    return {
        "version": vacancy.version,
        "confirmed_with": "Bu Lina, bagian umum",
        "confirmed_by_way": "phone",
        "confirmed_on": today().isoformat(),
        "employer_agrees": "on",
        "no_fraud": "on",
    } | changes


@pytest.fixture
def vacancy(db):
    return make_vacancy("in_check", title="Kasir toko")


@pytest.fixture
def publisher(people, client_for):
    return client_for(people["publisher"])


def post(client, vacancy, **changes):
    return client.post(f"/petugas/lowongan/{vacancy.pk}/terbitkan/", answers(vacancy, **changes))


def test_published_vacancy_reaches_a_subscriber_who_then_leaves_with_one_click(publisher, vacancy, sink):
    make_subscription(email="siti@contoh.test", words="kasir")
    assert post(publisher, vacancy).status_code == 302
    work()
    (mail,) = sink.mails
    stop = mail.message["List-Unsubscribe"].strip(" <>").removeprefix("http://127.0.0.1:8000")
    mail_program = Client(enforce_csrf_checks=True)
    assert mail_program.get(stop).status_code == 200
    assert AlertSubscription.objects.get().state == "active"
    assert mail_program.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    post(publisher, make_vacancy("in_check", title="Kasir warung"))
    work()
    assert len(sink.mails) == 1


def test_publishing_writes_state_announcement_and_issues_together(publisher, people, vacancy):
    post(publisher, vacancy)
    vacancy.refresh_from_db()
    announcement = Announcement.objects.get()
    assert (vacancy.state, vacancy.published_by) == ("published", people["publisher"])
    assert (announcement.approved_by, announcement.state, announcement.audience) == (
        people["publisher"],
        "running",
        "instant",
    )
    assert list(announcement.vacancies.all()) == [vacancy]
    assert sorted(announcement.issues.values_list("channel", flat=True)) == [
        "board",
        "email",
        "instagram",
        "push",
        "radio_30",
        "radio_60",
        "telegram",
        "web",
        "whatsapp",
    ]
    assert Delivery.objects.count() == 0  # recipients are written by the workers


def test_facts_are_frozen_in_both_languages(publisher, vacancy):
    post(publisher, vacancy)
    vacancy.refresh_from_db()
    (fact,) = Issue.objects.get(channel="email").facts
    assert {key: fact[key] for key in ("id", "version", "path", "valid_until")} == {
        "id": vacancy.pk,
        "version": vacancy.version,
        "path": vacancy.get_absolute_url(),
        "valid_until": vacancy.valid_until.isoformat(),
    }
    assert sorted(fact["words"]) == ["en", "id"]
    assert fact["words"]["id"]["wage"] == "Rp2.700.000 per bulan"


def test_announce_later_publishes_without_announcing(publisher, vacancy):
    post(publisher, vacancy, announce_later="on")
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.announce_later) == ("published", True)
    assert Announcement.objects.count() == 0


def test_incomplete_check_is_shown_again(publisher, vacancy):
    response = post(publisher, vacancy, confirmed_with="")
    vacancy.refresh_from_db()
    assert (response.status_code, vacancy.state) == (400, "in_check")


def test_vacancy_changed_meanwhile_is_not_published(publisher, vacancy):
    Vacancy.objects.update(version=vacancy.version + 1)
    response = post(publisher, vacancy)
    vacancy.refresh_from_db()
    assert (response.status_code, vacancy.state) == (409, "in_check")
    assert "baru saja diubah orang lain" in response.content.decode()
    assert Announcement.objects.count() == 0


def test_second_click_publishes_nothing_more(publisher, vacancy):
    post(publisher, vacancy)
    assert post(publisher, vacancy).status_code == 409
    assert Announcement.objects.count() == 1


def test_author_may_not_publish(people, client_for):
    vacancy = make_vacancy("in_check", created_by=people["publisher"])
    response = post(client_for(people["publisher"]), vacancy)
    assert response.status_code == 409
    assert Announcement.objects.count() == 0


@pytest.mark.parametrize("who", ["canvasser", "bkk_officer", "trainer", "admin", "job_seeker"])
def test_others_may_not_publish(who, people, client_for, vacancy):
    assert post(client_for(people[who]), vacancy).status_code == 403


def test_failing_announcement_takes_the_publication_back(people, vacancy, settings):
    settings.LANGUAGES, settings.LANGUAGE_CODE = [("id", "Indonesia")], "en"  # facts without English
    with pytest.raises(KeyError):
        services.publish(
            vacancy=vacancy, by=people["publisher"], confirmed_with="Bu Lina", confirmed_on=today(), way="phone"
        )
    assert Vacancy.objects.get(pk=vacancy.pk).state == "in_check"
    assert Announcement.objects.count() == 0


def test_withdrawn_vacancy_cannot_be_published(people):
    vacancy = make_vacancy("withdrawn")
    with pytest.raises(TransitionRefused):
        services.publish(
            vacancy=vacancy, by=people["publisher"], confirmed_with="Bu Lina", confirmed_on=today(), way="phone"
        )


def test_digest_leaves_out_what_was_announced_or_is_not_open(people, announced):
    told, closed, fresh = make_vacancy(), make_vacancy("filled"), make_vacancy()
    announced(told)
    digest = services.announce(vacancies=[told, closed, fresh], by=people["publisher"])
    assert digest is not None
    assert list(digest.vacancies.all()) == [fresh]


def test_digest_of_nothing_new_is_not_made(people, announced):
    told = make_vacancy()
    announced(told)
    assert services.announce(vacancies=[told], by=people["publisher"]) is None


def test_recipients_of_a_cancelled_announcement_are_not_written(announced, people):
    make_subscription()
    announcement = announced()
    services.cancel(announcement, by=people["publisher"])
    work()
    assert states(announcement) == {}
