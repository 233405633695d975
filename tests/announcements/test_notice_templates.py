"""The words around a class and around news, as those around vacancies: one set of templates a kind and channel."""

from email import message_from_bytes, policy

import pytest

from announcements import drafts, piece_templates
from announcements.models import AnnouncedVacancy, Announcement, Delivery, Issue, PieceTemplate, ShortLink
from announcements.models.announcements import ChannelKey
from tests.announcements.conftest import work
from tests.announcements.test_pages import text_of
from tests.factories import make_cohort, make_course, make_course_draft, make_news_draft, make_subscription

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/petugas/pengumuman/templat/"
KINDS = pytest.mark.parametrize("kind", ["course", "news"])
MADE = (Announcement, Issue, ShortLink, AnnouncedVacancy, PieceTemplate)


@pytest.fixture
def publisher(people, client_for):
    return client_for(people["publisher"])


@pytest.fixture
def announce(people):
    def go(kind, **fields):
        if kind == "course":
            cohort = make_cohort(course=make_course(title="Desain Grafis"), name="Angkatan 3")
            draft = make_course_draft(people["canvasser"], cohort, **fields)
        else:
            draft = make_news_draft(people["canvasser"], title="Bazar kerja", **fields)
        drafts.submit(draft, by=people["canvasser"])
        read = drafts.reading(draft, drafts.facts_now(draft))
        drafts.approve(draft, by=people["publisher"], read=read, at_once=True)
        return draft.announcement

    return go


def save(by, kind, channel, language="id", **changes):
    texts = piece_templates.defaults(channel, language, kind) | changes
    seen = PieceTemplate.objects.of(channel, language, kind).count()
    return piece_templates.save(channel, language, texts, by=by, seen=seen, kind=kind)


def typed(kind, channel="email", language="id", **changes):
    return piece_templates.defaults(channel, language, kind) | {"seen": 0} | changes


@KINDS
def test_the_mail_says_the_office_s_words_of_its_kind(kind, people, announce, sink):
    save(
        people["publisher"], kind, "email", subject="Dari kami: {title}", opening="Halo warga {city}.", closing="Salam."
    )
    save(people["publisher"], "vacancies", "email", opening="Bukan ini.")
    make_subscription(wants_courses=True, wants_news=True)
    announcement = announce(kind)
    work()
    (mail,) = sink.mails
    title = {"course": "Desain Grafis, Angkatan 3", "news": "Bazar kerja"}[kind]
    assert mail.message["Subject"] == f"Dari kami: {title}"
    for part in ("plain", "html"):
        assert [text in mail.part(part) for text in ("Halo warga Metro.", "Salam.", "Bukan ini.")] == [1, 1, 0]
    assert announcement.issues.get(channel="email").wording == {"id": 1}


@KINDS
def test_an_english_reader_reads_the_english_template(kind, people, announce, sink):
    save(people["publisher"], kind, "email", "en", subject="From us: {title}")
    make_subscription(wants_courses=True, wants_news=True, language="en")
    announce(kind)
    work()
    assert sink.mails[0].message["Subject"].startswith("From us: ")


@KINDS
def test_pieces_by_hand_say_them_too(kind, people, announce):
    by = people["publisher"]
    save(by, kind, "whatsapp", opening="Kabar baik: {title}", closing="Tanya {phone}")
    save(by, kind, "instagram", hashtags="#Metro")
    save(by, kind, "radio_30", opening="Halo, ini {office}.", closing="Terima kasih.")
    save(by, kind, "board", headline="Dari {city}", footer="Tanya {phone}")
    pieces = {
        each.channel: each
        for each in announce(kind, channels=["whatsapp", "instagram", "radio_30", "board"]).issues.all()
    }
    assert pieces["whatsapp"].text.startswith("*Kabar baik: ")
    assert pieces["whatsapp"].text.endswith("\nTanya 0812-0000-0110")
    assert pieces["instagram"].text.endswith("\n#Metro")
    lines = pieces["radio_30"].text.splitlines()
    assert (lines[0].startswith("Halo, ini "), lines[-2]) == (True, "Terima kasih.")
    assert pieces["board"].head["words"] == {"headline": "Dari Metro", "footer": "Tanya 0812-0000-0110"}


@KINDS
def test_version_0_is_noted_nowhere(kind, announce):
    announcement = announce(kind, channels=["whatsapp", "board", "letter"])
    assert {str(each.wording) for each in announcement.issues.all()} == {"{}"}


@KINDS
@pytest.mark.parametrize("channel", piece_templates.FIELDS["news"])
def test_every_template_opens_with_its_example_and_records_nothing(kind, channel, publisher):
    page = publisher.get(f"{LIST}{channel}/id/?jenis={kind}")
    if (
        channel in (ChannelKey.WHATSAPP_MESSAGE, ChannelKey.TELEGRAM_MESSAGE, ChannelKey.PUSH)
        and page.status_code == 404
    ):
        return  # a service that is not set up
    assert page.status_code == 200
    example = {"course": "Menjahit Dasar", "news": "Bazar kerja contoh"}[kind]
    if channel == "board":
        assert len(page.context["files"]) == 2
    else:
        assert example.lower() in text_of(page).lower()
    assert [model.objects.count() for model in MADE] == [0] * len(MADE)


@KINDS
def test_saving_makes_a_version_of_this_kind_only(kind, publisher):
    address = f"{LIST}whatsapp/id/simpan/?jenis={kind}"
    page = publisher.post(address, typed(kind, "whatsapp", closing="Tanya {phone}"))
    assert page["Location"] == f"{LIST}whatsapp/id/?jenis={kind}"
    assert [(each.kind, each.version) for each in PieceTemplate.objects.all()] == [(kind, 1)]
    page = publisher.get(page["Location"])
    assert "versi 1" in text_of(page)
    (row,) = page.context["versions"]
    assert [change.label for change in row["changes"]] == ["Penutup"]
    publisher.post(address, {"seen": 1, "default": "1"})
    assert piece_templates.texts_of(PieceTemplate.objects.of("whatsapp", "id", kind)[0], "whatsapp", "id", kind) == (
        piece_templates.defaults("whatsapp", "id", kind)
    )


@KINDS
@pytest.mark.parametrize("step", ["simpan", "contoh"])
def test_opening_the_address_of_a_step_leads_back_to_the_template(kind, step, publisher):
    page = publisher.get(f"{LIST}email/id/{step}/?jenis={kind}")
    assert (page.status_code, page["Location"]) == (302, f"{LIST}email/id/?jenis={kind}")


@KINDS
def test_two_who_save_one_see_both_texts(kind, people, publisher):
    save(people["manager"], kind, "email", opening="Dari rekan.")
    page = publisher.post(f"{LIST}email/id/simpan/?jenis={kind}", typed(kind, opening="Dari saya."))
    assert page.status_code == 409
    assert [(each.mine, each.stored) for each in page.context["conflicts"]] == [("Dari saya.", "Dari rekan.")]


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        ("news", {"opening": "Sampai {deadline}"}, "{deadline} tidak bisa dipakai di sini."),
        ("course", {"subject": "Pelatihan"}, "Tambahkan {title} (judulnya)"),
        ("course", {"subject": "{title} oleh {employer}"}, "{employer} tidak bisa dipakai di sini."),
    ],
)
def test_only_what_this_kind_knows_may_stand_in_it(kind, changes, message, publisher):
    page = publisher.post(f"{LIST}email/id/simpan/?jenis={kind}", typed(kind, **changes))
    assert page.status_code == 400
    assert message in text_of(page)


@KINDS
def test_a_test_mail_goes_to_the_person_only(kind, people, publisher):
    page = publisher.post(f"{LIST}email/id/contoh/?jenis={kind}", typed(kind, opening="Coba dulu.", send="1"))
    assert "Surat uji dikirim" in text_of(page)
    delivery = Delivery.objects.get()
    mail = message_from_bytes(bytes(delivery.message), policy=policy.default)
    assert (delivery.address, mail["Subject"].startswith("[Uji] ")) == (people["publisher"].email, True)
    assert "Coba dulu." in mail.get_body(("plain",)).get_content()
    assert Announcement.objects.count() == 0


@KINDS
def test_prints_and_the_example_mail_of_a_kind(kind, publisher):
    page = publisher.get(f"{LIST}board/berkas/poster-a4.pdf", typed(kind, "board") | {"jenis": kind})
    assert (page.status_code, page["Content-Type"]) == (200, "application/pdf")
    mail = publisher.get(f"{LIST}email/id/surat/1/", typed(kind, opening="Halo.") | {"jenis": kind})
    assert "Halo." in mail.content.decode()
    assert publisher.get(f"{LIST}email/id/surat/3/", typed(kind) | {"jenis": kind}).status_code == 404


@pytest.mark.parametrize("address", ["letter/id/?jenis=news", "email/id/?jenis=correction", "email/id/?jenis=x"])
def test_what_has_no_template_is_not_found(address, publisher):
    assert publisher.get(LIST + address).status_code == 404


def test_a_saved_template_must_be_read_again(people, announce):
    draft = make_news_draft(people["canvasser"])
    drafts.submit(draft, by=people["canvasser"])
    read = drafts.reading(draft, drafts.facts_now(draft))
    save(people["publisher"], "news", "email", opening="Baru.")
    with pytest.raises(drafts.Refused, match="Isinya berubah"):
        drafts.approve(draft, by=people["publisher"], read=read, at_once=True)


def test_the_list_groups_by_what_is_announced(publisher):
    page = publisher.get(LIST)
    assert [label for label, _rows in page.context["groups"]] == ["Lowongan", "Pelatihan", "Kabar kantor"]
    assert "?jenis=news" in page.content.decode()
