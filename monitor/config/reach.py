"""Warns of addresses that the address guard will refuse, as far as the written address alone can tell; no effects."""

import ipaddress
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult, urlsplit

from monitor.config.yaml import Located
from monitor.errors import Problem
from monitor.fetch.guard import Allow, refusal, refusal_by_name
from monitor.settings import Settings, SourceEntry

_PORTS = {"http": 80, "https": 443}
_THIS_MACHINE = "localhost"


def problems(
    settings: Settings, monitor: Located, entries: Sequence[SourceEntry], sources: Located
) -> Iterator[Problem]:
    """Say which sources and channels cannot be reached as long as `network` stays as it is."""
    try:
        allow = Allow.parse(settings.network.allow)
    except ValueError:  # told where it stands
        return
    for index, entry in enumerate(entries):
        for number, url in enumerate(entry.url if entry.enabled and not entry.proxy else ()):
            if why := _of_source(url, allow, settings):
                yield sources.problem(("sources", index, "url", number), f"will not be polled: {why}", warning=True)
    for name, channel in settings.channels.items():
        if channel.enabled and (why := _of_channel(channel.url, allow)):
            yield monitor.problem(("channels", name, "url"), f"channel {name!r} cannot send: {why}", warning=True)


def _of_source(url: str, allow: Allow, settings: Settings) -> str | None:
    parts = _split(url)
    if parts is None or parts.scheme not in _PORTS or not parts.hostname or settings.network.proxy:
        return None
    port = parts.port or _PORTS[parts.scheme]
    if _is_literal(parts.hostname):
        address = _address(parts.hostname)
        return refusal(address, allow=allow, host=parts.hostname, port=port, ports=settings.network.ports)
    if port in settings.network.ports or allow.knows_port(port):  # a name alone says nothing of its address
        return None
    return refusal_by_name(parts.hostname, allow=allow, port=port, ports=settings.network.ports)


def _of_channel(url: str, allow: Allow) -> str | None:
    """Judge an apprise URL; one without a port goes to a port that only the service's own door knows."""
    parts = _split(url)
    if parts is None or not parts.hostname or not _is_literal(parts.hostname):
        return None
    if parts.port is None and (allow.hosts or allow.networks):
        return None
    return refusal(_address(parts.hostname), allow=allow, host=parts.hostname, port=parts.port or 0)


def _address(host: str) -> str:
    return "127.0.0.1" if host == _THIS_MACHINE else host


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_literal(host: str) -> bool:
    """Tell whether a host is a written address, or the name that is one everywhere."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == _THIS_MACHINE
    return True
