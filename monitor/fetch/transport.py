"""EDGE: httpx's requests over libcurl, which costs a small part of httpx's own pool.

Every socket is made by `_dial`, which sees the address that is about to be dialled: the address guard stands there, so
that neither a literal, nor a redirect, nor a name that changes its answer gets around it. It stands before the
connection, too, where the name is resolved, so that all answers of a name are judged, not only the one that is tried.
libcurl resolves no name itself: it is told the answers of our resolver, and refused to ask for others.
"""

import os
import re
import socket
import ssl
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pycurl

from monitor.fetch.curl import Multi, Transfer
from monitor.fetch.guard import Allow, Refused, refusal, refusal_by_name
from monitor.fetch.resolver import Resolver

PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080, "socks4": 1080, "socks4a": 1080}
BUNDLE = "ca-certificates.crt"  # all authorities in one file, beside the single ones; libcurl reads it once
SUPPRESS_CONNECT_HEADERS = 265  # pycurl has no name for it: the headers of a proxy are not those of the answer
FORBIDDEN = re.compile(rb"[\r\n\0]")


class BadForm(ValueError):
    """A request that cannot be sent, or an address in a form that is not dialled."""


@dataclass(frozen=True, slots=True)
class _Dial:
    """What one request reaches by its own connection: its host, or the proxy."""

    host: str
    port: int
    ports: frozenset[int] | None  # those that need no exception; None = every port


class Stream(httpx.AsyncByteStream):
    """The body of an answer, as it comes from the wire."""

    def __init__(self, multi: Multi, transfer: Transfer) -> None:
        """Read from an answer whose headers are there."""
        self._multi = multi
        self._transfer = transfer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the body in pieces, still compressed."""
        async for piece in self._transfer.pieces():
            yield piece

    async def aclose(self) -> None:
        """Give the connection up, unless its answer has ended and somebody waits for it."""
        self._multi.stop(self._transfer)


class Transport(httpx.AsyncBaseTransport):
    """libcurl behind httpx's interface; no cookies, no environment, no redirects of its own."""

    def __init__(self, *, allow: Allow, ports: Collection[int], proxy: str = "", idle: float = 3.0) -> None:
        """`allow` are the guard's exceptions; `proxy` is used for every request that names no other.

        `idle` is how many seconds a connection is kept for the next one who waits for the same host.
        """
        self._allow = allow
        self._ports = frozenset(ports)
        self._proxy = proxy
        self._idle = max(1, round(idle))
        self._resolver = Resolver(self._check_answer)
        self._multi: Multi | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the errors of libcurl and of the guard pass through to `fetch.failures`.

        With the extension `keep` the connection is left to the next request for the same host; with `certificate`
        the answer's extension `transfer` has the validity of the server's certificate, once the body was read.
        """
        proxy = request.extensions.get("proxy") or self._proxy
        dial = self._where(request.url, proxy)
        addresses = await self._resolver.resolve(dial.host, dial.port, dial.ports)
        transfer = Transfer(self._handle(request, proxy, dial, addresses))
        if self._multi is None:
            self._multi = Multi()
        if request.extensions.get("certificate"):
            transfer.wants_certificate = True
            transfer.handle.setopt(pycurl.OPT_CERTINFO, 1)
            transfer.handle.setopt(pycurl.SSL_SESSIONID_CACHE, 0)  # of a resumed session no certificate is shown
        transfer.handle.setopt(pycurl.OPENSOCKETFUNCTION, partial(self._dial, dial, transfer, self._multi))
        self._multi.start(transfer)
        try:
            await transfer.head()
        except BaseException:
            self._multi.stop(transfer)
            raise
        stream = Stream(self._multi, transfer)
        return httpx.Response(
            transfer.status, headers=transfer.headers, stream=stream, extensions={"transfer": transfer}
        )

    def _where(self, url: httpx.URL, proxy: str) -> _Dial:
        """Return what is dialled; what goes by proxy is judged by its name alone."""
        host = url.raw_host.decode("ascii")
        port = url.port or PORTS[url.scheme]
        if not proxy:
            return _Dial(host, port, self._ports)
        if reason := refusal_by_name(host, allow=self._allow, port=port, ports=self._ports):
            raise Refused(reason)
        parts = urlsplit(proxy)
        return _Dial(parts.hostname or "", parts.port or PORTS.get(parts.scheme, 80), None)

    def _handle(self, request: httpx.Request, proxy: str, dial: _Dial, addresses: Collection[str]) -> Any:
        keep = bool(request.extensions.get("keep"))
        handle = pycurl.Curl()
        for option, value in (*_fixed(), *authorities()):
            handle.setopt(option, value)
        handle.setopt(pycurl.URL, str(request.url))
        handle.setopt(pycurl.CUSTOMREQUEST, request.method)
        handle.setopt(pycurl.HTTPHEADER, _lines(request, keep=keep))
        handle.setopt(pycurl.PROXY, proxy)
        handle.setopt(pycurl.RESOLVE, [f"+{_bare(dial.host)}:{dial.port}:{','.join(map(_bracketed, addresses))}"])
        handle.setopt(pycurl.FORBID_REUSE, not keep)
        handle.setopt(pycurl.MAXAGE_CONN, self._idle)
        return handle

    def _check_answer(self, address: str, host: str, port: int, ports: Collection[int] | None) -> None:
        if reason := refusal(address, allow=self._allow, host=host, port=port, ports=ports):
            raise Refused(reason)

    def _dial(self, dial: _Dial, transfer: Transfer, multi: Multi, _purpose: int, where: Any) -> Any:
        """Make the socket for an address, or refuse it: nothing else makes one."""
        family, kind, protocol, address = where
        try:
            self._check_answer(str(address[0]), dial.host, int(address[1]), dial.ports)
            made = open_socket((family, kind, protocol), address)
        except (Refused, OSError) as error:
            transfer.refused = error
            return pycurl.SOCKET_BAD
        multi.given.append(made)
        return made

    async def aclose(self) -> None:
        """Close every connection."""
        if self._multi:
            self._multi.close()
            self._multi = None


def open_socket(form: tuple[int, int, int], _address: tuple[Any, ...]) -> socket.socket:
    """Return a socket of a family, type and protocol, which libcurl connects to the address."""
    return socket.socket(*form)


@lru_cache(maxsize=1)
def _fixed() -> tuple[tuple[int, Any], ...]:
    """Return the options that are the same for every request."""
    return (
        (pycurl.NOSIGNAL, 1),
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
        (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
        (pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2),
        (pycurl.NOPROXY, ""),  # neither this one nor the proxy comes from the environment
        (SUPPRESS_CONNECT_HEADERS, 1),
        (pycurl.RESOLVER_START_FUNCTION, _refuse_to_resolve),
        (pycurl.HTTP_CONTENT_DECODING, 0),
    )


def _refuse_to_resolve(*_: Any) -> int:
    return 1


def _lines(request: httpx.Request, *, keep: bool) -> list[bytes]:
    """Return the header lines; libcurl would send what stands in them as it is."""
    lines = [name + b": " + value for name, value in request.headers.raw if name.lower() != b"host"]
    if FORBIDDEN.search(b"".join(lines)):
        raise BadForm("a request header holds characters that cannot be sent")
    return lines if keep else [*lines, b"Connection: close"]


def _bare(host: str) -> str:
    """Return a host as libcurl looks it up: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


_bracketed = _bare


def authorities() -> tuple[tuple[int, str], ...]:
    """Return what says to libcurl whom it trusts: the system's authorities, or certifi's where the system has none.

    SSL_CERT_FILE and SSL_CERT_DIR name others, as for every program that uses OpenSSL.
    """
    return _authorities(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=4)
def _authorities(file: str | None, folder: str | None) -> tuple[tuple[int, str], ...]:
    paths = ssl.get_default_verify_paths()
    if paths.cafile and not (folder and not file):
        return ((pycurl.CAINFO, paths.cafile),)
    if paths.capath and (bundle := Path(paths.capath) / BUNDLE).is_file():
        return ((pycurl.CAINFO, str(bundle)),)
    if paths.capath and os.listdir(paths.capath):
        return ((pycurl.CAPATH, paths.capath),)
    import certifi

    return ((pycurl.CAINFO, certifi.where()),)
