"""The trainer's list in a room without a connection: it opens again, keeps marks, and sends each once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page, expect

from tests.running import Run

CLASS_OF_TODAY = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from jobseekers.models import JobSeeker
from training.models import Cohort, Enrolment
today, trainer = timezone.localdate(), User.objects.get(email="pelatih@demo.test")
course = Cohort.objects.first().course
cohort = Cohort.objects.create(
    course=course, name="Uji tanpa sambungan", state="running", begins_on=today, ends_on=today, place="Aula",
    trainer=trainer, intake_from=today, intake_until=today, created_by=trainer)
for person in JobSeeker.objects.filter(name__in=("Anisa Fitriani", "Bayu Fitriani", "Citra Fitriani")):
    Enrolment.objects.create(cohort=cohort, job_seeker=person, state="enrolled")
print(cohort.sessions.create(on=today, topic="Warna").pk)
"""
ENTRIES = """
from training.models import AttendanceEntry
for each in AttendanceEntry.objects.filter(session={session}).order_by("pk"):
    print(each.enrolment.job_seeker.name, each.mark, each.result, each.said_at < each.received_at)
"""
SOMEBODY_ELSE = """
from accounts.models import User
from training.models import Session
from training.services import attendance
session = Session.objects.get(pk={session})
bayu = session.cohort.enrolments.get(job_seeker__name="Bayu Fitriani")
attendance.mark(session, {{bayu.pk: "absent"}}, by=User.objects.get(email="petugas@demo.test"))
"""
STORED = """async () => {
    const requests = await (await caches.open((await caches.keys())[0])).keys();
    return requests.map((each) => new URL(each.url).pathname);
}"""
OVER = """async () => {
    const cache = await caches.open((await caches.keys())[0]);
    await cache.put(location.href, new Response("lama", { headers: { "Kanvas-Until": "1" } }));
}"""
NOTHING_KEPT = "async () => (await caches.keys()).every((name) => !name.startsWith('attendance-'))"


def entries(demo: Run, session: str) -> list[str]:
    return demo.manage("shell", "-v0", "-c", ENTRIES.format(session=session)).splitlines()


def kept_list(open_page: Callable[..., Page], demo: Run, name: str) -> tuple[Page, str]:
    """A phone that has opened a list; and its path."""
    made = demo.manage("shell", "-v0", "-c", CLASS_OF_TODAY.replace("Uji tanpa sambungan", name))
    page, path = open_page("pelatih", width=360), f"/petugas/pelatihan/pertemuan/{re.findall(r'[0-9]+', made)[-1]}/"
    page.goto(path)
    expect(page.get_by_text("terbuka lagi di telepon ini tanpa sambungan")).to_be_visible()
    return page, path


def test_list_works_without_a_connection_and_is_sent_once(open_page: Callable[..., Page], demo: Run) -> None:
    page, path = kept_list(open_page, demo, "Uji tanpa sambungan")
    session = path.split("/")[-2]

    page.context.set_offline(True)
    page.reload()
    anisa, bayu = page.get_by_role("group", name="Anisa"), page.get_by_role("group", name="Bayu")
    anisa.get_by_label("Hadir", exact=True).check()
    bayu.get_by_label("Hadir", exact=True).check()
    expect(page.get_by_text("Disimpan di telepon ini")).to_be_visible()
    page.reload()
    expect(anisa.get_by_label("Hadir", exact=True)).to_be_checked()
    assert entries(demo, session) == []

    demo.manage("shell", "-v0", "-c", SOMEBODY_ELSE.format(session=session))
    page.context.set_offline(False)
    expect(page.get_by_text("sudah menandai: Tidak hadir. Tanda Anda: Hadir.")).to_be_visible()
    page.get_by_role("button", name="Pakai tanda saya").click()
    expect(page.get_by_role("status")).to_have_text("Tersimpan.")
    page.reload()
    expect(bayu.get_by_label("Hadir", exact=True)).to_be_checked()
    assert entries(demo, session) == [
        "Bayu Fitriani absent kept True",
        "Anisa Fitriani present kept True",
        "Bayu Fitriani present conflict True",
        "Bayu Fitriani present kept True",
    ]


def test_nothing_of_the_list_stays_in_the_phone_after_signing_out(open_page: Callable[..., Page], demo: Run) -> None:
    page, path = kept_list(open_page, demo, "Uji keluar")
    stored = page.evaluate(STORED)
    assert [each for each in stored if not each.startswith("/static/")] == [path]
    page.goto("/keluar/")
    page.locator("main").get_by_role("button").click()
    expect(page.get_by_role("link", name="Masuk")).to_be_visible()
    page.wait_for_function(NOTHING_KEPT)


def test_list_is_not_shown_when_the_session_is_over(open_page: Callable[..., Page], demo: Run) -> None:
    page, _path = kept_list(open_page, demo, "Uji masa habis")
    page.evaluate(OVER)
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_FAILED"):
        page.reload()
    page.context.set_offline(False)
    page.goto("/petugas/")
    page.wait_for_function(NOTHING_KEPT)
