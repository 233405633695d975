"""Somebody wants what only registered people can do: first register, then back to it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

WANTED = "wanted_page"  # in the session


def register_first(request: HttpRequest) -> HttpResponse:
    request.session[WANTED] = request.path
    messages.warning(request, _("Lengkapi data diri dulu, lima menit. Sesudah itu Anda kembali ke halaman tadi."))
    return redirect("account")


def after_registration(request: HttpRequest) -> HttpResponse:
    return redirect(request.session.pop(WANTED, "account"))
