"""`/kabar-balik/<gateway>/`: what services tell us. Signed, small, and the same told twice is told once.

An answer of 200 means "do not send it again". Unknown kinds of events are taken and passed over.
"""

import hmac
from collections.abc import Iterable, Iterator
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from announcements import afterwards, replies, told
from jobseekers import gateways

LONGEST = 256 * 1024  # bytes; services send a few kilobytes


class Hook:
    """`secret` is empty while the office has not set the service up; then its address does not exist."""

    def secret(self) -> str:
        raise NotImplementedError

    def is_signed(self, request: HttpRequest, body: bytes) -> bool:
        raise NotImplementedError

    def challenge(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=405, headers={"Allow": "POST"})

    def events(self, request: HttpRequest, body: bytes) -> Iterable[told.Event]:
        raise NotImplementedError


def same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def signature(secret: str, body: bytes) -> str:
    """ "sha256=" and the HMAC of the raw body in hexadecimal."""
    return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()


class WhatsAppHook(Hook):
    def secret(self) -> str:
        return settings.WHATSAPP_APP_SECRET if gateways.is_on(gateways.Channel.WHATSAPP) else ""

    def is_signed(self, request: HttpRequest, body: bytes) -> bool:
        return same(request.headers.get("X-Hub-Signature-256", ""), signature(self.secret(), body))

    def challenge(self, request: HttpRequest) -> HttpResponse:
        """Meta asks once, when the address is entered there."""
        asked = request.GET.get("hub.challenge", "")
        known = same(request.GET.get("hub.verify_token", ""), settings.WHATSAPP_VERIFY_TOKEN)
        if request.GET.get("hub.mode") != "subscribe" or not known or not asked.isalnum():
            return HttpResponse(status=403)
        return HttpResponse(asked, content_type="text/plain")

    def events(self, request: HttpRequest, body: bytes) -> Iterator[told.Event]:
        return told.whatsapp(told.read_json(body))


class TelegramHook(Hook):
    def secret(self) -> str:
        return settings.TELEGRAM_SECRET if gateways.is_on(gateways.Channel.TELEGRAM) else ""

    def is_signed(self, request: HttpRequest, body: bytes) -> bool:
        return same(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), self.secret())

    def events(self, request: HttpRequest, body: bytes) -> Iterator[told.Event]:
        return told.telegram(told.read_json(body))


class MailHook(Hook):
    """Bounces: as JSON, or the bounce itself (message/rfc822) as the mail server has it."""

    def secret(self) -> str:
        return settings.MAIL_EVENTS_SECRET

    def is_signed(self, request: HttpRequest, body: bytes) -> bool:
        return same(request.headers.get("X-Kanvas-Signature-256", ""), signature(self.secret(), body))

    def events(self, request: HttpRequest, body: bytes) -> Iterator[told.Event]:
        if request.content_type == "message/rfc822":
            return told.report(body)
        return told.mail(told.read_json(body))


HOOKS: dict[str, Hook] = {"whatsapp": WhatsAppHook(), "telegram": TelegramHook(), "surel": MailHook()}


@csrf_exempt  # no cookie is read: the signature is the proof
@login_not_required
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, gateway: str) -> HttpResponse:
    hook = HOOKS.get(gateway)
    if hook is None or not hook.secret():
        raise Http404
    if request.method == "GET":
        return hook.challenge(request)
    if _announced(request) > LONGEST or len(body := request.body) > LONGEST:
        return HttpResponse(status=413)
    if not hook.is_signed(request, body):
        return HttpResponse(status=403)
    for event in hook.events(request, body):
        take(event)
    return HttpResponse(status=200)


def _announced(request: HttpRequest) -> int:
    """How many bytes the other side says it sends, so that a flood is not even read; 0 when it does not say."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() else 0


def take(event: told.Event) -> None:
    match event:
        case told.Incoming():
            replies.receive(event)
        case told.Closed():
            replies.close(event)
        case told.Told():
            afterwards.keep(event)
