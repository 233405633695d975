"""After an erasure nothing says who it was, and every count is as it was."""

import os
import subprocess
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from announcements import ledger
from announcements.models import Delivery
from config import engines
from config.engines.postgres import _programs
from jobseekers.models import (
    Appointment,
    Consent,
    Disability,
    Document,
    Experience,
    JobSeeker,
    MatchOverride,
    Placement,
    RegisterEvent,
    TalentList,
    TalentListEntry,
)
from jobseekers.services import requests
from jobseekers.services.erasure import CannotErase, erase
from tests.factories import (
    make_application,
    make_card,
    make_employer,
    make_registered,
    make_subscription,
    make_user,
    make_vacancy,
    today,
)

NIK = "1872995704980042"  # nobody's: there is no kecamatan 99
CANARY = {
    "name": "Kenari Uji Hapus",
    "address": "Gang Kenari Kuning 77",
    "phone": "0812-7777-4242",
    "email": "kenari.uji@contoh.test",
    "birth_place": "Kotakenari",
    "summary": "Saya burung kenari.",
}


@pytest.fixture
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def canary(people, **fields):
    """Somebody with a row in every table that points to a person; was placed, registered again, and waits."""
    officer = people["canvasser"]
    user = make_user(email=CANARY["email"], name=CANARY["name"])
    person = make_registered(number=NIK, user=user, **CANARY | fields)
    Experience.objects.create(job_seeker=person, position="Penjaga Kenari", from_year=2020)
    Disability.objects.create(job_seeker=person, kinds=["sight"], needs="Sangkar Kenari")
    Consent.objects.create(
        job_seeker=person, purpose="share", channel="web", guardian="Wali Kenari", evidence="Surat Kenari"
    )
    Document.objects.create(
        job_seeker=person,
        kind_id="cv",
        file=ContentFile(CANARY["name"].encode(), "x"),
        media_type="application/pdf",
        size=16,
        uploaded_at=timezone.now(),
    )
    make_card(job_seeker=person)
    running = make_application(job_seeker=person, message="Salam dari Kenari")
    running.move("withdrawn", by=officer, note="Kenari batal")
    make_application(job_seeker=person)
    Appointment.objects.create(
        job_seeker=person, kind="counselling", begins_at=timezone.now(), place="Sangkar Kenari", note="Kenari"
    )
    lists = TalentList.objects.create(name="Bursa kerja", created_by=officer)
    TalentListEntry.objects.create(talent_list=lists, job_seeker=person)
    MatchOverride.objects.create(
        vacancy=make_vacancy(), job_seeker=person, verdict="forward", reason="Kenari bagus", by=officer
    )
    event = RegisterEvent.objects.place(person, by=officer)
    Placement.objects.create(
        job_seeker=person,
        employer=make_employer(),
        event=event,
        position="Penjaga toko",
        started_on=today(),
        region_id="18.72",
        scope="akl",
        recorded_by=officer,
    )
    person.name = CANARY["name"].upper()
    person.save()  # a former version
    person.refresh_from_db()
    requests.ask(person, "correction", via="web", words="Nama saya Kenari")
    return person


def counts():
    """What the IPK tables and the report of placements are counted from."""
    events = Counter(RegisterEvent.objects.values_list("kind", "on", "sex", "age", "education_id", "occupation_id"))
    placed = Counter(Placement.objects.values_list("started_on", "scope", "employer_id", "region_id"))
    return events, placed


def dump() -> str:
    """The whole database as text."""
    at = connection.settings_dict
    command = [_programs() / "pg_dump", "--no-owner", "-h", str(at["HOST"]), "-p", str(at["PORT"] or 5432)]
    command += ["-U", at["USER"], at["NAME"]]
    env = os.environ | {"PGPASSWORD": at["PASSWORD"] or ""}
    return subprocess.run([str(part) for part in command], env=env, capture_output=True, text=True, check=True).stdout


def kept_in_valkey() -> str:
    """Every key and value of both databases, as text."""
    found = []
    for url in (engines.cache_url(settings.REDIS_URL, db) for db in (engines.CACHE_DB, engines.BROKER_DB)):
        store = redis.Redis.from_url(url)
        for key in store.keys("*"):
            found += [key, store.dump(key) or b""]
    return "\n".join(part.decode("utf-8", "replace") for part in found)


def files(root: Path) -> str:
    kept = [path for path in root.rglob("*") if path.is_file()] if root.exists() else []
    return "\n".join(f"{path} {path.read_bytes().decode('utf-8', 'replace')}" for path in kept)


def clues(text: str) -> list[str]:
    traces = [*CANARY.values(), CANARY["name"].upper(), "Kenari", "KENARI", NIK]
    return [trace for trace in traces if trace in text]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_a_canary(people, media):
    person = canary(people)
    assert set(clues(dump())) >= {*CANARY.values(), "Kenari"}
    assert clues(files(media)) == [CANARY["name"], "Kenari"]
    asked = requests.ask(person, "erasure", via="web", words="Saya Kenari")
    requests.finish(asked, by=people["manager"])
    Delivery.objects.update(state="cancelled")  # the last letter has been dealt with
    ledger.forget_old_addresses(days=0)
    assert [line for line in dump().splitlines() if clues(line)] == []
    assert clues(files(media)) == []
    assert clues(kept_in_valkey()) == []


@pytest.mark.django_db
def test_counts_are_the_same_before_and_after(people, media):
    person = canary(people)
    before = counts()
    erase(person, by=people["manager"])
    assert counts() == before


@pytest.mark.django_db
def test_who_stands_in_the_register_leaves_it_by_a_dated_event(people):
    person = make_registered()
    erase(person, by=people["manager"])
    event = person.register_events.order_by("-pk").first()
    person.refresh_from_db()
    assert (event.kind, event.reason_id, event.on, event.sex) == ("removed", "erased", today(), "female")
    assert not person.in_register


@pytest.mark.django_db
def test_account_is_closed_but_staff_stay(people, client_for, media):
    person = canary(people)
    user = person.user
    client = client_for(user)
    erase(person, by=people["manager"])
    user.refresh_from_db()
    assert (user.is_active, user.name, user.has_usable_password()) == (False, "", False)
    assert client.get("/akun/").status_code == 302
    officer = people["canvasser"]
    other = make_registered(user=officer)
    erase(other, by=people["manager"])
    officer.refresh_from_db()
    assert officer.is_active


@pytest.mark.django_db
def test_alerts_go_only_when_asked(people, media):
    alert = make_subscription(email=CANARY["email"])
    erase(canary(people), by=people["manager"])
    alert.refresh_from_db()
    other = make_registered(email=CANARY["email"])
    erase(other, by=people["manager"], alerts=True)
    assert not type(alert).objects.filter(pk=alert.pk).exists()


@pytest.mark.django_db
def test_accepted_but_not_yet_placed_must_wait(people):
    application = make_application()
    officer = people["canvasser"]
    type(application).objects.filter(pk=application.pk).update(state="silent")
    application.refresh_from_db()
    application.move("accepted", by=officer)
    with pytest.raises(CannotErase):
        erase(application.job_seeker, by=people["manager"])
    assert JobSeeker.objects.get(pk=application.job_seeker_id).state == "complete"


@pytest.mark.django_db
def test_second_erasure_changes_nothing(people):
    person = make_registered()
    erase(person, by=None)
    at = JobSeeker.objects.get(pk=person.pk).updated_at
    erase(person, by=None)
    assert JobSeeker.objects.get(pk=person.pk).updated_at == at
    assert timezone.now() - at < timedelta(minutes=1)
