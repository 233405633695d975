from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.translation import override

from config.templatetags import ui

NBSP = "\N{NO-BREAK SPACE}"


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (0, "0", "0"),
        (1204, "1.204", "1,204"),
        (2_700_000, "2.700.000", "2,700,000"),
        (None, "", ""),
    ],
)
def test_number_follows_the_language(value, indonesian, english):
    with override("id"):
        assert ui.number(value) == indonesian
    with override("en"):
        assert ui.number(value) == english


def test_rupiah():
    with override("id"):
        assert ui.rupiah(2_700_000) == "Rp2.700.000"
        assert ui.rupiah(None) == ""
    with override("en"):
        assert ui.rupiah(2_700_000) == "Rp2.700.000"


def test_dates_never_break_inside():
    with override("id"):
        assert ui.longdate(date(2026, 11, 24)) == f"24{NBSP}November{NBSP}2026"
        assert plain(ui.daydate(date(2026, 11, 24))) == "Selasa, 24 November 2026"
        assert plain(ui.shortdate(date(2026, 8, 1))) == "1 Agustus"
    with override("en"):
        assert plain(ui.daydate(date(2026, 8, 1))) == "Saturday, 1 August 2026"


def test_times_are_local():
    noon = datetime(2026, 11, 23, 18, 5, tzinfo=timezone.get_fixed_timezone(0))  # 01.05 of the next day in Jakarta
    with override("id"), timezone.override("Asia/Jakarta"):
        assert plain(ui.longdatetime(noon)) == "24 November 2026, 01.05"
        assert ui.clocktime(time(14, 5)) == "14.05"
    with override("en"), timezone.override("Asia/Jakarta"):
        assert plain(ui.longdatetime(noon)) == "24 November 2026, 01:05"


@pytest.mark.parametrize(
    "name", ["shortdate", "longdate", "daydate", "clocktime", "longdatetime", "days_left", "phone", "tel", "wa"]
)
def test_nothing_gives_nothing(name):
    assert getattr(ui, name)(None) == ""


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        (-1, "kk-neutral", "Ditutup 23 November 2026"),
        (0, "kk-bad", "Tutup hari ini"),
        (3, "kk-warn", "Tutup 27 November, 3 hari lagi"),
        (7, "kk-warn", "Tutup 1 Desember, 7 hari lagi"),
        (8, "kk-plain", "Tutup 2 Desember 2026"),
    ],
)
@time_machine.travel("2026-11-24T05:00:00Z", tick=False)
def test_deadline_warns_within_a_week(days, state, words):
    with override("id"), timezone.override("Asia/Jakarta"):
        html = plain(ui.deadline(timezone.localdate() + timedelta(days=days)))
    assert state in html
    assert words in html
    assert ui.deadline(None) == ""


@time_machine.travel("2026-11-24T18:00:00Z", tick=False)
def test_days_left_counts_local_days():
    with timezone.override("Asia/Jakarta"):  # already 25 November there
        assert ui.days_left(date(2026, 11, 27)) == 2


def test_phone_numbers():
    assert ui.phone("0812-0000-0110") == "0812\N{NON-BREAKING HYPHEN}0000\N{NON-BREAKING HYPHEN}0110"
    assert ui.tel("(0725) 000-000") == "0725000000"
    assert ui.wa("0812-0000-0110") == ui.wa("+62 812-0000-0110") == "6281200000110"


def test_icon_is_silent_beside_a_word_and_named_alone():
    assert 'aria-hidden="true"' in ui.icon("search")
    assert 'aria-label="Cari &amp; temukan"' in ui.icon("search", label="Cari & temukan")


def test_status_escapes_its_text():
    html = ui.status("warn", "<b>", icon="question")
    assert html.startswith('<span class="kk-status kk-warn"><svg')
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize("kind", ui.STATE_ICONS)
def test_every_state_has_an_icon(kind):
    assert ui.ICONS[ui.STATE_ICONS[kind]] in ui.status(kind, "Kata")
    assert ui.notice_icon(kind) in ui.ICONS.values()


def test_every_message_level_has_a_notice_icon():
    assert set(settings.MESSAGE_TAGS.values()) <= set(ui.NOTICE_ICONS)


def test_ledger_bar_shows_every_part_that_exists():
    html = ui.ledger_bar(accepted=8412, waiting=1549, rejected=37, unknown=2)
    assert html.count("<rect") == 4
    assert "8.412 diterima" in html
    widths = [float(part.split('%"')[0]) for part in html.split('width="')[1:]]
    assert sum(widths) == pytest.approx(100, abs=0.05)
    assert min(widths) > 1
    assert "<rect" not in ui.ledger_bar(accepted=0, waiting=0, rejected=0, unknown=0)


@pytest.mark.parametrize(("path", "current"), [("/lowongan/1/kasir/", True), ("/bantuan/", False)])
def test_nav_link_knows_its_section(monkeypatch, path, current):
    monkeypatch.setattr(ui, "reverse", lambda name: "/lowongan/")
    html = ui.nav_link(Context({"request": SimpleNamespace(path=path)}), "vacancy_list", "Lowongan")
    assert ("aria-current" in html) is current
