"""Before every page: whether the request is meant for us; and what every answer says to the browser.

The Host header has to name us: a page in somebody's browser whose own name was made to point at loopback (DNS
rebinding) gets nothing. Answers allow no script, no frame and no foreign content, are not stored, and tell no other
site where a reader came from: the address of a link is a key.
"""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.errors import ConfigError, Problem
from monitor.settings import Web

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
LARGEST = 8 * 1024  # bytes of a request's body


class Guard:
    """Turns away what is not for us, and sets the headers of every answer."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        """Answer for these values of the Host header, in small letters."""
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return  # no websocket, and nothing else
        headers = Headers(scope=scope)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refusal = self._refusal(headers)
        await (refusal or self.app)(scope, receive, sent)

    def _refusal(self, headers: Headers) -> ASGIApp | None:
        if headers.get("host", "").lower() not in self.hosts:
            return PlainTextResponse("this is not the host that you asked for\n", status_code=421)
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or int(length) > LARGEST:
            return PlainTextResponse("the request is too large\n", status_code=413)
        return None


# --- where we are ----------------------------------------------------------------------------------------------------


def place_of(listen: str) -> tuple[str, int]:
    """Return the address and port of `127.0.0.1:8787`, `[::1]:8787` or `localhost:8787`; else ConfigError."""
    host, colon, port = listen.rpartition(":")
    host = host.strip("[]")
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
        fits = bool(colon) and port.isascii() and 0 <= int(port) < 65536
    except ValueError:
        fits = False
    if not fits:
        problem = f"{listen!r} is no address with a port"
        raise ConfigError([Problem("monitor.yaml", 0, 0, f"web.listen: {problem}", "write for example 127.0.0.1:8787")])
    return str(address), int(port)


def must_be_safe(web: Web, listen: str) -> None:
    """ConfigError for an address that others can reach, unless the links have a secret of their own and an address."""
    host, _ = place_of(listen)
    if ipaddress.ip_address(host).is_loopback:
        return
    hint = "listen on 127.0.0.1 behind a proxy with TLS; or set web.secret (${credential:web}) and web.url"
    if not web.secret or not web.url:
        message = f"web.listen: {host} can be reached from other machines, and web.secret or web.url is not set"
        raise ConfigError([Problem("monitor.yaml", 0, 0, message, hint)])


def hosts_of(web: Web, *, port: int | None = None) -> frozenset[str]:
    """Return the Host headers that name us: loopback with our port, and the host of `web.url`."""
    _, configured = place_of(web.listen)
    ours = configured if port is None else port
    found = {f"{name}:{ours}" for name in ("127.0.0.1", "localhost", "[::1]")}
    if web.url:
        split = urlsplit(web.url)
        name = (split.hostname or "").lower()
        name = f"[{name}]" if ":" in name else name
        usual = {"https": 443, "http": 80}.get(split.scheme)
        found.add(f"{name}:{split.port or usual}")
        if split.port in {None, usual}:
            found.add(name)
    return frozenset(found)
