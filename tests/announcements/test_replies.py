"""Answers by message: understood whatever the spelling, done as the person, answered with one sentence; the inbox."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import DataAccess
from announcements.models import Delivery
from announcements.replies import meaning
from canvassing.search import Criteria
from jobseekers.models import ChatMessage, ChatSubscription, FollowUp, JobSeeker
from jobseekers.services import chats, erasure, merging, retention
from tests.announcements.conftest import work
from tests.announcements.gateway_world import becomes, post_telegram, service, writes, writes_telegram
from tests.factories import make_card, make_chat, make_job_seeker, make_message, make_placement, make_user, today

__all__ = ["service"]
pytestmark = pytest.mark.django_db


def heard(service):
    """What the service was given to say, in order."""
    work()
    return [each.json["text"] if isinstance(each.json["text"], str) else each.json["text"]["body"]
            for each in service.requests]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("STOP", "stop"),
        (" stop. ", "stop"),
        ("Stopp", "stop"),
        ("stp", "stop"),
        ("Berhenti!", "stop"),
        ("stop kirim pesan", "stop"),
        ("TOP", "other"),
        ("jangan stop", "other"),
        ("SUDAH KERJA", "employed"),
        ("sudah  kerja", "employed"),
        ("Sdh kerja", "employed"),
        ("sudah krja", "employed"),
        ("Sudah bekerja 👍", "employed"),
        ("sudah kerja?", "other"),
        ("BELUM KERJA", "other"),
        ("MASIH CARI", "seeking"),
        ("masih cari kerja", "seeking"),
        ("msh cari", "seeking"),
        ("Kapan buka?", "other"),
        ("👍", "other"),
        ("", "other"),
    ],
)
def test_meaning_survives_case_spaces_and_slips(text, kind):
    assert meaning(text) == kind


# --- Connecting -----------------------------------------------------------------------------------


def pending(channel="whatsapp_msg", **fields):
    person = make_job_seeker(**fields)
    return chats.ask(person, channel, criteria=Criteria(), language="id")


def test_code_sent_from_the_chat_connects_it(service):
    chat = pending()
    writes("628123", f"mulai {chat.code.lower()}")
    chat.refresh_from_db()
    assert (chat.state, chat.address, chat.code) == ("active", "628123", "")
    assert heard(service) == ["Tersambung. Lowongan baru yang cocok kami kirim ke sini; balas STOP untuk berhenti."]
    kept = ChatMessage.objects.get()
    assert (kept.job_seeker, kept.kind, kept.text, kept.state) == (chat.job_seeker, "start", "", "done")


def test_telegram_connects_by_its_deep_link(service):
    chat = pending("telegram_msg")
    writes_telegram(4242, f"/start {chat.code}")
    chat.refresh_from_db()
    assert (chat.state, chat.address) == ("active", "4242")


@pytest.mark.parametrize("spoiled", ["wrong", "used", "old", "other channel"])
def test_bad_code_connects_nothing(service, spoiled):
    chat = pending("telegram_msg" if spoiled == "other channel" else "whatsapp_msg")
    code = "AAAAAAAA" if spoiled == "wrong" else chat.code
    if spoiled == "used":
        writes("628123", f"MULAI {code}")
    if spoiled == "old":
        ChatSubscription.objects.update(code_until=timezone.now() - timedelta(seconds=1))
    writes("628999", f"MULAI {code}")
    assert not ChatSubscription.objects.filter(address="628999").exists()
    assert heard(service)[-1].startswith("Kode itu salah atau sudah lewat.")


def test_chat_of_somebody_else_is_not_taken_over(service):
    owner, chat = make_chat(), pending()
    writes(owner, f"MULAI {chat.code}")
    owner.refresh_from_db()
    chat.refresh_from_db()
    assert (owner.is_active, chat.state) == (True, "pending")


def test_codes_cannot_be_tried_without_end(service, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"chat_code": (2, 3600)}
    chat = pending()
    for _try in range(2):
        writes("628777", "MULAI AAAAAAAA")
    writes("628777", f"MULAI {chat.code}")
    chat.refresh_from_db()
    assert chat.state == "pending"


# --- Answers --------------------------------------------------------------------------------------


def test_stop_ends_that_channel_at_once_and_is_confirmed(service, announced):
    person = make_job_seeker()
    chat, other = make_chat(job_seeker=person), make_chat("telegram_msg", job_seeker=person)
    writes(chat, "stop")
    chat.refresh_from_db()
    other.refresh_from_db()
    assert (chat.state, chat.address, other.state) == ("stopped", "", "active")
    assert heard(service) == ["Baik, kami tidak mengirim apa pun lagi ke sini."]
    announced()
    work()
    assert [each.path.startswith("/bot") for each in service.requests] == [False, True]


def test_answer_leaves_in_quiet_hours_and_in_the_language_of_the_chat(service, settings):
    settings.QUIET_HOURS = ("00:00", "23:59:59")
    writes(make_chat(language="en"), "STOP")
    assert heard(service) == ["All right, we send nothing more to this chat."]


def test_same_message_told_twice_acts_once(service):
    chat = make_chat()
    for _time in range(2):
        writes(chat, "MASIH CARI", event_id="wamid.same")
    assert (ChatMessage.objects.count(), len(heard(service))) == (1, 1)


def test_still_seeking_is_a_sign_of_life_and_answers_what_was_asked(service):
    placement = make_placement(started_on=today() - timedelta(days=95))
    JobSeeker.objects.update(active_at=timezone.now() - timedelta(days=700), retention_notice_at=timezone.now())
    writes(make_chat(job_seeker=placement.job_seeker), "masih cari")
    row = placement.follow_ups.get(months=3)
    person = JobSeeker.objects.get(pk=placement.job_seeker_id)
    assert (row.answer, row.via, row.by) == (FollowUp.Answer.SEEKING, "message", None)
    assert (person.retention_notice_at, person.active_at.date()) == (None, timezone.now().date())
    assert heard(service) == ["Tercatat: Anda masih mencari kerja. Kabar lowongan tetap kami kirim ke sini."]


def test_employed_answers_the_follow_up(service):
    placement = make_placement(started_on=today() - timedelta(days=95))
    writes(make_chat(job_seeker=placement.job_seeker), "Sudah kerja")
    assert placement.follow_ups.get(months=3).answer == FollowUp.Answer.SAME_JOB
    assert placement.follow_ups.get(months=6).answer == ""
    assert heard(service) == ["Tercatat: Anda bekerja. Bila pindah tempat kerja, balas dengan nama tempatnya."]


def test_seeking_reports_the_card_that_asked(service):
    card = make_card("issued")
    report = card.reports.create(number=1, due_on=today() + timedelta(days=3))
    writes(make_chat(job_seeker=card.job_seeker), "MASIH CARI")
    report.refresh_from_db()
    assert (report.answer, report.via, report.reported_on) == ("seeking", "message", today())


def test_employed_unasked_waits_for_a_person(service):
    card = make_card("issued")
    card.reports.create(number=1, due_on=today() + timedelta(days=90))
    writes(make_chat(job_seeker=card.job_seeker), "SUDAH KERJA")
    card.refresh_from_db()
    message = ChatMessage.objects.get()
    assert (card.state, message.kind, message.state) == ("issued", "employed", "open")
    assert heard(service) == ["Terima kasih. Petugas kami membaca pesan ini dan menjawab pada jam kerja."]


def test_stranger_moves_nothing(service):
    placement = make_placement(started_on=today() - timedelta(days=95))
    writes("628555", "SUDAH KERJA")
    message = ChatMessage.objects.get()
    assert (placement.follow_ups.get(months=3).answer, message.job_seeker, message.state) == ("", None, "open")


def test_nik_in_a_message_is_never_kept(service):
    writes("628129990001", "NIK saya 1872 0117 0498 0001, tolong dicek")
    message = ChatMessage.objects.get()
    assert message.text == "NIK saya ••••, tolong dicek"
    with pytest.raises(IntegrityError, match="chat_message_without_nik"), transaction.atomic():
        ChatMessage.objects.update(text="1872011704980001")
    with pytest.raises(IntegrityError, match="chat_message_without_nik"), transaction.atomic():
        message.settle(make_user("canvasser"), answer="1872-0117-0498-0001", way=ChatMessage.Way.BY_HAND)


def test_words_nobody_understands_go_to_a_person_and_are_thanked_for_once(service):
    chat = make_chat()
    for text in ("Saya ganti nomor", "Tolong dicatat ya", ""):
        writes(chat, text)
    assert list(ChatMessage.objects.open().values_list("job_seeker", flat=True)) == [chat.job_seeker_id] * 3
    assert len(heard(service)) == 1


def test_flood_from_one_chat_is_dropped(service, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"chat_message": (2, 3600)}
    assert [writes("628666", f"pesan {number}").status_code for number in range(4)] == [200] * 4
    assert ChatMessage.objects.count() == 2


def test_blocking_the_bot_stops_the_chat(service):
    chat = make_chat("telegram_msg")
    member = {"chat": {"id": int(chat.address)}, "new_chat_member": {"status": "kicked"}}
    post_telegram({"update_id": 9, "my_chat_member": member})
    chat.refresh_from_db()
    assert chat.state == "stopped"


# --- The inbox ------------------------------------------------------------------------------------


def answer_it(client, message, **data):
    return client.post(reverse("inbox_message", args=[message.pk]), {"answer": "Masih ada.", "way": "chat"} | data)


def test_officer_answers_in_the_chat(service, people, client_for):
    chat = make_chat()
    message = make_message(job_seeker=chat.job_seeker, address=chat.address)
    assert answer_it(client_for(people["canvasser"]), message).url == reverse("inbox")
    message.refresh_from_db()
    assert (message.state, message.taken_by, message.way) == ("answered", people["canvasser"], "chat")
    assert heard(service) == ["Masih ada."]
    assert (service.requests[0].json["to"], service.requests[0].json["type"]) == (chat.address, "text")
    assert list(DataAccess.objects.values_list("subject", "reason")) == [(chat.job_seeker.key, "menjawab pesan")]


def test_after_a_day_whatsapp_takes_no_answer(service, people, client_for):
    message = make_message(received_at=timezone.now() - timedelta(hours=25))
    client = client_for(people["canvasser"])
    page = client.get(reverse("inbox_message", args=[message.pk])).content.decode()
    assert ("Lewat 24 jam" in page, 'value="chat"' in page) == (True, False)
    assert answer_it(client, message).status_code == 400
    assert answer_it(client, message, way="hand").status_code == 302
    message.refresh_from_db()
    assert (message.state, message.way, heard(service)) == ("answered", "hand", [])


def test_telegram_takes_answers_for_good(service, people, client_for):
    message = make_message(channel="telegram_msg", address="77", received_at=timezone.now() - timedelta(days=9))
    assert answer_it(client_for(people["canvasser"]), message).status_code == 302
    assert heard(service) == ["Masih ada."]


def test_second_answer_is_refused(service, people, client_for):
    message = make_message()
    client = client_for(people["canvasser"])
    answer_it(client, message)
    answer_it(client, message, answer="Sudah tidak.")
    message.refresh_from_db()
    assert (message.answer, heard(service)) == ("Masih ada.", ["Masih ada."])


@pytest.mark.parametrize("text", ["", "NIK Anda 1872011704980001 benar?", "1872 0117 0498 0001"])
def test_empty_answer_and_nik_stay_in_the_form(service, people, client_for, text):
    message = make_message()
    page = answer_it(client_for(people["canvasser"]), message, answer=text)
    assert (page.status_code, text in page.content.decode(), Delivery.objects.count()) == (400, True, 0)


def test_one_officer_takes_a_message(people, client_for):
    message = make_message()
    for name in ("canvasser", "other_canvasser"):
        client_for(people[name]).post(reverse("inbox_take", args=[message.pk]))
    message.refresh_from_db()
    assert message.taken_by == people["canvasser"]


def test_reading_is_written_into_the_access_log(people, client_for):
    person = make_job_seeker()
    message = make_message(job_seeker=person)
    client_for(people["manager"]).get(reverse("inbox_message", args=[message.pk]))
    assert list(DataAccess.objects.values_list("subject", "actor", "reason")) == [
        (person.key, people["manager"].pk, "membaca pesan")
    ]


def test_number_of_a_stranger_is_shown_by_its_end(people, client_for):
    make_message(address="628120001234")
    page = client_for(people["canvasser"]).get(reverse("inbox")).content.decode()
    assert ("…1234" in page, "628120001234" in page) == (True, False)


def test_list_shows_open_or_answered(people, client_for):
    make_message(text="Belum dijawab")
    done = {"state": "answered", "answer": "Ya", "way": "hand", "taken_by": people["canvasser"]}
    make_message(text="Sudah dijawab", answered_at=timezone.now(), **done)
    make_message(text="Urusan sistem", state="done", kind="stop")
    client = client_for(people["canvasser"])
    pages = [client.get(reverse("inbox"), query).content.decode() for query in ({}, {"selesai": "1"})]
    found = [[text in page for text in ("Belum dijawab<", "Sudah dijawab<", "Urusan sistem")] for page in pages]
    assert found == [[True, False, False], [False, True, False]]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_the_same_for_any_number(people, client_for, rows, django_assert_num_queries):
    for _number in range(rows):
        make_message(job_seeker=make_job_seeker(), taken_by=people["canvasser"])
    client = client_for(people["canvasser"])
    client.get(reverse("inbox"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("inbox"))


LIST_QUERIES = 10


# --- Rights ---------------------------------------------------------------------------------------


def test_erasure_takes_chats_and_messages(service):
    chat = make_chat()
    writes(chat, "Saya pindah rumah")
    erasure.erase(chat.job_seeker, by=None)
    assert (ChatSubscription.objects.count(), ChatMessage.objects.count()) == (0, 0)


def test_merging_moves_chats_and_messages(people):
    kept, removed = make_job_seeker(), make_job_seeker()
    chat, message = make_chat(job_seeker=removed), make_message(job_seeker=removed)
    merging.merge(kept, removed, by=people["canvasser"])
    chat.refresh_from_db()
    message.refresh_from_db()
    assert (chat.job_seeker, message.job_seeker) == (kept, kept)


def test_messages_are_kept_for_half_a_year():
    make_message(received_at=timezone.now() - timedelta(days=181))
    young = make_message(received_at=timezone.now() - timedelta(days=179))
    retention.sweep()
    assert list(ChatMessage.objects.all()) == [young]


def test_answer_leaves_no_words_in_the_ledger(service):
    writes(make_chat(), "STOP")
    work()
    row = Delivery.objects.get()
    assert (row.state, row.message) == ("sent", None)
    assert becomes(row.pk, "delivered").status_code == 200
