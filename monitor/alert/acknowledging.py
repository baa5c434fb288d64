"""A link by which the reader of a message acknowledges its story; pure.

The token says which story, which channel the message went to, and until when the link works; a signature (HMAC with
SHA-256, cut to 128 bits) makes it one that only the monitor can have written. Whoever has the link may use it.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

LIFE = 14 * 86400.0  # seconds for which a link works
LONGEST = 400  # characters of a token; a longer one is none of ours
_SIGNATURE = 16  # bytes
_PURPOSE = b"monitor acknowledge 1\0"  # a signature for another purpose is none for this one


class BadToken(ValueError):
    """A token that the monitor has not written, or that was damaged on its way."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token says."""

    story_id: str
    channel: str
    expires: int  # seconds since the epoch

    def is_over(self, now: float) -> bool:
        """Tell whether its time is over."""
        return now >= self.expires


def token_of(ticket: Ticket, key: bytes) -> str:
    """Return the token, in characters that need no escaping in a URL: the same for the same ticket and key."""
    said = f"{ticket.expires}\0{ticket.story_id}\0{ticket.channel}".encode()
    return f"{_letters(said)}.{_letters(_signature(said, key))}"


def ticket_of(token: str, key: bytes) -> Ticket:
    """Read a token; BadToken unless its signature is right. Whether its time is over is for the caller to ask."""
    said, _, signature = token.partition(".")
    if len(token) > LONGEST or not token.isascii():
        raise BadToken(token[:20])
    try:
        content, given = _bytes(said), _bytes(signature)
    except ValueError:
        raise BadToken(token[:20]) from None
    if not hmac.compare_digest(given, _signature(content, key)):
        raise BadToken(token[:20])
    expires, story_id, channel = content.decode().split("\0")
    return Ticket(story_id, channel, int(expires))


def ack_url(base: str, story_id: str, channel: str, *, key: bytes, at: float) -> str:
    """Return the link for a message of the time `at`; "" where `base`, the address of the web process, is not set."""
    if not base:
        return ""
    ticket = Ticket(story_id, channel.partition("/")[0], int(at + LIFE))
    return f"{base.rstrip('/')}/ack/{token_of(ticket, key)}"


def _signature(said: bytes, key: bytes) -> bytes:
    return hmac.new(key, _PURPOSE + said, hashlib.sha256).digest()[:_SIGNATURE]


def _letters(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(letters: str) -> bytes:
    """Read base64 strictly: one text has one way to be written."""
    content = urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
    if _letters(content) != letters:
        raise ValueError(letters)
    return content
