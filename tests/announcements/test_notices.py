"""Announcements of one class or of free news: composed, read, approved and told to those who want such things."""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document
from pypdf import PdfReader

from announcements import drafts, outdated, services, spoken, sweep
from announcements.models import Announcement, Delivery, Draft, Letter, Posting, ShortLink
from jobseekers.models import AlertSubscription
from tests.announcements.conftest import states, work
from tests.announcements.gateway_world import service
from tests.announcements.test_pages import text_of
from tests.factories import (
    make_chat,
    make_cohort,
    make_course,
    make_course_draft,
    make_device,
    make_enrolment,
    make_news_draft,
    make_subscription,
    make_vacancy,
    today,
)
from training.models import AdmissionRule, Cohort

__all__ = ["service"]
pytestmark = pytest.mark.django_db

NEW = "/petugas/pengumuman/konsep/baru/"
GOLDEN = Path(__file__).parent / "golden"
ALL_BY_HAND = ["whatsapp", "instagram", "telegram", "radio_30", "radio_60", "board", "letter"]
NEWS = {
    "title": "Bazar kerja 5 Desember di Lapangan Samber",
    "text": "Dua puluh perusahaan membuka meja dari pukul 08.00 sampai 15.00 WIB. Bawa KTP, ijazah, dan daftar "
    "riwayat hidup.\n\nYang belum punya kartu AK/I bisa membuatnya di tempat. Parkir tersedia di sisi utara.",
    "valid_until": date(2026, 12, 5),
}
THE_DAY = "2026-11-24T03:00:00Z"


@pytest.fixture
def author(people):
    return people["canvasser"]


@pytest.fixture
def publisher(people):
    return people["publisher"]


@pytest.fixture
def announce(author, publisher):
    """The way of a draft to its announcement, by two people."""

    def go(draft):
        drafts.submit(draft, by=author)
        drafts.approve(draft, by=publisher, read=drafts.reading(draft, drafts.facts_now(draft)), at_once=True)
        return draft.announcement

    return go


def the_class(**fields):
    course = make_course(
        title="Desain Grafis",
        summary="Membuat poster, kemasan, dan gambar media sosial, dari sketsa sampai siap cetak.",
        requirements="Membawa KTP dan ijazah asli saat pemeriksaan berkas.",
    )
    AdmissionRule.objects.create(course=course, kind="age_from", value=17)
    AdmissionRule.objects.create(course=course, kind="resident")
    days = {
        "begins_on": date(2027, 1, 11),
        "ends_on": date(2027, 2, 19),
        "intake_from": date(2026, 11, 20),
        "intake_until": date(2026, 12, 18),
    }
    return make_cohort(course=course, name="Angkatan III 2027", place="BLK Metro, Jl. Kunang No. 5", **days | fields)


@pytest.fixture
def kinds(author):
    """A draft of each of the two kinds, as it stands on THE_DAY."""
    return {
        "news": lambda **fields: make_news_draft(author, **NEWS | fields),
        "course": lambda **fields: make_course_draft(author, the_class(), **fields),
    }


BOTH = pytest.mark.parametrize("kind", ["news", "course"])


# --- Composing ----------------------------------------------------------------------------------


def test_the_page_asks_first_what_it_is_about(author, client_for):
    text = text_of(client_for(author).get(NEW))
    assert [word in text for word in ("Lowongan", "Pelatihan", "Kabar kantor")] == [True] * 3
    page = client_for(author).get(f"{NEW}?isi=news")
    assert list(page.context["form"].fields) == [
        "title", "text", "valid_until", "channels", "scheduled_for", "note", "entry_id", "version",
    ]  # fmt: skip


def test_a_canvasser_composes_news(author, client_for):
    data = {"title": "Kantor pindah", "text": "Mulai Senin di Jalan Baru.\n\nSampai jumpa.", "channels": ["board"]}
    page = client_for(author).post(f"{NEW}?isi=news", data)
    draft = Draft.objects.get()
    assert page.url == draft.get_absolute_url()
    assert (draft.content, draft.title, draft.valid_until, draft.created_by) == ("news", "Kantor pindah", None, author)
    assert "Kabar kantor" in text_of(client_for(author).get(page.url))


def test_a_canvasser_composes_a_class(author, client_for):
    cohort = make_cohort()
    client_for(author).post(f"{NEW}?isi=course", {"cohort": cohort.pk, "channels": ["whatsapp"]})
    draft = Draft.objects.get()
    assert (draft.content, draft.cohort, draft.title) == ("course", cohort, str(cohort))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "Isi judulnya."),
        ({"text": ""}, "Isi kabarnya."),
        ({"text": "a" * 1201}, "Terlalu panjang: paling banyak 1200 huruf, sekarang 1201."),
        ({"text": "a\n" * 11}, "Paling banyak 10 paragraf."),
        ({"text": "Panggilan untuk 1872 0101 0190 0001"}, "Ada angka 16 digit seperti NIK."),
        ({"title": "Panggilan untuk 1872 0101 0190 0001"}, "Ada angka 16 digit seperti NIK."),
        ({"valid_until": "2020-01-01"}, "Hari ini sudah lewat."),
        (
            {"valid_until": "2098-01-01", "scheduled_for_0": "2099-01-01", "scheduled_for_1": "09:00"},
            "Saat itu kabarnya sudah tidak berlaku.",
        ),
    ],
)
def test_bad_news_gets_a_message_and_loses_nothing(fields, message, author, client_for):
    data = {"title": "Kantor pindah", "text": "Mulai Senin.", "note": "Tolong segera"} | fields
    page = client_for(author).post(f"{NEW}?isi=news", data)
    assert page.status_code == 400
    assert message in text_of(page)
    assert "Tolong segera" in page.content.decode()
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "cancelled"},
        {"state": "draft"},
        {"intake_until": date(2020, 1, 2), "intake_from": date(2020, 1, 1)},
        {"announced_at": timezone.now()},
    ],
)
def test_a_class_that_takes_nobody_cannot_be_chosen(fields, author, client_for):
    cohort = make_cohort(**fields)
    page = client_for(author).post(f"{NEW}?isi=course", {"cohort": cohort.pk})
    assert (page.status_code, Draft.objects.count()) == (400, 0)
    assert "tidak menerima pendaftaran lagi" in text_of(page)


def test_a_class_without_selection_is_over_when_it_is_full(author):
    cohort = make_cohort(intake="first_come", capacity=1)
    draft = make_course_draft(author, cohort)
    assert len(drafts.facts_now(draft)) == 1
    fill(cohort)
    assert drafts.facts_now(draft) == []


def fill(cohort):
    make_enrolment("enrolled", cohort=cohort)


@pytest.mark.parametrize(
    "changes",
    [
        {"content": "news", "text": ""},
        {"content": "vacancies"},
        {"content": "course"},
        {"text": "NIK 1872010101900001"},
        {"title": "NIK 1872010101900001"},
        {"text": "a" * 1201},
        {"text": "a\n\n" * 10 + "a"},
        {"title": "a" * 71},
    ],
)
def test_the_database_holds_what_fits_to_the_kind(changes, author):
    draft = make_news_draft(author)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(**changes)


def test_the_longest_news_is_kept(author):
    draft = make_news_draft(author)
    assert Draft.objects.filter(pk=draft.pk).update(text="a b\n\n" * 10 + "\n", title="a" * 70) == 1


def test_an_announcement_holds_what_fits_to_its_kind(author, announce):
    announcement = announce(make_news_draft(author))
    title = {"title": "NIK 1872010101900001"}
    for changes in ({"text": ""}, {"cohort": make_cohort()}, {"kind": "course"}, {"kind": "vacancies"}, title):
        with pytest.raises(IntegrityError), transaction.atomic():
            Announcement.objects.filter(pk=announcement.pk).update(**changes)


@BOTH
def test_a_stranger_sees_no_draft(kind, people, client_for):
    make = {"news": make_news_draft, "course": make_course_draft}[kind]
    draft = make(people["canvasser"])
    assert client_for(people["other_canvasser"]).get(draft.get_absolute_url()).status_code == 404
    assert client_for(people["job_seeker"]).get(draft.get_absolute_url()).status_code == 403
    assert client_for(people["other_canvasser"]).post(f"{draft.get_absolute_url()}ajukan/").status_code == 404


# --- Preview and approval -----------------------------------------------------------------------


@BOTH
def test_what_goes_out_is_what_was_shown(kind, kinds, announce):
    with time_machine.travel(THE_DAY, tick=False):
        draft = kinds[kind](channels=ALL_BY_HAND)
        shown = {piece.issue.channel: piece.issue for piece in drafts.preview(draft, drafts.facts_now(draft))}
        announcement = announce(draft)
    assert list(shown) == ["web", "email", "push", *ALL_BY_HAND]
    for issue in announcement.issues.all():
        said = (issue.subject, re.sub(r"/s/\w+/", "", issue.text), issue.facts)
        other = shown[issue.channel]
        assert said == (other.subject, re.sub(r"/s/\w+/", "", other.text), other.facts)


@BOTH
def test_the_page_shows_every_piece_and_records_nothing(kind, kinds, author, client_for):
    make_subscription(wants_news=True, wants_courses=True)
    make_subscription()
    with time_machine.travel(THE_DAY):
        draft = kinds[kind](channels=ALL_BY_HAND)
        client = client_for(author)
        page = client.get(draft.get_absolute_url())
        mail = client.get(f"{draft.get_absolute_url()}surat/")
        prints = [
            client.get(f"{draft.get_absolute_url()}berkas/{name}").content[:5]
            for name in ("board/poster-a4.pdf", "board/poster-a3.pdf", "letter/surat.pdf")
        ]
        sheet = client.get(f"{draft.get_absolute_url()}berkas/board/daftar-a4.pdf")
    assert (page.context["number"], Announcement.objects.count(), ShortLink.objects.count()) == (1, 0, 0)
    assert prints == [b"%PDF-"] * 3
    assert sheet.status_code == 404
    assert {"news": "Bazar kerja", "course": "Desain Grafis"}[kind] in mail.content.decode()


def test_a_changed_class_must_be_read_again(author, publisher):
    cohort = make_cohort()
    draft = make_course_draft(author, cohort)
    drafts.submit(draft, by=author)
    read = drafts.reading(draft, drafts.facts_now(draft))
    Cohort.objects.filter(pk=cohort.pk).update(capacity=20)
    with pytest.raises(drafts.Refused, match="Isinya berubah"):
        drafts.approve(draft, by=publisher, read=read, at_once=True)


def test_a_scheduled_class_that_was_cancelled_is_not_announced(author, publisher):
    cohort = make_cohort()
    draft = make_course_draft(author, cohort, scheduled_for=timezone.now() + timedelta(hours=1))
    drafts.submit(draft, by=author)
    drafts.approve(draft, by=publisher, read=drafts.reading(draft, drafts.facts_now(draft)), at_once=False)
    cohort.move(Cohort.State.CANCELLED)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        Draft.objects.update(approved_at=timezone.now() - timedelta(days=1), scheduled_for=timezone.now())
    Draft.objects.update(approved_at=timezone.now() - timedelta(days=1), scheduled_for=timezone.now())
    assert drafts.start_due() == 1
    draft.refresh_from_db()
    assert (draft.state, Announcement.objects.count()) == ("empty", 0)


def test_a_class_may_be_told_of_twice(author, announce, client_for):
    cohort = make_cohort()
    announce(make_course_draft(author, cohort))
    assert "sudah diumumkan" in text_of(client_for(author).get(f"{NEW}?isi=course"))
    announce(make_course_draft(author, cohort))
    assert Announcement.objects.filter(cohort=cohort).count() == 2


def test_the_author_sees_the_campaign_and_another_canvasser_does_not(people, announce, client_for):
    announcement = announce(make_news_draft(people["canvasser"], channels=ALL_BY_HAND))
    assert client_for(people["canvasser"]).get(announcement.get_absolute_url()).status_code == 200
    assert client_for(people["other_canvasser"]).get(announcement.get_absolute_url()).status_code == 404
    text = text_of(client_for(people["publisher"]).get("/petugas/pengumuman/"))
    assert "Kabar kantor" in text


# --- Who is told --------------------------------------------------------------------------------


def test_who_wants_such_things_is_told_at_once_whatever_the_frequency(author, announce, sink):
    make_subscription(email="semua@contoh.test", wants_news=True, wants_courses=True, words="tidak cocok")
    make_subscription(email="kabar@contoh.test", wants_vacancies=False, wants_news=True, frequency="daily")
    make_subscription(email="kelas@contoh.test", wants_courses=True, frequency="daily")
    make_subscription(email="lowongan@contoh.test")
    make_subscription("stopped", email="henti@contoh.test", wants_news=True)
    news, course = announce(make_news_draft(author)), announce(make_course_draft(author))
    work()
    assert states(news) == {"semua@contoh.test": "sent", "kabar@contoh.test": "sent"}
    assert states(course) == {"semua@contoh.test": "sent", "kelas@contoh.test": "sent"}


def test_who_wants_no_vacancies_gets_none(announced, sink):
    make_subscription(email="kabar@contoh.test", wants_vacancies=False, wants_news=True)
    make_subscription(email="lowongan@contoh.test")
    announcement = announced(make_vacancy())
    work()
    assert states(announcement) == {"lowongan@contoh.test": "sent"}


def test_two_searches_of_one_address_get_one_mail(author, announce, sink):
    for words in ("kasir", "sopir"):
        make_subscription(email="siti@contoh.test", words=words, wants_news=True)
    announcement = announce(make_news_draft(author))
    work()
    assert Delivery.objects.filter(announcement=announcement).count() == 1


@pytest.mark.parametrize("change", [{"wants_news": False}, {"state": "stopped", "stopped_at": timezone.now()}])
def test_a_preference_changed_before_the_mail_leaves_is_heard(change, author, announce, sink):
    make_subscription(email="siti@contoh.test", wants_news=True)
    announcement = announce(make_news_draft(author))
    sweep.expand_all()
    AlertSubscription.objects.update(**change)
    work()
    delivery = Delivery.objects.get(announcement=announcement)
    assert (delivery.state, delivery.last_class, len(sink.mails)) == ("suppressed", "unsubscribed", 0)


def test_vacancies_refused_before_the_mail_leaves_are_heard(announced, sink):
    make_subscription(email="siti@contoh.test", wants_news=True)
    announcement = announced(make_vacancy())
    sweep.expand_all()
    AlertSubscription.objects.update(wants_vacancies=False)
    work()
    assert states(announcement) == {"siti@contoh.test": "suppressed"}


@pytest.mark.parametrize("how", ["cancelled", "closed", "full"])
def test_a_class_that_takes_nobody_any_more_is_withdrawn(how, author, announce, sink):
    make_subscription(email="siti@contoh.test", wants_courses=True)
    cohort = make_cohort(intake="first_come", capacity=1)
    announcement = announce(make_course_draft(author, cohort))
    sweep.expand_all()
    if how == "cancelled":
        cohort.move(Cohort.State.CANCELLED)
    elif how == "closed":
        Cohort.objects.update(intake_from=today() - timedelta(days=3), intake_until=today() - timedelta(days=1))
    else:
        fill(cohort)
    work()
    delivery = Delivery.objects.get(announcement=announcement)
    assert (delivery.state, delivery.last_class) == ("cancelled", "withdrawn")


def test_news_that_is_over_before_it_leaves_is_not_sent(author, announce, sink):
    make_subscription(email="siti@contoh.test", wants_news=True)
    announcement = announce(make_news_draft(author, valid_until=today()))
    sweep.expand_all()
    Announcement.objects.filter(pk=announcement.pk).update(valid_until=today() - timedelta(days=1))
    work()
    assert states(announcement) == {"siti@contoh.test": "cancelled"}


def test_a_class_changed_while_mail_waits_goes_out_as_it_is_now(author, announce, sink):
    make_subscription(email="siti@contoh.test", wants_courses=True)
    cohort = make_cohort(place="Gedung Lama")
    announce(make_course_draft(author, cohort))
    sweep.expand_all()
    Cohort.objects.update(place="Gedung Baru")
    assert services.renew_waiting() == 2  # the mail and the notice on devices
    assert services.renew_waiting() == 0
    work()
    text = sink.mails[0].part("plain")
    assert ("Gedung Baru" in text, "Gedung Lama" in text, len(sink.mails)) == (True, False, 1)


def test_many_recipients_wait_for_the_head_of_office(author, announce, settings, sink):
    settings.RECIPIENTS_WITHOUT_RELEASE = 1
    for _number in range(2):
        make_subscription(wants_news=True)
    assert announce(make_news_draft(author)).state == "held"
    assert announce(make_course_draft(author)).state == "running"


# --- What the pieces say ------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("channel", ["email", "whatsapp", "instagram", "telegram", "radio_30", "radio_60"])
def test_text_is_the_kept_one(kind, channel, kinds, announce):
    with time_machine.travel(THE_DAY, tick=False):
        text = announce(kinds[kind](channels=ALL_BY_HAND)).issues.get(channel=channel).text
    text = re.sub(r"/(kabar|pelatihan)/\d+/", r"/\1/1/", re.sub(r"/s/\w+/", "/s/kode/", text)).rstrip() + "\n"
    assert text == (GOLDEN / f"{kind}_{channel}.txt").read_text()


@pytest.mark.parametrize(("channel", "limit"), [("whatsapp", 700), ("instagram", 2200), ("telegram", 4096)])
@pytest.mark.parametrize("text", ["Kantor pindah ke sana. " * 52, "x" * 1200, "Satu kalimat tanpa titik " * 48])
def test_text_stays_within_its_place(channel, limit, text, author, announce):
    issue = announce(make_news_draft(author, text=text.strip(), channels=[channel])).issues.get(channel=channel)
    assert len(issue.text) <= limit
    assert issue.text.count(ShortLink.objects.get(channel=channel).url) == 1


@BOTH
@pytest.mark.parametrize(("channel", "limit"), [("radio_30", 30), ("radio_60", 60)])
def test_radio_script_fits_its_slot_and_says_no_figure(kind, channel, limit, kinds, announce):
    with time_machine.travel(THE_DAY, tick=False):
        text = announce(kinds[kind](channels=[channel])).issues.get(channel=channel).text
    assert spoken.seconds(text) <= limit
    assert re.findall(r"[\d&/%]|http", text) == []


def test_english_readers_get_english_words_around_the_news(author, announce, sink):
    make_subscription(email="siti@contoh.test", language="en", wants_news=True)
    announce(make_news_draft(author, text="Kantor buka lebih lama.", valid_until=today()))
    work()
    text = sink.mails[0].part("plain")
    assert [words in text for words in ("Office news", "Kantor buka lebih lama.", "Valid until")] == [True] * 3


@BOTH
def test_a_device_and_a_chat_are_told(kind, author, announce, service, sink):
    make_device(service, wants_vacancies=False, wants_news=kind == "news", wants_courses=kind == "course")
    make_chat(wants_news=True, wants_courses=True)
    announcement = announce({"news": make_news_draft, "course": make_course_draft}[kind](author))
    work()
    told = Delivery.objects.filter(announcement=announcement).values_list("channel", "state")
    assert sorted(told) == [("push", "sent"), ("whatsapp_msg", "sent")]


# --- Prints -------------------------------------------------------------------------------------


@BOTH
def test_prints_hold_the_facts(kind, kinds, announce, publisher, client_for):
    with time_machine.travel(THE_DAY):
        announcement = announce(kinds[kind](channels=["board", "letter"]))
        client = client_for(publisher)
        board, letter = (announcement.issues.get(channel=channel) for channel in ("board", "letter"))
        poster = client.get(f"/petugas/keping/{board.pk}/berkas/poster-a4.pdf").content
        letters = client.get(f"/petugas/keping/{letter.pk}/berkas/surat.pdf").content
        district = letter.receipts.first().district_id
        docx = client.get(f"/petugas/keping/{letter.pk}/berkas/surat-{district}.docx").content
    pages = [PdfReader(io.BytesIO(content)).pages for content in (poster, letters)]
    assert [len(found) for found in pages] == [1, 10]
    texts = ["".join("".join(page.extract_text() for page in found).split()).replace("\u200b", "") for found in pages]
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    texts.append("".join("".join([*(each.text for each in document.paragraphs), *cells]).split()))
    known = {"news": ("Duapuluhperusahaan", "5Desember2026"), "course": ("11Januari2027", "18Desember2026")}[kind]
    assert [[word in text for word in known] for text in texts] == [[True, True]] * 3


def test_the_letter_prints_the_last_day_bold_in_its_body(announce, kinds, publisher, client_for):
    with time_machine.travel(THE_DAY):
        issue = announce(kinds["course"](channels=["letter"])).issues.get(channel="letter")
        letters = client_for(publisher).get(f"/petugas/keping/{issue.pk}/berkas/surat.pdf").content
    bold: list[str] = []

    def note(text, _matrix, _line, font, _size):
        if font and "bold" in font["/BaseFont"].lower():
            bold.append(text)

    PdfReader(io.BytesIO(letters)).pages[0].extract_text(visitor_text=note)
    assert "18 Desember 2026" in " ".join("".join(bold).split())


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("course", {}, "Pelatihan Angkatan Mulai Daftar paling lambat Desain Grafis Angkatan III 2027 "
                       "11 Januari 2027 18 Desember 2026"),
        ("news", {}, "Kabar Berlaku sampai Bazar kerja 5 Desember di Lapangan Samber 5 Desember 2026"),
        ("news", {"valid_until": None}, "Kabar Berlaku sampai Bazar kerja 5 Desember di Lapangan Samber —"),
    ],
)  # fmt: skip
def test_the_report_names_the_class_or_the_news(kind, fields, said, kinds, announce, publisher, client_for):
    with time_machine.travel(THE_DAY):
        announcement = announce(kinds[kind](channels=["board"], **fields))
        report = client_for(publisher).get(reverse("announcement_report", args=[announcement.pk])).content
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(report)).pages).replace("\u200b", "")
    assert f"Yang diumumkan (1) {said}" in " ".join(text.split())


@pytest.mark.parametrize("title", ["Judul yang panjang sekali " * 2, "Pendek", "Panjang " * 8])
def test_the_longest_news_stays_on_one_poster(title, author, announce, publisher, client_for):
    text = "\n".join(["Kantor kami pindah ke gedung baru di jalan yang lama sekali. " * 2] * 10)[:1200]
    draft = make_news_draft(author, title=title, text=text, channels=["board"], valid_until=today())
    issue = announce(draft).issues.get(channel="board")
    for name in ("poster-a4.pdf", "poster-a3.pdf"):
        content = client_for(publisher).get(f"/petugas/keping/{issue.pk}/berkas/{name}").content
        assert len(PdfReader(io.BytesIO(content)).pages) == 1


# --- Public pages -------------------------------------------------------------------------------


def test_news_has_its_public_page_and_its_short_links_lead_there(author, announce, client):
    announcement = announce(make_news_draft(author, channels=["whatsapp"], **NEWS | {"valid_until": None}))
    link = ShortLink.objects.get(channel="whatsapp")
    assert client.get(link.get_absolute_url()).url == announcement.public_path
    page = client.get(announcement.public_path)
    assert "Parkir tersedia di sisi utara." in text_of(page)
    assert announcement.title in text_of(client.get("/kabar/"))
    assert client.get(f"/kabar/{announcement.draft.pk}/lain/").url == announcement.public_path


def test_a_class_leads_to_its_page(author, announce, client):
    cohort = make_cohort()
    announce(make_course_draft(author, cohort, channels=["whatsapp"]))
    assert client.get(ShortLink.objects.get().get_absolute_url()).url == cohort.get_absolute_url()


def test_news_that_is_over_leaves_the_list_and_keeps_its_page(author, announce, client):
    announcement = announce(make_news_draft(author, valid_until=today()))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert announcement.title not in text_of(client.get("/kabar/"))
        assert "lewat masa berlakunya" in text_of(client.get(announcement.public_path))


@pytest.mark.parametrize(("kind", "ends"), [("news", "cancelled"), ("course", "done")])
def test_news_can_be_called_back_when_its_last_mail_has_left(kind, ends, kinds, announce, publisher, client_for):
    with time_machine.travel(THE_DAY):
        announcement = announce(kinds[kind]())
        sweep.sweep()
        client = client_for(publisher)
        page = text_of(client.get(announcement.get_absolute_url()))
        client.post(f"{announcement.get_absolute_url()}tarik/")
        announcement.refresh_from_db()
        assert (announcement.state, "Tarik pengumuman" in page) == (ends, kind == "news")
        assert client.get(announcement.public_path).status_code == {"news": 404, "course": 200}[kind]


@pytest.mark.parametrize(
    ("kind", "words"),
    [("news", "Halaman kabar ini hilang dari situs."), ("course", "Angkatannya sendiri tetap terbit.")],
)
def test_calling_back_says_what_becomes_of_the_page(kind, words, kinds, announce, publisher, client_for):
    with time_machine.travel(THE_DAY):
        announcement = announce(kinds[kind]())
        page = text_of(client_for(publisher).get(f"{announcement.get_absolute_url()}tarik/"))
    assert (words in page, "Lowongannya" in page) == (True, False)


def test_news_that_was_called_back_or_not_approved_is_nowhere(author, publisher, announce, client):
    draft = make_news_draft(author)
    assert client.get(reverse("news_detail", args=[draft.pk, "kabar"])).status_code == 404
    announcement = announce(draft)
    services.cancel(announcement, by=publisher)
    assert client.get(announcement.public_path).status_code == 404
    assert "Belum ada kabar" in text_of(client.get("/kabar/"))


def test_the_list_asks_the_same_number_of_questions_for_one_and_three(
    author, announce, client, django_assert_num_queries
):
    announce(make_news_draft(author))
    client.get("/kabar/")
    with django_assert_num_queries(1):
        client.get("/kabar/")
    for _number in range(2):
        announce(make_news_draft(author))
    with django_assert_num_queries(1):
        client.get("/kabar/")


# --- Outdated pieces ----------------------------------------------------------------------------


def hang(issue, by):
    return Posting.objects.create(issue=issue, place="Papan kantor", posted_at=timezone.now(), recorded_by=by)


def test_a_changed_class_lists_what_hangs_and_what_was_sent_to_the_kecamatan(author, publisher, announce):
    cohort = make_cohort(place="Gedung Lama")
    announcement = announce(make_course_draft(author, cohort, channels=["board", "letter"]))
    board, letter = (announcement.issues.get(channel=channel) for channel in ("board", "letter"))
    posting = hang(board, publisher)
    days = {"dated": today(), "sent_on": today()}
    Letter.objects.create(issue=letter, number="500.15/9/2026", recorded_by=publisher, **days)
    assert outdated.standing_outdated(publisher) == []
    Cohort.objects.update(place="Gedung Baru", begins_on=cohort.begins_on + timedelta(days=1))
    rows = outdated.standing_outdated(publisher)
    assert [row.place for row in rows] == ["Papan kantor", "500.15/9/2026"]
    changes = {(each.label, each.old, each.new) for each in rows[0].changes}
    assert ("tempat", "Gedung Lama", "Gedung Baru") in changes
    assert len(changes) == 2
    posting.end(by=publisher)
    services.make_piece(announcement, "letter", by=publisher)
    newer = announcement.issues.get(channel="letter", facts_version=2)
    Letter.objects.create(issue=newer, number="500.15/10/2026", recorded_by=publisher, **days)
    assert outdated.standing_outdated(publisher) == []


def test_a_cancelled_class_and_called_back_news_must_come_down(author, publisher, announce, client_for):
    cohort = make_cohort()
    course = announce(make_course_draft(author, cohort, channels=["board"]))
    news = announce(make_news_draft(author, channels=["board"]))
    for announcement in (course, news):
        hang(announcement.issues.get(channel="board"), publisher)
    cohort.move(Cohort.State.CANCELLED)
    services.cancel(news, by=publisher)
    rows = outdated.standing_outdated(publisher)
    assert [row.changes[0].new for row in rows] == ["Batal", "Ditarik"]
    assert "Batal" in text_of(client_for(publisher).get("/petugas/penarikan/"))
    assert services.make_piece(course, "board", by=publisher) is None
