"""Facts of a vacancy in templates, in the same words as in mails and printed pieces."""

from urllib.parse import parse_qsl

from django import template

from canvassing import words
from canvassing.models import Vacancy
from canvassing.reference import reference_names

register = template.Library()
for fact in (
    words.place,
    words.wage,
    words.wage_period,
    words.wage_with_period,
    words.education,
    words.openings_detail,
    words.experience,
    words.trust_source,
    words.people,
):
    register.filter(fact.__name__, fact)


@register.filter
def region_name(code: str | None) -> str:
    """ "Imopuro, Metro Pusat" """
    return reference_names().place_with_parent(code) if code else ""


@register.filter
def education_name(rank: int | None) -> str:
    return reference_names().education_level(rank) if rank is not None else ""


STATE_KIND = {
    "lead": "neutral",
    "draft": "info",
    "in_check": "info",
    "published": "ok",
    "filled": "ok",
    "expired": "neutral",
    "withdrawn": "neutral",
}


@register.filter
def state_kind(vacancy: Vacancy) -> str:
    """The colour of the state: a published vacancy past its last day is no longer "ok"."""
    return "neutral" if vacancy.has_ended and vacancy.state != "filled" else STATE_KIND[vacancy.state]


@register.filter
def as_pairs(query: str) -> list[tuple[str, str]]:
    """A query string as (name, value) pairs, for the hidden fields of a form."""
    return parse_qsl(query)
