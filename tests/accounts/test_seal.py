"""Whoever has a copy of the database, but not the key, cannot make codes of anybody's second factor."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from cryptography.fernet import InvalidToken
from django.db import connection

from accounts.roles import Role
from accounts.seal import open_sealed, seal
from tests.factories import make_user

pytestmark = pytest.mark.django_db

CANARY = "KANARIKANARIKANARIKANARIKANARI22"


def stored():
    """Every byte of the table, as a thief would read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator ORDER BY id")
        return [json.loads(data) for (data,) in cursor.fetchall()]


def test_stored_rows_hold_no_secret():
    user = make_user(Role.CANVASSER)
    TOTP.activate(user, CANARY)
    codes = RecoveryCodes.activate(user)
    seed = open_sealed(codes.instance.data["seed"])
    rows = json.dumps(stored())
    assert [secret in rows for secret in (CANARY, seed, *codes.get_unused_codes())] == [False] * 12
    assert [row.get("secret", row.get("seed"))[:7] for row in stored()] == ["sealed:", "sealed:"]


def test_sealed_secret_still_answers_codes():
    totp = TOTP.activate(make_user(Role.CANVASSER), CANARY)
    code = format_hotp_value(hotp_value(CANARY, int(time.time()) // 30))
    assert TOTP(Authenticator.objects.get(pk=totp.instance.pk)).validate_code(code)


def test_same_secret_is_sealed_differently_each_time():
    assert seal(CANARY) != seal(CANARY)


def test_former_key_still_opens_and_a_strange_one_does_not(settings):
    sealed = seal(CANARY)
    settings.FACTOR_KEYS = ["kunci baru", *settings.FACTOR_KEYS]
    assert open_sealed(sealed) == CANARY
    settings.FACTOR_KEYS = ["kunci baru"]
    with pytest.raises(InvalidToken):
        open_sealed(sealed)
