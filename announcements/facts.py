"""What an announcement says of a vacancy, in the office's words and both languages, fit to be frozen as JSON.

One vacancy: {"id", "version", "path", "valid_until": "2026-12-08", "words": {"id": {...}, "en": {...}}, "detail": {}},
where words are title, employer, place, wage, trust. `detail` is what only the pieces made by hand say, in Indonesian.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from canvassing import words
from canvassing.models import Vacancy

Facts = dict[str, Any]


def freeze(keys: Iterable[int]) -> list[Facts]:
    """The facts of these vacancies, newest first."""
    vacancies = Vacancy.objects.filter(pk__in=keys).select_related("visit", "school_centre")
    return [vacancy_facts(each) for each in vacancies.newest_first()]


def vacancy_facts(vacancy: Vacancy) -> Facts:
    """Needs `visit` and `school_centre` loaded with the vacancy."""
    spoken = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            spoken[language] = {
                "title": vacancy.title,
                "employer": vacancy.employer_name,
                "place": words.place(vacancy),
                "wage": words.wage_with_period(vacancy),
                "trust": words.trust_source(vacancy),
            }
    assert vacancy.valid_until is not None  # of every published vacancy
    return {
        "id": vacancy.pk,
        "version": vacancy.version,
        "path": vacancy.get_absolute_url(),
        "valid_until": vacancy.valid_until.isoformat(),
        "words": spoken,
        "detail": _detail(vacancy),
    }


def _detail(vacancy: Vacancy) -> Facts:
    with translation.override("id"):
        return {
            "number": vacancy.number,
            "wage_min": vacancy.wage_min,
            "wage_max": vacancy.wage_max,
            "wage_period": words.wage_period(vacancy),
            "wage_note": vacancy.wage_note,
            "work_place": vacancy.work_place,
            "hours": vacancy.working_hours,
            "conditions": vacancy.working_conditions,
            "openings": vacancy.openings,
            "who": words.openings_detail(vacancy),
            "education": words.education(vacancy),
            "experience_years": vacancy.experience_years,
            "documents": vacancy.documents or _("fotokopi KTP, fotokopi ijazah, daftar riwayat hidup"),
            "apply_via": vacancy.apply_via,
            "apply_to": vacancy.apply_to or vacancy.work_place,
        }


def say_the_same(one: Facts, other: Facts) -> bool:
    """Whether a reader would see no difference."""
    return one | {"version": 0} == other | {"version": 0}


def all_say_the_same(some: list[Facts], others: list[Facts]) -> bool:
    return len(some) == len(others) and all(map(say_the_same, some, others))


def in_language(facts: Iterable[Facts], language: str) -> list[Facts]:
    """The same for one reader: words of one language beside the address and the last day."""
    return [
        each["words"][language]
        | {"url": settings.SITE_URL + each["path"], "valid_until": date.fromisoformat(each["valid_until"])}
        for each in facts
    ]
