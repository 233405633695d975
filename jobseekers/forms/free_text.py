from django import forms

from jobseekers import nik


class FreeTextField(forms.CharField):
    """Sentences of or about a person, which must not hold a NIK."""

    default_validators = [nik.refuse_in_text]
