from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions about this site: where people land after signing in."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("workspace" if request.user.is_office_staff else "account")  # type: ignore[union-attr]

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("account")
