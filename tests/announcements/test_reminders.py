"""Vacancies that were announced and are still open, announced again: nobody is told twice unless somebody says so."""

import pytest
from django.db import IntegrityError, transaction

from announcements import drafts, services
from announcements.models import AnnouncedVacancy, Announcement, Draft, repeatable_vacancies
from tests.announcements.conftest import states, work
from tests.announcements.test_pages import text_of
from tests.factories import make_draft, make_subscription, make_vacancy

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "/petugas/pengumuman/konsep/baru/?isi=reminder"
SITI, BUDI, DEWI = "siti@contoh.test", "budi@contoh.test", "dewi@contoh.test"


@pytest.fixture
def author(people):
    return people["canvasser"]


@pytest.fixture
def told(announced, sink):
    """A vacancy of which Siti got the mail; Budi subscribed later."""
    make_subscription(email=SITI)
    vacancy = make_vacancy(title="Kasir")
    announced(vacancy)
    work()
    make_subscription(email=BUDI)
    assert sink.addresses == [SITI]
    sink.forget()
    return vacancy


@pytest.fixture
def remind(author, people):
    """The way of a reminder to its announcement, by two people."""

    def go(*vacancies, **fields):
        draft = make_draft(author, *vacancies, is_reminder=True, **fields)
        drafts.submit(draft, by=author)
        read = drafts.reading(draft, drafts.facts_now(draft))
        drafts.approve(draft, by=people["publisher"], read=read, at_once=True)
        return draft.announcement

    return go


def test_only_those_who_were_not_told_get_a_reminder(told, remind, sink):
    announcement = remind(told)
    work()
    work()
    assert states(announcement) == {BUDI: "sent"}
    assert sink.addresses == [BUDI]
    (mail,) = sink.mails
    assert mail.message["Subject"] == f"Masih dibuka: Kasir, {told.employer_name}"


def test_who_was_told_gets_it_again_only_when_the_author_says_so(told, remind, sink):
    announcement = remind(told, tell_again=True)
    work()
    assert states(announcement) == {BUDI: "sent", SITI: "sent"}


def test_each_reads_only_of_what_is_new_to_him(told, announced, remind, sink):
    other = make_vacancy(title="Satpam")
    make_subscription(email=DEWI)
    announced(other)
    work()  # Siti, Budi and Dewi know of the second
    sink.forget()
    announcement = remind(told, other)
    work()
    found = dict(announcement.deliveries.values_list("address", "vacancy_ids"))
    assert found == {BUDI: [told.pk], DEWI: [told.pk]}


def test_a_second_reminder_finds_nobody_left(told, remind, sink):
    remind(told)
    work()
    again = remind(told)
    work()
    assert (states(again), sink.addresses) == ({}, [BUDI])


def test_a_mail_that_was_withdrawn_counts_as_not_told(announced, people, remind):
    make_subscription(email=SITI)
    vacancy = make_vacancy()
    first = announced(vacancy)
    services.expansion.expand(first.pk)
    services.cancel(first, by=people["publisher"])
    assert states(first) == {SITI: "cancelled"}
    announcement = remind(vacancy)
    services.expansion.expand(announcement.pk)
    assert states(announcement) == {SITI: "queued"}


def test_what_is_still_on_its_way_is_not_offered(announced):
    vacancy = make_vacancy()
    first = announced(vacancy)
    assert list(repeatable_vacancies()) == []
    services.expansion.expand(first.pk)
    assert list(repeatable_vacancies()) == [vacancy]


def test_the_form_offers_what_was_announced_and_says_when(told, author, client_for):
    untold = make_vacancy(title="Belum diumumkan")
    client = client_for(author)
    page = client.get(NEW)
    ((_key, label),) = page.context["form"].fields["vacancies"].choices
    assert "Kasir" in label
    assert "terakhir diumumkan" in label
    assert client.post(NEW, {"title": "Masih dibuka", "vacancies": [untold.pk]}).status_code == 400
    page = client.post(NEW, {"title": "Masih dibuka", "vacancies": [told.pk]}, follow=True)
    draft = Draft.objects.get()
    assert (draft.is_reminder, draft.tell_again, draft.form) == (True, False, "reminder")
    assert "1 lainnya sudah mendapat kabar lowongan ini dan tidak dikirimi lagi." in text_of(page)
    assert (page.context["number"], page.context["told_before"]) == (1, 1)
    edit = f"{draft.get_absolute_url()}ubah/"
    client.post(edit, {"title": "Masih dibuka", "vacancies": [told.pk], "tell_again": "on", "version": 1})
    page = client.get(draft.get_absolute_url())
    assert "1 di antaranya sudah mendapat kabar lowongan ini." in text_of(page)
    assert (page.context["number"], page.context["told_before"]) == (2, 1)


def test_what_has_closed_or_is_on_its_way_is_left_out(told, author, announced):
    closed, on_its_way = make_vacancy("withdrawn"), make_vacancy()
    announced(on_its_way)
    draft = make_draft(author, told, closed, on_its_way, is_reminder=True)
    assert [each["id"] for each in drafts.facts_now(draft)] == [told.pk]
    assert drafts.left_out(draft) == [(closed, False), (on_its_way, True)]


def test_a_reader_in_english_reads_that_they_are_open(announced, remind, sink):
    vacancies = [make_vacancy(), make_vacancy()]
    announced(*vacancies)
    work()
    make_subscription(email=DEWI, language="en")
    remind(*vacancies)
    work()
    (mail,) = sink.mails
    assert mail.message["Subject"] == "2 vacancies are still open"


def test_pieces_by_hand_are_made_in_any_case(told, remind):
    announcement = remind(told, channels=["whatsapp", "radio_30"])
    texts = dict(announcement.issues.values_list("channel", "text"))
    assert texts["whatsapp"].startswith(f"*Masih dibuka: Kasir, {told.employer_name}*")
    assert "Kasir" in texts["radio_30"] or "kasir" in texts["radio_30"]


def test_the_database_lets_only_a_reminder_name_a_vacancy_again(told, remind):
    announcement = remind(told)
    row = AnnouncedVacancy.objects.get(announcement=announcement)
    assert row.again
    plain = Announcement.objects.create(title="Biasa", expires_at=announcement.expires_at)
    with pytest.raises(IntegrityError, match="vacancy_announced_once"), transaction.atomic():
        AnnouncedVacancy.objects.create(announcement=plain, vacancy=told, again=True)
    with pytest.raises(IntegrityError, match="announcement_names_vacancy_once"), transaction.atomic():
        AnnouncedVacancy.objects.create(announcement=announcement, vacancy=told)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"is_reminder": True, "kind": "news", "text": "Buka."}, "announcement_reminder_of_vacancies"),
        ({"is_reminder": True, "audience": "daily"}, "announcement_reminder_of_vacancies"),
        ({"tell_again": True}, "announcement_again_is_reminder"),
    ],
)
def test_the_database_knows_what_a_reminder_is(fields, name, told):
    expires = Announcement.objects.get().expires_at
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Announcement.objects.create(title="Salah", expires_at=expires, **fields)
