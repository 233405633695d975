"""Two people edited the same vacancy: show both texts instead of losing one."""

from dataclasses import dataclass
from typing import Any

from django import forms

from canvassing.forms import VacancyForm
from canvassing.models import Vacancy


class Conflict(Exception):
    """Somebody else saved this row after the form was opened."""


@dataclass
class Difference:
    label: str
    mine: str
    stored: str


def differences(form: VacancyForm, stored: Vacancy) -> list[Difference]:
    """The fields in which what was typed differs from what is stored now, in the order of the form."""
    theirs = VacancyForm(instance=stored, user=form.user)
    rows = []
    for name, field in form.fields.items():
        if field.widget.is_hidden:
            continue
        mine, now = _words(field, form[name].value()), _words(field, theirs[name].value())
        if mine != now:
            rows.append(Difference(str(field.label), mine, now))
    return rows


def _words(field: forms.Field, value: Any) -> str:
    """A bound value as a person reads it: the label of a choice, yes or no as a tick, the text itself."""
    if value is None or value is False or value in ("", []):
        return "–"
    if value is True or (isinstance(field, forms.BooleanField) and value):
        return "✓"
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        for key, label in _flat(field.choices):
            if str(key) == str(value):
                return str(label)
    return str(field.clean(value)) if isinstance(field, forms.DateField) and isinstance(value, str) else str(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for key, label in choices() if callable(choices) else choices:
        flat += label if isinstance(label, list | tuple) else [(key, label)]
    return flat
