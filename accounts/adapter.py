from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import reauthentication, seal


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions about this site: what a refusal says, and where people land after signing in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "Alamat e-mail atau kata sandi salah. Periksa keduanya, lalu coba lagi."
        ),
        "incorrect_code": gettext_lazy("Kode salah. Salin kode dari e-mail kami yang terakhir, atau minta kode baru."),
        "too_many_login_attempts": gettext_lazy("Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi."),
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("workspace" if request.user.is_office_staff else "account")  # type: ignore[union-attr]

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("account")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A code by e-mail where there is nothing better."""
        methods = super().get_reauthentication_methods(user)
        if methods or not user.is_authenticated:
            return methods
        url = reverse("account_reauthenticate_by_code")
        return [{"id": reauthentication.METHOD, "description": _("Pakai kode lewat e-mail"), "url": url}]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """allauth would next call everybody proven who has neither password nor second factor."""
        required = super().is_reauthentication_required(app=app, **kwargs)
        if required and self.request is not None:
            reauthentication.need_code(self.request)
        return required


class FactorAdapter(DefaultMFAAdapter):
    """The secret of the code app and the seed of the recovery codes never stand readable in the database."""

    def encrypt(self, text: str) -> str:
        return seal.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return seal.open_sealed(encrypted_text)
