from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts import sessions
from accounts.bots import BotTrap
from accounts.models import User


class LoginForm(allauth_forms.LoginForm):
    """E-mail and password, for staff. allauth drops the password where people sign up without one."""

    def _setup_password_field(self) -> None:
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """The sign-in ends after a working day. allauth's own end, the browser being closed, may never come."""
        response = super().login(request, redirect_url)
        sessions.end_with_the_day(request.session)
        return response


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):
    """A code by e-mail is for job seekers; staff need their password and second factor.

    A staff address is treated as an unknown one, so that the answer is the same for everybody.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("placeholder", None)  # the label says it

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        user = getattr(self, "_user", None)
        if user is not None and user.is_office_staff:
            self._user = None
        return cleaned


class SignupForm(BotTrap, allauth_forms.SignupForm):
    """A job seeker's account: name and e-mail address, confirmed by a code, no password."""

    name = forms.CharField(label=_("Nama lengkap"), max_length=120)
    field_order = ["name", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """A program gets the answer of everybody, without an account and without a mail."""
        if self.is_bot:
            return None, redirect("account_email_verification_sent")
        return super().try_save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class AddEmailForm(allauth_forms.AddEmailForm):
    """The address that is to take the place of the present one."""

    email = forms.EmailField(
        label=_("Alamat e-mail baru"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Alamat e-mail belum lengkap. Contoh: nama@contoh.id.")},
    )


class PasswordChangeForm(AdminPasswordChangeForm):
    """Django puts this help text together when it is loaded, in one language for everybody."""

    usable_password_help_text = _("Bila dimatikan, kata sandi yang sekarang hilang.")  # type: ignore[assignment]
