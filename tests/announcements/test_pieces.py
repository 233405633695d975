"""The pieces by hand: what they say, what is frozen, how they are proved, when they are wrong."""

import io
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from docx import Document
from PIL import Image
from pypdf import PdfReader

from accounts.roles import Role
from announcements import outdated, services, spoken
from announcements.models import Issue, Letter, LetterReceipt, LinkDay, PieceFile, Posting, ShortLink
from announcements.models.announcements import ChannelKey
from jobseekers.models import AlertSubscription
from tests.factories import make_employer, make_user, make_vacancy, shown_a_minute_ago

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden"
TEXTS = ["whatsapp", "instagram", "telegram", "radio_30", "radio_60"]


@pytest.fixture
def publisher(people, client_for):
    return client_for(people["publisher"])


def facts(**changes):
    return {
        "title": "Operator produksi tepung tapioka",
        "valid_until": timezone.localdate() + timedelta(days=14),
        "wage_min": 2_700_000,
        "wage_max": 3_100_000,
        "wage_note": "ditambah uang makan",
        "working_hours": "3 giliran, 40 jam seminggu",
        "working_conditions": "Kontrak 12 bulan, BPJS sejak hari pertama",
        "openings_any": 12,
        "region_id": "18.72",
    } | changes


@pytest.fixture
def issued(announced):
    """The piece of one channel about one vacancy, or about the given ones."""

    def issue(channel, *vacancies):
        announcement = announced(*(vacancies or [make_vacancy(**facts())]))
        if channel == ChannelKey.LETTER:
            return services.make_piece(announcement, channel, by=announcement.approved_by)
        return announcement.issues.get(channel=channel)

    return issue


def post(client, issue, **changes):
    moment = timezone.localtime()
    data = {
        "place": "Kantor Kecamatan Metro Timur",
        "posted_at_0": moment.date().isoformat(),
        "posted_at_1": "00:00",
    } | changes
    return client.post(f"/petugas/keping/{issue.pk}/pasang/", data)


# --- What they say ----------------------------------------------------------------------------


@pytest.mark.parametrize("channel", TEXTS)
def test_text_is_the_kept_one(channel, announced):
    with time_machine.travel(datetime(2026, 11, 24, 3, tzinfo=timezone.get_fixed_timezone(0)), tick=False):
        vacancy = make_vacancy(**facts())
        type(vacancy.employer).objects.filter(pk=vacancy.employer_id).update(name="PT Tapioka Nusa Makmur")
        type(vacancy).objects.filter(pk=vacancy.pk).update(employer_name="PT Tapioka Nusa Makmur")
        text = announced(vacancy).issues.get(channel=channel).text
    text = re.sub(r"/s/\w+/", "/s/kode/", text) + "\n"
    assert text == (GOLDEN / f"{channel}.txt").read_text()


@pytest.mark.parametrize(("channel", "limit"), [("whatsapp", 700), ("instagram", 2200), ("telegram", 4096)])
@pytest.mark.parametrize("number", [1, 30])
def test_text_stays_within_its_place(channel, limit, number, issued):
    long = facts(working_conditions="Kontrak " * 37, working_hours="pagi " * 40)
    issue = issued(channel, *(make_vacancy(**long) for _ in range(number)))
    assert len(issue.text) <= limit
    link = ShortLink.objects.get(channel=channel)
    assert issue.text.count(link.url) == 1


@pytest.mark.parametrize(("channel", "limit"), [("radio_30", 30), ("radio_60", 60)])
@pytest.mark.parametrize("number", [1, 12])
def test_radio_script_fits_its_slot_and_says_no_figure(channel, limit, number, issued):
    employer = make_employer(name="CV Maju")  # a counted name grows longer with every test before this one
    fields = facts(title="Kasir", valid_until=timezone.localdate(), employer=employer)
    issue = issued(channel, *(make_vacancy(**fields) for _ in range(number)))
    assert spoken.seconds(issue.text) <= limit
    assert re.findall(r"[\d&/%]|http", issue.text) == []


def test_system_announcements_make_no_pieces_by_hand(db):
    vacancy = make_vacancy()
    type(vacancy).objects.update(published_at=timezone.now() - timedelta(minutes=5))
    (announcement,) = services.announce_unannounced()
    assert sorted(announcement.issues.values_list("channel", flat=True)) == ["email", "push", "web"]


# --- Prints -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "size", "pages"),
    [("poster-a4.pdf", (210, 297), 2), ("poster-a3.pdf", (297, 420), 2), ("daftar-a4.pdf", (210, 297), 1)],
)
def test_board_prints_are_frozen_at_the_first_look(name, size, pages, publisher, issued):
    issue = issued("board", make_vacancy(**facts()), make_vacancy(**facts(title="<b>#eval(1)</b>")))
    address = f"/petugas/keping/{issue.pk}/berkas/{name}"
    first = publisher.get(address)
    sheet = PdfReader(io.BytesIO(first.content))
    assert len(sheet.pages) == pages
    assert tuple(round(float(side) / 72 * 25.4) for side in sheet.pages[0].mediabox[2:]) == size
    text = "".join("".join(page.extract_text() for page in sheet.pages).replace("\u200b", "").split())
    assert "Rp2.700.000–Rp3.100.000" in text
    assert "<b>#eval(1)</b>" in text
    assert PieceFile.objects.get().name == name
    assert publisher.get(address).content == first.content


def test_letter_goes_to_every_kecamatan_with_a_table(publisher, issued):
    issue = issued("letter")
    sheet = PdfReader(io.BytesIO(publisher.get(f"/petugas/keping/{issue.pk}/berkas/surat.pdf").content))
    text = " ".join(" ".join(page.extract_text() for page in sheet.pages).split())
    assert len(sheet.pages) == 10
    assert [name in text for name in ("Camat Metro Pusat", "Camat Metro Selatan", "Tembusan")] == [True] * 3


def test_letter_as_docx_holds_the_same_facts(publisher, issued):
    issue = issued("letter")
    district = issue.receipts.first().district
    content = publisher.get(f"/petugas/keping/{issue.pk}/berkas/surat-{district.pk}.docx").content
    document = Document(io.BytesIO(content))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert f"Yth. Camat {district}" in text
    receipt = issue.receipts.get(district=district).link_path()
    assert (text.count(receipt), len(document.inline_shapes)) == (1, 1)  # in words and as a code
    assert "Operator produksi tepung tapioka" in document.tables[1].rows[1].cells[1].text


def test_unknown_file_is_not_found(publisher, issued):
    assert publisher.get(f"/petugas/keping/{issued('board').pk}/berkas/surat.pdf").status_code == 404


# --- Proof ------------------------------------------------------------------------------------


def test_posting_without_proof_is_recorded_as_not_proven(publisher, issued):
    issue = issued("board")
    assert post(publisher, issue).status_code == 302
    assert Posting.objects.get().is_proven is False
    page = publisher.get(issue.announcement.get_absolute_url()).content.decode()
    assert "0 dari 1 terbukti" in page


def test_photo_is_drawn_anew_and_shown(publisher, issued):
    issue = issued("board")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    picture.seek(0)
    picture.name = "papan.png"
    post(publisher, issue, picture=picture)
    posting = Posting.objects.get()
    shown = publisher.get(f"/petugas/pemasangan/{posting.pk}/foto/")
    assert (shown["Content-Type"], shown.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")


def test_posting_in_the_future_is_refused_and_keeps_what_was_typed(publisher, issued):
    issue = issued("radio_30")
    response = post(publisher, issue, place="Radio Contoh", posted_at_0="2090-01-01")
    assert response.status_code == 400
    assert "Waktu ini belum tiba" in response.content.decode()
    assert 'value="Radio Contoh"' in response.content.decode()
    assert not Posting.objects.exists()


def test_posting_sent_twice_is_recorded_once(publisher, issued):
    issue = issued("board")
    nonce = "7a0f5d0e-7a1b-4f77-9d0c-6d8a3b1c2d3e"
    for _ in range(2):
        assert post(publisher, issue, entry_id=nonce).status_code == 302
    assert Posting.objects.count() == 1


def test_posting_is_taken_down_once(publisher, people, issued):
    post(publisher, issued("board"))
    posting = Posting.objects.get()
    publisher.post(f"/petugas/pemasangan/{posting.pk}/turun/")
    posting.refresh_from_db()
    assert posting.ended_by == people["publisher"]
    assert posting.end(by=make_user(Role.MANAGER)) is False


def test_letter_is_registered_with_number_and_days(publisher, issued):
    issue = issued("letter")
    address = f"/petugas/keping/{issue.pk}/surat/"
    refused = publisher.post(address, {"number": "500.15/1/2026", "dated": "2026-11-24", "sent_on": "2026-11-23"})
    assert refused.status_code == 400
    publisher.post(address, {"number": "500.15/1/2026", "dated": "2026-11-23", "sent_on": "2026-11-24"})
    letter = Letter.objects.get()
    assert (letter.number, letter.dated, letter.sent_on) == ("500.15/1/2026", date(2026, 11, 23), date(2026, 11, 24))


def test_kecamatan_confirms_by_its_link_and_looking_changes_nothing(client, issued):
    receipt = issued("letter").receipts.first()
    address = receipt.link_path()
    assert client.get(address).status_code == 200
    assert LetterReceipt.objects.filter(received_at__isnull=False).count() == 0
    assert client.post(address, {"name": ""}).status_code == 400
    client.post(address, {"name": "Ani, pelayanan"})
    client.post(address, {"name": "Orang lain"})
    receipt.refresh_from_db()
    assert (receipt.received_by, receipt.noted_by) == ("Ani, pelayanan", None)


def test_forged_receipt_link_is_not_found(client, issued):
    receipt = issued("letter").receipts.first()
    assert client.get(receipt.link_path()[:-2] + "x/").status_code == 404


def test_staff_note_a_receipt_that_came_on_paper(publisher, people, issued):
    receipt = issued("letter").receipts.first()
    publisher.post(f"/petugas/tanda-terima/{receipt.pk}/", {"name": "Pak Budi"})
    receipt.refresh_from_db()
    assert (receipt.received_by, receipt.noted_by) == ("Pak Budi", people["publisher"])


# --- Outdated pieces --------------------------------------------------------------------------


def correct(client, vacancy, **changes):
    data = {
        "wage_min": "2800000",
        "wage_max": "3100000",
        "valid_until": vacancy.valid_until.isoformat(),
        "working_hours": vacancy.working_hours,
        "working_conditions": vacancy.working_conditions,
        "wage_note": vacancy.wage_note,
        "apply_to": vacancy.apply_to,
        "version": vacancy.version,
        "reason": "Bu Lina menelepon",
    } | changes
    return client.post(f"/petugas/lowongan/{vacancy.pk}/perbaiki/", data)


def test_changed_wage_lists_every_standing_piece_until_it_is_taken_down(publisher, people, issued):
    vacancy = make_vacancy(**facts())
    board = issued("board", vacancy)
    radio = board.announcement.issues.get(channel="radio_60")
    post(publisher, board)
    post(publisher, radio, place="Radio Contoh")
    assert outdated.standing_outdated(people["publisher"]) == []
    assert correct(publisher, vacancy)["Location"] == "/petugas/penarikan/"
    listed = outdated.standing_outdated(people["publisher"])
    assert sorted(row.posting.place for row in listed) == ["Kantor Kecamatan Metro Timur", "Radio Contoh"]
    change = listed[0].changes[0]
    assert (change.label, change.old, change.new) == (
        "Upah",
        "Rp2.700.000–Rp3.100.000 per bulan",
        "Rp2.800.000–Rp3.100.000 per bulan",
    )
    publisher.post(f"/petugas/pemasangan/{listed[0].posting.pk}/turun/", {"back": "list"})
    assert len(outdated.standing_outdated(people["publisher"])) == 1


@pytest.mark.parametrize(("step", "said"), [("fill", "Terisi"), ("withdraw", "Ditarik")])
def test_ended_vacancy_lists_its_pieces(step, said, publisher, people, issued):
    vacancy = make_vacancy(**facts())
    post(publisher, issued("whatsapp", vacancy))
    if step == "fill":
        vacancy.fill(by=people["publisher"], answer="by_us")
    else:
        vacancy.withdraw(by=people["publisher"], reason="Perusahaan membatalkan")
    (row,) = outdated.standing_outdated(people["publisher"])
    assert [each.new for each in row.changes] == [said]


def test_letter_with_an_old_fact_is_listed_until_a_newer_one_is_registered(publisher, people, issued):
    vacancy = make_vacancy(**facts())
    letter = issued("letter", vacancy)
    registered = {"number": "500.15/1/2026", "dated": "2026-11-23", "sent_on": "2026-11-24"}
    publisher.post(f"/petugas/keping/{letter.pk}/surat/", registered)
    correct(publisher, vacancy)
    assert [row.place for row in outdated.standing_outdated(people["publisher"])] == ["500.15/1/2026"]
    publisher.post(f"/petugas/pengumuman/{letter.announcement_id}/keping/letter/")
    newer = Issue.objects.get(channel="letter", facts_version=2)
    publisher.post(f"/petugas/keping/{newer.pk}/surat/", registered | {"number": "500.15/2/2026"})
    assert outdated.standing_outdated(people["publisher"]) == []


def test_touch_without_a_changed_fact_lists_nothing(publisher, people, issued):
    vacancy = make_vacancy(**facts())
    post(publisher, issued("board", vacancy))
    type(vacancy).objects.update(updated_at=timezone.now(), contact="0812-0000-0009")
    assert outdated.standing_outdated(people["publisher"]) == []


def test_new_version_carries_the_new_fact_and_the_old_stays_as_it_was(publisher, issued):
    vacancy = make_vacancy(**facts())
    first = issued("whatsapp", vacancy)
    correct(publisher, vacancy)
    publisher.post(f"/petugas/pengumuman/{first.announcement_id}/keping/whatsapp/")
    second = Issue.objects.get(channel="whatsapp", facts_version=2)
    first.refresh_from_db()
    assert ("Rp2.700.000" in first.text, "Rp2.700.000" in second.text, "Rp2.800.000" in second.text) == (
        True, False, True,
    )  # fmt: skip


def test_correction_of_a_vacancy_that_changed_meanwhile_is_refused(publisher, issued):
    vacancy = make_vacancy(**facts())
    correct(publisher, vacancy)
    response = correct(publisher, vacancy, wage_min="2900000")
    assert response.status_code == 400
    assert "baru saja diubah orang lain" in response.content.decode()


# --- Reach ------------------------------------------------------------------------------------


def test_short_link_counts_by_day_and_leads_on(client, publisher, issued):
    issue = issued("whatsapp")
    link = ShortLink.objects.get(channel="whatsapp")
    for _ in range(3):
        assert client.get(link.get_absolute_url())["Location"] == issue.announcement.vacancies.get().get_absolute_url()
    client.head(link.get_absolute_url())
    assert LinkDay.objects.get().views == 3
    assert client.get("/s/tidakada/").status_code == 404


def test_sign_up_after_a_short_link_is_counted_for_its_channel_and_no_longer_than_half_an_hour(
    client, publisher, issued
):
    issue = issued("whatsapp")
    link = ShortLink.objects.get(channel="whatsapp")
    want = {"email": "siti@contoh.test", "frequency": "instant", "kabar": "lowongan"} | shown_a_minute_ago()
    client.post(reverse("alert_start"), want)  # came by no link
    client.get(link.get_absolute_url())
    client.post(reverse("alert_start"), want | {"email": "budi@contoh.test"})
    client.post(reverse("account_signup"), {"email": "ani@contoh.test", "name": "Ani"} | shown_a_minute_ago())
    client.post(reverse("alert_start"), want | {"email": "salah"})  # asked for nothing
    client.cookies["asal"] = f"{link.pk}:palsu"
    client.post(reverse("alert_start"), want | {"email": "palsu@contoh.test"})
    client.get(link.get_absolute_url())
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        client.post(reverse("alert_start"), want | {"email": "lama@contoh.test"} | shown_a_minute_ago())
    rows = {
        row.issue.channel: row.reach for row in publisher.get(issue.announcement.get_absolute_url()).context["rows"]
    }
    assert (AlertSubscription.objects.count(), rows["whatsapp"], rows["board"]) == (4, (2, 2), (0, 0))


@pytest.mark.parametrize("rows", [1, 3])
def test_outdated_list_asks_the_database_equally_often_for_any_length(
    rows, publisher, issued, django_assert_num_queries
):
    for _ in range(rows):
        vacancy = make_vacancy(**facts())
        post(publisher, issued("board", vacancy))
        correct(publisher, vacancy)
    publisher.get("/petugas/penarikan/")
    with django_assert_num_queries(12):
        publisher.get("/petugas/penarikan/")


def test_stranger_sees_no_piece(people, client_for, issued):
    issue = issued("board")
    stranger = client_for(people["canvasser"])
    assert stranger.get(f"/petugas/keping/{issue.pk}/").status_code == 404
