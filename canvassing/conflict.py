"""Two people edited the same row, which carries a `version`: show both texts instead of losing one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import F, Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict
from django.utils import timezone

from canvassing.words import long_date


class Conflict(Exception):
    """Somebody else saved this row after the form was opened."""


def claim(row: Model, version: int | None) -> None:
    """Take the row's next version, in the transaction that saves it. Raises Conflict unless `version` is the newest."""
    unchanged = type(row)._default_manager.filter(pk=row.pk, version=version)
    if not unchanged.update(version=F("version") + 1):
        raise Conflict
    row.version = (version or 0) + 1  # type: ignore[attr-defined]


@dataclass
class Difference:
    label: str
    mine: str
    stored: str


def differences(mine: forms.Form | forms.ModelForm, stored: forms.Form | forms.ModelForm) -> list[Difference]:
    """The fields in which what was typed (`mine`) differs from what is stored now, in the order of the form."""
    now = _told(stored)
    return [
        Difference(str(mine.fields[name].label), typed, now[name])
        for name, typed in _told(mine).items()
        if typed != now[name]
    ]


def list_difference(label: str, mine: "forms.BaseInlineFormSet[Any, Any, Any]") -> list[Difference]:
    """The rows below a form, one a line, when any of them was typed otherwise than it is stored now."""
    stored = type(mine)(instance=type(mine.instance)._default_manager.get(pk=mine.instance.pk), prefix=mine.prefix)
    kept = [form for form in mine.forms if form.has_changed() or form.instance.pk]
    typed = _lines(form for form in kept if form not in mine.deleted_forms)
    now = _lines(form for form in stored.forms if form.instance.pk)
    return [Difference(label, typed or "–", now or "–")] if typed != now else []


def _lines(rows: Iterable[forms.ModelForm]) -> str:
    return "\n".join(" · ".join(words for words in _told(form).values() if words != "–") for form in rows)


def _told(form: forms.Form | forms.ModelForm) -> dict[str, str]:
    """name: what the field says, as a person reads it; without what is hidden and the tick that deletes a row."""
    cleaned = getattr(form, "cleaned_data", {})
    return {
        name: _words(field, field.prepare_value(cleaned[name]) if name in cleaned else form[name].value())
        for name, field in form.fields.items()
        if not field.widget.is_hidden and name != DELETION_FIELD_NAME
    }


def compare(mine: forms.ModelForm, stored: forms.ModelForm) -> list[Difference]:
    """What differs from the row as it is stored now. Who sends `mine` again after reading that, overwrites it."""
    data = cast(QueryDict, mine.data).copy()
    data["version"] = str(stored.instance.version)
    mine.data = data
    return differences(mine, stored)


class VersionedForm(forms.ModelForm):
    """Knows which version was opened. Saving raises Conflict when somebody has saved since; nothing is written then."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def save(self, commit: bool = True) -> Any:
        if not self.instance._state.adding:
            claim(self.instance, self.cleaned_data["version"])
        return super().save(commit)

    def compare(self) -> list[Difference]:
        return compare(self, type(self)(instance=type(self.instance)._default_manager.get(pk=self.instance.pk)))


def _words(field: forms.Field, value: Any) -> str:
    """A bound value as a person reads it: the label of a choice, yes or no as a tick, the text itself."""
    if value is None or value is False or value in ("", []):
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(_words(field, each) for each in value)
    if value is True or (isinstance(field, forms.BooleanField) and value):
        return "✓"
    if isinstance(value, datetime):
        moment = timezone.localtime(value)
        return f"{long_date(moment.date())}, {moment:%H.%M}"
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
