"""EDGE: posts a signed message to a program of the user's own; the door of webhooks, which need no apprise.

A redirect is an answer and is not followed: it would lead a signed message elsewhere. Of the answer as much is read as
is kept. The address guard sees the connection as it sees those of apprise (`monitor/fetch/wall.py`); a proxy of the
environment is used as apprise uses it.
"""

import base64
import http.client
import os
import ssl
import time
import urllib.request
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from monitor.alert import signature
from monitor.alert.answers import ANSWER, asked_wait, redact, secrets_of
from monitor.errors import SendError
from monitor.settings import Channel

TIMEOUT = 30.0  # seconds for the connection, and for each piece of an answer
# The receiver refuses this very message, or, by 410, all of them for good; anything else ends when somebody mends it.
REFUSED: Final = frozenset({400, 405, 406, 410, 411, 413, 414, 415, 422})
_AS_IT_IS: Final = "/:?&=%#,;+!$~'()*@[]-._"


def check(channel: Channel) -> None:
    """SendError where a webhook cannot be sent; `channel` has its secrets in place."""
    try:
        parts = urlsplit(channel.url)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or an address that is none
        fits = False
    if not fits or not channel.url.isprintable() or " " in channel.url:
        raise SendError("configuration: the url of a webhook is an address such as https://hooks.example.org/monitor")
    for secret in channel.secret:
        try:
            signature.key_of(secret)
        except ValueError as error:
            raise SendError(f"configuration: {error}") from None


def post(channel: Channel, body: str, key: str) -> str:
    """Send a message by its key and return the receiver's answer; SendError where it did not take it."""
    check(channel)
    hidden = hidden_of(channel)
    try:
        with _opener().open(_request(channel, body.encode(), key), timeout=TIMEOUT) as response:
            words = response.read(4 * ANSWER).decode(errors="replace")
            said = f"{response.status} {response.reason or ''}: {words}".strip(" :")
            wait = asked_wait(response.headers.get("Retry-After", ""), words, now=time.time())
    except (OSError, http.client.HTTPException) as error:
        raise SendError(redact(_words(error), hidden)) from None
    if 200 <= response.status < 300:
        return redact(said, hidden)
    raise SendError(redact(said, hidden), recoverable=response.status not in REFUSED, retry_after=wait)


def hidden_of(channel: Channel) -> tuple[str, ...]:
    """Return what must not be shown of a webhook, the longest first."""
    secrets = {form for one in channel.secret for form in (one.strip(), one.strip().removeprefix(signature.PREFIX))}
    return tuple(sorted({*secrets, *secrets_of(channel.url)}, key=len, reverse=True))


def _request(channel: Channel, body: bytes, key: str) -> urllib.request.Request:
    parts = urlsplit(channel.url)
    login, _, place = parts.netloc.rpartition("@")
    address = parts._replace(netloc=place, fragment="").geturl()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "monitor",
        **signature.headers(key, int(time.time()), body, channel.secret),
    }
    if login:
        headers["Authorization"] = f"Basic {base64.b64encode(unquote(login).encode()).decode()}"
    address = quote(address, safe=_AS_IT_IS)
    return urllib.request.Request(address, body, headers, method="POST")  # noqa: S310 - `check` has seen the scheme


def _opener() -> urllib.request.OpenerDirector:
    """Return what speaks HTTP and nothing else, and hands over each answer as it is."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=_trusted()),
    ):
        opener.add_handler(handler)
    return opener


def _trusted() -> ssl.SSLContext:
    """Trust the system's authorities, or certifi's where the system has none."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile or (paths.capath and os.listdir(paths.capath)):
        return ssl.create_default_context()
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def _words(error: BaseException) -> str:
    """Return what went wrong in the words of who noticed; what wraps it repeats the address."""
    reason: Any = getattr(error, "reason", "")
    if isinstance(reason, BaseException):
        return _words(reason)
    return str(error) or type(error).__name__
