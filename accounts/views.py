"""A person's own switch and button, the proof by code, and allauth's pages for a code by e-mail.

Those say why where allauth's own lead back silently.
"""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.http import StaffRequest
from accounts.limits import within
from accounts.reauthentication import CodeProcess, reauthenticated


@require_POST
def switch_shortcuts(request: StaffRequest) -> HttpResponseBase:
    """Single keys (/, J, K) act or rest; speech input and trembling hands press them by accident."""
    request.user.single_key_shortcuts = not request.user.single_key_shortcuts
    request.user.save(update_fields=["single_key_shortcuts"])
    messages.success(request, _("Setelan pintasan disimpan."))
    return redirect("account")


@require_POST
def stay(request: StaffRequest) -> HttpResponseBase:
    """ "I am still here": being asked renews the session, and 204 leaves the page as it is, with or without script."""
    return HttpResponse(status=204)


@login_not_required
@never_cache
def confirm_login_code(request: HttpRequest) -> HttpResponseBase:
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    code_is_valid = stage and LoginCodeVerificationProcess.resume(stage)
    if request.user.is_anonymous and not code_is_valid:
        messages.error(request, _("Kode sudah tidak berlaku. Minta kode baru."))
        return redirect("account_request_login_code")
    return allauth_views.confirm_login_code(request)


@login_not_required
@never_cache
def confirm_email(request: HttpRequest) -> HttpResponseBase:
    """The address of a new account, or of somebody who signs in with a password for the first time."""
    if request.user.is_anonymous and not EmailVerificationProcess.resume(request):
        messages.error(request, _("Kode sudah tidak berlaku. Masuk lagi untuk mendapat kode baru."))
        return redirect("account_login")
    return allauth_views.email_verification_sent(request)


class ReauthenticateByCodeView(allauth_views.BaseReauthenticateView):
    """First a button that sends the code, then the field for it; afterwards back to what the person was doing."""

    form_class = ConfirmLoginCodeForm
    template_name = "account/reauthenticate_by_code.html"

    @cached_property
    def process(self) -> CodeProcess | None:
        return CodeProcess.resume(self.request)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"code": self.process.code if self.process else ""}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.POST.get("action") != "send" and self.process:
            return super().post(request, *args, **kwargs)
        if within("reauthentication_code", str(request.user.pk)):
            CodeProcess.begin(request)
        else:
            messages.error(request, _("Terlalu banyak kode diminta. Tunggu satu jam, lalu coba lagi."))
        return redirect(self.passthrough_next_url(request.path))

    def form_valid(self, form: Any) -> HttpResponseBase:
        self.process.finish()  # type: ignore[union-attr]
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponseBase:
        if self.process and self.process.record_invalid_attempt():
            return super().form_invalid(form)
        messages.error(self.request, _("Terlalu banyak kode salah. Minta kode baru."))
        return redirect(self.passthrough_next_url(self.request.path))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"sent_to": self.process and self.process.state["email"]}


reauthenticate_by_code = ReauthenticateByCodeView.as_view()
set_password = reauthenticated(allauth_views.password_set)
