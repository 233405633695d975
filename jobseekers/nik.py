"""The NIK, the 16 digits every resident has: checked, kept encrypted, found by a keyed index, shown masked.

It is stored as AES-256-GCM bound to its person, so that a ciphertext moved to another row does not open, and as an
HMAC-SHA256 under a second key, so that the same number is found again. Both keys live outside the database
(`settings.NIK_KEYS`, `settings.NIK_INDEX_KEY`). What its digits mean: research of Dukcapil Klaten; the region is that
of the first registration and never of today's address, so nothing about it is more than a warning.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LENGTH = 16
# For Python and PostgreSQL: people write it in groups, parted in one way. Another way inside it is a date with hours.
IN_TEXT = r"[1-9](\s*\d){15}|[1-9](\.?\d){15}|[1-9](-?\d){15}"
NONCE = 12  # bytes, as NIST SP 800-38D wants for GCM
FEMALE_DAY = 40  # added to the day of birth of women


class Unreadable(Exception):
    """No key we hold opens this ciphertext, or it belongs to another person."""


def normalize(typed: str) -> str:
    """Only the digits: people write it in groups, with dots or blanks."""
    return re.sub(r"[\s.\-]", "", typed)


def check(nik: str) -> None:
    """Refuse what cannot be a NIK. Raises ValidationError in the words of a form."""
    if not (nik.isascii() and nik.isdigit() and len(nik) == LENGTH):
        raise ValidationError(_("NIK terdiri dari 16 angka, seperti pada KTP atau kartu keluarga."), code="nik")
    day, month = int(nik[6:8]), int(nik[8:10])
    if not (1 <= day <= 31 or FEMALE_DAY + 1 <= day <= FEMALE_DAY + 31) or not 1 <= month <= 12 or nik[12:] == "0000":
        raise ValidationError(_("Angka NIK ini tidak mungkin benar. Cocokkan lagi dengan KTP."), code="nik")


def warnings(nik: str, *, born: date | None, is_female: bool | None, provinces: set[str]) -> Sequence[str | Promise]:
    """What does not fit the rest of the form. A corrected birth date leaves the NIK as it was: no refusal."""
    day, found = int(nik[6:8]), []
    if nik[:2] not in provinces:
        found.append(_("Dua angka pertama NIK bukan kode provinsi yang dikenal."))
    if born and f"{day % FEMALE_DAY:02d}{nik[8:12]}" != f"{born:%d%m%y}":
        found.append(_("Tanggal lahir tidak sama dengan angka di NIK. Cocokkan lagi dengan KTP."))
    if is_female is not None and is_female != (day > FEMALE_DAY):
        found.append(_("Jenis kelamin tidak sama dengan angka di NIK. Cocokkan lagi dengan KTP."))
    return found


def mask(nik: str) -> str:
    """The only form that pages, lists, prints, mails and logs may hold: 1872********0001."""
    return f"{nik[:4]}{'*' * 8}{nik[12:]}"


def is_in(text: str) -> bool:
    """Whether somebody has written what may be a NIK into free text."""
    return bool(re.search(IN_TEXT, text))


def refuse_in_text(text: str) -> None:
    """Of a field of free text, which more people may read than the NIK's own box. Raises ValidationError."""
    if is_in(text):
        raise ValidationError(_("Ada angka 16 digit seperti NIK. Hapus dulu: NIK tidak boleh ada di sini."), code="nik")


def absent(*fields: str, name: str) -> CheckConstraint:
    """The same for the rows of a model."""
    condition = Q(*(~Q(**{f"{field}__regex": IN_TEXT}) for field in fields))
    return CheckConstraint(condition=condition, name=name, violation_error_message=_("NIK tidak boleh ada di sini."))


def hide(text: str) -> str:
    """Free text without what may be a NIK."""
    return re.sub(IN_TEXT, "••••", text)


def encrypt(nik: str, person: UUID) -> bytes:
    """Nonce (12 bytes) + ciphertext + tag; another one each time."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(_key(settings.NIK_KEYS[0], b"nik-aes")).encrypt(nonce, nik.encode(), person.bytes)


def decrypt(sealed: bytes | memoryview, person: UUID) -> str:
    """Open with the first of the keys that fits. Raises Unreadable."""
    sealed = bytes(sealed)
    for secret in settings.NIK_KEYS:
        try:
            return AESGCM(_key(secret, b"nik-aes")).decrypt(sealed[:NONCE], sealed[NONCE:], person.bytes).decode()
        except InvalidTag:
            continue
    raise Unreadable


def index(nik: str) -> bytes:
    """32 bytes, always the same for the same number: for uniqueness and exact search."""
    return hmac.digest(_key(settings.NIK_INDEX_KEY, b"nik-index"), nik.encode(), "sha256")


def _key(secret: str, purpose: bytes) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=32, person=purpose).digest()
