from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _


class SecondFactorMiddleware:
    """Staff without a second factor reach nothing but the pages that set one up."""

    ALLOWED = frozenset({"account_logout", "account_reauthenticate", "language", "healthz", "readyz"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if name in self.ALLOWED or name.startswith("mfa_"):
            return None
        if not request.user.is_office_staff or is_mfa_enabled(request.user):
            return None
        messages.warning(request, _("Pasang pengaman kedua dulu: aplikasi kode atau kunci sandi (passkey)."))
        return redirect("mfa_index")
