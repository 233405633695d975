"""The filter column of the vacancy list: the values of each facet, how many vacancies each finds, which are on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import current_office
from canvassing.reference import home_province, reference_names
from canvassing.search import (
    EDUCATION_STEPS,
    ELSEWHERE,
    FLAGS,
    SINCE_DAYS,
    WAGE_STEPS,
    Counts,
    Criteria,
    since_label,
)
from canvassing.words import rupiah

NEAR_CITIES = 6


@dataclass
class Choice:
    value: str
    label: str
    count: int
    is_on: bool
    id: str = ""


@dataclass
class Facet:
    parameter: str
    title: str
    kind: str  # "checkbox" or "radio"
    choices: list[Choice]

    def __post_init__(self) -> None:
        for choice in self.choices:
            choice.id = f"f-{self.parameter}-{choice.value}"


def build(criteria: Criteria, counts: Counts) -> list[Facet]:
    names = Criteria.PARAMETERS
    education = counts.facets["education"]
    wages, since = counts.facets["wage_from"], counts.facets["since_days"]
    occupations = counts.facets["occupation_group"]
    return [
        Facet(names["places"], _("Tempat kerja"), "checkbox", list(_places(criteria, counts.facets["places"]))),
        Facet(
            names["education"],
            _("Pendidikan Anda"),
            "radio",
            _radio(
                criteria.education,
                # Whoever has finished school may also take work that asks for less.
                [(rank, str(label), sum(n for asked, n in education.items() if int(asked) <= rank))
                 for rank, label in EDUCATION_STEPS],
            ),
        ),
        Facet(
            names["wage_from"],
            _("Upah per bulan"),
            "radio",
            _radio(
                criteria.wage_from,
                [
                    (step, _("%(wage)s ke atas") % {"wage": rupiah(step)}, wages.get(str(step), 0))
                    for step in WAGE_STEPS
                ],
            ),
        ),
        Facet(
            names["occupation_group"],
            _("Kelompok jabatan"),
            "radio",
            _radio(
                criteria.occupation_group or None,
                [(code, reference_names().occupation(code), occupations.get(code, 0))
                 for code in sorted({*occupations, criteria.occupation_group} - {""})],
            ),
        ),
        Facet(
            names["since_days"],
            _("Terbit"),
            "radio",
            _radio(criteria.since_days, [(days, since_label(days), since.get(str(days), 0)) for days in SINCE_DAYS]),
        ),
        *(
            Facet(
                names[name],
                _("Syarat") if position == 0 else "",
                "checkbox",
                [Choice("1", str(label), counts.facets[name].get("1", 0), getattr(criteria, name))],
            )
            for position, (name, label) in enumerate(FLAGS)
        ),
    ]  # fmt: skip


def _radio(chosen: Any, values: Iterable[tuple[Any, str, int]]) -> list[Choice]:
    return [
        Choice("", _("Semua"), 0, chosen is None),
        *(Choice(str(value), label, number, value == chosen) for value, label, number in values),
    ]


def _places(criteria: Criteria, counts: dict[str, int]) -> Iterable[Choice]:
    """The own city, its kecamatan when it is chosen, the busiest near cities, and everything outside the province."""
    home, names, province = current_office().city_code, reference_names(), home_province()
    inside = {code: n for code, n in counts.items() if len(code) <= 5 and code.startswith(province)}
    outside = sum(n for code, n in counts.items() if len(code) <= 5 and not code.startswith(province))
    near = sorted((code for code in inside if code != home), key=lambda code: (-inside[code], code))[:NEAR_CITIES]
    chosen = [code for code in criteria.places if code not in {home, ELSEWHERE, *near} and len(code) <= 5]
    yield Choice(home, names.place(home), inside.get(home, 0), home in criteria.places)
    if any(code.startswith(home) for code in criteria.places):
        for code in sorted(code for code in names.regions if len(code) == 8 and code.startswith(f"{home}.")):
            yield Choice(code, names.place(code), counts.get(code, 0), code in criteria.places)
    for code in [*near, *chosen]:
        yield Choice(code, names.place(code), counts.get(code, 0), code in criteria.places)
    yield Choice(ELSEWHERE, names.place(ELSEWHERE), outside, ELSEWHERE in criteria.places)


def place_choices() -> list[tuple[str, str]]:
    """The short list beside the keyword: own city, its kecamatan, the other cities of the province, elsewhere."""
    home, names, province = current_office().city_code, reference_names(), home_province()
    districts = sorted(code for code in names.regions if len(code) == 8 and code.startswith(f"{home}."))
    cities = sorted(code for code in names.regions if len(code) == 5 and code.startswith(province) and code != home)
    return [(code, names.place(code)) for code in [home, *districts, *cities, ELSEWHERE]]


def chips(criteria: Criteria) -> list[dict[str, str]]:
    """The filters in use, each with the query that drops it. The keyword stays in its own field."""
    return [
        {"label": label, "query": criteria.without(name, value).query}
        for name, value, label in criteria.labels()
        if name != "words"
    ]
