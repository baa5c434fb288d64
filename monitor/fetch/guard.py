"""Which addresses may be dialled: public ones, and the exceptions that the operator lists."""

import ipaddress
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Net = ipaddress.IPv4Network | ipaddress.IPv6Network

# Not global by today's registries, whatever the Python at hand knows (RFC 6598, 6890, 7526, 8215, 9637).
DENIED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "::/127", "100::/64", "2001:2::/48", "2001:db8::/32", "3fff::/20", "5f00::/16",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "64:ff9b:1::/48",
    )
)  # fmt: skip
NAT64 = ipaddress.ip_network("64:ff9b::/96")
COMPATIBLE = ipaddress.ip_network("::/96")
UNICAST = ipaddress.ip_network("2000::/3")  # all that is handed out of IPv6 (RFC 4291); nothing else is public
# Names that only a local network knows; they matter where a proxy resolves in our place.
LOCAL_ENDINGS = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa")


class Refused(OSError):
    """The address guard refused to dial; the text says why, and how to allow it."""


@dataclass(frozen=True, slots=True)
class Allow:
    """The operator's exceptions: hosts and networks, each for every port or for one."""

    hosts: frozenset[tuple[str, int | None]] = frozenset()
    networks: tuple[tuple[Net, int | None], ...] = ()

    @classmethod
    def parse(cls, items: Iterable[str]) -> "Allow":
        """Read `host`, `address` or `network/bits`, each with `:port` if wanted; ValueError says what is wrong."""
        hosts, networks = set(), []
        for item in items:
            text, port = _split(item.strip())
            try:
                networks.append((ipaddress.ip_network(text, strict=False), port))
            except ValueError:
                hosts.add((_host(text, item), port))
        return cls(frozenset(hosts), tuple(networks))

    def permits(self, host: str, address: str, port: int) -> bool:
        """Tell whether an exception covers this address, or the name that led to it."""
        return self._covers(host, address, (None, port))

    def names_port(self, host: str, address: str, port: int) -> bool:
        """Tell whether an exception names this very port."""
        return self._covers(host, address, (port,))

    def knows_port(self, port: int) -> bool:
        """Tell whether any exception names this port: worth resolving a name for."""
        return any(wanted == port for _, wanted in (*self.hosts, *self.networks))

    def _covers(self, host: str, address: str, ports: Collection[int | None]) -> bool:
        name = host.lower().rstrip(".")
        if any((name, port) in self.hosts for port in ports):
            return True
        found = _address(address)
        return found is not None and any(
            wanted in ports and network.version == found.version and found in network
            for network, wanted in self.networks
        )


def _split(item: str) -> tuple[str, int | None]:
    if item.startswith("["):
        text, closed, rest = item[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            raise ValueError(f"{item!r} is not an address in brackets, with :port if wanted")
        return text, _port(rest[1:], item) if rest else None
    if item.count(":") == 1:
        text, _, port = item.partition(":")
        return text, _port(port, item)
    return item, None


def _port(text: str, item: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 65536):
        raise ValueError(f"{item!r}: {text!r} is not a port")
    return int(text)


def _host(text: str, item: str) -> str:
    """Return a host name as it is compared; what looks like an address but is none must not pass for a name."""
    name = text.lower().rstrip(".")
    labels = name.split(".")
    wrong = not name or any(not label or not all(c.isalnum() or c in "-_" for c in label) for label in labels)
    if wrong or labels[-1].isdecimal():
        raise ValueError(f"{item!r} is neither a host, an address nor a network")
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError(f"{item!r} is not a host name") from None


@lru_cache(maxsize=4096)
def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def unwrapped(address: Address) -> Address:
    """Return the IPv4 address inside a mapped, compatible, 6to4, Teredo or NAT64 one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if inner := address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None):
        return inner
    if address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


@lru_cache(maxsize=4096)
def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public internet, also by what is wrapped in it."""
    return all(_is_global(one) for one in _layers(address))


def _is_global(address: Address) -> bool:
    handed_out = address.version == 4 or address in UNICAST
    listed = any(address in network for network in DENIED if network.version == address.version)
    return handed_out and address.is_global and not address.is_multicast and not listed


def _layers(address: Address) -> tuple[Address, ...]:
    """Return what must be public: of a wrapped address the inner one, of Teredo also the server that it names."""
    inner = unwrapped(address)
    if isinstance(address, ipaddress.IPv6Address) and address.teredo:
        return inner, address.teredo[0]
    return (inner,)


def refusal(
    address: str, *, allow: Allow, host: str = "", port: int, ports: Collection[int] | None = None
) -> str | None:
    """Return why an address may not be dialled, or None where it may.

    `host` is the name that led to the address; `ports` are those that need no exception (None = every port).
    """
    name = host or address
    if ports is not None and port not in ports and not allow.names_port(host, address, port):
        place = f"[{name}]" if ":" in name else name
        return f"port {port} is not in network.ports; if you trust it, add {place}:{port} to network.allow"
    if allow.permits(host, address, port):
        return None
    found = _address(address)
    if found is None:
        return f"{address[:100]!r} is not an address"
    if is_public(found):
        return None
    shown = name if name == address else f"{name} ({address})"
    place = name if port in (0, 80, 443) else f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
    return f"{shown} is not a public address; if you trust it, add {place} to network.allow"


def refusal_by_name(host: str, *, allow: Allow, port: int, ports: Collection[int]) -> str | None:
    """Return why a host may not be asked for through a proxy, which resolves names in our place.

    Only what the name itself says can be judged: literal addresses, names without a dot and names of local networks.
    """
    if _address(host) is not None:
        return refusal(host, allow=allow, host=host, port=port, ports=ports)
    if port not in ports and not allow.names_port(host, "", port):
        return f"port {port} is not in network.ports; if you trust it, add {host}:{port} to network.allow"
    labels = host.lower().rstrip(".").split(".")
    local = len(labels) == 1 or labels[-1] in LOCAL_ENDINGS or labels[-1].isdecimal() or labels[-1].startswith("0x")
    if local and not allow.permits(host, "", port):
        return f"{host} is a name of a local network; if you trust it, add it to network.allow"
    return None
