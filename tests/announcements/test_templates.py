"""The words around the facts: what an office may write, which version made which piece, trying before anybody reads."""

import io
from email import message_from_bytes, policy

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from docx import Document
from pypdf import PdfReader

from announcements import piece_templates, services
from announcements.models import AnnouncedVacancy, Announcement, Delivery, Issue, PieceTemplate, ShortLink
from tests.announcements.conftest import work
from tests.announcements.test_pages import text_of
from tests.announcements.test_pieces import TEXTS, facts
from tests.factories import make_draft, make_subscription, make_vacancy

pytestmark = pytest.mark.django_db

LIST = "/petugas/pengumuman/templat/"
MAIL = f"{LIST}email/id/"
MADE = (Announcement, Issue, ShortLink, AnnouncedVacancy, PieceTemplate)


@pytest.fixture
def publisher(people, client_for):
    return client_for(people["publisher"])


def typed(channel="email", language="id", **changes):
    return piece_templates.defaults(channel, language) | {"seen": 0} | changes


def save(by, channel, language="id", **changes):
    """The next version, as the publisher would save it."""
    texts = piece_templates.defaults(channel, language) | changes
    seen = PieceTemplate.objects.of(channel, language).count()
    return piece_templates.save(channel, language, texts, by=by, seen=seen)


def counts():
    return [model.objects.count() for model in MADE]


# --- What is said ---------------------------------------------------------------------------------


def test_version_0_says_what_the_code_says(announced):
    announcement = announced()
    assert [issue.wording for issue in announcement.issues.all()] == [{}] * announcement.issues.count()


def test_a_piece_says_the_newest_words_and_remembers_which(people, announced):
    save(people["publisher"], "whatsapp", opening_one="Dicari: {title}", closing="Tanya {office}\n{phone}")
    text = announced(make_vacancy(title="Kasir")).issues.get(channel="whatsapp")
    assert text.text.startswith("*Dicari: Kasir*")
    assert text.text.endswith("Gratis, tidak dipungut biaya.\nTanya Disnakertrans Kota Metro\n0812-0000-0110")
    assert text.wording == {"id": 1}


def test_what_is_out_stays_and_the_next_version_of_it_says_the_new_words(people, announced):
    announcement = announced()
    before = announcement.issues.get(channel="telegram")
    save(people["publisher"], "telegram", closing="{phone} saja")
    after = services.make_piece(announcement, "telegram", by=people["publisher"])
    before.refresh_from_db()
    assert (before.wording, "saja" in before.text) == ({}, False)
    assert (after.wording, after.text.endswith("0812-0000-0110 saja")) == ({"id": 1}, True)


def test_mail_that_waits_keeps_the_words_of_its_version_in_each_language(people, announced, sink):
    make_subscription(email="siti@contoh.test")
    make_subscription(email="john@contoh.test", language="en")
    save(people["publisher"], "email", subject_one="Kabar kerja: {title}", opening="Halo dari {office}.")
    save(people["publisher"], "email", "en", opening="Hello <b>there</b>.")
    announced(make_vacancy(title="Kasir"))
    save(people["publisher"], "email", subject_one="Lain sekali: {title}")
    work()
    mails = {mail.address: mail.message for mail in sink.mails}
    plain = {to: each.get_body(("plain",)).get_content() for to, each in mails.items()}
    assert mails["siti@contoh.test"]["Subject"] == "Kabar kerja: Kasir"
    assert mails["john@contoh.test"]["Subject"].startswith("New vacancy: Kasir, ")
    assert "Halo dari Disnakertrans Kota Metro." in plain["siti@contoh.test"]
    assert "Hello <b>there</b>." in plain["john@contoh.test"]
    assert "Hello &lt;b&gt;there&lt;/b&gt;." in mails["john@contoh.test"].get_body(("html",)).get_content()


def test_radio_and_instagram_say_their_own_words(people, announced):
    save(people["publisher"], "radio_60", opening="Halo, {office} di sini.", closing="Sampai jumpa.")
    save(people["publisher"], "instagram", hashtags="#KerjaDi{city}")
    issues = announced(make_vacancy(**facts(title="Kasir"))).issues
    script = issues.get(channel="radio_60").text.splitlines()
    assert script[0].startswith("Halo, ")
    assert script[-2:] == ["Sampai jumpa.", "Melamar kerja tidak dipungut biaya."]
    assert issues.get(channel="instagram").text.endswith("#KerjaDiMetro")


def test_poster_list_and_letter_print_their_words(people, publisher, announced):
    save(people["publisher"], "board", headline="Kabar kerja {city}", footer="Tanya {phone}, <b>gratis</b>")
    save(people["publisher"], "letter", opening="Kami sampaikan {count} lowongan.", points="pasang sampai {deadline};")
    announcement = announced(make_vacancy(**facts()))
    letter = services.make_piece(announcement, "letter", by=people["publisher"])
    board = announcement.issues.get(channel="board")

    def words(issue, name):
        pages = PdfReader(io.BytesIO(publisher.get(f"/petugas/keping/{issue.pk}/berkas/{name}").content)).pages
        return " ".join("".join(page.extract_text() for page in pages).replace("\u200b", "").split())

    poster = words(board, "poster-a4.pdf")
    assert ["Kabar kerja Metro" in poster, "Tanya 0812-0000-0110, <b>gratis</b>" in poster] == [True, True]
    assert "Tanya 0812-0000-0110" in words(board, "daftar-a4.pdf")
    assert "Kami sampaikan 1 (satu) lowongan." in words(letter, "surat.pdf")
    district = letter.receipts.first().district_id
    docx = publisher.get(f"/petugas/keping/{letter.pk}/berkas/surat-{district}.docx").content
    lines = [each.text for each in Document(io.BytesIO(docx)).paragraphs]
    assert "Kami sampaikan 1 (satu) lowongan." in lines
    assert any(line.startswith("1.\tpasang sampai ") for line in lines)


def test_back_to_the_default_is_a_version_of_its_own(people, publisher, announced):
    save(people["publisher"], "email", subject_one="Kabar: {title}")
    response = publisher.post(f"{MAIL}simpan/", typed(seen=1, subject_one="") | {"default": "1"})
    assert response["Location"] == MAIL
    newest = PieceTemplate.objects.of("email", "id").first()
    assert (newest.version, newest.is_default) == (2, True)
    mail = announced(make_vacancy(title="Kasir")).issues.get(channel="email")
    assert (mail.subject.startswith("Lowongan baru: Kasir, "), mail.wording) == (True, {"id": 2})


# --- Editing --------------------------------------------------------------------------------------


def test_saving_makes_the_next_version_in_the_persons_name(people, publisher):
    publisher.post(f"{MAIL}simpan/", typed(opening="Halo dari {office}."))
    made = PieceTemplate.objects.get()
    assert (made.version, made.created_by, made.texts["opening"]) == (1, people["publisher"], "Halo dari {office}.")
    page = text_of(publisher.get(MAIL))
    assert "versi 1" in page
    assert "Halo dari {office}." in page


@pytest.mark.parametrize(
    ("channel", "changes", "message"),
    [
        ("email", {"subject_one": "Lowongan {wat}, {title}"}, "{wat} tidak bisa dipakai di sini. Yang bisa: {title}"),
        ("email", {"subject_one": "Lowongan baru"}, "Tambahkan {title} (pekerjaannya)"),
        ("email", {"subject_many": "{title} {count}"}, "{title} tidak bisa dipakai di sini."),
        ("email", {"subject_one": "{title} {"}, "Kurung kurawal hanya untuk sisipan."),
        ("email", {"subject_one": "{title.x}"}, "Kurung kurawal hanya untuk sisipan."),
        ("email", {"subject_one": ""}, "Isi bagian ini, atau kembali ke bawaan."),
        ("email", {"subject_one": "{title}" + "x" * 120}, "Paling panjang 120 karakter; ini 127. Persingkat."),
        ("email", {"opening": "a\nb\nc\nd\ne"}, "Paling banyak 4 baris; ini 5. Gabungkan."),
        ("radio_30", {"opening": "Info 24 jam dari {office}."}, "Tulis angka dan tanda dengan kata"),
        ("radio_30", {"opening": "{office}" + " setia" * 18, "closing": "Salam" + " hangat" * 16}, "paling lama 30."),
        ("letter", {"points": "mengumumkan"}, "Tambahkan {deadline} (hari terakhir melamar)"),
    ],
)  # fmt: skip
def test_bad_words_get_a_message_and_are_not_lost(channel, changes, message, publisher):
    page = publisher.post(f"{LIST}{channel}/id/simpan/", typed(channel, **changes))
    assert page.status_code == 400
    (errors,) = page.context["form"].errors.values()
    assert message in str(errors[0])
    assert {name: page.context["form"][name].value() for name in changes} == changes
    assert PieceTemplate.objects.count() == 0


def test_two_people_who_edit_at_once_lose_nothing(people, publisher):
    save(people["manager"], "email", opening="Dari rekan.")
    page = publisher.post(f"{MAIL}simpan/", typed(opening="Dari saya."))
    assert page.status_code == 409
    assert "oleh orang lain atau di tab lain" in text_of(page)
    assert [(each.label, each.mine, each.stored) for each in page.context["conflicts"]] == [
        ("Pembuka", "Dari saya.", "Dari rekan.")
    ]
    assert page.context["form"]["opening"].value() == "Dari saya."
    assert publisher.post(f"{MAIL}simpan/", typed(opening="Dari saya.", seen=1)).status_code == 302
    assert [each.version for each in PieceTemplate.objects.of("email", "id")] == [2, 1]


@pytest.mark.parametrize("change", [lambda rows: rows.update(texts={}), lambda rows: rows.delete()])
def test_a_version_is_never_changed(change, people):
    save(people["publisher"], "email", opening="Halo.")
    with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
        change(PieceTemplate.objects.all())
    assert PieceTemplate.objects.get().texts["opening"] == "Halo."


def test_a_version_number_is_given_once(people):
    made = save(people["publisher"], "email")
    made.pk = None
    with pytest.raises(IntegrityError, match="piece_template_version_once"), transaction.atomic():
        made.save(force_insert=True)


def test_the_history_shows_word_by_word_what_changed(people, publisher):
    save(people["publisher"], "email", opening="Halo dari kantor kami.")
    save(people["publisher"], "email", opening="Salam dari kantor kami.")
    versions = publisher.get(MAIL).context["versions"]
    (change,) = versions[0]["changes"]
    assert (change.label, change.parts) == (
        "Pembuka",
        [("old", "Halo"), ("new", "Salam"), ("same", "dari kantor kami.")],
    )
    assert [(part, words) for part, words in versions[1]["changes"][0].parts] == [("new", "Halo dari kantor kami.")]


# --- Trying ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", [*TEXTS, "email", "push", "board", "letter"])
def test_the_example_of_every_channel_is_shown_and_kept_nowhere(channel, publisher):
    before = counts()
    page = publisher.get(f"{LIST}{channel}/id/")
    assert (page.status_code, page.context["form"].errors) == (200, {})
    assert [len(each.facts) for _number, each, _length in page.context["examples"]] == [1, 3]
    assert counts() == before


def test_what_is_typed_is_shown_before_it_is_saved(publisher):
    page = publisher.post(f"{MAIL}contoh/", typed(subject_one="Kabar: {title}"), headers={"HX-Request": "true"})
    assert "Kabar: Penjahit garmen" in text_of(page)
    assert "<html" not in page.content.decode()
    whole = publisher.post(f"{MAIL}contoh/", typed(subject_one="Kabar: {title}"))
    assert "Kabar: Penjahit garmen" in text_of(whole)
    assert PieceTemplate.objects.count() == 0


def test_the_example_mail_says_the_typed_words_in_its_frame(publisher):
    page = publisher.get(f"{LIST}email/en/surat/3/", typed("email", "en", opening="Hello <i>you</i>"))
    assert "Hello &lt;i&gt;you&lt;/i&gt;" in page.content.decode()
    assert page.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert publisher.get(f"{LIST}email/en/surat/2/", typed("email", "en")).status_code == 404
    assert publisher.get(f"{LIST}email/en/surat/3/", {"opening": "{wat}"}).status_code == 404


@pytest.mark.parametrize(("channel", "name"), [("board", "poster-a4.pdf"), ("letter", "surat.pdf")])
def test_the_example_print_is_made_and_kept_nowhere(channel, name, publisher):
    before = counts()
    page = publisher.get(f"{LIST}{channel}/berkas/{name}", typed(channel))
    assert page.content[:5] == b"%PDF-"
    assert counts() == before
    assert publisher.get(f"{LIST}{channel}/berkas/lain.pdf", typed(channel)).status_code == 404


def sent():
    """(address, subject, text) of the mails that wait in the ledger."""
    rows = Delivery.objects.filter(message__isnull=False)
    mails = [(row.address, message_from_bytes(bytes(row.message), policy=policy.default)) for row in rows]
    return [(address, mail["Subject"], mail.get_body(("plain",)).get_content()) for address, mail in mails]


def test_a_template_is_sent_to_oneself_only(people, publisher):
    before = counts()
    page = publisher.post(f"{MAIL}contoh/", typed(opening="Halo, coba dulu.") | {"send": "1"})
    assert "Surat uji dikirim ke publisher@contoh.test saja." in text_of(page)
    ((address, subject, text),) = sent()
    assert (address, subject) == ("publisher@contoh.test", "[Uji] 3 lowongan baru cocok dengan pencarian Anda")
    assert "Halo, coba dulu." in text
    row = Delivery.objects.get()
    assert (row.announcement, row.priority) == (None, Delivery.Priority.CRITICAL)
    assert counts() == before


def test_a_draft_is_sent_to_oneself_only_and_tells_nobody(people, client_for):
    make_subscription("active", email="siti@contoh.test")
    vacancy = make_vacancy(title="Kasir")
    draft = make_draft(people["canvasser"], vacancy)
    client_for(people["canvasser"]).post(f"{draft.get_absolute_url()}uji/")
    ((address, subject, _text),) = sent()
    assert address == "canvasser@contoh.test"
    assert subject.startswith("[Uji] Lowongan baru: Kasir, ")
    assert counts() == [0] * len(MADE)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_test_mails_are_limited(people, publisher, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"test_mail": (2, 3600)}
    statuses = [publisher.post(f"{MAIL}contoh/", typed() | {"send": "1"}).status_code for _ in range(3)]
    draft = make_draft(people["publisher"])
    statuses.append(publisher.post(f"{draft.get_absolute_url()}uji/").status_code)
    assert statuses == [200, 200, 429, 429]
    assert publisher.post(f"{MAIL}contoh/", typed()).status_code == 200
    assert len(sent()) == 2


# --- Who and which --------------------------------------------------------------------------------


def test_the_list_names_what_each_channel_uses(people, publisher):
    save(people["publisher"], "whatsapp", closing="{phone}")
    text = text_of(publisher.get(LIST))
    assert "Teks WhatsApp Bahasa Indonesia versi 1" in text
    assert "Surat ke kecamatan Bahasa Indonesia bawaan" in text
    assert "Pesan Telegram" not in text  # not set up


@pytest.mark.parametrize("versions", [1, 3])
def test_the_list_asks_the_database_equally_often(versions, people, publisher, django_assert_num_queries):
    for _ in range(versions):
        save(people["publisher"], "email", opening="Halo.")
    publisher.get(LIST)
    with django_assert_num_queries(9):
        publisher.get(LIST)


def test_the_head_reads_and_does_not_write(people, client_for):
    client = client_for(people["manager"])
    assert 'name="opening"' not in client.get(MAIL).content.decode()
    assert client.post(f"{MAIL}simpan/", typed()).status_code == 403


@pytest.mark.parametrize("who", ["canvasser", "trainer", "bkk_officer", "job_seeker", "admin"])
def test_a_stranger_sees_no_template(who, people, client_for):
    client = client_for(people[who])
    steps = ["", "email/id/", "email/id/surat/1/", "board/berkas/poster-a4.pdf"]
    assert {client.get(LIST + step).status_code for step in steps} == {403}


@pytest.mark.parametrize("path", ["lain/id/", "letter/en/", "telegram_msg/id/", "web/id/"])
def test_what_has_no_template_is_not_found(path, publisher):
    assert publisher.get(LIST + path).status_code == 404
