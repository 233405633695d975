from collections.abc import Iterable
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile the translations that changed. Unlike compilemessages it needs no gettext on the machine."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for source in stale_catalogues(settings.LOCALE_PATHS):
            compile_catalogue(source)
            if options["verbosity"] > 1:
                self.stdout.write(f"Compiled {source}")


def stale_catalogues(locale_paths: Iterable[Path]) -> list[Path]:
    """The .po files whose .mo file is missing or older."""
    sources = [source for path in locale_paths for source in sorted(Path(path).glob("*/LC_MESSAGES/*.po"))]
    return [source for source in sources if _changed_at(source.with_suffix(".mo")) < _changed_at(source)]


def compile_catalogue(source: Path) -> None:
    """Write the .mo file beside it in one step: another process may be reading the old one."""
    with source.open("rb") as file:
        catalogue = read_po(file)
    partial = source.with_suffix(".mo.partial")
    with partial.open("wb") as file:
        write_mo(file, catalogue)
    partial.replace(source.with_suffix(".mo"))


def _changed_at(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0
