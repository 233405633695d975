from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none


class SecondFactorMiddleware:
    """Staff without a second factor reach nothing but the pages that set one up."""

    ALLOWED = frozenset({"account_logout", "account_reauthenticate", "language", "healthz", "readyz"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        if not settings.REQUIRE_SECOND_FACTOR or self._is_allowed(request):
            return None
        user = request.user
        if not user.is_authenticated or not user.is_office_staff or is_mfa_enabled(user, FACTORS):
            return None
        messages.warning(request, _("Pasang pengaman kedua dulu: aplikasi kode atau kunci sandi (passkey)."))
        return redirect("mfa_index")

    def _is_allowed(self, request: HttpRequest) -> bool:
        # With its namespace: "admin:mfa_authenticator_changelist" sets nothing up.
        name = request.resolver_match.view_name if request.resolver_match else ""
        return name in self.ALLOWED or name.startswith("mfa_")
