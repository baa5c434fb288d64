"""An Atom feed (RFC 4287) of stories; pure."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as xml  # only written with, never read with

from monitor.alert.clean import one_line

_SPACE = "http://www.w3.org/2005/Atom"
NAMES = uuid.UUID("5f2b9a4e-8c1d-5e7a-9b3f-2d6c4e8a1f70")  # of the ids that are made here


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One story in a feed."""

    id: str
    title: str
    address: str
    published: float  # seconds since the epoch
    updated: float
    author: str
    summary: str
    categories: tuple[tuple[str, str], ...]  # (scheme, term)


def feed(entries: Sequence[Entry], *, title: str, address: str, page: str, following: str = "") -> str:
    """Write a feed; `address` is its own, `page` that of the list it shows, `following` that of older entries.

    Its `updated` is that of the newest entry: it is another one when something has changed, and only then.
    """
    xml.register_namespace("", _SPACE)
    root = xml.Element(f"{{{_SPACE}}}feed", {"xml:lang": "en"})
    _text(root, "id", name_of("feed", page))
    _text(root, "title", title)
    _text(root, "updated", stamp(max((one.updated for one in entries), default=0.0)))
    _text(root, "generator", "monitor")
    _link(root, "self", address, "application/atom+xml")
    _link(root, "alternate", page, "text/html")
    if following:
        _link(root, "next", following, "application/atom+xml")
    for one in entries:
        _entry(root, one)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


def _entry(root: xml.Element, one: Entry) -> None:
    entry = xml.SubElement(root, f"{{{_SPACE}}}entry")
    _text(entry, "id", name_of("story", one.id))
    _text(entry, "title", one.title or "(without a title)")
    _text(entry, "published", stamp(one.published))
    _text(entry, "updated", stamp(one.updated))
    _link(entry, "alternate", one.address, "text/html")
    author = xml.SubElement(entry, f"{{{_SPACE}}}author")
    _text(author, "name", one.author or "monitor")
    for scheme, term in one.categories:
        if shown := one_line(term):
            xml.SubElement(entry, f"{{{_SPACE}}}category", {"term": shown, "scheme": f"urn:monitor:{scheme}"})
    _text(entry, "summary", one.summary)


def _text(parent: xml.Element, name: str, text: str) -> None:
    xml.SubElement(parent, f"{{{_SPACE}}}{name}").text = one_line(text)


def _link(parent: xml.Element, rel: str, address: str, kind: str) -> None:
    xml.SubElement(parent, f"{{{_SPACE}}}link", {"rel": rel, "href": address, "type": kind})


def name_of(kind: str, text: str) -> str:
    """Return an id that is the same each time it is made."""
    return f"urn:uuid:{uuid.uuid5(NAMES, f'{kind} {text}')}"


def stamp(at: float) -> str:
    """Return a point in time as RFC 3339 in UTC."""
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return "1970-01-01T00:00:00Z"
