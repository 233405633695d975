"""Facts in the office's words: wages, places, openings, trust. Used by pages, mails and printed pieces alike."""

from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from canvassing.models import Vacancy
from canvassing.reference import reference_names

NBSP = "\N{NO-BREAK SPACE}"
MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def language() -> str:
    return "en" if get_language() == "en" else "id"


def rupiah(amount: int) -> str:
    """2700000 -> "Rp2.700.000"; the same in every language."""
    return f"Rp{amount:,}".replace(",", ".")


def long_date(day: date) -> str:
    """ "24 November 2026", never broken inside. Django's `date_format` takes seven times as long."""
    return f"{day.day}{NBSP}{MONTHS[language()][day.month - 1]}{NBSP}{day.year}"


def wage(vacancy: Vacancy) -> str:
    """The amount without its period; empty when the employer did not state it."""
    amounts = sorted({amount for amount in (vacancy.wage_min, vacancy.wage_max) if amount is not None})
    return "–".join(rupiah(amount) for amount in amounts)


def wage_period(vacancy: Vacancy) -> str:
    """ "per bulan": the same as `get_wage_period_display`, which makes a dictionary of all periods at every call."""
    return str(Vacancy.WagePeriod(vacancy.wage_period).label)


def wage_with_period(vacancy: Vacancy) -> str:
    return f"{wage(vacancy)} {wage_period(vacancy)}" if vacancy.wage_is_known else _("Upah tidak disebut")


def place(vacancy: Vacancy) -> str:
    return reference_names().place_with_parent(vacancy.region_id) if vacancy.region_id else vacancy.work_place


def education(vacancy: Vacancy) -> str:
    """ "SMA/MA/Paket C ke atas", "Semua pendidikan"; with the field of study where one is asked."""
    if not vacancy.education_id:
        level = _("Semua pendidikan")
    else:
        level = _("%(level)s ke atas") % {"level": reference_names().education_level(vacancy.education_id)}
    return f"{level}, {vacancy.field_of_study}" if vacancy.field_of_study else level


def people(number: int) -> str:
    return ngettext("%(number)s orang", "%(number)s orang", number) % {"number": number}


def openings_detail(vacancy: Vacancy) -> str:
    """Who the openings are for: "perempuan atau laki-laki", or the numbers where the employer asked by sex."""
    if not (vacancy.openings_female or vacancy.openings_male):
        return _("perempuan atau laki-laki")
    parts = [
        (vacancy.openings_any, _("siapa pun")),
        (vacancy.openings_female, _("perempuan")),
        (vacancy.openings_male, _("laki-laki")),
    ]
    return ", ".join(f"{number} {who}" for number, who in parts if number)


def experience(vacancy: Vacancy) -> str:
    if not vacancy.experience_years:
        return _("Tidak disyaratkan")
    return ngettext("%(years)s tahun", "%(years)s tahun", vacancy.experience_years) % {
        "years": vacancy.experience_years
    }


def trust_source(vacancy: Vacancy) -> str:
    """Where the vacancy came from and who stands for it, as the trust label says it.

    Needs `visit` and `school_centre` loaded with the vacancy.
    """
    if vacancy.source == Vacancy.Source.VISIT and vacancy.visit and vacancy.visit.visited_on:
        return _("kunjungan petugas %(date)s") % {"date": long_date(vacancy.visit.visited_on)}
    confirmed = long_date(vacancy.confirmed_on) if vacancy.confirmed_on else ""
    if vacancy.source == Vacancy.Source.BKK and vacancy.school_centre:
        return _("BKK %(school)s, dikonfirmasi %(date)s") % {"school": vacancy.school_centre, "date": confirmed}
    if vacancy.source == Vacancy.Source.ONLINE:
        return _("lowongan daring, dikonfirmasi %(way)s %(date)s") % {
            "way": vacancy.get_confirmed_by_way_display(),
            "date": confirmed,
        }
    if vacancy.source == Vacancy.Source.JOB_FAIR:
        return _("bursa kerja, dikonfirmasi %(date)s") % {"date": confirmed}
    return _("laporan pemberi kerja, dikonfirmasi %(date)s") % {"date": confirmed}
