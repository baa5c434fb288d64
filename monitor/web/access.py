"""EDGE: who is there: a local account, a user that a trusted proxy names, a program's token, or the machine's own user.

Nobody needs to log in while the page is for this machine alone: it listens on a loopback address, `web.url` names none
but a loopback one, and there are no accounts, tokens or proxies. As soon as one of these is there, it is asked for.
"""

import base64
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request

from monitor.config.secrets import resolve
from monitor.errors import ConfigError, Problem
from monitor.model import Role
from monitor.store import Store
from monitor.web.guard import is_loopback, place_of

if TYPE_CHECKING:
    from monitor.settings import Web

SCOPES = {"read": Role.VIEWER, "triage": Role.TRIAGER, "admin": Role.ADMIN}
SHORTEST_TOKEN = 20  # characters
PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
_SALT = 16  # characters of a form's token that are by chance


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who asks."""

    name: str
    role: Role
    by: str  # how we know: "session", "proxy", "token", "local"
    note: str = ""  # the token of a session of which it is time to note that it is used


class Access:
    """Tells who asks; made anew when the configuration changes."""

    def __init__(self, settings: "Web", *, environ: Mapping[str, str]) -> None:
        """Look up the tokens; ConfigError where one is missing or short, or a proxy's address is none."""
        self.settings = settings
        self.is_private = is_for_this_machine(settings)
        self.is_https = settings.url.startswith("https:")
        prefix = "__Host-" if self.is_https else ""
        self.session_cookie, self.visit_cookie = f"{prefix}session", f"{prefix}visit"
        self._proxies = [_network(text) for text in settings.proxy_from]
        self._tokens = {
            _digest(_token(name, one.token, environ)): (name, SCOPES[one.scope])
            for name, one in settings.tokens.items()
        }

    def who(self, request: Request, store: Store, now: float, *, basic: bool = False) -> User | None:
        """Return who asks, or None for somebody who has to log in; `basic`: a token may be a password of HTTP Basic.

        Elsewhere HTTP Basic says nothing: a proxy hands on what it was shown itself, and a browser goes on to show
        what it was asked for once.
        """
        said, name = request.headers.get("authorization", ""), self._named_by_proxy(request)
        if said and not (is_basic(request) and (name or not basic)):
            return self._by_token(said)
        if name:
            known = store.people.get(name)
            return User(name, known.role if known else Role(self.settings.proxy_role), "proxy")
        token = request.cookies.get(self.session_cookie, "")
        if token and (session := store.people.session(token, now, lasts=self.settings.session)):
            note = token if store.people.is_note_due(session, now, lasts=self.settings.session) else ""
            return User(session.name, session.role, "session", note)
        if self.is_open(store) and is_loopback(peer(request)) and not was_passed_on(request):
            return User("local", Role.ADMIN, "local")
        return None

    def is_open(self, store: Store) -> bool:
        """Say whether the page is for this machine's own user, who needs no login."""
        asked_for = self._tokens or self._proxies or store.people.any()
        return self.is_private and not asked_for

    def has_a_way_in(self, store: Store) -> bool:
        """Say whether anybody can log in."""
        return bool(self._tokens or (self._proxies and self.settings.proxy_header) or store.people.any())

    def _by_token(self, said: str) -> User | None:
        kind, _, shown = said.partition(" ")
        token = {"bearer": shown.strip(), "basic": _password(shown)}.get(kind.lower(), "")
        found = self._tokens.get(_digest(token)) if token else None
        return User(found[0], found[1], "token") if found else None

    def _named_by_proxy(self, request: Request) -> str:
        if not self.settings.proxy_header or not self.is_proxy(peer(request)):
            return ""
        given = request.headers.getlist(self.settings.proxy_header)
        return given[0].strip() if len(given) == 1 else ""  # two of them: somebody slipped one in

    def is_proxy(self, address: str) -> bool:
        """Say whether the other end of a connection is a proxy that is believed."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        found = getattr(found, "ipv4_mapped", None) or found
        return any(found in network for network in self._proxies)

    def address(self, request: Request) -> str:
        """Return the address of who asks, to slow it down; behind a proxy of this machine or `proxy_from`, its word.

        Of IPv6 it is the network of 64 bits, which is one customer's, with more addresses than anybody could count.

        Who lies about it gains tries from many addresses, but none for a name.
        """
        near = peer(request)
        if self.is_proxy(near) or is_loopback(near):
            near = _plain(request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()) or near
        return _plain(near) or near


def is_for_this_machine(settings: "Web") -> bool:
    """Say whether only programs of this machine can reach the page, by all that the settings say."""
    names = [place_of(settings.listen)[0], urlsplit(settings.url).hostname or "", *settings.hosts]
    return all(is_loopback(name) for name in names if name)


def was_passed_on(request: Request) -> bool:
    """Say whether a proxy has passed a request on: it may come from anywhere, though the proxy is of this machine.

    No browser speaks HTTP/1.0, but nginx does to what is behind it, and says nothing of whom it asks for.
    """
    return request.scope.get("http_version") == "1.0" or any(name in request.headers for name in PASSED_ON)


def peer(request: Request) -> str:
    """Return the address of the other end of the connection; "" where there is none (a socket file)."""
    return request.client.host if request.client else ""


def is_basic(request: Request) -> bool:
    """Say whether somebody shows a name and a password by HTTP Basic."""
    return request.headers.get("authorization", "").partition(" ")[0].lower() == "basic"


def _password(text: str) -> str:
    """Return the password of HTTP Basic, or ""; the name before it is free."""
    try:
        return base64.b64decode(text.strip(), validate=True).decode().partition(":")[2]
    except ValueError:  # no base64, or no UTF-8
        return ""


def _plain(address: str) -> str:
    """Return an address in one form, of IPv6 its network of 64 bits; "" for what is none."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(found) if found.version == 4 else str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))


# --- forms that are our own ------------------------------------------------------------------------------------------


def new_visit() -> str:
    """Return a name for a browser that nobody can guess."""
    return secrets.token_urlsafe(24)


def csrf_for(visit: str, session: str, salt: str = "") -> str:
    """Return a token that forms of this browser, and of this login, carry; without a salt one with a new salt.

    It holds over a restart, as it is made of two cookies that no other page can read. It is another one in each answer,
    so that the length of compressed answers tells nothing of it.
    """
    salt = salt or secrets.token_hex(_SALT // 2)
    key, said = visit.encode("utf-8", "replace"), f"csrf:{salt}:{session}".encode("utf-8", "replace")
    return salt + hmac.new(key, said, "sha256").hexdigest()[:32]


def is_csrf(given: str, visit: str, session: str) -> bool:
    """Say whether a form's token is one of this browser and login."""
    return len(given) > _SALT and is_same(given, csrf_for(visit, session, given[:_SALT]))


def is_same(given: str, wanted: str) -> bool:
    """Compare two texts in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))


# --- settings --------------------------------------------------------------------------------------------------------


def _token(name: str, text: str, environ: Mapping[str, str]) -> str:
    token = resolve(text, environ=environ).strip()
    if len(token) < SHORTEST_TOKEN:
        hint = "make one with `openssl rand -base64 24`"
        what = f"the token {name!r} of `web.tokens` has less than {SHORTEST_TOKEN} characters"
        raise ConfigError([Problem("monitor.yaml", 0, 0, what, hint)])
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        hint = "write for example 127.0.0.1 or 10.1.0.0/16"
        raise ConfigError([Problem("monitor.yaml", 0, 0, f"`web.proxy_from`: {text!r} is no address", hint)]) from None
