"""Indonesian telephone numbers, normalised by libphonenumber."""

from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _


class PhoneField(forms.CharField):
    """A number as people write it (0812-0000-0123, +62 812...). Cleans to the national form with spaces or dashes."""

    default_error_messages = {"phone": _("Nomor kurang lengkap. Contoh: 0812-0000-0123.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, "ID")
        except phonenumbers.NumberParseException as error:
            raise forms.ValidationError(self.error_messages["phone"], code="phone") from error
        if not phonenumbers.is_possible_number(number):
            raise forms.ValidationError(self.error_messages["phone"], code="phone")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
