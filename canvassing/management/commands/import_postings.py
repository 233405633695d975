from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import localize

from accounts.models import User
from accounts.roles import Role
from canvassing.imports import read_postings, save_leads
from canvassing.tables import Refusal, UnusableFile, write_refusals

SHOWN = 12  # reasons, and rows for each


class Command(BaseCommand):
    help = "Membaca lowongan daring dari berkas CSV menjadi petunjuk untuk petugas lapangan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        columns = "Judul Pekerjaan, Perusahaan, Lokasi, Gaji_Rata2 (rupiah sebulan)"
        parser.add_argument("path", type=Path, help=f"berkas CSV dengan kolom {columns}")
        parser.add_argument("--officer", metavar="E-MAIL", help="pencatat; biasanya petugas lapangan pertama")
        parser.add_argument("--report", type=Path, metavar="BERKAS", help="tulis baris tak terpakai ke CSV")

    def handle(self, *, path: Path, officer: str | None, report: Path | None, **options: Any) -> None:
        recorder = canvasser(officer)
        try:
            reading = read_postings(path)
            if report:
                write_refusals(report, reading.refused)
        except UnusableFile as error:
            raise CommandError(f"{error} Tidak ada yang diubah.") from error
        except OSError as error:
            raise CommandError(f"Laporan tidak bisa ditulis: {error}. Tidak ada yang diubah.") from error
        saved = save_leads(reading.postings, officer=recorder)
        self.say(saved.made, f"petunjuk baru, dengan {localize(saved.employers)} perusahaan baru")
        self.say(saved.known, "sudah tercatat sebelumnya")
        self.say(reading.repeats, "baris mengulang baris lain")
        self.say(len(reading.refused), "baris tidak bisa dipakai")
        self.explain(reading.refused, report)

    def say(self, number: int, what: str) -> None:
        self.stdout.write(f"{localize(number):>8} {what}")

    def explain(self, refused: list[Refusal], report: Path | None) -> None:
        """Say each reason with its first rows, the most frequent reasons first."""
        rows = defaultdict(list)
        for refusal in refused:
            rows[refusal.reason].append(str(refusal.row))
        for reason, numbers in sorted(rows.items(), key=lambda item: -len(item[1]))[:SHOWN]:
            more = f" … ({localize(len(numbers))} baris)" if len(numbers) > SHOWN else ""
            self.stdout.write(f"{reason} Baris {', '.join(numbers[:SHOWN])}{more}")
        if refused:
            self.stdout.write(f"Semuanya: {report or 'ulangi dengan --report BERKAS'}")


def canvasser(email: str | None) -> User:
    """The active canvasser with this address, or the first one of the office. Raises CommandError."""
    canvassers = User.objects.filter(is_active=True, groups__name=Role.CANVASSER).order_by("pk")
    found = canvassers.filter(email__iexact=email).first() if email else canvassers.first()
    if found is None and email:
        raise CommandError(f"{email} bukan petugas lapangan yang aktif.")
    if found is None:
        raise CommandError("Belum ada petugas lapangan. Buat dulu di /admin/.")
    return found
