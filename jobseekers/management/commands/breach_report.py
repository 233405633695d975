from argparse import ArgumentParser
from collections import Counter
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import DataAccess
from jobseekers.models import JobSeeker


class Command(BaseCommand):
    help = "List whose data was touched in a span of days: what the letter of UU 27/2022 art. 46 needs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", required=True, type=date.fromisoformat, help="2026-11-24")
        parser.add_argument("--to", dest="last", required=True, type=date.fromisoformat, help="this day included")
        parser.add_argument("--actor", help="e-mail address of one account")

    def handle(self, *, first: date, last: date, actor: str | None, **options: Any) -> None:
        if last < first:
            raise CommandError("--to lies before --from.")
        span = [timezone.make_aware(datetime.combine(day, at)) for day, at in ((first, time.min), (last, time.max))]
        rows = DataAccess.objects.filter(at__range=span)
        if actor:
            rows = rows.filter(actor__email=actor.lower())
        found: dict[Any, Counter[str]] = {}
        for subject, action in rows.values_list("subject", "action"):
            found.setdefault(subject, Counter())[str(DataAccess.Action(action).label)] += 1
        people = {person.key: person for person in JobSeeker.objects.filter(key__in=found)}
        for subject in sorted(found, key=str):
            what = ", ".join(f"{action} {number}x" for action, number in sorted(found[subject].items()))
            self.stdout.write(f"{_called(people.get(subject))}\t{subject}\t{what}")
        total = sum(counts.total() for counts in found.values())
        self.stdout.write(f"{len(found)} orang, {total} akses, {first:%d-%m-%Y} s.d. {last:%d-%m-%Y}")


def _called(person: JobSeeker | None) -> str:
    """Enough to find the person, no more: "S*** R***, 1872********0001"."""
    if person is None or not person.name:
        return "(sudah dihapus)"
    masked = " ".join(f"{part[0]}***" for part in person.name.split())
    return f"{masked}, {person.nik_masked or '-'}"
