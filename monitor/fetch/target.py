"""Addresses as they are followed: plain http(s), read once, with nothing in them that two readers read differently."""

import base64
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urljoin

import httpx

LONGEST = 8192  # characters
AMBIGUOUS = re.compile(r"[\x00-\x20\\]")  # what one reader drops or turns, and another one does not


class BadUrl(ValueError):
    """A URL that is not followed; the text says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes; its URL holds neither a password nor a fragment."""

    url: httpx.URL
    scheme: str
    host: str  # small letters, ASCII, an IPv6 address without brackets
    port: int
    authorization: str = ""  # from user:password@, for this origin only

    @property
    def origin(self) -> tuple[str, str, int]:
        """What headers with secrets are bound to."""
        return self.scheme, self.host, self.port

    def __str__(self) -> str:
        """Say the URL, which may be shown."""
        return str(self.url)


@lru_cache(maxsize=16_384)
def target(text: str) -> Target:
    """Read a URL; BadUrl where it is not plain http(s). Remembered, since each poll asks for the same ones."""
    text = text.strip()
    if AMBIGUOUS.search(text) or len(text) > LONGEST:
        raise BadUrl("the address holds blanks, backslashes or control characters, or is too long")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise BadUrl(f"{shown(text)} is not an address: {error}") from None
    if url.scheme not in ("http", "https") or not url.raw_host:
        raise BadUrl(f"{shown(text)} is not an http or https address")
    port = url.port or (443 if url.scheme == "https" else 80)
    host = url.raw_host.decode("ascii").lower()
    if not 0 < port < 65536 or "%" in host:
        raise BadUrl(f"{shown(text)} names a port or a host that does not exist")
    authorization = _basic(url.userinfo)
    if url.userinfo or url.fragment:
        url = url.copy_with(userinfo=b"", fragment=None)
    return Target(url, url.scheme, host, port, authorization)


def _basic(userinfo: bytes) -> str:
    if not userinfo:
        return ""
    user, _, password = userinfo.decode("ascii").partition(":")
    return "Basic " + base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()


def redirected(base: Target, location: str) -> Target:
    """Return where a redirect leads; BadUrl where that is not followed, as for one that brings its own password."""
    try:
        found = target(urljoin(str(base.url), location.strip().replace(" ", "%20")))
    except BadUrl as error:
        raise BadUrl(f"a redirect is not followed: {error}") from None
    except ValueError:
        raise BadUrl(f"a redirect is not followed: {shown(location)} is not an address") from None
    if found.authorization:
        raise BadUrl(f"a redirect is not followed: {found.host} is preceded by a user name")
    return found


def shown(text: str) -> str:
    """Return a URL cut to a length for a message, without what may be a password."""
    head, at, tail = text[:500].rpartition("@")
    if at:
        scheme, slashes, _ = head.partition("//")
        text = scheme + slashes + tail if slashes else tail
    return "".join(letter if letter.isprintable() else "?" for letter in text[:200])
