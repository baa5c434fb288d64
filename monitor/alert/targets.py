"""A channel with several recipients is several targets, each with deliveries of its own.

A mail server can refuse one recipient of three; were they one delivery, that would hide the refusal or repeat the
message to the two others. So `mailto://...?to=a,b&cc=c` of channel `desk` becomes the targets `desk/a`, `desk/b` and
`desk/c`. Services whose URLs list rooms or phone numbers are split when they are sent (`send.py`).
"""

from collections.abc import Mapping
from email.utils import getaddresses
from urllib.parse import parse_qsl, quote, unquote

from monitor.settings import Channel

MAIL = ("mailto://", "mailtos://")
RECIPIENTS = ("to", "cc", "bcc")


def expand(channels: Mapping[str, Channel]) -> dict[str, Channel]:
    """Return every target by its name; a channel with one recipient is its own target."""
    return {target: one for name, channel in channels.items() for target, one in _targets(name, channel)}


def names(name: str, channel: Channel) -> tuple[str, ...]:
    """Return the names of a channel's targets."""
    return tuple(target for target, _ in _targets(name, channel))


def channel_of(target: str) -> str:
    """Return the name of the channel that a target belongs to."""
    return target.partition("/")[0]


def _targets(name: str, channel: Channel) -> list[tuple[str, Channel]]:
    recipients = _recipients(channel.url) if channel.url.lower().startswith(MAIL) else []
    if len(recipients) < 2:
        return [(name, channel)]
    return [
        (f"{name}/{address}", channel.model_copy(update={"url": _only(channel.url, written)}))
        for address, written in recipients
    ]


def _recipients(url: str) -> list[tuple[str, str]]:
    """Return (address, as written) of everybody whom a mail URL names, once each, in order."""
    place, _, query = url.partition("?")
    listed = [unquote(part) for part in place.partition("://")[2].split("/")[1:]]
    listed += [value for key in RECIPIENTS for name, value in _pairs(query) if name.lower() == key]
    found: dict[str, str] = {}
    for display, address in getaddresses([text.replace(";", ",") for text in listed if text]):
        if "@" in address:
            found.setdefault(address, f'"{display}" <{address}>' if display else address)
    return list(found.items())


def _only(url: str, recipient: str) -> str:
    """Return the URL with one recipient only; nothing else of it is changed."""
    place, _, query = url.partition("?")
    scheme, _, rest = place.partition("://")
    others = [part for part in query.split("&") if part and unquote(part.partition("=")[0]).lower() not in RECIPIENTS]
    return f"{scheme}://{rest.partition('/')[0]}/?" + "&".join([f"to={quote(recipient, safe='@')}", *others])


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)
