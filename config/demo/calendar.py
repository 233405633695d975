import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.utils import timezone


def facts(name: str) -> list[dict[str, Any]]:
    """The entries of `<name>.toml`, which holds one kind, in the order of the file."""
    (entries,) = tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8")).values()
    return entries


@dataclass(frozen=True)
class Event:
    moment: datetime
    action: Callable[[], object]

    def happen(self) -> None:
        """Act with Django's clock at the moment. The database's clock goes on as ever."""
        with patch.object(timezone, "now", lambda: self.moment):
            self.action()


@dataclass(frozen=True)
class Calendar:
    """Days counted from today: -7 is a week ago, 1 is tomorrow."""

    now: datetime

    def day(self, number: int) -> date:
        return timezone.localdate(self.now) + timedelta(days=number)

    def at(self, day: int, clock: str) -> datetime:
        """The moment of an office clock, "08.30", on a day."""
        return timezone.make_aware(datetime.combine(self.day(day), time.fromisoformat(clock.replace(".", ":"))))

    def past(self, day: int, clock: str) -> datetime:
        """The same, but never after now."""
        return min(self.at(day, clock), self.now)
