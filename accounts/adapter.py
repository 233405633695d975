from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions about this site: what a refusal says, and where people land after signing in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("Alamat e-mail atau kata sandi salah. Periksa keduanya, lalu coba lagi."),
        "incorrect_code": _("Kode salah. Salin kode dari e-mail kami yang terakhir, atau minta kode baru."),
        "too_many_login_attempts": _("Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi."),
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("workspace" if request.user.is_office_staff else "account")  # type: ignore[union-attr]

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("account")
