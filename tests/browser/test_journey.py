"""The main job, as people do it: a visit becomes a vacancy, a second person publishes it, a stranger's inbox has it."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from playwright.sync_api import Page, expect

from tests.factories import today
from tests.running import wait_until

EMPLOYER = "Konveksi Sulam Usang"


def record_visit(page: Page) -> None:
    page.goto("/petugas/perusahaan/?q=sulam")
    page.get_by_role("link", name="Catat kunjungan").first.click()
    page.locator("#id_visited_on").fill(str(today()))
    page.get_by_label("Bertemu dengan").fill("Bu Aminah, pemilik")
    page.locator("#id_outcome").select_option(label="Ada lowongan")
    page.locator("#id_next_step").fill("Tanya apakah sudah terisi")
    page.locator("#id_next_step_on").fill(str(today() + timedelta(days=7)))
    page.get_by_role("button", name="Simpan, lalu catat lowongan").click()


def record_vacancy(page: Page, title: str) -> None:
    page.wait_for_url("**/petugas/lowongan/baru/?kunjungan=*")
    expect(page.get_by_label("Pemberi kerja", exact=True)).to_have_value(EMPLOYER)
    page.get_by_label("Nama pekerjaan").fill(title)
    page.get_by_label("Jabatan (KBJI)").select_option(value="75")
    page.locator("#id_wage_min").fill("2,6 juta")
    page.get_by_label("Jam kerja").fill("6 hari seminggu, 08.00–16.00")
    page.locator("#id_working_conditions").fill("Borongan dan upah pokok, BPJS Ketenagakerjaan")
    page.get_by_label("Berlaku sampai").fill(str(today() + timedelta(days=20)))
    page.get_by_role("button", name="Kirim ke pemeriksaan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_text("Lowongan dikirim ke pemeriksaan")).to_be_visible()


def approve(page: Page, title: str) -> None:
    page.goto("/petugas/pemeriksaan/")
    page.get_by_role("link", name=title).click()
    page.get_by_label("Perusahaan dihubungi dan membenarkan").check()
    page.get_by_label("Dipastikan kepada").fill("Pemilik")
    page.get_by_label("Cara memastikan").select_option(label="telepon")
    page.get_by_label("Tidak ada pungutan").check()
    page.get_by_role("button", name="Setujui dan terbitkan").click()
    expect(page.locator(".kk-notice.kk-ok").first).to_be_visible()


def subject_in_inbox(page: Page, address: str, words: str) -> str | None:
    """The address of the mail's page in the catcher, once it has come."""
    page.goto("/demo/surat/")
    row = page.locator("tr", has_text=address).filter(has_text=words)
    return row.get_by_role("link").first.get_attribute("href") if row.count() else None


def read(page: Page, letter: str) -> str:
    """The HTML of a mail. Its page is sandboxed, so nothing can be clicked there."""
    return page.request.get(f"{letter}html/").text()


def link_in_mail(page: Page, letter: str, words: str) -> str:
    found = re.search(rf'<a[^>]+href="([^"]+)"[^>]*>\s*{words}', read(page, letter))
    assert found, read(page, letter)
    return html.unescape(found[1])


def wait_for_mail(page: Page, address: str, words: str) -> str:
    wait_until(lambda: subject_in_inbox(page, address, words) is not None, seconds=60)
    return subject_in_inbox(page, address, words) or ""


def test_visit_becomes_a_mail_in_a_job_seekers_inbox(open_page: Callable[..., Page], site: str) -> None:
    canvasser, publisher = open_page("petugas"), open_page("penerbit")
    visitor, inbox = open_page(width=360), open_page()

    record_visit(canvasser)
    record_vacancy(canvasser, "Penjahit kebaya halus")
    visitor.goto("/lowongan/?q=kebaya")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Belum ada lowongan yang cocok")

    approve(publisher, "Penjahit kebaya halus")
    visitor.goto("/lowongan/?q=kebaya")
    visitor.get_by_role("link", name="Penjahit kebaya halus").click()
    expect(visitor.get_by_role("heading", name="Lowongan ini sudah diperiksa kantor")).to_be_visible()
    expect(visitor.get_by_text("Rp2.600.000 per bulan").first).to_be_visible()

    visitor.goto("/lowongan/?q=kebaya")
    visitor.get_by_label("Alamat e-mail").fill("siti@contoh.test")
    visitor.wait_for_timeout(settings.FORM_SECONDS * 1000 + 1000)  # as long as a person takes
    visitor.get_by_role("button", name="Langganan gratis").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Satu langkah lagi")
    letter = wait_for_mail(inbox, "siti@contoh.test", "Konfirmasi")
    visitor.goto(link_in_mail(inbox, letter, "Konfirmasi langganan"))
    visitor.get_by_role("button", name="Ya, kirim kabarnya").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Langganan Anda aktif")

    record_visit(canvasser)
    record_vacancy(canvasser, "Pengawas jahit kebaya")
    approve(publisher, "Pengawas jahit kebaya")
    letter = wait_for_mail(inbox, "siti@contoh.test", "Pengawas jahit kebaya")
    stop = link_in_mail(inbox, letter, "Berhenti langganan")
    assert "Penjahit kebaya halus" not in read(inbox, letter)

    answer = visitor.request.post(stop, form={"List-Unsubscribe": "One-Click"})
    assert answer.status == 200
    visitor.goto(stop)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Langganan sudah berhenti")


def test_search_reads_and_filters_without_any_script(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360, scripts=False)
    page.goto("/lowongan/")
    page.get_by_label("Pekerjaan atau kata kunci").fill("kasir")
    page.get_by_role("button", name="Cari").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("lowongan cocok")
    page.get_by_text("Saring hasil").first.click()
    page.get_by_label("Tanpa pengalaman").check()
    page.get_by_role("button", name=re.compile("^Tampilkan")).click()
    assert "tanpa_pengalaman=1" in page.url
    assert "q=kasir" in page.url


def test_filter_with_script_changes_results_and_address_in_place(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/lowongan/")
    page.evaluate("window.sameDocument = true")
    page.get_by_label("Kota Metro").check()
    page.wait_for_url("**/lowongan/?*tempat=18.72*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("lowongan cocok")
    assert page.evaluate("window.sameDocument") is True


def test_form_with_errors_keeps_the_input_and_takes_the_focus(open_page: Callable[..., Page]) -> None:
    page = open_page("petugas")
    page.goto("/petugas/lowongan/baru/")
    page.get_by_label("Nama pekerjaan").fill("Satpam")
    page.get_by_role("button", name="Kirim ke pemeriksaan").click()
    expect(page.locator("#kesalahan")).to_be_focused()
    expect(page.get_by_label("Nama pekerjaan")).to_have_value("Satpam")


def test_known_employers_are_suggested_while_typing(open_page: Callable[..., Page]) -> None:
    page = open_page("petugas")
    page.goto("/petugas/lowongan/baru/")
    page.get_by_label("Pemberi kerja", exact=True).press_sequentially("sulam")
    expect(page.locator("#perusahaan option")).to_have_attribute("value", EMPLOYER)
