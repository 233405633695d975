"""Who has no password proves once more that it is they, with a code by e-mail, before the account is changed.

allauth asks for the password or the second factor; somebody who has neither it would let through.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User

METHOD = "reauthenticate_by_code"


class CodeProcess(AbstractCodeVerificationProcess):
    """One code, to the address of whoever is signed in; what is known about it stands in the session."""

    KEY = "reauthentication_code"

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            user=request.user,
            state=state,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
        )

    @classmethod
    def begin(cls, request: HttpRequest) -> "CodeProcess":
        process = cls(request, cls.initial_state(user=request.user, email=request.user.email))  # type: ignore[union-attr]
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, request: HttpRequest) -> "CodeProcess | None":
        """The code that was asked for; None when there is none or it is too old."""
        state = request.session.get(cls.KEY)
        return cls(request, state).abort_if_invalid() if state else None

    def send(self) -> None:
        code = self.state["code"] = get_adapter().generate_login_code()
        text = render_to_string("account/email/reauthentication_code.txt", {"code": code})
        send_mail(_("Kode untuk mengubah akun"), text, None, [self.state["email"]])

    def persist(self) -> None:
        self.request.session[self.KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(self.KEY, None)

    def finish(self) -> None:
        self.abort()
        record_authentication(self.request, self.user, method="code", reauthenticated=True)


def is_recent(request: HttpRequest) -> bool:
    """Whether the person proved it in this session within the last minutes (ACCOUNT_REAUTHENTICATION_TIMEOUT)."""
    proofs = [proof for proof in get_authentication_records(request, request.user) if proof.get("reauthenticated")]
    return bool(proofs) and time.time() - proofs[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def need_code(request: HttpRequest) -> None:
    """Raise ReauthenticationRequired, which leads to the page, where a code is the only proof and is not recent."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    if [method["id"] for method in methods] == [METHOD] and not is_recent(request):
        raise ReauthenticationRequired


def reauthenticated(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For the views that allauth leaves open to people without a password."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User):
            need_code(request)
        return view(request, *args, **kwargs)

    return guarded
