"""A message that only one browser can read: aes128gcm (RFC 8188) with keys agreed as RFC 8291 says."""

import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jobseekers.vapid import CURVE, decode

RECORD_SIZE = 4096
LONGEST = RECORD_SIZE - 86 - 17  # bytes of text: a push service need take no more than 4096 in all
LAST_RECORD = b"\x02"


def encrypt(
    text: bytes,
    *,
    p256dh: str,
    auth: str,
    salt: bytes | None = None,
    own_key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of a push message for a browser's two keys. Salt and key are fresh for each; only tests give them.

    Raises ValueError for keys that are none and for a text that is too long.
    """
    if len(text) > LONGEST:
        raise ValueError("too long for one record")
    salt, own_key = salt or os.urandom(16), own_key or ec.generate_private_key(CURVE)
    theirs, ours = decode(p256dh), _point(own_key.public_key())
    shared = own_key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    secret = _derive(shared, salt=decode(auth), info=b"WebPush: info\x00" + theirs + ours, length=32)
    key = _derive(secret, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derive(secret, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return header + AESGCM(key).encrypt(nonce, text + LAST_RECORD, None)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
