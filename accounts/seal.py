"""What stands in the database and would let somebody sign in, sealed under a key that stands elsewhere.

Fernet (AES-128-CBC and HMAC-SHA256): the first of `settings.FACTOR_KEYS` seals, each of them opens.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

MARK = "sealed:"  # tells a sealed text from one of the time before


def _box() -> MultiFernet:
    digests = (hashlib.sha256(b"second-factor" + key.encode()).digest() for key in settings.FACTOR_KEYS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def seal(text: str) -> str:
    return MARK + _box().encrypt(text.encode()).decode()


def open_sealed(text: str) -> str:
    """Raises cryptography.fernet.InvalidToken when no key we hold opens it."""
    if not text.startswith(MARK):
        return text  # written by the release before, while the update ran
    return _box().decrypt(text.removeprefix(MARK)).decode()
