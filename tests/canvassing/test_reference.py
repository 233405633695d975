import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Office
from canvassing.models import EducationLevel, Industry, Occupation, Region
from canvassing.reference import FILES, FIXTURES, load_reference_data, reference_names

Write = Callable[[str], Path]


def load(kind: str, path: Path) -> list[str]:
    output = StringIO()
    call_command("load_classification", kind, path, stdout=output)
    return output.getvalue().splitlines()


@pytest.fixture
def file(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "klasifikasi.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.django_db
def test_city_has_its_kecamatan_and_kelurahan() -> None:
    assert [region.name for region in Region.objects.filter(code__length=8, code__startswith="18.72.")] == [
        "Metro Pusat",
        "Metro Utara",
        "Metro Barat",
        "Metro Timur",
        "Metro Selatan",
    ]
    assert Region.objects.filter(code__length=13, code__startswith="18.72.").count() == 22
    assert Region.objects.get(code="18.72.04.1003").name == "Iring Mulyo"
    assert Region.objects.get(code="18.07.10").name == "Metro Kibang"  # a neighbour, not a part of the city


@pytest.mark.django_db
def test_country_is_complete_by_province() -> None:
    assert Region.objects.filter(code__length=2).exclude(code=Region.ABROAD).count() == 38
    assert Region.objects.filter(code__length=5, code__startswith="18.").count() == 15
    assert Region.objects.filter(code=Office().city_code).exists()


@pytest.mark.django_db
def test_every_region_lies_in_known_ones() -> None:
    codes = set(Region.objects.values_list("code", flat=True))
    above = {code.rpartition(".")[0] for code in codes if "." in code}
    assert above <= codes


@pytest.mark.django_db
def test_classifications_are_complete_at_their_broad_levels() -> None:
    assert "".join(Occupation.objects.groups().values_list("code", flat=True)) == "0123456789"
    assert Occupation.objects.filter(code__length=2).count() == 43
    assert "".join(Industry.objects.values_list("code", flat=True)) == "ABCDEFGHIJKLMNOPQRSTU"
    assert list(EducationLevel.objects.values_list("rank", flat=True)) == list(range(12))


def test_every_fixture_row_has_every_column_and_both_languages() -> None:
    for name, model in FILES.items():
        rows = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
        columns = {field.name for field in model._meta.concrete_fields}
        assert all(row.keys() == columns and "" not in row.values() for row in rows), name


@pytest.mark.django_db
def test_loading_again_corrects_names_and_keeps_own_rows() -> None:
    Region.objects.filter(code="18.72").update(name="Salah")
    Region.objects.create(code="18.02.99", name="Kecamatan Baru")

    load_reference_data()

    assert Region.objects.get(code="18.72").name == "Kota Metro"
    assert reference_names().place("18.02.99") == "Kecamatan Baru"


@pytest.mark.django_db
def test_full_classification_is_loaded_once(file: Write) -> None:
    known = "74,Pekerja kelistrikan dan elektronik,7"
    path = file(f"Kode,Judul,parent\n7,Pekerja Pengolahan,\n{known}\n7412.01,Montir Listrik,7412\n")

    assert load("kbji", path) == ["1 ditambah, 1 diperbarui, 1 sudah sama, 0 tidak bisa dipakai."]
    assert load("kbji", path) == ["0 ditambah, 0 diperbarui, 3 sudah sama, 0 tidak bisa dipakai."]
    changed = Occupation.objects.get(code="7")
    assert (changed.title, changed.title_en) == ("Pekerja Pengolahan", "Craft and related trades workers")
    assert reference_names().occupation("7412.01") == "Montir Listrik"


@pytest.mark.django_db
def test_section_letter_stands_for_the_code_where_there_is_no_other(file: Write) -> None:
    load("kbli", file("section,title\nA,Pertanian\n"))
    load("kbli", file("section,code,title\nA,01,Tanaman dan ternak\n"))

    assert Industry.objects.get(code="A").title == "Pertanian"
    assert Industry.objects.get(code="01").title == "Tanaman dan ternak"


@pytest.mark.django_db
def test_rows_that_cannot_be_used_are_told(file: Write) -> None:
    path = file("code,title,parent\n7.1,Salah,\n111,Perwira,01\n12,,\n13,Satu,\n13,Dua,\n")

    assert load("kbji", path) == [
        "Baris 2: Kode “7.1” tidak dikenal; seharusnya 1–4 angka seperti 7412, atau berbentuk 7412.01.",
        "Baris 3: Kode 111 bukan bagian dari induk 01; mungkin nol di depan hilang.",
        "Baris 4: Nama kosong.",
        "Baris 6: Kode 13 sudah ada di baris lain.",
        "0 ditambah, 1 diperbarui, 0 sudah sama, 4 tidak bisa dipakai.",
    ]


@pytest.mark.django_db
def test_file_without_codes_is_refused(file: Write) -> None:
    with pytest.raises(CommandError, match="Kolom tidak ada: code"):
        load("kbji", file("nomor,title\n1,Manajer\n"))
