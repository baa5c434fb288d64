"""EDGE: names what went wrong with a fetch: a state, and one sentence for a person."""

import asyncio
import socket
import ssl
import zlib

import aiohttp
import httpx

from monitor.fetch.decode import TooLarge
from monitor.fetch.resolver import Refused
from monitor.model import State


class BadUrl(Exception):
    """A URL that is not followed."""


def name(error: BaseException, deadline: float) -> tuple[State, str]:
    """Return the state and the reason of an exception."""
    chain = _chain(error)
    for kind, state in KINDS:
        if found := next((one for one in chain if isinstance(one, kind)), None):
            text = str(found) or type(found).__name__
            return state, text[:300] if state not in SAID else SAID[state].format(text=text[:200], deadline=deadline)
    return State.NETWORK, f"{type(error).__name__}: {error}"[:300]


SAID = {
    State.TIMEOUT: "no complete answer within {deadline:.0f} seconds",
    State.DNS: "the name does not resolve: {text}",
    State.TLS: "no secure connection: {text}",
}
KINDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], State], ...] = (
    (Refused, State.REFUSED_ADDRESS),
    (BadUrl, State.REDIRECTS),
    (TooLarge, State.TOO_LARGE),
    ((TimeoutError, asyncio.TimeoutError), State.TIMEOUT),
    ((ssl.SSLError, ssl.CertificateError, aiohttp.ClientSSLError), State.TLS),
    ((socket.gaierror, aiohttp.ClientConnectorDNSError), State.DNS),
    ((zlib.error, ValueError, aiohttp.ClientError, httpx.HTTPError, OSError), State.NETWORK),
)


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found and len(found) < 10:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
