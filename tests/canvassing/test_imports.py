import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from canvassing.imports import posting, read_postings, save_leads, tidy_title, wage
from canvassing.models import Employer, Vacancy
from canvassing.tables import UnusableFile, UnusableRow, inert
from tests.conftest import People
from tests.factories import make_employer

Write = Callable[..., Path]
HEADER = "Judul Pekerjaan,Perusahaan,Lokasi,Gaji_Rata2"


@pytest.fixture
def file(tmp_path: Path) -> Write:
    """Answers the path of a file with the given lines under the usual header."""

    def write(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
        path = tmp_path / "lowongan.csv"
        path.write_bytes("\r\n".join([header, *lines]).encode(encoding))
        return path

    return write


def run(path: Path, **options: object) -> list[str]:
    output = StringIO()
    call_command("import_postings", path, stdout=output, **options)
    return output.getvalue().splitlines()


def refusals(path: Path) -> list[tuple[int, str]]:
    return [(refusal.row, refusal.reason) for refusal in read_postings(path).refused]


def test_import_makes_leads(file: Write, people: People) -> None:
    path = file("Kasir,Toko Contoh Jaya,Jakarta Raya,4200000", "Koki,PT Contoh Rasa,Kabupaten Kendal,3000000")

    output = run(path, officer=people["canvasser"].email)

    assert output[:4] == [
        "       2 petunjuk baru, dengan 2 perusahaan baru",
        "       0 sudah tercatat sebelumnya",
        "       0 baris mengulang baris lain",
        "       0 baris tidak bisa dipakai",
    ]
    cashier = Vacancy.objects.get(title="Kasir")
    assert (cashier.state, cashier.source, cashier.created_by) == ("lead", "online", people["canvasser"])
    assert (cashier.employer_name, cashier.work_place, cashier.region_id) == ("Toko Contoh Jaya", "Jakarta Raya", "31")
    assert (cashier.wage_min, cashier.wage_max, cashier.wage_month) == (4_200_000, None, 4_200_000)
    assert cashier.employer_words == "Kasir | Toko Contoh Jaya | Jakarta Raya | 4200000"


def test_second_run_adds_nothing(file: Write, people: People) -> None:
    path = file("Kasir,Toko Contoh Jaya,Metro,", "KASIR,toko  contoh jaya,Metro,2700000", "Koki,PT Contoh Rasa,,")
    people["canvasser"]
    run(path)

    assert run(path)[:3] == [
        "       0 petunjuk baru, dengan 0 perusahaan baru",
        "       2 sudah tercatat sebelumnya",
        "       1 baris mengulang baris lain",
    ]
    assert Vacancy.objects.count() == 2


def test_lead_that_was_worked_on_is_not_made_again(file: Write, people: People) -> None:
    path = file("Kasir,Toko Contoh Jaya,Metro,")
    run(path, officer=people["canvasser"].email)
    Vacancy.objects.get().take_up(by=people["canvasser"])
    Vacancy.objects.update(title="Kasir malam")

    run(path)

    assert list(Vacancy.objects.values_list("title", "state")) == [("Kasir malam", "draft")]


def test_employers_are_found_in_any_spelling(file: Write, people: People) -> None:
    known = make_employer(name="PT. Contoh Rasa, Tbk")
    path = file("Koki,PT CONTOH RASA,,", "Pelayan,Contoh Rasa,,", "Penerjemah,香港咨询,,", "Juru bahasa,公司,,")
    people["canvasser"]

    run(path)

    assert set(known.vacancies.values_list("title", flat=True)) == {"Koki", "Pelayan"}
    assert Employer.objects.count() == 3


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("Jakarta Raya", "31"),
        ("DI Yogyakarta", "34"),
        ("Yogyakarta", "34.71"),
        ("jakarta selatan", "31.74"),
        ("Bandung", "32.73"),
        ("Kabupaten Bandung", "32.04"),
        ("Pangkal Pinang", "19.71"),
        ("Jambi", "15"),
        ("Kota Jambi", "15.71"),
        ("Singapura", "99"),
        ("Kebayoran Lama", None),
        ("Indonesia", None),
        ("", None),
    ],
)
def test_place_becomes_a_region_where_known(file: Write, people: People, place: str, code: str | None) -> None:
    save_leads(read_postings(file(f"Kasir,Toko Contoh,{place},")).postings, officer=people["canvasser"])

    vacancy = Vacancy.objects.get()
    assert (vacancy.region_id, vacancy.work_place) == (code, place)


def test_unusable_rows_are_told_with_row_and_reason(file: Write) -> None:
    path = file(
        ",PT Contoh,Metro,",
        "Kasir,,Metro,",
        "Kasir,Pengiklan Anonim,Metro,2500000",
        f"{'x' * 121},PT Contoh,Metro,",
        "",
        "Kasir,PT Contoh,Metro,banyak",
        "Kasir,PT Contoh,Metro,12",
        "Kasir,PT Contoh,Metro",
        "Kasir,PT Contoh,Metro,2500000,lebih",
    )

    assert refusals(path) == [
        (2, "Judul pekerjaan kosong."),
        (3, "Nama perusahaan kosong."),
        (4, "Pengiklan anonim tidak bisa dihubungi."),
        (5, "Judul lebih dari 120 huruf."),
        (7, "Gaji “banyak” bukan angka."),
        (8, "Gaji 12 sebulan tidak masuk akal."),
        (9, "Jumlah kolom 3, seharusnya 4."),
        (10, "Jumlah kolom 5, seharusnya 4."),
    ]


def test_only_rows_with_broken_letters_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "lowongan.csv"
    rows = [b"Barista,Caf\xe9 Contoh,Metro,", b"Kasir,Toko" + b" " * 5000 + b"\0,Metro,", b"Koki,PT Contoh,Metro,"]
    path.write_bytes(b"\n".join([HEADER.encode(), *rows]))

    reading = read_postings(path)

    assert [(refusal.row, refusal.reason) for refusal in reading.refused] == [
        (2, "Hurufnya bukan UTF-8."),
        (3, "Ada huruf yang rusak."),
    ]
    assert [each.title for each in reading.postings] == ["Koki"]


def test_semicolons_marks_and_strange_capitals_are_read(tmp_path: Path) -> None:
    path = tmp_path / "lowongan.csv"
    path.write_text(
        "\ufeffNo;judul pekerjaan;PERUSAHAAN;Lokasi;Gaji_Rata2\n1;Kasir;PT Contoh;Metro;Rp 2.700.000\n", "utf-8"
    )

    (found,) = read_postings(path).postings

    assert (found.title, found.employer, found.wage) == ("Kasir", "PT Contoh", 2_700_000)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Berkas kosong."),
        (b" \n\n", "Berkas kosong."),
        (HEADER.encode(), "Berkas tidak berisi satu baris pun"),
        (b"PK\x03\x04\x14\x00", "Ini berkas Excel atau zip."),
        (b"\xd0\xcf\x11\xe0\x00\x00", "Ini bukan berkas CSV."),
        ("Judul Pekerjaan,Perusahaan".encode("utf-16"), "Ini bukan berkas CSV."),
        (b"Judul,Perusahaan,Kota\nKasir,PT Contoh,Metro", "Kolom tidak ada: Lokasi, Gaji_Rata2."),
        (HEADER.encode() + b'\nKasir,"' + b"x" * 140_000, "Berkas rusak dekat baris 2"),
    ],
)
def test_wrong_file_is_refused_as_a_whole(tmp_path: Path, people: People, content: bytes, message: str) -> None:
    path = tmp_path / "lowongan.csv"
    path.write_bytes(content)
    people["canvasser"]

    with pytest.raises(CommandError, match=message) as refused:
        run(path)

    assert str(refused.value).endswith("Tidak ada yang diubah.")
    assert not Vacancy.objects.exists()


def test_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="tidak bisa dibuka"):
        read_postings(tmp_path / "tidak-ada.csv")


def test_report_holds_the_unusable_rows_as_plain_text(file: Write, tmp_path: Path, people: People) -> None:
    path = file('"=HYPERLINK(""x"")",,@Metro,-1', "Kasir,PT Contoh,Metro,")
    people["canvasser"]

    output = run(path, report=tmp_path / "laporan.csv")

    assert output[-2] == "Nama perusahaan kosong. Baris 2"
    with (tmp_path / "laporan.csv").open(encoding="utf-8-sig", newline="") as report:
        assert list(csv.reader(report)) == [
            ["Baris", "Alasan", "Isi"],
            ["2", "Nama perusahaan kosong.", '\'=HYPERLINK("x")', "", "'@Metro", "'-1"],
        ]


def test_nothing_is_imported_when_the_report_cannot_be_written(file: Write, tmp_path: Path, people: People) -> None:
    people["canvasser"]

    with pytest.raises(CommandError, match="Laporan tidak bisa ditulis"):
        run(file("Kasir,PT Contoh,Metro,"), report=tmp_path)

    assert not Vacancy.objects.exists()


def test_leads_need_a_canvasser(file: Write, people: People) -> None:
    path = file("Kasir,PT Contoh,Metro,")
    people["publisher"], people["deactivated"]

    with pytest.raises(CommandError, match="Belum ada petugas lapangan"):
        run(path)
    with pytest.raises(CommandError, match="bukan petugas lapangan"):
        run(path, officer=people["publisher"].email)


def test_many_rows_take_few_queries(file: Write, people: People, django_assert_max_num_queries: Callable) -> None:
    postings = read_postings(file(*(f"Kasir {n},PT Contoh {n % 50},Metro,2700000" for n in range(1500)))).postings
    officer = people["canvasser"]

    with django_assert_max_num_queries(10):
        saved = save_leads(postings, officer=officer)

    assert (saved.made, saved.employers) == (1500, 50)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("5753293", 5_753_293),
        ("5753293.5", 5_753_293),
        ("Rp 5.753.293", 5_753_293),
        ("rp. 2.700.000,00", 2_700_000),
        ("", None),
    ],
)
def test_wage_is_read(text: str, amount: int | None) -> None:
    assert wage(text) == amount


@pytest.mark.parametrize("text", ["-1", "0", "5jt", "2-3 juta", "999999999999999", "٣٠٠٠٠٠٠", "1e7"])
def test_wage_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UnusableRow):
        wage(text)


@pytest.mark.parametrize(
    ("title", "tidy"),
    [
        ("Admin  Toko", "Admin Toko"),
        ("ADMIN DAN KASIR", "Admin dan Kasir"),
        ("STAFF  PPJK", "Staff PPJK"),
        ("SPV CIVIL ENGINEER (HRD)", "SPV Civil Engineer (HRD)"),
        ("TAX & ACCOUNTING", "Tax & Accounting"),
        ("DI GUDANG", "Di Gudang"),
        ("Staff HRD", "Staff HRD"),
        ("iOS Developer", "iOS Developer"),
    ],
)
def test_title_in_capitals_is_calmed(title: str, tidy: str) -> None:
    assert tidy_title(title) == tidy


@pytest.mark.parametrize("name", ["Pengiklan Anonim", "PENGIKLAN ANONIM", "Confidential"])
def test_anonymous_advertiser_is_refused(name: str) -> None:
    with pytest.raises(UnusableRow, match="anonim"):
        posting({"title": "Kasir", "employer": name, "place": "", "wage": ""})


@pytest.mark.parametrize(
    ("cell", "text"), [("=1+1", "'=1+1"), ("+62", "'+62"), ("-1", "'-1"), ("@a", "'@a"), ("a=1", "a=1")]
)
def test_cell_for_a_spreadsheet_is_inert(cell: str, text: str) -> None:
    assert inert(cell) == text
