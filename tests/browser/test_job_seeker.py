"""A stranger's way through the office on a phone: registered, carded, referred, placed, asked, erased."""

import json
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_up
from tests.browser.test_journey import link_in_mail, wait_for_mail
from tests.running import Run

NAME, EMAIL = "Rahayu Kenanga", "rahayu@contoh.test"
NIK = "1872995202990007"  # nobody's: there is no kecamatan 99
TITLE = "Kasir swalayan"
THREE_MONTHS_LATER = f"""
from django.utils import timezone
from jobseekers.models import FollowUp
FollowUp.objects.filter(placement__job_seeker__email="{EMAIL}", months=3).update(due_on=timezone.localdate())
"""


def onward(page: Page) -> None:
    page.get_by_role("button", name="Simpan dan lanjut").click()


def register(page: Page) -> None:
    sign_up(page, NAME, EMAIL)
    page.get_by_role("link", name="Mulai daftar").click()
    expect(page.get_by_label("Nama lengkap")).to_have_value(NAME)
    page.get_by_label("NIK").fill(NIK)
    page.get_by_label("Tempat lahir").fill("Metro")
    page.get_by_label("Tanggal lahir").fill("1999-02-12")
    page.get_by_label("Perempuan").check()
    onward(page)
    page.get_by_label("Tinggal di").select_option(label="Yosorejo")
    page.get_by_label("Alamat", exact=True).fill("Jalan Kenanga 5, RT 02 RW 03")
    page.get_by_label("Telepon atau WhatsApp").fill("0812 7000 1234")
    onward(page)
    page.locator("#id_education").select_option(label="SMA")
    page.get_by_label("Keterampilan").fill("memasak, melayani tamu")
    onward(page)
    onward(page)  # no work so far
    page.locator("#id_occupation").select_option(value="51")
    onward(page)
    onward(page)  # no needs
    page.get_by_label("Saya sudah membaca").check()
    page.get_by_role("button", name="Selesai").click()
    expect(page.get_by_text("Pendaftaran selesai")).to_be_visible()


def get_card(phone: Page, officer: Page, photo: Path) -> None:
    phone.goto("/akun/profil/")
    phone.get_by_label("Pilih berkas: Foto").set_input_files(photo)
    phone.get_by_role("button", name="Unggah Foto").click()
    phone.goto("/akun/")
    phone.get_by_role("button", name="Minta kartu AK/I").click()
    officer.goto("/petugas/kartu/")
    officer.get_by_role("link", name=NAME).click()
    for paper in ("KTP", "Ijazah terakhir", "Foto 3 × 4"):
        officer.get_by_label(paper).check()
    officer.get_by_role("button", name="Terbitkan kartu").click()
    phone.goto("/akun/")
    expect(phone.get_by_role("link", name="Unduh kartu (PDF)")).to_be_visible()


def apply(phone: Page) -> None:
    phone.goto("/lowongan/?q=kasir")
    phone.get_by_role("link", name=TITLE, exact=True).click()
    phone.get_by_role("link", name="Lamar lewat situs ini").click()
    phone.get_by_label("Pesan untuk perusahaan").fill("Bisa mulai minggu depan.")
    phone.get_by_label("Saya setuju nama, pendidikan").check()
    phone.get_by_role("button", name="Kirim lamaran").click()
    expect(phone.get_by_text("Lamaran terkirim ke kantor.")).to_be_visible()


def refer(officer: Page) -> str:
    """Issue the letter; answers the path with which the employer answers."""
    officer.goto(f"/petugas/rujukan/?q={NAME}")
    officer.get_by_role("link", name="Buat surat").click()
    officer.get_by_role("button", name="Lihat surat").click()
    expect(officer.get_by_role("heading", name="Isi surat")).to_be_visible()
    officer.get_by_role("button", name="Terbitkan surat").click()
    expect(officer.get_by_text("terbit. Cetak, atau kirim tautannya.")).to_be_visible()
    return officer.locator("a[href^='/jawab/']").get_attribute("href") or ""


def place(officer: Page) -> None:
    officer.goto(f"/petugas/rujukan/?q={NAME}")
    officer.get_by_role("link", name=NAME).click()
    officer.get_by_role("link", name="Catat penempatan").click()
    officer.get_by_role("button", name="Simpan penempatan").click()
    expect(officer.get_by_text("Penempatan tercatat: AKL, dalam provinsi.")).to_be_visible()


def test_stranger_is_registered_placed_asked_and_erased(
    open_page: Callable[..., Page], demo: Run, tmp_path: Path
) -> None:
    phone, employer, officer, head = (
        open_page(width=360),
        open_page(width=360),
        open_page("petugas"),
        open_page("manajer"),
    )
    photo = tmp_path / "foto.png"
    Image.new("RGB", (300, 400), "teal").save(photo)

    register(phone)
    get_card(phone, officer, photo)
    apply(phone)
    employer.goto(refer(officer))
    employer.get_by_label("Diterima").check()
    employer.get_by_role("button", name="Kirim jawaban").click()
    expect(employer.get_by_text("Terima kasih, jawaban tersimpan")).to_be_visible()
    phone.goto("/akun/lamaran/")
    expect(phone.get_by_role("main").get_by_text("Diterima", exact=True)).to_be_visible()
    place(officer)

    demo.manage("shell", "-c", THREE_MONTHS_LATER)
    demo.manage("dispatch", "--once")
    letter = wait_for_mail(officer, EMAIL, "Apa kabar pekerjaan Anda?")
    phone.goto(link_in_mail(officer, letter, "Jawab dengan satu ketukan"))
    phone.get_by_role("button", name="Masih bekerja di sana").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Terima kasih, jawaban tersimpan")

    phone.goto("/akun/data/catatan/")
    expect(phone.get_by_text("Petugas Disnakertrans Kota Metro").first).to_be_visible()
    phone.goto("/akun/data/")
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Untuk komputer (JSON)").click()
    exported = download.value.path().read_text()
    assert json.loads(exported)["profile"]["name"] == NAME
    assert NIK not in exported

    phone.get_by_role("link", name="Minta data saya dihapus").click()
    phone.get_by_label("Saya mengerti").check()
    phone.get_by_role("button", name="Minta hapus data saya").click()
    head.goto("/petugas/permintaan-data/")
    head.locator("tr", has_text=NAME).get_by_role("link").click()
    head.get_by_role("button", name="Hapus data orang ini").click()
    expect(head.get_by_text("Permintaan dijawab.")).to_be_visible()
    head.goto(f"/petugas/pencaker/?q={NAME}")
    expect(head.get_by_role("link", name=NAME)).to_have_count(0)
    phone.goto("/akun/")
    phone.wait_for_url("**/masuk/**")
