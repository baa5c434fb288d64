"""EDGE: the second wall: no socket of this process connects to an address that the guard refuses.

An audit hook (PEP 578) sees every `connect` and `sendto` of Python code, whichever library makes it, with the address
that is really dialled. Hooks cannot be removed, so there is one, and the exceptions it knows can be replaced.
Unix sockets pass, and so do datagrams to a name server (port 53) and connected datagram sockets without a payload,
by which programs learn their own address.
"""

import ipaddress
import socket
import sys
import time
from typing import Any

from monitor.fetch.guard import Allow, refusal

NAMES = 60.0  # seconds that the addresses of an allowed name are remembered
EVENTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}


class Walled(PermissionError):
    """A connection that the address guard refused; the text says why, and how to allow it."""


class _Wall:
    """What the hook knows; there is one hook a process."""

    allow: Allow | None = None
    built = False
    names: tuple[float, Allow | None, frozenset[tuple[str, int | None]]] = (0.0, None, frozenset())


def install_wall(allow: Allow) -> None:
    """Put the wall up, or give it other exceptions."""
    _Wall.allow = allow
    if not _Wall.built:
        _Wall.built = True
        sys.addaudithook(_look)


def _look(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in EVENTS or _Wall.allow is None:
        return
    sock, address = arguments
    if getattr(sock, "family", None) not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
        return
    datagram = sock.type & 0xF == socket.SOCK_DGRAM
    port = int(address[1])
    if datagram and (port == 53 or event == "socket.connect"):
        return
    _judge(str(address[0]), port, _Wall.allow)


def _judge(host: str, port: int, allow: Allow) -> None:
    """Raise for what is refused; a name, which `connect` would resolve by itself, is judged by all its addresses."""
    if allow.permits(host, "", port):
        return
    for address in _addresses(host):
        reason = refusal(address, allow=allow, host="" if address == host else host, port=port)
        if reason and not {(address, None), (address, port)} & _allowed_addresses(allow):
            raise Walled(reason)


def _addresses(host: str) -> list[str]:
    literal = host.partition("%")[0]
    try:
        return [str(ipaddress.ip_address(literal))]
    except ValueError:
        return [str(found[4][0]).partition("%")[0] for found in socket.getaddrinfo(host, None)]


def _allowed_addresses(allow: Allow) -> frozenset[tuple[str, int | None]]:
    """Return where the allowed names lead: here only addresses are seen, not the names they came from."""
    until, of, known = _Wall.names
    if of is allow and time.monotonic() < until:
        return known
    found: set[tuple[str, int | None]] = set()
    for name, port in allow.hosts:
        try:
            found |= {(address, port) for address in _addresses(name)}
        except (OSError, UnicodeError):
            continue  # it does not resolve now, so that nothing can have come from it
    _Wall.names = time.monotonic() + NAMES, allow, frozenset(found)
    return _Wall.names[2]
