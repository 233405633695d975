from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobseekers.models import MatchRun
from jobseekers.services import matching_run


class Command(BaseCommand):
    help = "Compare everybody with every open vacancy and refill the talent lists, as the scheduler does every night."

    def handle(self, **options: Any) -> None:
        if matching_run.run(self.report) is None:
            raise CommandError("Another run is on. Its progress: /petugas/kecocokan/")

    def report(self, run: MatchRun) -> None:
        if run.finished_at is None:
            self.stdout.write(f"{run.done} of {run.total} vacancies")
            return
        seconds = (run.finished_at - run.started_at).total_seconds()
        self.stdout.write(
            f"{run.done} vacancies, {run.people} people, {seconds:.0f} s; {run.unmatched} without anybody"
        )
