"""Search over open vacancies: what people may ask for, one SQL statement for the counts, keyset paging.

The index design and its measurements: one partial GIN over open vacancies holds the facet codes and the text; newest
first; totals and facet counts come from at most `CAP` newest matches in one statement.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import current_office
from canvassing.models import Vacancy
from canvassing.reference import reference_names
from canvassing.words import rupiah

CAP = 1000
PAGE_SIZE = 20
ELSEWHERE = "luar"  # outside the province of the office

EDUCATION_STEPS = (
    (2, gettext_lazy("SD atau SMP")),
    (4, gettext_lazy("SMA atau SMK")),
    (7, gettext_lazy("Diploma")),
    (11, gettext_lazy("S1 ke atas")),
)
WAGE_STEPS = (2_000_000, 2_500_000, 3_000_000, 4_000_000)
SINCE_DAYS = (1, 7, 30)


class TypedQuery(SearchQuery):
    """What somebody typed, made a tsquery by our own function: synonyms, stop words, stemming."""

    def __init__(self, typed: str) -> None:
        super().__init__(typed, search_type="websearch")
        self.function = "canvassing_search_query"


@dataclass(frozen=True)
class Criteria:
    """One search. Its fields are the facets; `without` drops one, `query` is its bookmarkable form."""

    words: str = ""
    places: tuple[str, ...] = ()  # city codes 18.72, kecamatan codes 18.72.01, or ELSEWHERE
    education: int | None = None  # the rank somebody holds
    occupation_group: str = ""
    wage_from: int | None = None  # rupiah a month
    since_days: int | None = None
    no_experience: bool = False
    open_to_disability: bool = False
    part_time: bool = False

    PARAMETERS: ClassVar[dict[str, str]] = {
        "words": "q",
        "places": "tempat",
        "education": "pendidikan",
        "occupation_group": "jabatan",
        "wage_from": "upah",
        "since_days": "sejak",
        "no_experience": "tanpa_pengalaman",
        "open_to_disability": "difabel",
        "part_time": "paruh_waktu",
    }

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Read a query string; what cannot be a value of a field is left out, never an error."""
        names = cls.PARAMETERS
        known = reference_names()
        places = (place for place in query.getlist(names["places"]) if place in known.regions or place == ELSEWHERE)
        occupation = query.get(names["occupation_group"], "")
        return cls(
            words=" ".join(query.get(names["words"], "").replace("\0", "").split())[:100],
            places=tuple(dict.fromkeys(places))[:20],
            education=_number(query.get(names["education"]), 0, 11),
            occupation_group=occupation if occupation in known.occupations and len(occupation) == 1 else "",
            wage_from=_number(query.get(names["wage_from"]), 1, 1_000_000_000),
            since_days=_number(query.get(names["since_days"]), 1, 365),
            no_experience=query.get(names["no_experience"]) == "1",
            open_to_disability=query.get(names["open_to_disability"]) == "1",
            part_time=query.get(names["part_time"]) == "1",
        )

    def without(self, name: str, value: str | None = None) -> Self:
        """The same search with one facet dropped, or with one of several places dropped."""
        rest: Any = _DEFAULTS[name]
        if value is not None:
            rest = tuple(each for each in getattr(self, name) if each != value)
        return replace(self, **{name: rest})

    @property
    def active(self) -> list[str]:
        return [name for name, default in _DEFAULTS.items() if getattr(self, name) != default]

    @property
    def query(self) -> str:
        """The query string that stands for this search, in a fixed order; empty for "everything"."""
        pairs = [(self.PARAMETERS[name], getattr(self, name)) for name in self.active]
        return urlencode([(key, 1 if value is True else value) for key, value in pairs], doseq=True)

    def in_words(self) -> str:
        """For chips, mails and titles: "kasir, Kota Metro, SMA atau SMK"."""
        return ", ".join(label for _name, _value, label in self.labels()) or _("semua lowongan")

    def labels(self) -> list[tuple[str, str | None, str]]:
        """(facet, value to drop or None, words) of each active facet."""
        names = reference_names()
        found: list[tuple[str, str | None, str]] = []
        if self.words:
            found.append(("words", None, f"“{self.words}”"))
        found += [("places", place, names.place(place)) for place in self.places]
        if self.education is not None:
            steps = (label for rank, label in EDUCATION_STEPS if self.education <= rank)
            found.append(("education", None, str(next(steps, EDUCATION_STEPS[-1][1]))))
        if self.occupation_group:
            found.append(("occupation_group", None, names.occupation(self.occupation_group)))
        if self.wage_from:
            found.append(("wage_from", None, _("%(wage)s ke atas") % {"wage": rupiah(self.wage_from)}))
        if self.since_days:
            found.append(("since_days", None, since_label(self.since_days)))
        found += [(name, None, str(label)) for name, label in FLAGS if getattr(self, name)]
        return found

    def apply(self, vacancies: QuerySet[Vacancy]) -> QuerySet[Vacancy]:
        """The vacancies of the queryset that this search finds."""
        found = Q()
        if self.words:
            found &= Q(search=TypedQuery(self.words))
        if self.places:
            found &= self._in_places()
        if self.education is not None:
            found &= Q(education__lte=self.education)
        if self.occupation_group:
            found &= Q(occupation_group=self.occupation_group)
        if self.wage_from:
            found &= Q(wage_month__gte=self.wage_from)
        if self.since_days:
            found &= Q(published_at__gte=timezone.now() - timedelta(days=self.since_days))
        if self.no_experience:
            found &= Q(experience_years=0)
        if self.open_to_disability:
            found &= Q(open_to_disability=True)
        if self.part_time:
            found &= Q(part_time=True)
        return vacancies.filter(found)

    def _in_places(self) -> Q:
        cities = [place for place in self.places if len(place) <= 5 and place != ELSEWHERE]
        districts = [place for place in self.places if len(place) == 8]
        inside = Q(city__in=cities) if cities else Q(pk__in=[])
        if districts:
            inside |= Q(district__in=districts)
        if ELSEWHERE in self.places:
            inside |= ~Q(city__startswith=current_office().city_code[:2])
        return inside


_DEFAULTS = {each.name: each.default for each in fields(Criteria)}
FLAGS = (
    ("no_experience", gettext_lazy("Tanpa pengalaman")),
    ("open_to_disability", gettext_lazy("Terbuka untuk difabel")),
    ("part_time", gettext_lazy("Bisa paruh waktu")),
)


def since_label(days: int) -> str:
    return {1: _("Terbit hari ini"), 7: _("Terbit 7 hari terakhir"), 30: _("Terbit 30 hari terakhir")}.get(
        days, _("Terbit %(days)s hari terakhir") % {"days": days}
    )


def _number(text: str | None, low: int, high: int) -> int | None:
    """The whole number in `text` if it lies within the bounds, else None."""
    if text and text.isascii() and text.isdigit() and len(text) < 12 and low <= int(text) <= high:
        return int(text)
    return None


@dataclass
class Counts:
    """How many vacancies a search finds, and how many each facet value would; exact up to CAP newest matches."""

    total: int = 0
    facets: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def capped(self) -> bool:
        return self.total > CAP

    @property
    def shown(self) -> str:
        return f"{number_format(CAP, force_grouping=True)}+" if self.capped else str(self.total)


# What a facet's values are counted by: columns that hold them, or a condition for each.
FACET_COLUMNS = {
    "places": ("city", "district"),
    "education": ("education_id",),
    "occupation_group": ("occupation_group",),
}
FACET_CONDITIONS = {
    "wage_from": {step: f"wage_month >= {step}" for step in WAGE_STEPS},
    "since_days": {days: f"published_at >= now() - interval '{days} days'" for days in SINCE_DAYS},
    "no_experience": {1: "experience_years = 0"},
    "open_to_disability": {1: "open_to_disability"},
    "part_time": {1: "part_time"},
}
FACETS = {*FACET_COLUMNS, *FACET_CONDITIONS}
COUNTED = (
    "city", "district", "education_id", "occupation_group", "wage_month",
    "published_at", "experience_years", "open_to_disability", "part_time",
)  # fmt: skip


def count(criteria: Criteria, vacancies: QuerySet[Vacancy]) -> Counts:
    """Total and all facet counts of a search in one statement.

    A facet that is in use is counted with itself left out, so that its other values show what choosing them gives.
    """
    in_use = FACETS.intersection(criteria.active)
    ctes: list[str] = []
    selects: list[str] = []
    parameters: list[Any] = []
    for left_out in ["", *sorted(in_use)]:
        narrowed = criteria.without(left_out) if left_out else criteria
        newest = narrowed.apply(vacancies).newest_first().values_list(*COUNTED)[: CAP + 1]  # type: ignore[attr-defined]
        sql, values = newest.query.sql_with_params()
        ctes.append(f"hit{left_out} AS MATERIALIZED ({sql})")
        parameters += values
        selects += _numbers(f"hit{left_out}", {left_out} if left_out else FACETS - in_use)
    selects.append("SELECT 'total', count(*) FROM hit")
    counts = Counts()
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(ctes)} {' UNION ALL '.join(selects)}", parameters)
        for counted, number in cursor.fetchall():
            facet, _colon, value = (counted or "").partition(":")
            if value:
                # Without a known kecamatan both columns hold the city's code: the city's own count is the larger.
                counts.facets[facet][value] = max(number, counts.facets[facet].get(value, 0))
            elif facet:
                counts.total = number
    return counts


def _numbers(hit: str, facets: set[str]) -> Iterator[str]:
    """SELECTs of ("facet:value", how many rows of the table `hit` have it), each going once through the rows."""
    columns = {name: facet for facet, names in FACET_COLUMNS.items() if facet in facets for name in names}
    if columns:
        values = ", ".join(f"'{facet}:' || {name}" for name, facet in columns.items())
        sets = ", ".join(f"({name})" for name in columns)
        yield f"SELECT coalesce({values}), count(*) FROM {hit} GROUP BY GROUPING SETS ({sets})"  # noqa: S608
    conditions = {
        f"'{facet}:{value}'": f"count(*) FILTER (WHERE {condition})"
        for facet, values in FACET_CONDITIONS.items()
        if facet in facets
        for value, condition in values.items()
    }
    if conditions:
        keys, numbers = ", ".join(conditions), ", ".join(conditions.values())
        yield f"SELECT unnest(ARRAY[{keys}]), unnest(ARRAY[{numbers}]) FROM {hit}"  # noqa: S608, only our own words


@dataclass
class Page:
    rows: list[Vacancy]
    previous: str | None  # cursors for ?sebelum= and ?sesudah=
    next: str | None


def page(vacancies: QuerySet[Vacancy], *, after: str = "", before: str = "", size: int = PAGE_SIZE) -> Page:
    """One page, newest first, by keyset: the position is the row itself, so deep pages cost what the first costs."""
    position = _position(after or before)
    if position is None:
        rows = list(vacancies.order_by("-published_at", "-pk")[: size + 1])
        return Page(rows[:size], None, _cursor(rows[size - 1]) if len(rows) > size else None)
    at, pk = position
    if after:
        older = vacancies.filter(published_at__lte=at).exclude(published_at=at, pk__gte=pk)
        rows = list(older.order_by("-published_at", "-pk")[: size + 1])
        previous = _cursor(rows[0]) if rows else None
        return Page(rows[:size], previous, _cursor(rows[size - 1]) if len(rows) > size else None)
    newer = vacancies.filter(published_at__gte=at).exclude(published_at=at, pk__lte=pk)
    rows = list(newer.order_by("published_at", "pk")[: size + 1])
    shown = rows[:size][::-1]
    return Page(shown, _cursor(shown[0]) if len(rows) > size else None, _cursor(shown[-1]) if shown else None)


def _cursor(vacancy: Vacancy) -> str:
    assert vacancy.published_at is not None
    return f"{vacancy.published_at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{vacancy.pk}"


def _position(cursor: str) -> tuple[datetime, int] | None:
    stamp, _dash, pk = cursor.partition("-")
    if not pk.isascii() or not pk.isdigit() or len(pk) > 18:
        return None
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC), int(pk)
    except ValueError:
        return None
