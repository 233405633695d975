"""How often somebody may ask for costly things. Counted in the cache; a lost cache lets people through."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

log = structlog.get_logger("kanvas.limits")


def within(action: str, key: str) -> bool:
    """Count one more `action` by `key` in the running window; False when it is over settings.RATE_LIMITS."""
    allowed, seconds = settings.RATE_LIMITS[action]
    if not allowed:
        return True
    slot = f"limit:{action}:{int(time.time() // seconds)}:{key}"
    try:
        cache.add(slot, 0, seconds)
        return cache.incr(slot) <= allowed
    except (RedisError, OSError, ValueError):
        log.warning("rate limit not counted", action=action)
        return True


def limited(action: str, when: Callable[[HttpRequest], bool]) -> Callable:
    """Answer 429 when somebody does `action` too often; only requests for which `when` holds are counted.

    Who is signed in is counted as such, everybody else by IP address: a school's computer room and the subscribers of
    one mobile network share an address.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if when(request) and not within(action, _who(request)):
                response = render(request, "429.html", status=429)
                response["Retry-After"] = str(settings.RATE_LIMITS[action][1])
                return response
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _who(request: HttpRequest) -> str:
    return f"user-{request.user.pk}" if request.user.is_authenticated else get_adapter().get_client_ip(request)
