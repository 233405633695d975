import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.sessions import forget_ended
from announcements.dispatch import send_due
from announcements.sweep import close_finished, sweep
from canvassing.models import VacancyReport
from canvassing.models.vacancies import expire_overdue
from jobseekers.services import applications, appointments, cards, placements, retention
from training.services import certificates, outcomes, seats

SWEEP_SECONDS = 15


class Command(BaseCommand):
    help = "Do what beat and the workers do, in this process and without a broker: for a system timer."

    stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when nothing is due any more")

    def handle(self, *, once: bool, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while not self.stopping:
            expire_overdue(timezone.localdate())
            VacancyReport.objects.forget_contacts(timezone.localdate())
            forget_ended()
            for service in (cards, applications, appointments, placements, retention, seats, certificates, outcomes):
                service.sweep()
            sweep()
            while send_due(stopping=lambda: self.stopping):
                sweep()
            close_finished()
            if once:
                return
            time.sleep(SWEEP_SECONDS)

    def stop(self, signal_number: int, frame: FrameType | None) -> None:
        """Finish the message that is on the wire, then end."""
        self.stopping = True
