"""EDGE: httpx's requests over aiohttp's connections, which cost a fraction of httpx's own pool.

Every socket is made by `_dial`, which sees the address that is about to be dialled: the address guard stands there, so
that neither a literal, nor a redirect, nor a name that changes its answer gets around it.
"""

import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
from yarl import URL

from monitor.fetch.guard import Allow, refusal
from monitor.fetch.resolver import Refused, Resolver

HEADER = 65536  # bytes of one header line, at most
CHUNK = 65536


class Stream(httpx.AsyncByteStream):
    """The body of an answer, as it comes from the wire."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        """Read from an answer whose headers are there."""
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the body in pieces."""
        async for piece in self._response.content.iter_any():
            yield piece

    async def aclose(self) -> None:
        """Give the connection up; polls are too far apart to keep it."""
        self._response.close()


class Transport(httpx.AsyncBaseTransport):
    """One aiohttp session behind httpx's interface; no cookies, no environment, no redirects of its own."""

    def __init__(self, *, allow: Allow, proxy: str = "") -> None:
        """`allow` are the guard's exceptions; `proxy` is used for every request that names no other."""
        self._allow = allow
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=Resolver(self._allow),
                use_dns_cache=False,
                limit=0,
                force_close=True,
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
        return self._session

    def _dial(self, info: Any) -> socket.socket:
        family, kind, proto, _, address = info
        if reason := refusal(str(address[0]), allow=self._allow, port=int(address[1])):
            raise Refused(reason)
        made = socket.socket(family=family, type=kind, proto=proto)
        made.setblocking(False)
        return made

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; aiohttp's own errors pass through to `fetch.failures`."""
        proxy = request.extensions.get("proxy") or self._proxy
        response = await self._open().request(
            request.method,
            URL(str(request.url), encoded=True),
            headers=[(name.decode("ascii"), value.decode("latin-1")) for name, value in request.headers.raw],
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
            allow_redirects=False,
            proxy=proxy or None,
        )
        headers = [(name, value) for name, value in response.raw_headers if name.lower() != b"set-cookie"]
        return httpx.Response(response.status, headers=headers, stream=Stream(response))

    async def aclose(self) -> None:
        """Close every connection."""
        if self._session:
            with contextlib.suppress(Exception):
                await self._session.close()
