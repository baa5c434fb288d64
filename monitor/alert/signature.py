"""Signs webhooks as Standard Webhooks 1.0 says, so that receivers need no code of ours to verify them; pure.

What is signed is `id.timestamp.body`, by HMAC-SHA256. With several secrets there are several signatures, and a receiver
that knows one of them is content: so a secret is replaced without a message being refused.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from typing import Final

PREFIX: Final = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes of a secret


def headers(message: str, at: int, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """Return the headers of an attempt to send a message at a time (epoch seconds); ValueError for a bad secret."""
    signed = b".".join((message.encode(), str(at).encode(), body))
    return {
        "webhook-id": message,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(_signature(key_of(secret), signed) for secret in secrets),
    }


def _signature(key: bytes, signed: bytes) -> str:
    return f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}"


def key_of(secret: str) -> bytes:
    """Return the bytes that a secret stands for; ValueError says what is wrong, without the secret."""
    text = secret.strip().removeprefix(PREFIX)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.strip().startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"a secret is {PREFIX} and the base64 of {SHORTEST} to {LONGEST} bytes")
    return key
