from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from config.demo import build
from config.demo.people import DOMAIN


class Command(BaseCommand):
    help = "Mengisi basis data kosong dengan kantor contoh: pengguna, perusahaan, kunjungan, lowongan, pengumuman."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="diam saja bila sudah ada pengguna")

    def handle(self, *, if_empty: bool, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Data contoh tidak boleh masuk ke basis data sungguhan (KANVAS_ENV=production).")
        if if_empty and User.objects.exists():
            return
        if User.objects.filter(email__endswith=f"@{DOMAIN}").exists():
            raise CommandError(
                "Data contoh sudah ada. Kosongkan dulu basis datanya: hapus direktori var/, lalu make run."
            )
        build(timezone.now())
        self.stdout.write("Data contoh siap.")
