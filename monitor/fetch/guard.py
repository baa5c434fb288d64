"""Which addresses may be dialled: public ones, and the exceptions that the operator lists."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Net = ipaddress.IPv4Network | ipaddress.IPv6Network

# Not global by today's registries, whatever the Python at hand knows (RFC 6598, 6890, 8215, 9637).
DENIED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4", "::/127", "100::/64", "2001:2::/48", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7",
        "fe80::/10", "fec0::/10", "ff00::/8", "64:ff9b:1::/48",
    )
)  # fmt: skip
NAT64 = ipaddress.ip_network("64:ff9b::/96")
COMPATIBLE = ipaddress.ip_network("::/96")


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
                if "/" in text or not text:
                    raise ValueError(f"{item!r} is neither a host, an address nor a network") from None
                hosts.add((text.lower().rstrip("."), port))
        return cls(frozenset(hosts), tuple(networks))

    def permits(self, host: str, address: str, port: int) -> bool:
        """Tell whether an exception covers this address, or the name that led to it."""
        name = host.lower().rstrip(".")
        if (name, None) in self.hosts or (name, port) in self.hosts:
            return True
        found = _address(address)
        return found is not None and any(
            found in network and wanted in (None, port)
            for network, wanted in self.networks
            if network.version == found.version
        )

    def names_port(self, host: str, address: str, port: int) -> bool:
        """Tell whether an exception names this very port."""
        found = _address(address)
        return (host.lower().rstrip("."), port) in self.hosts or any(
            wanted == port and found is not None and network.version == found.version and found in network
            for network, wanted in self.networks
        )


def _split(item: str) -> tuple[str, int | None]:
    if item.startswith("["):
        text, _, rest = item[1:].partition("]")
        return text, _port(rest.removeprefix(":"), item) if rest else None
    if item.count(":") == 1:
        text, _, port = item.partition(":")
        return text, _port(port, item)
    return item, None


def _port(text: str, item: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ValueError(f"{item!r}: {text!r} is not a port")
    return int(text)


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


def refusal(address: str, *, allow: Allow, host: str = "", port: int) -> str | None:
    """Return why an address may not be dialled, or None where it may."""
    if allow.permits(host, address, port):
        return None
    found = _address(address)
    if found is None:
        return f"{address!r} is not an address"
    inner = unwrapped(found)
    if inner.is_multicast or not inner.is_global or any(inner in net for net in DENIED if net.version == inner.version):
        name = f"{host} ({address})" if host and host != address else address
        return f"{name} is not a public address; if you trust it, add {host or address} to network.allow"
    return None
