from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from accounts import sessions

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none


class IdleMiddleware:
    """Ends the session of staff who have done nothing for a while, says so, and leads back to the page.

    What was posted too late is not saved, and is shown once more so that it can be copied.
    """

    POLL = "Kanvas-Poll"  # a header: the page asks by itself, nobody need be there
    NEVER_SHOWN = ("csrfmiddlewaretoken", "password", "code", "nik", "entry_id", "version")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *args: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.user.is_office_staff:
            return None
        if sessions.is_idle(request.session):
            return self._end(request, for_everybody=not getattr(view, "login_required", True))
        if self.POLL not in request.headers:
            sessions.renew(request.session)
        return None

    def _end(self, request: HttpRequest, *, for_everybody: bool) -> HttpResponse | None:
        auth.logout(request)
        if request.method == "POST" and not for_everybody:
            came_from = urlsplit(request.headers.get("Referer", ""))
            back = came_from._replace(scheme="", netloc="", fragment="").geturl() or request.path
            context = {"typed": self._typed(request), "minutes": settings.STAFF_IDLE_SECONDS // 60, "back": back}
            return render(request, "session_ended.html", context, status=403)
        messages.info(
            request,
            _("Anda keluar sendiri sesudah %(minutes)s menit tanpa kegiatan. Masuk lagi untuk melanjutkan.")
            % {"minutes": settings.STAFF_IDLE_SECONDS // 60},
        )
        if for_everybody:
            return None
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRefresh()
        return redirect_to_login(request.get_full_path())

    def _typed(self, request: HttpRequest) -> list[str]:
        """What somebody wrote, in the order of the form; neither secrets nor the choices of lists."""
        shown = [name for name in request.POST if not name.startswith(self.NEVER_SHOWN)]
        values = [value.strip() for name in shown for value in request.POST.getlist(name)]
        return [value for value in values if len(value) > 1 and not value.isdigit()]


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
