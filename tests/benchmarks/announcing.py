"""What `announcements` needs of Django: subscribers in three sizes, a click, and sign-in codes meanwhile."""

import json
import sys
import time
from pathlib import Path

from django.core.mail import send_mail
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from announcements import services
from announcements.models import Delivery
from canvassing.models import Vacancy
from jobseekers.models import AlertSubscription
from tests.benchmarks.vacancies import fill
from tests.factories import make_user, make_vacancy

VACANCIES = 10_000
# How many subscribe to each kind of work, by its occupation.
WORK = {"big": "52", "small": "83"}


def prepare(sizes: dict[str, int], paths_name: str) -> None:
    """Vacancies for the public list, and that many subscribers of each kind of work, mixed by id."""
    if Vacancy.objects.filter(announce_later=True).count() != VACANCIES:
        fill(VACANCIES)
        Vacancy.objects.update(announce_later=True)  # or the safety net would announce them all
    for role in (Role.CANVASSER, Role.PUBLISHER):
        if not User.objects.filter(email=f"{role}@contoh.test").exists():
            make_user(role, email=f"{role}@contoh.test")
    paths = Path(paths_name)
    paths.mkdir(parents=True, exist_ok=True)
    (paths / "list.site").write_text("/lowongan/\n")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE jobseekers_alertsubscription, announcements_delivery CASCADE")
    now = timezone.now()
    people = [
        (each / size, AlertSubscription(
            email=f"{kind}{each}@contoh.test", state="active", confirmed_at=now,
            occupation_group=WORK[kind][0], words="contoh pekerjaan" if each % 3 == 0 else "",
        ))
        for kind, size in sizes.items() for each in range(size)
    ]  # fmt: skip
    people.sort(key=lambda person: person[0])
    AlertSubscription.objects.bulk_create([person for _place, person in people], batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def click(kind: str) -> None:
    """Announce a new vacancy of that kind of work; prints when the click began and how many seconds it took."""
    canvasser, publisher = (User.objects.get(email=f"{role}@contoh.test") for role in (Role.CANVASSER, Role.PUBLISHER))
    people = {"created_by": canvasser, "published_by": publisher}
    vacancy = make_vacancy(occupation_id=WORK[kind], **people)
    rehearse(vacancy, publisher)
    began = time.time()
    assert services.announce(vacancies=[vacancy], by=publisher)
    sys.stdout.write(json.dumps({"at": began, "took": time.time() - began}) + "\n")


def rehearse(vacancy: Vacancy, publisher: User) -> None:
    """A web server has done it before; a process that has just started reads templates and translations first."""
    with transaction.atomic():
        services.announce(vacancies=[vacancy], by=publisher)
        transaction.set_rollback(True)


def codes(seconds: float) -> None:
    """Ask for a sign-in code twice a second; prints when each was asked for, by address."""
    asked = {}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        address = f"kode{time.monotonic_ns()}@contoh.test"
        asked[address] = time.time()
        send_mail("Kode masuk", "12345678", None, [address])
        time.sleep(0.5)
    sys.stdout.write(json.dumps(asked) + "\n")


def tidy() -> None:
    """Between rounds, so that each begins with a table of the same size."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE announcements_delivery CASCADE")
    assert not Delivery.objects.exists()
