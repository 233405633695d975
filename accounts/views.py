"""A person's own switch, and allauth's pages for a code by e-mail, which say why where its own lead back silently."""

from allauth.account import views as allauth_views
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.http import StaffRequest


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
