"""EDGE: the second wall: no socket of this process connects to an address that the guard refuses.

An audit hook sees every `socket.connect` of Python code, whichever library makes it, with the address that is really
dialled (PEP 578). Hooks cannot be removed, so there is one, and the exceptions it knows can be replaced.
"""

import ipaddress
import socket
import sys
from typing import Any

from monitor.fetch.guard import Allow, refusal


class Walled(PermissionError):
    """A connection that the address guard refused."""


class _Wall:
    allow: Allow | None = None
    built = False


def install_wall(allow: Allow) -> None:
    """Put the wall up, or give it other exceptions."""
    _Wall.allow = allow
    if not _Wall.built:
        _Wall.built = True
        sys.addaudithook(_look)


def _look(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect" or _Wall.allow is None:
        return
    sock, address = arguments
    if getattr(sock, "family", None) not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
        return
    if sock.type & socket.SOCK_DGRAM and address[1] in (0, 53):  # name service, and the look for one's own address
        return
    if reason := refusal(_literal(str(address[0])), allow=_Wall.allow, host=str(address[0]), port=int(address[1])):
        raise Walled(f"refused: {reason}")


def _literal(host: str) -> str:
    """Return the address that a name stands for: connect() resolves names itself."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return socket.gethostbyname(host)
