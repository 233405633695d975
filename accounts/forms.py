from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):
    """A code by e-mail is for job seekers; staff need their password and second factor.

    A staff address is treated as an unknown one, so that the answer is the same for everybody.
    """

    def clean(self) -> dict:
        cleaned = super().clean()
        user = getattr(self, "_user", None)
        if user is not None and user.is_office_staff:
            self._user = None
        return cleaned


class SignupForm(allauth_forms.SignupForm):
    """A job seeker's account: name and e-mail address, confirmed by a code, no password."""

    name = forms.CharField(label=_("Nama lengkap"), max_length=120)
    field_order = ["name", "email"]

    def custom_signup(self, request: object, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
