"""Form parts shared by the forms of this app: sections, rupiah, dates, places, a nonce against double submit."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import current_office
from canvassing.models import Region

DATE_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]


def section(title: str | Promise, purpose: str | Promise, *fields: Any) -> Layout:
    """One numbered part of a staff form: its name and purpose on the left, its fields on the right."""
    head = HTML(format_html("<div><h2>{}</h2><p>{}</p></div>", title, purpose))
    return Div(head, Div(*fields, css_class="kk-fields"), css_class="kk-form-section")


class RupiahField(forms.CharField):
    """Rupiah as people write it: "2700000", "Rp2.700.000", "2,7 juta". Cleans to a whole number or None."""

    SHORT = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(juta|jt|ribu|rb)$")
    default_error_messages = {"rupiah": _("Tulis upah dengan angka, misalnya 2.700.000 atau 2,7 juta.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = re.sub(r"^rp\.?\s*", "", str(super().clean(value)).strip().lower())
        if not text:
            return None
        if short := self.SHORT.match(text):
            number = float(short[1].replace(",", "."))
            return round(number * (1_000_000 if short[2] in {"juta", "jt"} else 1_000))
        digits = re.sub(r"(?<=\d)[. ](?=\d{3})", "", re.sub(r",-?0{0,2}$", "", text))
        if not digits.isascii() or not digits.isdigit():
            raise forms.ValidationError(self.error_messages["rupiah"], code="rupiah")
        return int(digits)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


class DayField(forms.DateField):
    """A date from the browser's own picker, or typed as 24-11-2026."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("error_messages", {})["invalid"] = _("Tulis tanggal seperti 24-11-2026.")
        super().__init__(input_formats=DATE_FORMATS, **kwargs)


class RegionChoiceField(forms.ModelChoiceField):
    """A place: first the wards of the office's own city by kecamatan, then other cities, then provinces."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {})["invalid_choice"] = _("Wilayah ini tidak dikenal. Pilih dari daftar.")
        super().__init__(queryset=Region.objects.all(), **kwargs)

    def _grouped(self) -> list[Any]:
        home = current_office().city_code
        names = dict(Region.objects.values_list("code", "name"))
        own = [(code, name) for code, name in names.items() if len(code) == 8 and code.startswith(f"{home}.")]
        groups: list[Any] = [("", _("Pilih wilayah"))]
        for district, label in own:
            wards = [(code, name) for code, name in names.items() if code.startswith(f"{district}.")]
            groups.append((label, [*wards, (district, _("%(district)s, kelurahan belum tahu") % {"district": label})]))
        cities = [(code, name) for code, name in names.items() if len(code) == 5]
        near = [pair for pair in cities if pair[0][:2] == home[:2]]
        groups.append((names.get(home[:2], home[:2]), sorted(near, key=lambda pair: pair[0] != home)))
        groups.append((_("Kota lain"), [pair for pair in cities if pair[0][:2] != home[:2]]))
        groups.append((_("Provinsi"), [pair for pair in names.items() if len(pair[0]) == 2]))
        return groups

    @property
    def choices(self) -> Any:
        return self._grouped

    @choices.setter
    def choices(self, value: Any) -> None:
        self.widget.choices = self._grouped


class EntryForm(forms.ModelForm):
    """A form that makes one row however often it is sent: the nonce becomes the row's unique `entry_id`."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)

    def earlier_entry(self) -> Any:
        """The row that an earlier sending of this very form has made, or None."""
        nonce = self.data.get(self.add_prefix("entry_id"), "")
        try:
            return self._meta.model.objects.filter(entry_id=uuid.UUID(nonce)).first()
        except ValueError:
            return None

    def save_once(self, then: Callable[[Any], object] = lambda saved: None) -> Any:
        """Save, do `then` with the row, both or neither; the earlier row when the same form came at the same moment."""
        try:
            with transaction.atomic():
                saved = self.save()
                then(saved)
                return saved
        except IntegrityError:
            if earlier := self.earlier_entry():
                return earlier
            raise

    def save(self, commit: bool = True) -> Any:
        if self.instance._state.adding and self.cleaned_data.get("entry_id"):
            self.instance.entry_id = self.cleaned_data["entry_id"]
        return super().save(commit)
