"""Names what went wrong with a fetch: a state, and one sentence for a person."""

import asyncio
import socket
import ssl
from collections.abc import Callable

import aiohttp
import httpx

from monitor.fetch.decode import BrokenBody, TooLarge
from monitor.fetch.guard import Refused
from monitor.fetch.target import BadUrl
from monitor.model import State

LONGEST = 300  # characters of a reason


def name(error: BaseException, deadline: float) -> tuple[State, str]:
    """Return the state and the reason of an exception; `deadline` in seconds is what a timeout refers to."""
    chain = _chain(error)
    for kinds, state, words in KINDS:
        if found := next((one for one in chain if isinstance(one, kinds)), None):
            text = words(found).replace("{deadline}", f"{deadline:g}")
            return state, _clean(text)
    return State.NETWORK, _clean(f"{type(error).__name__}: {error}")


def _chain(error: BaseException | None) -> list[BaseException]:
    """Return an exception and what caused it."""
    found: list[BaseException] = []
    while error is not None and error not in found and len(found) < 10:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _clean(text: str) -> str:
    """Return a text of the network in printable characters, on one line, cut to a length."""
    return "".join(letter if letter.isprintable() else " " for letter in text[: 2 * LONGEST]).strip()[:LONGEST]


def _itself(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _tls(error: BaseException) -> str:
    """Say what OpenSSL said, which aiohttp keeps inside its own error."""
    inner = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    if message := getattr(inner, "verify_message", ""):
        return f"the certificate is not valid: {message}"
    return f"no secure connection: {getattr(inner, 'reason', None) or _itself(inner)}"


def _dns(error: BaseException) -> str:
    return f"the name does not resolve: {getattr(error, 'strerror', None) or _itself(error)}"


def _broken_http(error: BaseException) -> str:
    said = (getattr(error, "message", "") or _itself(error)).splitlines() or [""]
    return f"the answer is not proper HTTP: {said[0].rstrip(':')}"


def _proxy(error: BaseException) -> str:
    return f"the proxy answers {getattr(error, 'status', '')} {getattr(error, 'message', '')}".strip()


def _system(error: BaseException) -> str:
    return f"no connection: {getattr(error, 'strerror', None) or _itself(error)}"


def _says(text: str) -> Callable[[BaseException], str]:
    return lambda _: text


# The first that fits anything in the chain of causes; the guard and the caps come before what they lead to.
KINDS: tuple[
    tuple[type[BaseException] | tuple[type[BaseException], ...], State, Callable[[BaseException], str]], ...
] = (
    (Refused, State.REFUSED_ADDRESS, _itself),
    (BadUrl, State.REDIRECTS, _itself),
    (TooLarge, State.TOO_LARGE, _itself),
    (BrokenBody, State.NETWORK, _itself),
    (
        (aiohttp.InvalidURL, httpx.InvalidURL),
        State.REFUSED_ADDRESS,
        _says("the address is written in a form that is not dialled"),
    ),
    ((ssl.SSLError, ssl.CertificateError, aiohttp.ClientSSLError), State.TLS, _tls),
    (socket.gaierror, State.DNS, _dns),
    ((TimeoutError, asyncio.TimeoutError), State.TIMEOUT, _says("no complete answer within {deadline} seconds")),
    (aiohttp.ClientHttpProxyError, State.NETWORK, _proxy),
    (ConnectionRefusedError, State.NETWORK, _says("the server refuses the connection")),
    (aiohttp.ClientPayloadError, State.NETWORK, _says("the answer broke off before its end")),
    (
        (aiohttp.ServerDisconnectedError, ConnectionResetError, BrokenPipeError),
        State.NETWORK,
        _says("the server broke off the connection"),
    ),
    (aiohttp.ClientResponseError, State.NETWORK, _broken_http),
    (UnicodeError, State.NETWORK, _says("a request header holds characters that cannot be sent")),
    (OSError, State.NETWORK, _system),
    ((aiohttp.ClientError, httpx.HTTPError, ValueError), State.NETWORK, _itself),
)
