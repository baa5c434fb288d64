"""EDGE: httpx's requests over aiohttp's connections, which cost a fraction of httpx's own pool.

Every socket is made by `_dial`, which sees the address that is about to be dialled: the address guard stands there, so
that neither a literal, nor a redirect, nor a name that changes its answer gets around it. It stands before the
connection, too, where the name is resolved, so that all answers of a name are judged, not only the one that is tried.
"""

import contextlib
import os
import socket
import ssl
from collections.abc import AsyncIterator, Collection
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import aiohttp
import httpx
from yarl import URL

from monitor.fetch.guard import Allow, Refused, refusal, refusal_by_name
from monitor.fetch.resolver import Resolver

HEADER = 16384  # bytes of the status line or of one header, at most


@dataclass(slots=True)
class _Dial:
    """What one request wants to reach by its own connection: its host, or the proxy."""

    host: str
    ports: frozenset[int] | None  # those that need no exception; None = every port
    done: bool = False  # a socket was made; else a connection was taken over


_dialling: ContextVar[_Dial] = ContextVar("dialling")


class Stream(httpx.AsyncByteStream):
    """The body of an answer, as it comes from the wire."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        """Read from an answer whose headers are there."""
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the body in pieces, still compressed."""
        async for piece in self._response.content.iter_any():
            yield piece

    async def aclose(self) -> None:
        """Give the connection up, unless its answer has ended and somebody waits for it."""
        self._response.close()


class Transport(httpx.AsyncBaseTransport):
    """One aiohttp session behind httpx's interface; no cookies, no environment, no redirects of its own."""

    def __init__(self, *, allow: Allow, ports: Collection[int], proxy: str = "", idle: float = 3.0) -> None:
        """`allow` are the guard's exceptions; `proxy` is used for every request that names no other.

        `idle` is how many seconds a connection is kept for the next one who waits for the same host.
        """
        self._allow = allow
        self._ports = frozenset(ports)
        self._proxy = proxy
        self._idle = idle
        self._context = trusting_context()
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the errors of aiohttp and of the guard pass through to `fetch.failures`.

        With the extension `keep` the connection is left to the next request for the same host.
        """
        proxy = URL(request.extensions.get("proxy") or self._proxy)
        self._announce(request.url, proxy)
        try:
            response = await self._send(request, proxy)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            if _dialling.get().done:
                raise
            # The connection was an old one, which the server had given up: that says nothing about this request.
            response = await self._send(request, proxy)
        return httpx.Response(response.status, headers=response.raw_headers, stream=Stream(response))

    async def _send(self, request: httpx.Request, proxy: URL) -> aiohttp.ClientResponse:
        headers = [(name.decode("ascii"), value.decode("utf-8")) for name, value in request.headers.raw]
        if not request.extensions.get("keep"):
            headers.append(("Connection", "close"))
        return await self._open().request(
            request.method,
            URL(str(request.url), encoded=True),
            headers=headers,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
            allow_redirects=False,
            proxy=proxy if proxy.host else None,
        )

    def _announce(self, url: httpx.URL, proxy: URL) -> None:
        """Say what the next connection of this task is for; what goes by proxy is judged by its name alone."""
        host = url.raw_host.decode("ascii")
        if not proxy.host:
            _dialling.set(_Dial(host, self._ports))
            return
        port = url.port or (443 if url.scheme == "https" else 80)
        if reason := refusal_by_name(host, allow=self._allow, port=port, ports=self._ports):
            raise Refused(reason)
        _dialling.set(_Dial(proxy.raw_host or "", None))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                ssl=self._context,
                resolver=Resolver(self._check),
                use_dns_cache=False,
                limit=0,
                keepalive_timeout=self._idle,
                socket_factory=self._dial,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                timeout=aiohttp.ClientTimeout(total=None),
                max_line_size=HEADER,
                max_field_size=HEADER,
            )
            # A GET that breaks off would be repeated at once: a repeat is the schedule's to decide. There is no public
            # switch; aiohttp's own test client sets this one, too.
            self._session._retry_connection = False
        return self._session

    def _check(self, address: str, host: str, port: int) -> None:
        if reason := refusal(address, allow=self._allow, host=host, port=port, ports=_dialling.get().ports):
            raise Refused(reason)

    def _dial(self, info: Any) -> socket.socket:
        family, kind, proto, _, address = info
        dial = _dialling.get()
        dial.done = True
        self._check(str(address[0]), dial.host, int(address[1]))
        return socket.socket(family=family, type=kind, proto=proto)

    async def aclose(self) -> None:
        """Close every connection."""
        if self._session:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                await self._session.close()


def trusting_context() -> ssl.SSLContext:
    """Return the SSL context of all connections: the system's authorities, or certifi's where the system has none.

    SSL_CERT_FILE and SSL_CERT_DIR name others, as for every program that uses OpenSSL.
    """
    return _context(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=4)
def _context(*_: str | None) -> ssl.SSLContext:
    """Make a context, which takes 50 ms, once for each answer of the environment."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not paths.cafile and not (paths.capath and os.listdir(paths.capath)):
        import certifi

        context.load_verify_locations(certifi.where())
    return context
