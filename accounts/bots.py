"""Keeps programs that fill in every form they find from making rows, at no cost to people.

A field that no person sees or is read must stay empty; whoever fills it in is thanked and nothing is done.
A form that comes back sooner than anybody can read it is shown again, filled in, to be sent once more: a quick
person loses nothing but a second.
"""

import time
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TRAP, SHOWN_AT = "website", "shown_at"
SALT = "accounts.bots"


def stamp() -> str:
    return signing.dumps(int(time.time()), salt=SALT)


def seconds_since(shown_at: str) -> float | None:
    """How long ago a page with this stamp was made; None when the stamp is not ours."""
    try:
        return time.time() - signing.loads(shown_at, salt=SALT)
    except signing.BadSignature:
        return None


class StampInput(forms.HiddenInput):
    """Keeps a stamp of ours, so that sending again succeeds, and makes one otherwise."""

    def format_value(self, value: Any) -> str:
        return value if value and seconds_since(value) is not None else stamp()


class TrapInput(forms.TextInput):
    """Out of sight, out of the order of tabs, silent in a screen reader; a program sees a field for an address."""

    is_hidden = True  # form templates give it neither label nor room

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        quiet = {"tabindex": "-1", "autocomplete": "off"}
        field = super().render(name, value, {**(attrs or {}), **quiet}, renderer)
        return format_html(
            '<div class="kk-trap" aria-hidden="true"><label>{} {}</label></div>', _("Biarkan kosong"), field
        )


class BotTrap(forms.Form):
    """Mixed into forms that make something for people without an account. Ask `is_bot` once the form is valid."""

    website = forms.CharField(required=False, widget=TrapInput)
    shown_at = forms.CharField(required=False, widget=StampInput)

    @property
    def is_bot(self) -> bool:
        return bool(self.cleaned_data.get(TRAP))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_bot or self.errors:  # whoever has to mend something sends again anyway
            return cleaned
        seconds = seconds_since(cleaned.get(SHOWN_AT, ""))
        if seconds is None or seconds < settings.FORM_SECONDS:
            raise ValidationError(gettext_lazy("Tinggal satu langkah: periksa isian Anda, lalu kirim sekali lagi."))
        return cleaned
