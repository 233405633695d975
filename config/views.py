"""Pages of the site itself: health, language, help, privacy, errors."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from accounts.models import Office
from config.celery import app as celery_app
from jobseekers import gateways
from jobseekers.models import JobSeeker


@require_safe
@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@login_not_required
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """503 with the name of what is missing unless database, migrations, cache, broker and media can be used."""
    checks = {"database": _database, "migrations": _migrations, "cache": _cache, "broker": _broker, "media": _media}
    failed = [name for name, check in checks.items() if not check()]
    return JsonResponse({"ready": not failed, "failed": failed}, status=503 if failed else 200)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrations() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _cache() -> bool:
    try:
        cache.set("readyz", 1, 5)
        return cache.get("readyz") == 1
    except (RedisError, OSError):
        return False


def _broker() -> bool:
    try:
        with celery_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except (BrokerError, OSError):
        return False
    return True


def _media() -> bool:
    root = Path(settings.MEDIA_ROOT)
    try:
        root.mkdir(parents=True, exist_ok=True)
        probe = root / ".readyz"
        probe.write_bytes(b"1")
        probe.unlink()
    except OSError:
        return False
    return True


@require_safe
@login_not_required
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language a person chose and go back to where they were."""
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = redirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@require_safe
@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "help.html")


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "chats_on": gateways.any_on(),
        "years": max(1, round(settings.RETENTION_DAYS / 365)),
        "notice": JobSeeker.NOTICE.days,
    }
    return render(request, "privacy.html", context)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with "try again in a minute" when database or cache cannot be reached. Needs neither itself."""
    error = sys.exc_info()[1]
    unavailable = isinstance(error, OperationalError | RedisError)
    context: dict[str, Any] = {"reference": getattr(request, "id", ""), "office": Office(), "LANGUAGE_CODE": "id"}
    template = "503.html" if unavailable else "500.html"
    response = render(None, template, context, status=503 if unavailable else 500)
    if unavailable:
        response["Retry-After"] = "30"
    return response
