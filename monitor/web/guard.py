"""Before every view: whether the request is meant for us; and what every answer says to the browser.

The Host header has to name us: a page in somebody's browser whose own name was made to point at loopback (DNS
rebinding) gets nothing. Answers allow no script or style but our two files, no frame and no foreign content, are not
stored, and tell no other site where a reader came from.
"""

import ipaddress
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.errors import ConfigError, Problem
from monitor.settings import Web

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
LARGEST = 512 * 1024  # bytes of a request's body: a rule of some pages fits


class Guard:
    """Turns away what is not for us, and sets the headers of every answer."""

    def __init__(self, app: ASGIApp, *, hosts: Callable[[], Collection[str]]) -> None:
        """Answer for these values of the Host header, in small letters; asked anew each time, as they may change."""
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no websocket, and nothing else
        headers = Headers(scope=scope)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    given.setdefault(name, value)  # only a file with a hash in its name says another Cache-Control
            await send(message)

        refusal = self._refusal(headers)
        await (refusal or self.app)(scope, receive, sent)

    def _refusal(self, headers: Headers) -> ASGIApp | None:
        if headers.get("host", "").lower() not in self.hosts():
            return PlainTextResponse(
                "This is not the host that you asked for. Whoever runs it can add the name to web.hosts.\n",
                status_code=421,
            )
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or int(length) > LARGEST:
            # What follows on this connection may be meant otherwise by a proxy before us: nothing more of it is read.
            return PlainTextResponse("The request is too large.\n", status_code=413, headers={"Connection": "close"})
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


def must_be_named(web: Web, listen: str) -> None:
    """ConfigError for an address that others can reach, unless it is said by which name: the Host header is checked."""
    host, _ = place_of(listen)
    if is_loopback(host) or web.url or web.hosts:
        return
    hint = "set web.url, best to a proxy with TLS that leads to 127.0.0.1; or name the hosts in web.hosts"
    message = f"web.listen: {host} can be reached from other machines, and no name is known by which they may ask"
    raise ConfigError([Problem("monitor.yaml", 0, 0, message, hint)])


def is_loopback(name: str) -> bool:
    """Say whether a name or address means this machine itself."""
    if name.lower() == "localhost":
        return True
    try:
        found = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def hosts_of(web: Web, *, port: int | None = None) -> frozenset[str]:
    """Return the Host headers that name us: the address with our port, the host of `web.url`, and `web.hosts`."""
    address, configured = place_of(web.listen)
    ours = configured if port is None else port
    names = {"127.0.0.1", "localhost", "[::1]", f"[{address}]" if ":" in address else address}
    found = {f"{name}:{ours}" for name in names} | (names if ours == 80 else set())
    for name in web.hosts:
        found |= {name.lower(), f"{name.lower()}:{ours}"}
    if web.url:
        split = urlsplit(web.url)
        name = (split.hostname or "").lower()
        name = f"[{name}]" if ":" in name else name
        usual = {"https": 443, "http": 80}.get(split.scheme)
        found.add(f"{name}:{split.port or usual}")
        if split.port in {None, usual}:
            found.add(name)
    return frozenset(found)
