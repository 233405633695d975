"""What every request passes through: a log line, the chosen language, and no caching of private pages."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control

View = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("kanvas.request")
KNOWN_LANGUAGES = {code for code, _name in settings.LANGUAGES}


def request_log(get_response: View) -> View:
    """Give the request an id that error pages show and log lines carry; log slow and failed requests."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(request_id=request.id)  # type: ignore[attr-defined]
        started = time.monotonic()
        try:
            response = get_response(request)
        finally:
            structlog.contextvars.clear_contextvars()
        seconds = time.monotonic() - started
        if response.status_code >= 500 or seconds > 1:
            match = request.resolver_match
            log.warning(
                "slow or failed request",
                request_id=request.id,  # type: ignore[attr-defined]
                route=match.route if match else None,
                method=request.method,
                status=response.status_code,
                seconds=round(seconds, 3),
            )
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response

    return middleware


def chosen_language(get_response: View) -> View:
    """Indonesian unless the person chose English. The browser's own list is not asked: cheap phones are often set
    to English by the shop, and their owners read Indonesian."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        translation.activate(chosen if chosen in KNOWN_LANGUAGES else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        response = get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response

    return middleware


def private_pages(get_response: View) -> View:
    """Pages of signed-in people are never stored by a browser or a cache on the way."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.streaming:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware
