"""Every page of every role: no accessibility violation, no script error, nothing wider than a phone, small enough."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
PUBLIC = [
    "/",
    "/lowongan/",
    "/lowongan/?q=kasir",
    "/lowongan/?q=las+bawah+air&tempat=18.72",
    "{vacancy}",
    "{report}",
    "/pelatihan/",
    "{class}",
    "/kabar/",
    "{news}",
    "/langganan/",
    "/langganan/terkirim/",
    "/langganan/perangkat/",
    "/langganan/perangkat/rusak/",
    "/langganan/berhenti/rusak/",
    "/bantuan/",
    "/privasi/",
    "/masuk/",
    "/masuk/login/code/",
    "/masuk/signup/",
    "/tidak-ada/",
    "/demo/surat/",
]
STAFF = {
    "petugas": [
        "/petugas/",
        "/petugas/perusahaan/",
        "/petugas/perusahaan/baru/",
        "{employer}",
        "/petugas/kunjungan/",
        "{visit}",
        "{visit_new}",
        "/petugas/lowongan/",
        "/petugas/lowongan/baru/",
        "{staff_vacancy}",
        "/petugas/cari/?q=kasir",
        "/petugas/pencaker/",
        "/petugas/pencaker/?q=tidak-ada",
        "/petugas/pencaker/baru/",
        "{person}",
        "{person_edit}",
        "/petugas/kartu/",
        "/petugas/kartu/?state=refused",
        "{card}",
        "{card_issued}",
        "{matches}",
        "/petugas/kecocokan/",
        "/petugas/pengumuman/",
        "/petugas/rujukan/",
        "/petugas/janji/",
        "/petugas/daftar-bakat/",
        "/petugas/tindak-lanjut/",
        "/petugas/balasan/",
        "{application}",
        "{person}",
        "/akun/",
        "/petugas/permintaan-data/",
        "/petugas/pencaker/kembar/",
        "/petugas/pelatihan/",
        "/petugas/pelatihan/baru/",
        "/petugas/pelatihan/program/",
        "/petugas/pelatihan/hasil/",
        "/petugas/pelatihan/wirausaha/",
        "/petugas/pelatihan/berikutnya/",
        "{cohort}",
        "{applicants}",
        "{enrolment}",
    ],
    "pelatih": ["/petugas/", "/petugas/pelatihan/", "{cohort}", "{sessions}", "{certificates}"],
    "penerbit": [
        "/petugas/",
        "/petugas/pemeriksaan/",
        "{reported}",
        "/petugas/pengumuman/",
        "/petugas/pengumuman/templat/",
        "/petugas/pengumuman/templat/email/id/",
        "/petugas/pengumuman/templat/whatsapp/id/",
        "/petugas/pengumuman/templat/letter/id/",
        "/petugas/pengumuman/templat/email/en/?jenis=course",
        "/petugas/pengumuman/templat/board/id/?jenis=news",
        "/petugas/pengumuman/konsep/",
        "/petugas/pengumuman/konsep/baru/",
        "/petugas/pengumuman/konsep/baru/?isi=vacancies",
        "/petugas/pengumuman/konsep/baru/?isi=reminder",
        "/petugas/pengumuman/konsep/baru/?isi=course",
        "/petugas/pengumuman/konsep/baru/?isi=news",
        "{draft}",
        "{announcement}",
        "{piece_text}",
        "{piece_board}",
        "/petugas/penarikan/",
        "{correction}",
        "{correct}",
        "/masuk/2fa/",
        "/masuk/2fa/totp/activate/",
        "/masuk/password/change/",
        "/masuk/reauthenticate/",
    ],
    "bkk": [
        "/petugas/",
        "/petugas/lowongan/",
        "/petugas/lowongan/baru/",
        "/petugas/pencaker/",
        "/petugas/pencaker/baru/",
        "{person}",
    ],
    "pencaker": [
        "/akun/",
        "/akun/profil/",
        "/akun/profil/diri/",
        "/akun/profil/kemampuan/",
        "/akun/profil/pengalaman/",
        "/akun/profil/keinginan/",
        "/akun/profil/persetujuan/",
        "/akun/kartu/",
        "/akun/kartu/lapor/",
        "/akun/cocok/",
        "/akun/pesan/",
        "/akun/pesan/telegram/",
        "/masuk/email/",
        "/masuk/reauthenticate/code/",
    ],
    "manajer": [
        "/petugas/",
        "/petugas/perusahaan/",
        "/petugas/pemeriksaan/",
        "/petugas/pengumuman/",
        "/petugas/pencaker/",
        "{person}",
        "/petugas/kecocokan/keadilan/",
    ],
    "admin": ["/petugas/", "/admin/", "/admin/canvassing/vacancy/", "/admin/accounts/user/"],
}
FIRST = {  # where the first link to such a page stands
    "{vacancy}": ("/lowongan/", ".kk-vacancy-title a"),
    "{report}": ("{vacancy}", "a[href$='/lapor/']"),
    "{reported}": ("/petugas/", "#laporan .kk-item"),
    "{employer}": ("/petugas/perusahaan/", "tbody th a"),
    "{class}": ("/pelatihan/", ".kk-vacancy-title a"),
    "{news}": ("/kabar/", ".kk-rows h2 a"),
    "{cohort}": ("/petugas/pelatihan/", "tbody tr:nth-child(2) th a"),
    "{applicants}": ("{cohort}", "a[href$='/pendaftar/']"),
    "{enrolment}": ("{cohort}", "tbody th a"),
    "{sessions}": ("{cohort}", "a[href$='/kehadiran/']"),
    "{certificates}": ("{cohort}", "a[href$='/sertifikat/']"),
    "{visit}": ("/petugas/kunjungan/", "tbody th a"),
    "{visit_new}": ("/petugas/perusahaan/", "tbody td .btn"),
    "{staff_vacancy}": ("/petugas/lowongan/", "tbody th a"),
    "{application}": ("/petugas/rujukan/", "tbody th a"),
    "{draft}": ("/petugas/pengumuman/konsep/", ".kk-queue a"),
    "{announcement}": ("/petugas/pengumuman/", "tbody th a"),
    "{piece_text}": ("/petugas/penarikan/", ".kk-rows h3 a"),
    "{piece_board}": ("/petugas/penarikan/", ".kk-rows > li:nth-child(3) h3 a"),
    "{correction}": ("/petugas/penarikan/", "a[href$='/koreksi/']"),
    "{correct}": ("{open_vacancy}", "a[href$='/perbaiki/']"),
    "{person}": ("/petugas/pencaker/", "tbody th a"),
    "{person_edit}": ("{person}", ".kk-page-head .btn"),
    "{card}": ("/petugas/kartu/", "tbody th a"),
    "{card_issued}": ("/petugas/kartu/?state=issued", "tbody th a"),
    "{open_vacancy}": ("/petugas/lowongan/?state=published", "tbody th a"),
    "{matches}": ("{open_vacancy}", "a[href$='/cocok/']"),
}
AS_PEOPLE = [("", PUBLIC), *STAFF.items()]
LIMIT = 100_000  # bytes


def address(page: Page, path: str) -> str:
    if path not in FIRST:
        return path
    page.goto(address(page, FIRST[path][0]))
    return page.locator(FIRST[path][1]).first.get_attribute("href") or ""


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize(("who", "paths"), AS_PEOPLE, ids=[who or "public" for who, _paths in AS_PEOPLE])
@pytest.mark.parametrize(("width", "language", "dark"), [(360, "id", False), (1280, "en", True)], ids=["phone", "desk"])
def test_every_page_is_accessible_and_fits(
    open_page: Callable[..., Page], who: str, paths: list[str], width: int, language: str, dark: bool
) -> None:
    page = open_page(who, width=width, language=language, dark=dark)
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(f"{page.url} script: {error}"))
    page.on(
        "console", lambda line: trouble.append(f"{page.url} {line.text}") if "Content Security" in line.text else None
    )
    for path in paths:
        response = page.goto(address(page, path))
        assert response is not None
        if response.status not in {200, 404}:
            trouble.append(f"{path} answers {response.status}")
        trouble += [f"{path} {violation}" for violation in violations(page) if "/admin/" not in path]
        if page.evaluate("document.documentElement.scrollWidth") > width and "/admin/" not in path:
            trouble.append(f"{path} is wider than {width} px")
    assert trouble == []


def test_first_load_of_the_list_is_under_100_kilobytes(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    loaded: list[Response] = []
    page.on("response", lambda response: loaded.append(response))
    page.goto("/lowongan/", wait_until="networkidle")
    sizes = [response.request.sizes() for response in loaded]
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert len(loaded) > 3
    assert total < LIMIT
