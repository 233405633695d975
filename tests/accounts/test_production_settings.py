"""Production refuses to start with values that are not safe, and says why."""

import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings

GOOD = {
    "KANVAS_ENV": "production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "NIK_KEY": secrets.token_urlsafe(50),
    "NIK_INDEX_KEY": secrets.token_urlsafe(50),
    "FACTOR_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "kanvas.example",
    "SITE_URL": "https://kanvas.example",
    "DATABASE_URL": "postgresql://kanvas@database.example/kanvas",
    "REDIS_URL": "redis://queue.example/0",
    "MAIL_FROM": "Kanvas Kerja <kabar@kanvas.example>",
}
INHERITED = ("PATH", "HOME", "LANG", "KANVAS_STATE_DIR")


def check(*options: str, **values: str | None) -> subprocess.CompletedProcess[str]:
    """`manage.py check` in a process of its own, with good values but for the given ones; None takes one away."""
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment |= {name: value for name, value in (GOOD | values).items() if value is not None}
    command = [sys.executable, "manage.py", "check", *options]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_good_values_pass_every_check_for_deployment():
    result = check("--deploy", "--fail-level", "WARNING")
    assert (result.returncode, result.stdout) == (0, "System check identified no issues (0 silenced).\n")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"DATABASE_URL": None}, "DATABASE_URL (or DATABASE_URL_FILE) must be set in production"),
        ({"REDIS_URL": None}, "REDIS_URL (or REDIS_URL_FILE) must be set in production"),
        ({"MAIL_FROM": None}, "MAIL_FROM (or MAIL_FROM_FILE) must be set in production"),
        ({"DEBUG": "1"}, "DEBUG must be off in production"),
        ({"DEBUG": "maybe"}, "DEBUG must be 1 or 0, not 'maybe'"),
        ({"SECRET_KEY": None}, "SECRET_KEY (or SECRET_KEY_FILE) must be set in production"),
        ({"SECRET_KEY": None, "SECRET_KEY_FILE": "/missing/key"}, "SECRET_KEY_FILE: cannot read /missing/key"),
        ({"SECRET_KEY": "rahasia"}, "SECRET_KEY is too weak"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY is too weak"),
        ({"NIK_KEY": None}, "NIK_KEY (or NIK_KEY_FILE) must be set in production"),
        ({"NIK_INDEX_KEY": "a" * 80}, "NIK_INDEX_KEY is too weak"),
        ({"NIK_INDEX_KEY": GOOD["NIK_KEY"]}, "SECRET_KEY, NIK_KEY, NIK_INDEX_KEY and FACTOR_KEY must differ"),
        ({"TELEGRAM_SECRET": "rahasia"}, "TELEGRAM_SECRET is too weak"),
        ({"MAIL_EVENTS_SECRET": "rahasia"}, "MAIL_EVENTS_SECRET is too weak"),
        ({"FACTOR_KEY": None}, "FACTOR_KEY (or FACTOR_KEY_FILE) must be set in production"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS must list the host names of the site"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must list the host names of the site, without *"),
        ({"ALLOWED_HOSTS": "kanvas.example *"}, "ALLOWED_HOSTS must list the host names of the site, without *"),
        ({"SITE_URL": None}, "SITE_URL must be the public https:// address of the site"),
        ({"SITE_URL": "http://kanvas.example"}, "SITE_URL must be the public https:// address of the site"),
        ({"DATABASE_URL": "mysql://kanvas@database.example/kanvas"}, "DATABASE_URL must start with postgresql://"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
)
def test_production_refuses(values, why):
    result = check(**values)
    assert result.returncode == 1
    assert f"ImproperlyConfigured: {why}" in result.stderr
