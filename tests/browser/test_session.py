"""Staff are told before they are signed out, and one button keeps them and what they have typed (WCAG 2.2.1)."""

from collections.abc import Callable

from django.conf import settings
from playwright.sync_api import Page, expect

MINUTE = 60_000


def test_staff_are_told_before_the_session_ends(open_page: Callable[..., Page]) -> None:
    page = open_page("petugas")
    page.clock.install()
    page.goto("/petugas/perusahaan/baru/")
    page.get_by_label("Nama").first.fill("Toko Contoh")
    notice = page.get_by_role("alert")
    expect(notice).to_be_hidden()
    page.clock.run_for(settings.STAFF_IDLE_SECONDS * 1000 - 4 * MINUTE)
    expect(notice).to_contain_text("Sebentar lagi Anda keluar sendiri")
    notice.get_by_role("button", name="Tetap masuk").click()
    expect(notice).to_be_hidden()
    expect(page.get_by_label("Nama").first).to_have_value("Toko Contoh")


def test_admin_is_told_too(open_page: Callable[..., Page]) -> None:
    page = open_page("admin")
    page.clock.install()
    page.goto("/admin/canvassing/occupation/add/")
    page.get_by_label("Kode").fill("9999")
    notice = page.get_by_role("alert")
    expect(notice).to_be_hidden()
    page.clock.run_for(settings.STAFF_IDLE_SECONDS * 1000 - 4 * MINUTE)
    expect(notice).to_contain_text("Sebentar lagi Anda keluar sendiri")
    notice.get_by_role("button", name="Tetap masuk").click()
    expect(notice).to_be_hidden()
    expect(page.get_by_label("Kode")).to_have_value("9999")
