"""The browser's half of web push, written from RFC 8291 a second time, so that what we send is read by other code."""

import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jobseekers.vapid import decode, encode


def hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 for a single block."""
    return hmac.digest(hmac.digest(salt, secret, hashlib.sha256), info + b"\x01", hashlib.sha256)[:length]


class BrowserKeys:
    """What a browser makes when somebody subscribes, and how it reads what comes."""

    def __init__(self, private: bytes | None = None, auth: bytes | None = None) -> None:
        number = int.from_bytes(private, "big") if private else None
        curve = ec.SECP256R1()
        self.key = ec.derive_private_key(number, curve) if number else ec.generate_private_key(curve)
        self.secret = auth or os.urandom(16)

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def fields(self) -> dict[str, str]:
        return {"p256dh": encode(self.point), "auth": encode(self.secret)}

    def read(self, body: bytes) -> bytes:
        salt, length = body[:16], body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        secret = hkdf(self.secret, shared, b"WebPush: info\x00" + self.point + theirs, 32)
        key = hkdf(salt, secret, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = hkdf(salt, secret, b"Content-Encoding: nonce\x00", 12)
        text = AESGCM(key).decrypt(nonce, sealed, None)
        assert text[-1:] == b"\x02"
        return text[:-1]


def vapid_claims(authorization: str) -> dict[str, Any]:
    """What a push service reads from our header. Raises InvalidSignature."""
    parts = dict(part.strip().split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
    header, claims, signature = parts["t"].split(".")
    raw = decode(signature)
    numbers = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(parts["k"]))
    key.verify(numbers, f"{header}.{claims}".encode(), ec.ECDSA(SHA256()))
    return json.loads(decode(claims))
