"""Rows and filters of the vacancy list, the page asked for most. It has twenty rows and forty choices, so nothing here
renders a template.

What people typed goes through `escape`, the standard library's: `format_html` looks at each part three times longer.
"""

from collections.abc import Container, Iterable
from datetime import timedelta
from html import escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from canvassing import words
from canvassing.facets import Choice, Facet
from canvassing.models import Vacancy
from config.templatetags.ui import ICONS, deadline, number

register = template.Library()

NEW = timedelta(days=3)


@register.simple_tag
def vacancy_rows(vacancies: Iterable[Vacancy], *, level: int) -> SafeString:
    """Vacancies of `views.public.open_rows` as a list, each with a heading of this level."""
    return SafeString(f'<ul class="kk-rows">{"".join(_row(vacancy, level) for vacancy in vacancies)}</ul>')


def _row(vacancy: Vacancy, level: int) -> str:
    title = f'<a href="{vacancy.get_absolute_url()}">{escape(vacancy.title)}</a>{_new(vacancy)}'
    checked, source = _("Diperiksa"), escape(words.trust_source(vacancy))
    return f"""
<li class="kk-vacancy">
  <h{level} class="kk-vacancy-title">{title}</h{level}>
  <p class="kk-vacancy-place">{escape(vacancy.employer_name)} <span>· {escape(words.place(vacancy))}</span></p>
  <p class="kk-vacancy-pay">{_pay(vacancy)}</p>
  <p class="kk-vacancy-deadline">{deadline(vacancy.valid_until)}</p>
  <ul class="kk-vacancy-meta">{_meta(vacancy)}</ul>
  <p class="kk-trust">{ICONS["shield"]}<span><strong>{checked}</strong> · {source}</span></p>
</li>"""


def _new(vacancy: Vacancy) -> str:
    """Published within the last three days."""
    if vacancy.published_at is None or timezone.now() - vacancy.published_at >= NEW:
        return ""
    return ' <span class="kk-badge kk-badge-new">' + _("Baru") + "</span>"


def _pay(vacancy: Vacancy) -> str:
    if not vacancy.wage_is_known:
        return "<span>" + _("Upah tidak disebut") + "</span>"
    return f"<strong>{words.wage(vacancy)}</strong> <span>{words.wage_period(vacancy)}</span>"


def _meta(vacancy: Vacancy) -> str:
    items = [f"<li>{escape(words.education(vacancy))}</li><li>{words.people(vacancy.openings)}</li>"]
    if not vacancy.experience_years:
        items.append('<li class="kk-badge">' + _("Tanpa pengalaman") + "</li>")
    if vacancy.open_to_disability:
        items.append('<li class="kk-badge">' + ICONS["accessible"] + _("Terbuka untuk difabel") + "</li>")
    return "".join(items)


@register.simple_tag
def facet_choices(facet: Facet) -> SafeString:
    return SafeString("".join(_choice(facet, choice) for choice in facet.choices))


def _choice(facet: Facet, choice: Choice) -> str:
    asks = f'name="{facet.parameter}" value="{escape(choice.value)}"{" checked" if choice.is_on else ""}'
    count = f"<span>{number(choice.count)}</span>" if choice.count else ""
    label = f'<label class="form-check-label" for="{escape(choice.id)}">{escape(choice.label)}</label>'
    control = f'<input class="form-check-input" type="{facet.kind}" id="{escape(choice.id)}" {asks}>'
    return f'\n<div class="form-check">{control}{label}{count}</div>'


@register.simple_tag
def place_options(places: Iterable[tuple[str, str]], chosen: Container[str] = ()) -> SafeString:
    """The (code, name) pairs of `facets.place_choices` as options of a select."""
    options = (
        f'<option value="{escape(code)}"{" selected" if code in chosen else ""}>{escape(name)}</option>'
        for code, name in places
    )
    return SafeString("".join(options))
