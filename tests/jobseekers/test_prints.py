"""The prints say what they are given, hold on their pages whatever comes, and give nothing away beside the text."""

import re
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from jobseekers import prints
from jobseekers.prints.shapes import Candidate, DataPrint, Experience, Section, Table
from tests.jobseekers.prints_data import (
    CARD,
    CV,
    DATA,
    FULL_CARD,
    FULL_CV,
    FULL_LETTER,
    LETTER,
    OFFICE,
)

TINY_JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j"
    "q62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk"
    "pKSkpKSkpKT/wAARCAAEAAMDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QA"
    "FQEBAQAAAAAAAAAAAAAAAAAAAwX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCEAKo//9k="
)
MARKUP = r"""#read("/etc/passwd") #include "/etc/passwd" *bold* _it_ $x^2$ \u{41} \ // /* <label> @ref `raw` ] } " '"""
HOSTILE = [
    MARKUP,
    "= Judul\n- butir\r\n\t+ lagi",
    "sebelum\x00\x07\x1b\x7f\u202e\u2066sesudah",
    "\ud800 setengah",
    "kerja 😀👩🏽‍🔧 👍",
    "محمد عبد الرحمن",
    "中文 ไทย",
    "W" * 10_000,
    "kata " * 2_000,
    "",
]


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text(pdf: bytes) -> str:
    """The words of the whole print with single spaces, those for the eye only left out."""
    words = " ".join(page.extract_text() for page in read(pdf).pages)
    return re.sub(r"\s+", " ", words.replace("\u200b", ""))


def pages(pdf: bytes) -> int:
    return len(read(pdf).pages)


def everywhere(value, hostile):
    """The same shape with `hostile` as every text of it; web addresses stay."""
    if isinstance(value, str):
        return hostile
    if isinstance(value, list):
        return [everywhere(item, hostile) for item in value]
    if hasattr(value, "__dataclass_fields__") and not hasattr(value, "url"):
        fields = {name: everywhere(getattr(value, name), hostile) for name in value.__dataclass_fields__}
        return replace(value, **fields)
    return value


# --- What they say ---


def test_the_card_says_who_until_when_and_where_to_check():
    said = text(prints.card(CARD, paper="card"))
    for words in [
        "Dinas Tenaga Kerja dan Transmigrasi Kota Metro",
        "Jalan Contoh No. 12, Imopuro, Metro Pusat · (0725) 000-000",
        "Kartu Tanda Bukti Pendaftaran Pencari Kerja",
        "Berlaku sampai 2 Juni 2028",
        "Nomor pendaftaran 1872 / 004217 / 2026",
        "Nama Siti Rahmadani",
        "NIK 1872********0042",
        "Tempat, tgl. lahir Metro, 7 April 2005",
        "Jenis kelamin Perempuan",
        "Status perkawinan Belum kawin",
        "Agama Islam",
        "Jalan Kenanga No. 7, RT 003/RW 002 Kel. Yosomulyo, Kec. Metro Pusat, 34111",
        "Foto 3x4",
        "Pertama 2 Desember 2026 24 November 2026 Ratna Contoh, S.Sos.",
        "Kedua 2 Juni 2027 Ketiga 2 Desember 2027",
        "2024 SMK, Tata Busana, SMK Negeri 3 Metro",
        "menjahit, membuat pola, mengobras, bordir komputer, melayani pelanggan",
        "Indonesia, Lampung, Inggris dasar",
        "2024–2026 Penjahit, Konveksi Sulam Usang",
        "5. Kartu ini dibuat tanpa biaya.",
        "Metro, 2 Juni 2026 Pengantar Kerja Ahli Muda, Ratna Contoh, S.Sos. NIP 19850412 201001 2 007",
    ]:
        assert words in said
    assert "kerja.contoh.go.id/periksa/K7QW-3F9M" in said.replace("/ ", "/")


def test_the_card_has_as_many_reports_as_asked():
    assert "Keempat" not in text(prints.card(CARD))
    assert "Keenam" in text(prints.card(replace(CARD, reports=CARD.reports * 2)))
    assert "Pertama" not in text(prints.card(replace(CARD, reports=[])))


def test_what_is_not_known_is_said():
    bare = replace(
        CARD, religion="", birth_place="", birth_date=None, skills=[], languages=[], education=[], experience=[]
    )
    said = text(prints.card(bare))
    assert "Agama tidak diisi" in said
    assert "Tempat, tgl. lahir tidak diisi" in said
    assert "Keterampilan belum diisi Bahasa belum diisi Pengalaman kerja belum ada" in said


def test_the_letter_introduces_and_asks():
    said = text(prints.referral_letter(LETTER))
    for words in [
        "Nomor : 500.15/123/D-10/2026",
        "Metro, 24 November 2026",
        "Hal : Pengantar pencari kerja",
        "Yth. Pimpinan Konveksi Sulam Usang Jalan Pagar Alam No. 45 di Metro Barat",
        "Dengan hormat,",
        "lowongan pekerjaan penjahit busana pada Konveksi Sulam Usang",
        "4 (empat) orang",
        "1. Siti Rahmadani SMK Tata Busana menjahit, membuat pola, mengobras",
        "4. Ni Luh Contoh SMP belum diisi",
        "paling lambat 8 Desember 2026",
        "tanpa memungut biaya apa pun",
        "Kepala Dinas, Drs. Ahmad Contoh, M.Si. NIP 19700101 199503 1 001",
        "Lembar jawaban Untuk surat 500.15/123/D-10/2026",
        "No. Nama Diterima Tidak Mulai bekerja, atau alasan",
    ]:
        assert words in said


def test_the_letter_takes_the_offices_own_wording():
    own = replace(LETTER, opening=["Paragraf satu.", "Paragraf dua."], closing=["Salam kami."])
    said = text(prints.referral_letter(own))
    assert "Dengan hormat, Paragraf satu. Paragraf dua. No. Nama" in said
    assert "Salam kami." in said
    assert "Sehubungan dengan" not in said
    assert "terima kasih" not in said


def test_the_cv_says_what_helps_to_find_work():
    said = text(prints.cv(CV))
    for words in [
        "Siti Rahmadani Penjahit busana, terbiasa dengan mesin industri",
        "0812-0000-0110 · siti.rahmadani.contoh@surat.test · Yosomulyo, Metro Pusat, Kota Metro",
        "Pekerjaan yang dicari Penjahit atau pembuat pola",
        "Penjahit Konveksi Sulam Usang 2024–2026 Menjahit kemeja seragam",
        "SMK, Tata Busana SMK Negeri 3 Metro 2024",
        "Menjahit tingkat dasar, BLK Kota Metro, 2025",
    ]:
        assert words in said


def test_a_cv_of_a_beginner_has_no_empty_parts():
    said = text(prints.cv(replace(CV, experience=[], certificates=[], summary="", wishes=[])))
    assert "Pengalaman" not in said
    assert "Ringkasan" not in said
    assert "Pendidikan" in said


def test_the_copy_of_own_data_keeps_everything():
    rows = [[f"baris {n}", "x" * 1_000, ""] for n in range(40)]
    whole = replace(
        DATA, sections=[*DATA.sections, Section(title="Panjang", table=Table(head=["A", "B", "C"], rows=rows))]
    )
    said = text(prints.personal_data(whole))
    assert "NIK 1872********0042" in said
    assert "Agama tidak diisi" in said
    assert "Belum ada lamaran." in said
    assert all(f"baris {n} " in said for n in range(40))
    assert said.replace(" ", "").count("x") >= 40 * 1_000


def test_days_are_written_in_indonesian_whatever_the_language_of_the_page():
    assert prints.longdate(date(2026, 8, 7)) == "7\u00a0Agustus\u00a02026"


# --- They hold on their pages ---


@pytest.mark.parametrize(
    ("paper", "count", "size"), [("a4", 1, (210, 297)), ("f4", 1, (215, 330)), ("card", 2, (150, 105))]
)
@pytest.mark.parametrize("piece", [CARD, FULL_CARD], ids=["usual", "full"])
def test_the_card_fits_its_paper(piece, paper, count, size):
    made = read(prints.card(piece, paper=paper)).pages
    assert len(made) == count
    for page in made:
        assert [round(float(side) * 25.4 / 72) for side in page.mediabox[2:]] == list(size)


def test_what_has_no_room_is_counted():
    said = text(prints.card(FULL_CARD, paper="card"))
    assert FULL_CARD.number in said
    assert "dan 18 lainnya" in said
    assert "8. Kepala bagian produksi" in said
    assert "NIP 19850412 201001 2 007" in said
    assert "terhitung mulai" in said
    assert FULL_CARD.check.text in said.replace("/ ", "/").replace("kot ametro", "kotametro")


def test_nothing_on_the_card_runs_into_its_neighbour():
    """The lowest lines of both sides stand where they stand on a usual card."""

    def places(piece):
        found = {}
        for number, page in enumerate(read(prints.card(piece, paper="card")).pages):
            page.extract_text(
                visitor_text=lambda words, cm, tm, font, size, number=number: found.setdefault(
                    (number, words.strip()), (round(tm[4] * cm[0] + cm[4]), round(tm[5] * cm[3] + cm[5]))
                )
            )
        return found

    usual, full = places(CARD), places(FULL_CARD)
    for words in ["NIP 19850412 201001 2 007", "Diterima di"]:
        assert usual[1, words] == full[1, words]


@pytest.mark.parametrize(
    ("count", "paper", "expected"), [(1, "a4", 2), (4, "a4", 2), (20, "a4", 3), (20, "f4", 3), (0, "a4", 2)]
)
def test_the_letter_and_its_answer_sheet_take_their_pages(count, paper, expected):
    piece = replace(LETTER, candidates=FULL_LETTER.candidates[:count])
    made = prints.referral_letter(piece, paper=paper)
    assert pages(made) == expected
    assert "Lembar jawaban" in read(made).pages[-1].extract_text()


def test_the_cv_takes_one_page_or_two():
    assert pages(prints.cv(CV)) == 1
    assert pages(prints.cv(FULL_CV)) == 2
    assert pages(prints.cv(replace(CV, experience=[Experience(job="Kerja", duties="kerja " * 900)] * 30))) == 2


# --- Texts are data ---


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_a_text_is_never_more_than_text(hostile):
    assert pages(prints.card(everywhere(CARD, hostile))) == 1
    assert pages(prints.card(everywhere(CARD, hostile), paper="card")) == 2
    assert pages(prints.referral_letter(everywhere(LETTER, hostile))) <= 4
    assert pages(prints.cv(everywhere(CV, hostile))) <= 2
    assert "root:" not in text(prints.personal_data(everywhere(DATA, hostile)))


def test_markup_is_printed_as_it_was_typed():
    said = text(prints.personal_data(DataPrint(office=OFFICE, name=MARKUP, printed="", sections=[])))
    assert MARKUP in said


def test_control_signs_are_dropped_and_white_space_is_one_space():
    assert prints.printable(" a\x00b\u202e\r\n\tc\ud800 ") == "ab c"
    assert prints.printable({"x": ["\x1b", date(2026, 5, 1)]}) == {"x": ["", "1\u00a0Mei\u00a02026"]}
    assert prints.printable("7\u00a0Mei") == "7\u00a0Mei"


def test_a_long_word_breaks_inside_the_page():
    ends = []

    def note(words, cm, tm, font, size):
        ends.append(tm[4] * cm[0] + cm[4])

    made = read(prints.cv(replace(CV, summary="W" * 10_000, headline="W" * 300)))
    for page in made.pages:
        page.extract_text(visitor_text=note)
    assert max(ends) < 595


# --- They give nothing away ---


@pytest.mark.parametrize(
    ("made", "title"),
    [
        (lambda: prints.card(CARD), "Kartu AK/I"),
        (lambda: prints.referral_letter(LETTER), "Surat pengantar pencari kerja"),
        (lambda: prints.cv(CV), "Daftar riwayat hidup"),
        (lambda: prints.personal_data(DATA), "Salinan data saya"),
    ],
    ids=["card", "letter", "cv", "data"],
)
def test_the_file_is_accessible_and_its_metadata_hold_the_title_only(made, title):
    pdf = made()
    root = read(pdf).trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert set(read(pdf).metadata) == {"/Title", "/Creator"}
    assert read(pdf).metadata.title == title
    assert root["/Lang"] == "id-ID"
    assert root["/MarkInfo"]["/Marked"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    for personal in ["Siti", "Rahmadani", "1872", "0042", "CreateDate"]:
        assert personal not in metadata
    assert not list(read(pdf).attachments)
    assert made() == pdf


def test_a_sign_without_a_font_costs_the_claim_and_nothing_else():
    pdf = prints.card(replace(CARD, name="Siti 😀 Rahmadani"))
    assert "Rahmadani" in text(pdf)
    assert b"pdfuaid" not in read(pdf).trailer["/Root"]["/Metadata"].get_data()
    assert read(pdf).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_full_nik_is_refused():
    with pytest.raises(ValueError, match="full NIK"):
        replace(CARD, nik_masked="1872 0104 0705 0042")


def test_the_candidates_of_a_letter_carry_what_an_employer_may_know():
    assert set(Candidate.__dataclass_fields__) == {"name", "education", "skills"}


# --- Photo, QR, threads ---


def images(page) -> list[bytes]:
    """The bytes of the JPEGs on the page, in forms too."""
    found = []
    waiting = [page]
    while waiting:
        for item in (waiting.pop().get("/Resources", {}).get("/XObject") or {}).values():
            item = item.get_object()
            if item.get("/Filter") == "/DCTDecode":
                found.append(item._data)
            waiting.append(item)
    return found


def test_the_photo_is_in_the_print_as_it_was_given():
    made = prints.card(replace(CARD, photo=TINY_JPEG))
    assert images(read(made).pages[0]) == [TINY_JPEG]
    assert "Foto 3x4" not in text(made)


@pytest.mark.parametrize("photo", [b"", b"GIF89a", b"<svg/>", b"%PDF-1.7"])
def test_what_is_no_photo_is_refused(photo):
    with pytest.raises(ValueError, match="neither JPEG nor PNG"):
        prints.portrait(photo)


def test_the_qr_code_has_no_margin_and_takes_any_address():
    svg = prints.qr("https://kerja.contoh.go.id/periksa/" + "K7QW-3F9M" * 20)
    assert svg.startswith(b"<svg")
    assert svg != prints.qr("https://kerja.contoh.go.id/periksa/")


def test_threads_do_not_mix_people():
    people = [replace(CARD, name=f"Orang {n}", number=f"1872 / {n:06}") for n in range(24)]
    with ThreadPoolExecutor(8) as pool:
        for person, made in zip(people, pool.map(prints.card, people), strict=True):
            assert f"Nomor pendaftaran {person.number} Nama {person.name} NIK" in text(made)
