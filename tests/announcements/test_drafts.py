"""Announcements that one person composes and another approves."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from django.utils.timezone import localtime

from accounts.roles import Role
from announcements import drafts, piece_templates, services
from announcements.forms import VacanciesField
from announcements.models import Announcement, Delivery, Draft, DraftStep, Issue, LetterReceipt, PieceFile, ShortLink
from tests.announcements.conftest import states, work
from tests.announcements.test_pages import text_of
from tests.factories import make_draft, make_office, make_subscription, make_user, make_vacancy, today

pytestmark = pytest.mark.django_db

LIST = "/petugas/pengumuman/konsep/"
NEW = "/petugas/pengumuman/konsep/baru/"
ALL_BY_HAND = ["whatsapp", "instagram", "telegram", "radio_30", "radio_60", "board", "letter"]
RECORDED = (Announcement, Issue, ShortLink, Delivery, PieceFile, LetterReceipt)


@pytest.fixture
def author(people):
    return people["canvasser"]


@pytest.fixture
def publisher(people):
    return people["publisher"]


@pytest.fixture
def submitted(author):
    """Composed by a canvasser and handed in; with vacancies and fields of choice."""

    def make(*vacancies, by=author, **fields):
        draft = make_draft(by, *vacancies, **fields)
        drafts.submit(draft, by=by)
        return draft

    return make


@pytest.fixture
def scheduled(submitted, publisher):
    """Approved for a time that has come since."""

    def make(*vacancies, ahead=timedelta(hours=2)):
        draft = submitted(*vacancies, scheduled_for=timezone.now() + ahead)
        approve(draft, by=publisher)
        Draft.objects.update(approved_at=timezone.now() - timedelta(days=1), scheduled_for=timezone.now())
        return draft

    return make


def approve(draft, *, by, at_once=False):
    drafts.approve(draft, by=by, read=drafts.reading(draft, drafts.facts_now(draft)), at_once=at_once)


def posted(*vacancies, **fields):
    return {"title": "Lowongan minggu ini", "vacancies": [each.pk for each in vacancies]} | fields


def counts():
    return [model.objects.count() for model in RECORDED]


# --- Composing ----------------------------------------------------------------------------------


def test_a_canvasser_composes_and_submits(author, client_for):
    client, vacancy = client_for(author), make_vacancy()
    page = client.post(NEW, posted(vacancy, channels=["board"], note="Bareng bazar"))
    draft = Draft.objects.get()
    assert page.url == draft.get_absolute_url()
    assert (draft.created_by, draft.channels, draft.scheduled_for, draft.state) == (author, ["board"], None, "draft")
    client.post(f"{draft.get_absolute_url()}ajukan/")
    draft.refresh_from_db()
    assert (draft.state, draft.version) == ("submitted", 2)
    assert Announcement.objects.count() == 0


def test_the_form_sent_twice_makes_one_draft(author, client_for):
    client, data = client_for(author), posted(make_vacancy(), entry_id="0c9c1cf5-5bd5-4b7c-9c9e-0e8a2a7a2a11")
    assert client.post(NEW, data).url == client.post(NEW, data).url
    assert Draft.objects.count() == 1


def test_time_is_of_the_office(author, client_for):
    day = today() + timedelta(days=2)
    client_for(author).post(NEW, posted(make_vacancy(), scheduled_for_0=day.isoformat(), scheduled_for_1="09.30"))
    moment = localtime(Draft.objects.get().scheduled_for)
    assert (moment.date(), moment.hour, moment.minute) == (day, 9, 30)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "Isi judulnya."),
        ({"vacancies": []}, "Pilih paling sedikit satu lowongan."),
        ({"scheduled_for_0": "2020-01-01", "scheduled_for_1": "09:00"}, "Waktu ini sudah lewat."),
        ({"scheduled_for_0": "2099-01-01"}, "Tulis jam seperti 09:30."),
    ],
)
def test_bad_input_gets_a_message_and_loses_nothing(fields, message, author, client_for):
    page = client_for(author).post(NEW, posted(make_vacancy(), note="Tolong segera") | fields)
    assert page.status_code == 400
    assert message in text_of(page)
    assert "Tolong segera" in page.content.decode()
    assert Draft.objects.count() == 0


def test_what_was_announced_cannot_be_chosen(author, announced, client_for):
    vacancy = make_vacancy()
    announced(vacancy)
    assert client_for(author).post(NEW, posted(vacancy)).status_code == 400


def test_an_edit_is_a_new_version_and_keeps_what_was_chosen(author, client_for):
    one, other = make_vacancy(), make_vacancy()
    draft, client = make_draft(author, one, channels=["board"]), client_for(author)
    page = client.get(f"{draft.get_absolute_url()}ubah/")
    assert page.context["form"]["vacancies"].value() == [one.pk]
    client.post(f"{draft.get_absolute_url()}ubah/", posted(one, other, version=1))
    draft.refresh_from_db()
    assert (draft.version, draft.vacancies.count(), draft.channels) == (2, 2, [])


def test_two_tabs_of_one_author_lose_nothing(author, client_for):
    one, other = make_vacancy(title="Kasir"), make_vacancy(title="Satpam")
    draft, client = make_draft(author, one, channels=["board"]), client_for(author)
    edit = f"{draft.get_absolute_url()}ubah/"
    client.post(edit, posted(one, other, title="Dari tab kedua", version=1))
    late = posted(one, title="Dari tab pertama", version=1, channels=["board"])
    page = client.post(edit, late)
    assert page.status_code == 409
    assert [(each.label, each.mine, each.stored) for each in page.context["conflicts"]] == [
        ("Judul", "Dari tab pertama", "Dari tab kedua"),
        ("Lowongan", label_of(one), f"{label_of(one)}, {label_of(other)}"),
        ("Keping yang dibuat", "Papan pengumuman", "–"),
    ]
    assert (page.context["form"]["title"].value(), page.context["form"]["version"].value()) == ("Dari tab pertama", "2")
    draft.refresh_from_db()
    assert (draft.title, draft.version, draft.vacancies.count()) == ("Dari tab kedua", 2, 2)
    assert client.post(edit, late | {"version": 2}).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.version, draft.vacancies.count()) == ("Dari tab pertama", 3, 1)


def test_the_same_time_is_no_difference(author, client_for):
    vacancy, moment = make_vacancy(), timezone.now() + timedelta(days=2)
    draft = make_draft(author, vacancy, scheduled_for=moment.replace(second=0, microsecond=0), channels=["board"])
    local, client = localtime(moment), client_for(author)
    when = {"scheduled_for_0": local.date().isoformat(), "scheduled_for_1": f"{local:%H:%M}"}
    data = posted(vacancy, title=draft.title, channels=["board"], note="Lain", version=0, **when)
    page = client.post(f"{draft.get_absolute_url()}ubah/", data)
    assert [(each.label, each.mine) for each in page.context["conflicts"]] == [("Catatan untuk penyetuju", "Lain")]


def test_what_was_typed_while_another_tab_handed_it_in_is_shown(author, submitted, client_for):
    draft = submitted(vacancy := make_vacancy())
    page = client_for(author).post(f"{draft.get_absolute_url()}ubah/", posted(vacancy, title="Terlambat", version=1))
    assert page.status_code == 409
    assert "Konsep ini sudah diajukan atau selesai." in text_of(page)
    assert page.context["form"]["title"].value() == "Terlambat"
    assert Draft.objects.get().title == draft.title


def label_of(vacancy):
    return VacanciesField(queryset=None).label_from_instance(vacancy)


@pytest.mark.parametrize(
    ("who", "status"), [("other_canvasser", 404), ("trainer", 403), ("bkk_officer", 403), ("job_seeker", 403)]
)
def test_a_stranger_sees_no_draft(who, status, author, people, client_for):
    draft, client = make_draft(author), client_for(people[who])
    steps = ["", "ubah/", "surat/", "berkas/board/daftar-a4.pdf"]
    assert {client.get(draft.get_absolute_url() + step).status_code for step in steps} == {status}
    assert client.post(f"{draft.get_absolute_url()}batalkan/").status_code == status


def test_nobody_else_edits_a_draft(author, publisher, client_for):
    draft = make_draft(author)
    assert client_for(publisher).get(draft.get_absolute_url()).status_code == 200
    assert client_for(publisher).get(f"{draft.get_absolute_url()}ubah/").status_code == 404
    with pytest.raises(PermissionDenied):
        drafts.submit(draft, by=publisher)


def test_a_draft_of_which_nothing_is_left_is_not_submitted(author):
    draft = make_draft(author, make_vacancy("withdrawn"))
    with pytest.raises(drafts.Refused, match="Tidak ada lowongan"):
        drafts.submit(draft, by=author)


# --- Preview ------------------------------------------------------------------------------------


def test_the_preview_shows_every_piece_and_records_nothing(author, client_for):
    make_subscription("active", email="siti@contoh.test")
    draft = make_draft(author, make_vacancy(title="Kasir toko"), make_vacancy(), channels=ALL_BY_HAND)
    client, before = client_for(author), counts()
    page = client.get(draft.get_absolute_url())
    mail = client.get(f"{draft.get_absolute_url()}surat/")
    poster = client.get(f"{draft.get_absolute_url()}berkas/board/poster-a4.pdf")
    letter = client.get(f"{draft.get_absolute_url()}berkas/letter/surat.pdf")
    assert counts() == before == [0] * len(RECORDED)
    assert [piece.issue.channel for piece in page.context["pieces"]] == ["web", "email", "push", *ALL_BY_HAND]
    assert page.context["number"] == 1
    text = text_of(page)
    assert "2 lowongan baru cocok dengan pencarian Anda" in text
    assert "karakter, versi 1" in text
    assert "detik, versi 1" in text
    assert "Kasir toko" in mail.content.decode()
    assert mail.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert {file.content[:5] for file in (poster, letter)} == {b"%PDF-"}


def test_the_mail_can_be_read_in_both_languages(author, client_for):
    draft = make_draft(author, make_vacancy(title="Kasir toko"), make_vacancy())
    client, shown = client_for(author), f"{draft.get_absolute_url()}surat/"
    pages = [client.get(shown + asked).content.decode() for asked in ("", "?bahasa=en", "?bahasa=xx")]
    assert ["2 new vacancies match your search" in page for page in pages] == [False, True, False]
    assert pages[0] == pages[2]


def test_looking_uses_up_no_number(author, announced, client_for):
    first = announced()
    client_for(author).get(make_draft(author).get_absolute_url())
    assert announced().pk == first.pk + 1


def test_a_piece_that_was_not_chosen_cannot_be_opened(author, client_for):
    draft = make_draft(author, channels=["board"])
    client = client_for(author)
    assert client.get(f"{draft.get_absolute_url()}berkas/letter/surat.pdf").status_code == 404
    assert client.get(f"{draft.get_absolute_url()}berkas/board/lain.pdf").status_code == 404


def test_what_goes_out_is_what_was_shown(author, publisher, submitted):
    draft = submitted(channels=["radio_60"])
    shown = {piece.issue.channel: piece.issue for piece in drafts.preview(draft, drafts.facts_now(draft))}
    approve(draft, by=publisher)
    for issue in draft.announcement.issues.all():
        assert (issue.subject, issue.text, issue.facts) == (
            shown[issue.channel].subject,
            shown[issue.channel].text,
            shown[issue.channel].facts,
        )


def test_what_closed_or_was_announced_is_said_and_left_out(author, publisher, announced, submitted, client_for):
    stays, closed, told = make_vacancy(), make_vacancy(title="Penjahit"), make_vacancy(title="Kasir")
    draft = submitted(stays, closed, told)
    closed.withdraw(by=publisher, reason="Sudah terisi")
    announced(told)
    text = text_of(client_for(publisher).get(draft.get_absolute_url()))
    assert f"Penjahit, {closed.employer_name}: tidak terbuka lagi" in text
    assert f"Kasir, {told.employer_name}: sudah diumumkan" in text
    approve(draft, by=publisher)
    assert list(draft.announcement.vacancies.all()) == [stays]


# --- The second person --------------------------------------------------------------------------


def test_a_second_person_approves_and_it_starts(author, publisher, submitted, client_for, sink):
    make_subscription("active", email="siti@contoh.test")
    draft = submitted(title="Lowongan minggu ini", channels=["board"])
    client = client_for(publisher)
    read = client.get(draft.get_absolute_url()).context["read"]
    client.post(f"{draft.get_absolute_url()}setujui/", {"read": read, "at_once": "1"})
    draft.refresh_from_db()
    announcement = draft.announcement
    assert (draft.state, draft.approved_by, draft.approved_by_author) == ("started", publisher, False)
    assert (announcement.title, announcement.created_by, announcement.approved_by) == (
        "Lowongan minggu ini",
        author,
        publisher,
    )
    assert {issue.channel for issue in announcement.issues.all()} == {"web", "email", "push", "board"}
    work()
    assert states(announcement) == {"siti@contoh.test": "sent"}


def test_an_author_cannot_approve(people, submitted, client_for):
    publisher = people["publisher"]
    draft = submitted(by=publisher)
    with pytest.raises(drafts.Refused, match="disetujui rekan lain"):
        approve(draft, by=publisher)
    page = client_for(publisher).get(draft.get_absolute_url())
    assert "Setujui dan umumkan" not in text_of(page)
    approve(draft, by=make_user(Role.PUBLISHER))
    assert draft.state == "started"


def test_a_canvasser_cannot_approve(author, people, submitted):
    with pytest.raises(PermissionDenied):
        approve(submitted(), by=people["other_canvasser"])


def test_a_very_small_office_lets_authors_approve_and_writes_it_down(people, submitted):
    make_office(author_may_publish=True)
    draft = submitted(by=people["publisher"])
    assert list(Draft.objects.waiting_for(people["publisher"])) == [draft]
    approve(draft, by=people["publisher"])
    assert (draft.state, draft.approved_by_author) == ("started", True)


def test_the_database_wants_a_second_person_too(people, submitted):
    draft = submitted(by=people["publisher"], scheduled_for=timezone.now() + timedelta(hours=1))
    with pytest.raises(IntegrityError, match="draft_second_person"), transaction.atomic():
        Draft.objects.update(state="scheduled", approved_by=people["publisher"], approved_at=timezone.now())
    assert draft.state == "submitted"


def test_the_database_wants_a_time_that_is_ahead(publisher, submitted):
    submitted()
    with pytest.raises(IntegrityError, match="draft_scheduled_ahead"), transaction.atomic():
        Draft.objects.update(
            state="scheduled",
            approved_by=publisher,
            approved_at=timezone.now(),
            scheduled_for=timezone.now() - timedelta(hours=1),
        )


@pytest.mark.parametrize("state", ["scheduled", "started", "empty"])
def test_a_draft_does_not_skip_its_approval(state, author):
    make_draft(author)
    with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
        Draft.objects.update(state=state)


def test_what_changed_since_it_was_read_is_not_approved(author, publisher, submitted):
    vacancy = make_vacancy()
    draft = submitted(vacancy)
    read = drafts.reading(draft, drafts.facts_now(draft))
    services.correct(
        vacancy=vacancy, by=publisher, version=vacancy.version, reason="Telepon", changes={"wage_min": 2_900_000}
    )
    with pytest.raises(drafts.Refused, match="berubah sejak Anda baca"):
        drafts.approve(draft, by=publisher, read=read, at_once=True)


def test_words_changed_since_they_were_read_are_not_approved(author, publisher, submitted):
    draft = submitted(make_vacancy(), channels=["radio_30"])
    read = drafts.reading(draft, drafts.facts_now(draft))

    def save(channel):
        words = piece_templates.defaults(channel, "id")
        piece_templates.save(channel, "id", words, by=publisher, seen=0)

    save("board")  # no piece of this draft
    assert drafts.reading(draft, drafts.facts_now(draft)) == read
    save("radio_30")
    with pytest.raises(drafts.Refused, match="berubah sejak Anda baca"):
        drafts.approve(draft, by=publisher, read=read, at_once=True)


def test_a_draft_edited_after_it_was_read_is_not_approved(author, publisher, submitted, client_for):
    vacancy = make_vacancy()
    draft = submitted(vacancy)
    read = drafts.reading(draft, drafts.facts_now(draft))
    drafts.send_back(draft, by=author, comment="")
    client_for(author).post(f"{draft.get_absolute_url()}ubah/", posted(vacancy, channels=["letter"], version=3))
    client_for(author).post(f"{draft.get_absolute_url()}ajukan/")
    page = client_for(publisher).post(
        f"{draft.get_absolute_url()}setujui/", {"read": read, "at_once": "1"}, follow=True
    )
    assert "Isinya berubah sejak Anda baca. Baca lagi dulu." in text_of(page)
    draft.refresh_from_db()
    assert (draft.state, draft.announcement) == ("submitted", None)


def test_approved_twice_starts_once(publisher, people, submitted):
    draft = submitted()
    approve(draft, by=publisher)
    with pytest.raises(drafts.Refused, match="tidak lagi menunggu"):
        approve(draft, by=people["manager"])
    assert Announcement.objects.count() == 1


def test_a_draft_comes_back_with_a_reason(author, publisher, submitted, client_for):
    draft = submitted()
    back = f"{draft.get_absolute_url()}kembalikan/"
    client_for(publisher).post(back, {"comment": " "})
    assert Draft.objects.get().state == "submitted"
    client_for(publisher).post(back, {"comment": "Tambah poster"})
    assert Draft.objects.get().state == "draft"
    assert "Tambah poster" in text_of(client_for(author).get(draft.get_absolute_url()))


def test_many_recipients_still_wait_for_the_head(publisher, author, submitted, settings):
    settings.RECIPIENTS_WITHOUT_RELEASE = 1
    for name in ("siti", "budi"):
        make_subscription("active", email=f"{name}@contoh.test")
    draft = submitted()
    approve(draft, by=publisher)
    announcement = draft.announcement
    assert (announcement.state, announcement.created_by, announcement.approved_by) == ("held", author, None)


def test_a_cancelled_draft_never_starts(author, scheduled):
    draft = scheduled()
    draft.refresh_from_db()
    drafts.cancel(draft, by=author)
    assert drafts.start_due() == 0
    assert (draft.state, Announcement.objects.count()) == ("cancelled", 0)


# --- At its time --------------------------------------------------------------------------------


def test_a_scheduled_one_waits_for_its_time(publisher, submitted, client_for):
    draft = submitted(scheduled_for=timezone.now() + timedelta(hours=2))
    approve(draft, by=publisher)
    assert (draft.state, drafts.start_due(), Announcement.objects.count()) == ("scheduled", 0, 0)


def test_a_scheduled_one_can_be_approved_for_now(publisher, submitted):
    draft = submitted(scheduled_for=timezone.now() + timedelta(hours=2))
    approve(draft, by=publisher, at_once=True)
    assert (draft.state, Announcement.objects.count()) == ("started", 1)


def test_a_time_that_is_over_is_not_approved(publisher, submitted):
    draft = submitted(scheduled_for=timezone.now() + timedelta(hours=2))
    Draft.objects.update(scheduled_for=timezone.now() - timedelta(minutes=1))
    with pytest.raises(drafts.Refused, match="Waktunya sudah lewat"):
        approve(draft, by=publisher)


def test_at_its_time_it_starts_in_both_names(author, publisher, scheduled):
    draft = scheduled()
    assert (drafts.start_due(), drafts.start_due()) == (1, 0)
    draft.refresh_from_db()
    assert (draft.announcement.created_by, draft.announcement.approved_by) == (author, publisher)


def test_of_which_nothing_is_left_it_says_so(author, publisher, scheduled, client_for):
    vacancy = make_vacancy()
    draft = scheduled(vacancy)
    vacancy.withdraw(by=publisher, reason="Sudah terisi")
    drafts.start_due()
    assert Draft.objects.get().state == "empty"
    assert "Pengumuman ini tidak jadi." in text_of(client_for(author).get(draft.get_absolute_url()))


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_start_it_once(scheduled):
    scheduled()
    started = []

    def run():
        started.append(drafts.start_due())
        connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(started) == [0, 1]
    assert Announcement.objects.count() == 1


# --- Lists --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_equally_often_for_any_length(
    rows, publisher, submitted, client_for, django_assert_num_queries
):
    for _ in range(rows):
        submitted()
    client = client_for(publisher)
    client.get(LIST)
    with django_assert_num_queries(13):
        page = client.get(LIST)
    assert len(page.context["found"].rows) == rows


def tabs_of(page):
    return {key: number for key, _label, number in page.context["tabs"]}


def test_each_view_of_the_list_counts_and_shows_its_own(author, publisher, submitted, scheduled, client_for):
    own = make_draft(publisher)
    waiting, timed = submitted(), submitted(scheduled_for=timezone.now() + timedelta(hours=2))
    approve(timed, by=publisher)
    client = client_for(publisher)
    page = client.get(LIST)
    assert tabs_of(page) == {"menunggu": 1, "saya": 1, "terjadwal": 1, "semua": 3}
    shown = {key: [row.pk for row in client.get(f"{LIST}?tampil={key}").context["found"].rows] for key in tabs_of(page)}
    assert shown == {
        "menunggu": [waiting.pk],
        "saya": [own.pk],
        "terjadwal": [timed.pk],
        "semua": [timed.pk, waiting.pk, own.pk],
    }
    assert page.context["shown"] == "menunggu"


def test_whoever_only_composes_sees_the_own_and_what_has_a_time(author, people, submitted, client_for):
    submitted(by=people["other_canvasser"])
    mine = submitted()
    page = client_for(author).get(f"{LIST}?tampil=menunggu")
    assert tabs_of(page) == {"saya": 1, "terjadwal": 0}
    assert [row.pk for row in page.context["found"].rows] == [mine.pk]


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("menunggu", "Tidak ada yang menunggu Anda"),
        ("saya", "Belum ada konsep"),
        ("terjadwal", "Tidak ada yang dijadwalkan"),
    ],
)
def test_an_empty_view_says_what_will_come(view, words, publisher, client_for):
    assert words in text_of(client_for(publisher).get(f"{LIST}?tampil={view}"))


def test_a_view_goes_on_where_its_page_ended(author, publisher, submitted, client_for):
    vacancy = make_vacancy()
    made = [submitted(vacancy).pk for _ in range(27)]
    client = client_for(publisher)
    first = client.get(f"{LIST}?tampil=menunggu")
    second = client.get(LIST + first.context["found"].next)
    assert [row.pk for page in (first, second) for row in page.context["found"].rows] == made
    assert second.context["shown"] == "menunggu"


# --- What happened --------------------------------------------------------------------------------


def steps_of(draft):
    return [(each.step, each.actor, each.comment) for each in draft.steps.all()]


def test_every_step_is_written_down_with_its_words(author, publisher, client_for):
    vacancy, client, checker = make_vacancy(), client_for(author), client_for(publisher)
    client.post(NEW, posted(vacancy, note="Bareng bazar"))
    draft = Draft.objects.get()
    path = draft.get_absolute_url()
    client.post(f"{path}ajukan/")
    checker.post(f"{path}kembalikan/", {"comment": "Tambah poster"})
    client.post(f"{path}ubah/", posted(vacancy, channels=["board"], note="Poster ditambah", version=3))
    client.post(f"{path}ajukan/")
    client.post(f"{path}kembalikan/")
    client.post(f"{path}ajukan/")
    read = checker.get(path).context["read"]
    checker.post(f"{path}setujui/", {"read": read, "at_once": "1"})
    assert steps_of(draft) == [
        ("composed", author, ""),
        ("submitted", author, "Bareng bazar"),
        ("returned", publisher, "Tambah poster"),
        ("changed", author, ""),
        ("submitted", author, "Poster ditambah"),
        ("taken_back", author, ""),
        ("submitted", author, "Poster ditambah"),
        ("approved", publisher, ""),
        ("started", publisher, ""),
    ]
    assert "Dikembalikan Tambah poster" in text_of(client.get(path))


def test_what_the_clock_starts_is_written_down_without_a_name(publisher, scheduled, client_for):
    draft = scheduled()
    drafts.start_due()
    assert steps_of(draft)[1:] == [("approved", publisher, ""), ("scheduled", publisher, ""), ("started", None, "")]
    assert "sistem Diumumkan" in text_of(client_for(publisher).get(draft.get_absolute_url()))


def test_a_refused_step_is_not_written_down(author, publisher, people, submitted):
    draft = submitted()
    drafts.cancel(draft, by=author)
    with pytest.raises(drafts.Refused):
        drafts.cancel(draft, by=publisher)
    assert [step for step, _who, _words in steps_of(draft)] == ["submitted", "cancelled"]


@pytest.mark.parametrize("change", [lambda rows: rows.update(comment="x"), lambda rows: rows.delete()])
def test_a_step_is_never_changed(change, submitted):
    draft = submitted()
    with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
        change(DraftStep.objects.filter(draft=draft))
    assert len(steps_of(draft)) == 1


def test_two_people_preview_at_once_and_use_up_no_number(submitted):
    draft = submitted()
    with transaction.atomic():
        seen = [drafts._as_it_would_be(draft) for _reader in range(2)]
        assert len({each.pk for each in seen}) == 2
        assert {each.number[-4:] for each in Announcement.objects.filter(pk__lt=0)} == {"-000"}
        transaction.set_rollback(True)


def test_the_start_page_names_what_waits_for_the_second_person(author, publisher, submitted, client_for):
    submitted(title="Lowongan minggu ini")
    page = client_for(publisher).get("/petugas/")
    assert "Konsep pengumuman menunggu Anda 1 Semua Lowongan minggu ini" in text_of(page)
    assert "Konsep pengumuman menunggu Anda" not in text_of(client_for(author).get("/petugas/"))
