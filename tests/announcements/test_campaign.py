"""A campaign as a report on paper: the numbers of its page, the proof behind them, nobody's address."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from announcements import campaign, corrections, services
from announcements.models import Announcement, Letter, Posting
from tests.announcements.conftest import work
from tests.factories import make_office, make_subscription, make_vacancy

pytestmark = pytest.mark.django_db


def report_of(announcement):
    return f"{announcement.get_absolute_url()}laporan/"


def text_in(response):
    """The words of a PDF with single spaces; every sign of a printed part of a word stays."""
    pages = PdfReader(io.BytesIO(response.content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages).replace("\u200b", ""))


def photo():
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "red").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def posted(people):
    """Notes where a piece became public, with fields of choice."""

    def post(announcement, channel, **fields):
        issue = announcement.issues.get(channel=channel)
        values = {"place": "Papan kantor", "posted_at": timezone.now(), "recorded_by": people["publisher"]} | fields
        return Posting.objects.create(issue=issue, **values)

    return post


@pytest.fixture
def one_of_each_state(announced, sink):
    """A campaign of which one mail was taken, one refused, and one address had none; with its addresses."""
    for name in ("siti", "budi"):
        make_subscription(email=f"{name}@contoh.test")
    announcement = announced(make_vacancy(title="Kasir toko"))
    sink.answer_to_recipient = lambda address: "550 5.1.1 No such user" if address.startswith("budi") else None
    work()
    return announcement


def test_the_report_has_the_numbers_of_the_page(one_of_each_state, posted, people, client_for):
    announcement, client = one_of_each_state, client_for(people["publisher"])
    posted(announcement, "board", witness="Petugas loket")
    posted(announcement, "radio_60", place="Radio Contoh")
    client.get(announcement.links.filter(channel="whatsapp").get().get_absolute_url())
    page = client.get(announcement.get_absolute_url()).context
    printed = campaign.facts(page["announcement"], by=people["publisher"])
    assert [row[2:4] for row in printed.channels] == [(row.standing.state, row.standing.proof) for row in page["rows"]]
    assert [row[4:] for row in printed.channels if row[4] != "—"] == [
        (str(row.reach.views), str(row.reach.sign_ups)) for row in page["rows"] if row.by_hand
    ]
    progress = page["email"].progress
    counts = (progress.total, progress.accepted, progress.waiting, progress.rejected, progress.unknown, progress.unsent)
    assert printed.sent == [("E-mail", *map(str, counts))] == [("E-mail", "2", "1", "0", "1", "0", "0")]
    assert [row[0] for row in printed.said] == [fact["title"] for fact in page["facts"]] == ["Kasir toko"]
    assert len(printed.outdated) == len(page["outdated"]) == 0
    assert sum(int(row[2]) for row in printed.failures) == len(page["problems"]) == 1


def test_the_report_prints_every_part(one_of_each_state, posted, people, client_for):
    make_office(head_title="Kepala Dinas", head_name="Dra. Contoh Kepala", head_nip="19700101 199503 1 001")
    announcement, publisher = one_of_each_state, people["publisher"]
    posted(announcement, "board", photo=photo())
    posted(announcement, "whatsapp", place="Grup Info Loker 1")
    posted(announcement, "radio_60", place="Radio Contoh", witness="Penyiar pagi").end(by=publisher)
    letter = services.make_piece(announcement, "letter", by=publisher)
    today = timezone.localdate()
    Letter.objects.create(issue=letter, number="500.15/1/2026", dated=today, sent_on=today, recorded_by=publisher)
    letter.receipts.first().receive(name="Ani, pelayanan")
    response = client_for(publisher).get(report_of(announcement))
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/pdf", "no-store, private")
    text = text_in(response)
    for words in (
        f"Laporan pengumuman {announcement.number}",
        "Kasir toko",
        "Papan kantor",
        "foto",
        "Grup Info Loker 1",
        "disaksikan Penyiar pagi",
        "Nomor 500.15/1/2026",
        "Ani, pelayanan",
        "Alamat tidak dikenal server tujuan",
        "Dra. Contoh Kepala",
        "NIP 19700101 199503 1 001",
    ):
        assert words in text
    assert text.count("Belum terbukti") >= 1 + 4  # the group, and four kecamatan that have not answered
    assert "contoh.test" not in text


def test_an_old_fact_stands_in_the_report(announced, posted, people, client_for):
    vacancy = make_vacancy(wage_min=2_700_000, wage_max=3_100_000)
    announcement = announced(vacancy)
    posted(announcement, "board")
    changes = {"wage_min": 2_800_000}
    services.correct(
        vacancy=vacancy, by=people["publisher"], version=vacancy.version, reason="Telepon", changes=changes
    )
    text = text_in(client_for(people["publisher"]).get(report_of(announcement)))
    assert "Keping yang memuat fakta lama (1)" in text
    assert "Upah: Rp2.700.000–Rp3.100.000 per bulan → Rp2.800.000–Rp3.100.000 per bulan" in text


def test_the_report_speaks_indonesian_to_whoever_reads_english(announced, people, client_for):
    client = client_for(people["publisher"])
    client.cookies["bahasa"] = "en"
    assert "Halaman web" in text_in(client.get(report_of(announced())))


def test_proof_is_printed_only_for_whoever_may_open_the_pieces(one_of_each_state, posted, people):
    posted(one_of_each_state, "board", photo=photo())
    seen = {who: campaign.facts(one_of_each_state, by=people[who]) for who in ("manager", "admin")}
    assert {who: (len(each.postings), len(each.photos)) for who, each in seen.items()} == {
        "manager": (1, 1),
        "admin": (0, 0),
    }


@pytest.mark.parametrize(
    ("who", "status"), [("other_canvasser", 404), ("trainer", 403), ("bkk_officer", 403), ("job_seeker", 403)]
)
def test_a_stranger_gets_no_report(who, status, announced, people, client_for):
    assert client_for(people[who]).get(report_of(announced())).status_code == status


def test_a_correction_prints_and_is_named_in_what_it_corrects(announced, people, client_for, sink):
    make_subscription(email="siti@contoh.test")
    vacancy = make_vacancy(wage_min=2_700_000, wage_max=3_100_000)
    announcement = announced(vacancy)
    work()
    vacancy.refresh_from_db()
    services.correct(
        vacancy=vacancy,
        by=people["publisher"],
        version=vacancy.version,
        reason="Telepon",
        changes={"wage_min": 2_800_000},
    )
    mail, client = announcement.issues.get(channel="email"), client_for(people["publisher"])
    read = corrections.fingerprint(corrections.facts_of(mail))
    client.post(f"/petugas/penarikan/{mail.pk}/koreksi/", {"read": read})
    correction = Announcement.objects.get(kind="correction")
    assert f"Mengoreksi {announcement.number}" in text_in(client.get(report_of(correction)))
    assert correction.number in text_in(client.get(report_of(announcement)))


def test_what_the_clock_announced_says_so(people, client_for):
    vacancy = make_vacancy()
    type(vacancy).objects.update(published_at=timezone.now() - timedelta(minutes=5))
    (announcement,) = services.announce_unannounced()
    assert "Disusun sistem, " in text_in(client_for(people["publisher"]).get(report_of(announcement)))
