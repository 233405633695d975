import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import engines

NOT_SOURCE = shutil.ignore_patterns(".*", "var", "__pycache__", "node_modules")


class Command(BaseCommand):
    help = "Fail when a text of the program has no translation, or an unsure one. Needs gettext."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if shutil.which("xgettext") is None:
            raise CommandError("gettext is needed to collect the texts (Debian, Ubuntu: apt-get install gettext).")
        languages = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        missing = [f"{code}: {text}" for code in languages for text in untranslated(collect(code))]
        if missing:
            raise CommandError("\n".join(["Not translated (make messages, then translate):", *missing]))


def collect(language: str) -> Catalog:
    """The catalogue as makemessages would leave it, made on a copy of the source."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "source"
        shutil.copytree(engines.PROJECT_DIR, copy, ignore=NOT_SOURCE)
        command = [sys.executable, "manage.py", "makemessages", "--locale", language, "--no-location"]
        subprocess.run(command, cwd=copy, check=True, stdout=subprocess.DEVNULL)
        locale = copy / Path(settings.LOCALE_PATHS[0]).relative_to(engines.PROJECT_DIR)
        with (locale / language / "LC_MESSAGES" / "django.po").open("rb") as file:
            return read_po(file)


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts that a reader of this language would see in the language of the source."""
    return [source_text(message) for message in catalogue if message.id and (message.fuzzy or not is_complete(message))]


def is_complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(strings)


def source_text(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id
