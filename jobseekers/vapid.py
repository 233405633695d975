"""Who we are to push services (VAPID, RFC 8292), and which services we talk to at all."""

import base64
import json
import time
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

CURVE = ec.SECP256R1()
HOURS_VALID = 12  # of a signature; RFC 8292 allows 24
# A browser names any address it likes; only these services exist (research/reliability.md 5.6). A dot begins a suffix.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    ".push.apple.com",
    ".notify.windows.com",
)
LOOPBACK = "127.0.0.1"


def is_push_service(endpoint: str) -> bool:
    """https, the usual port, no name or password, a host of the list. Tests may talk to their own machine."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if settings.OUTBOUND_LOOPBACK and host == LOOPBACK:
        return True
    known = any(host.endswith(name) if name.startswith(".") else host == name for name in PUSH_SERVICES)
    return parts.scheme == "https" and port in (None, 443) and parts.username is None and known


def is_on() -> bool:
    return bool(settings.VAPID_KEY)


def public_key() -> str:
    """What a browser binds its subscription to."""
    return encode(_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def authorization(endpoint: str) -> str:
    """The header that proves to the service of `endpoint` that it is us."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + HOURS_VALID * 3600,
        "sub": settings.SITE_URL,
    }
    signed = b".".join(encode(json.dumps(part).encode()).encode() for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    numbers = decode_dss_signature(_key().sign(signed, ec.ECDSA(SHA256())))
    signature = b"".join(number.to_bytes(32, "big") for number in numbers)
    return f"vapid t={signed.decode()}.{encode(signature)}, k={public_key()}"


def encode(raw: bytes) -> str:
    """base64url without padding, as everywhere in web push."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _key() -> ec.EllipticCurvePrivateKey:
    return _derived(settings.VAPID_KEY)


@lru_cache(maxsize=2)
def _derived(secret: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decode(secret), "big"), CURVE)
