from datetime import date

import pytest

from announcements import spoken


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (17, "tujuh belas"),
        (40, "empat puluh"),
        (110, "seratus sepuluh"),
        (1115, "seribu seratus lima belas"),
        (2_026, "dua ribu dua puluh enam"),
        (2_700_000, "dua juta tujuh ratus ribu"),
        (1_000_000_000, "satu miliar"),
    ],
)
def test_number_is_said_in_words(figure, said):
    assert spoken.number(figure) == said


def test_money_is_a_range_or_one_amount():
    assert spoken.money(2_500_000, 2_700_000) == ("dua juta lima ratus ribu sampai dua juta tujuh ratus ribu rupiah")
    assert spoken.money(None, 3_000_000) == "tiga juta rupiah"


def test_day_is_said_with_its_year():
    assert spoken.day(date(2026, 12, 8)) == "delapan Desember dua ribu dua puluh enam"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("(0725) 000-000", "nol tujuh dua lima, nol nol nol, nol nol nol"),
        ("081200000110", "nol delapan satu dua, nol nol nol nol, nol satu satu nol"),
    ],
)
def test_phone_is_said_in_groups(written, said):
    assert spoken.phone(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("PT Contoh Tbk", "pe te Contoh terbuka"),
        ("SMA/MA ke atas", "es em a atau em a ke atas"),
        ("07.30–16.00 WIB", "tujuh tiga puluh sampai enam belas waktu Indonesia barat"),
        ("Rp100.000 & makan", "seratus ribu rupiah dan makan"),
        ("D3, usia 18-25", "de tiga, usia delapan belas sampai dua puluh lima"),
        ("KASIR TOKO", "kasir toko"),
    ],
)
def test_text_is_said_without_figures_signs_and_abbreviations(written, said):
    assert spoken.words(written) == said


def test_reading_time_grows_with_syllables_and_pauses():
    assert (spoken.seconds("a " * 50), spoken.seconds("a. " * 50)) == (10, 30)
