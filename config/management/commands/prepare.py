import hashlib
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from config import engines

# What the packages bring and no page uses. Compressing it would take longer than all the rest.
UNUSED_STATIC_FILES = [
    *("*.rtl.*", "*.esm.*", "bootstrap-*", "bootstrap.css*"),
    *("bootstrap.js*", "bootstrap.min.js*", "bootstrap.bundle.js*"),
    *("htmx-2.js", "htmx-4.*", "htmax-4.*", "ext"),
    *(() if settings.DEBUG else ("jquery.js", "select2.full.js", "xregexp.js")),  # the admin takes the .min.js
]


class Command(BaseCommand):
    help = "Bring translations, static files and database up to date, and fill an empty demo. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("compile_catalogues")
        self.collect_static_files()
        self.stdout.write("Bringing the database up to date")
        call_command("migrate", interactive=False, verbosity=0)
        if not settings.PRODUCTION:
            call_command("demo", if_empty=True)

    def collect_static_files(self) -> None:
        """Compressing them takes seconds, so only when an input changed since the last time."""
        stamp = engines.state_dir() / "static.stamp"
        inputs = static_inputs()
        if stamp.exists() and stamp.read_text() == inputs:
            return
        self.stdout.write("Collecting static files")
        options = {"interactive": False, "clear": True, "verbosity": 0}
        call_command("collectstatic", **options, ignore_patterns=UNUSED_STATIC_FILES)
        stamp.write_text(inputs)


def static_inputs() -> str:
    """A digest of what collectstatic would read and where it would write."""
    digest = hashlib.sha256(repr([settings.STATIC_ROOT, settings.STORAGES["staticfiles"]]).encode())
    for finder in get_finders():
        for path, storage in finder.list(UNUSED_STATIC_FILES):
            status = storage.path(path), storage.size(path), storage.get_modified_time(path)
            digest.update(repr(status).encode())
    return digest.hexdigest()
