"""Brings the short classifications that ship with the product into the database after every migrate."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.keep import kept
from accounts.models import current_office
from canvassing.models import EducationLevel, Industry, Occupation, Region, WordingRule

FIXTURES = Path(__file__).parent / "fixtures"
FILES: dict[str, Any] = {
    "regions": Region,
    "occupations": Occupation,
    "industries": Industry,
    "education_levels": EducationLevel,
}


def load_reference_data(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Add or correct every row of the fixture files; rows an office has added itself stay."""
    for name, model in FILES.items():
        rows = json.loads((FIXTURES / f"{name}.json").read_text())
        key = model._meta.pk.name
        model.objects.using(using).bulk_create(
            [model(**row) for row in rows],
            update_conflicts=True,
            unique_fields=[key],
            update_fields=[field for field in rows[0] if field != key],
        )
    rules = json.loads((FIXTURES / "wording_rules.json").read_text())  # staff change these: only missing ones are added
    WordingRule.objects.using(using).bulk_create([WordingRule(**rule) for rule in rules], ignore_conflicts=True)
    reference_names.forget()


@dataclass(frozen=True)
class Names:
    """The names of all reference rows by code; (Indonesian, English) where both exist."""

    regions: dict[str, str]
    occupations: dict[str, tuple[str, str]]
    education: dict[int, tuple[str, str]]

    def place(self, code: str) -> str:
        """A region's everyday name: without "Kabupaten"; "Luar Lampung" for everything outside the home province."""
        if code == "luar":
            return _("Luar %(province)s") % {"province": self.regions.get(home_province(), "")}
        return self.regions.get(code, code).removeprefix("Kabupaten ")

    def place_with_parent(self, code: str) -> str:
        """A kelurahan with its kecamatan, a kecamatan with its city, a city alone."""
        above = {13: code[:8], 8: code[:5]}.get(len(code))
        return f"{self.place(code)}, {self.place(above)}" if above else self.place(code)

    def occupation(self, code: str) -> str:
        return _in_language(self.occupations.get(code, (code, "")))

    def education_level(self, rank: int) -> str:
        return _in_language(self.education.get(rank, (str(rank), "")))


def _in_language(names: tuple[str, str]) -> str:
    return names[1] if names[1] and get_language() == "en" else names[0]


def home_province() -> str:
    return current_office().city_code[:2]


@kept(seconds=60)
def reference_names() -> Names:
    return Names(
        regions=dict(Region.objects.values_list("code", "name")),
        occupations={
            code: (name, en) for code, name, en in Occupation.objects.values_list("code", "title", "title_en")
        },
        education={
            rank: (name, en) for rank, name, en in EducationLevel.objects.values_list("rank", "name", "name_en")
        },
    )
