"""Two people edited the same row: show both texts instead of losing one."""

from dataclasses import dataclass
from typing import Any

from django import forms


class Conflict(Exception):
    """Somebody else saved this row after the form was opened."""


@dataclass
class Difference:
    label: str
    mine: str
    stored: str


def differences(mine: forms.Form | forms.ModelForm, stored: forms.Form | forms.ModelForm) -> list[Difference]:
    """The fields in which what was typed (`mine`) differs from what is stored now, in the order of the form."""
    rows, cleaned = [], getattr(mine, "cleaned_data", {})
    for name, field in mine.fields.items():
        if field.widget.is_hidden:
            continue
        value = field.prepare_value(cleaned[name]) if name in cleaned else mine[name].value()
        typed, now = _words(field, value), _words(field, stored[name].value())
        if typed != now:
            rows.append(Difference(str(field.label), typed, now))
    return rows


def _words(field: forms.Field, value: Any) -> str:
    """A bound value as a person reads it: the label of a choice, yes or no as a tick, the text itself."""
    if value is None or value is False or value in ("", []):
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(_words(field, each) for each in value)
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
