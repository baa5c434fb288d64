"""Names what went wrong with a fetch: a state, and one sentence for a person."""

import asyncio
import errno
import os
import re
import socket
from collections.abc import Callable

import httpx
import pycurl

from monitor.fetch.curl import BadHeaders, CurlError
from monitor.fetch.decode import BrokenBody, TooLarge
from monitor.fetch.guard import Refused
from monitor.fetch.target import BadUrl
from monitor.fetch.transport import BadForm
from monitor.model import State

LONGEST = 300  # characters of a reason
FORM = "the address is written in a form that is not dialled"
BROKE_OFF = "the server broke off the connection"
IN_TIME = "no complete answer within {deadline} seconds"


def name(error: BaseException, deadline: float) -> tuple[State, str]:
    """Return the state and the reason of an exception; `deadline` in seconds is what a timeout refers to."""
    chain = _chain(error)
    if isinstance(error, CurlError):
        state, text = _curl(error)
        return state, _clean(text.replace("{deadline}", f"{deadline:g}"))
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


def _dns(error: BaseException) -> str:
    return f"the name does not resolve: {getattr(error, 'strerror', None) or _itself(error)}"


def _system(error: BaseException) -> str:
    return f"no connection: {getattr(error, 'strerror', None) or _itself(error)}"


def _not_http(error: BaseException) -> str:
    return f"the answer is not proper HTTP: {_itself(error)}"


def _curl(error: CurlError) -> tuple[State, str]:
    """Name one of libcurl's own errors."""
    if error.number in NUMBERS:
        return State.NETWORK, NUMBERS[error.number]
    if error.code in CERTIFICATE:
        return State.TLS, f"the certificate is not valid: {_reason(error)}"
    if error.code in SECURE:
        return State.TLS, f"no secure connection: {_reason(error)}"
    if found := CODES.get(error.code):
        return found
    if error.code in NOT_HTTP:
        return State.NETWORK, _not_http(error)
    if error.number:
        return State.NETWORK, f"no connection: {os.strerror(error.number)}"
    return State.NETWORK, str(error) or f"libcurl error {error.code}"


def _reason(error: CurlError) -> str:
    """Return what OpenSSL said, without what libcurl says around it."""
    said = SAID_BEFORE.sub("", str(error))
    return CODE_BEHIND.sub("", said) or f"libcurl error {error.code}"


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
    (BadHeaders, State.NETWORK, _not_http),
    (BadForm, State.NETWORK, _itself),
    (httpx.InvalidURL, State.REFUSED_ADDRESS, _says(FORM)),
    (socket.gaierror, State.DNS, _dns),
    ((TimeoutError, asyncio.TimeoutError), State.TIMEOUT, _says(IN_TIME)),
    (ConnectionRefusedError, State.NETWORK, _says("the server refuses the connection")),
    (UnicodeError, State.NETWORK, _says("a request header holds characters that cannot be sent")),
    (OSError, State.NETWORK, _system),
    ((httpx.HTTPError, ValueError), State.NETWORK, _itself),
)

CERTIFICATE = {pycurl.E_PEER_FAILED_VERIFICATION}
SECURE = {pycurl.E_SSL_CONNECT_ERROR, pycurl.E_SSL_CACERT_BADFILE, pycurl.E_SSL_CIPHER, pycurl.E_USE_SSL_FAILED}
WEIRD_REPLY, TOO_LARGE = 8, 100  # pycurl has no names for these
NOT_HTTP = {pycurl.E_UNSUPPORTED_PROTOCOL, pycurl.E_BAD_CONTENT_ENCODING, WEIRD_REPLY, TOO_LARGE}
SAID_BEFORE = re.compile(r"^(?:.*(?:problem|verify result): |SSL: )")
CODE_BEHIND = re.compile(r" \(\d+\)$")
NUMBERS = {
    errno.ECONNREFUSED: "the server refuses the connection",
    errno.ECONNRESET: BROKE_OFF,
    errno.EPIPE: BROKE_OFF,
}
CODES: dict[int, tuple[State, str]] = {
    pycurl.E_URL_MALFORMAT: (State.REFUSED_ADDRESS, FORM),
    pycurl.E_COULDNT_RESOLVE_HOST: (State.REFUSED_ADDRESS, FORM),  # our resolver had an answer for what it was asked
    pycurl.E_COULDNT_RESOLVE_PROXY: (State.REFUSED_ADDRESS, FORM),
    pycurl.E_PARTIAL_FILE: (State.NETWORK, "the answer broke off before its end"),
    pycurl.E_GOT_NOTHING: (State.NETWORK, BROKE_OFF),
    pycurl.E_SEND_ERROR: (State.NETWORK, BROKE_OFF),
    pycurl.E_OPERATION_TIMEDOUT: (State.TIMEOUT, IN_TIME),
}
