"""RSS 0.9x to 2.0, RDF, Atom, CDF through feedparser; JSON Feed by its own parser. The one door of feedparser."""

import calendar
import io
import re
from collections.abc import Mapping
from typing import Any

import feedparser

from monitor.model import Entry, Parsed, State
from monitor.parse import jsonfeed, slices
from monitor.parse.document import Document
from monitor.parse.entities import bomb
from monitor.parse.sniff import looks_like

PERIODS = {"hourly": 3600.0, "daily": 86400.0, "weekly": 604800.0, "monthly": 2592000.0, "yearly": 31536000.0}


def parse(document: Document) -> Parsed:
    """Read a document; never raises."""
    if jsonfeed.looks_like_json(document.body):
        return jsonfeed.parse(document)
    if reason := bomb(document.body):
        return Parsed(state=State.BROKEN, reason=reason)
    sliced = slices.cut(document.body, document.known)
    if sliced and sliced.body is None:
        return Parsed(
            state=State.UNCHANGED, reason="every entry is known", items=sliced.items, known=sliced.known, whole=False
        )
    body = sliced.body if sliced and sliced.body is not None else document.body
    try:
        found = _feedparser(body, document)
    except Exception as error:  # feedparser raises many things on hostile input; each is this document's own fault
        return Parsed(state=State.BROKEN, reason=f"the parser failed: {type(error).__name__}: {error}"[:300])
    return _parsed(found, document, sliced)


def _feedparser(body: bytes, document: Document) -> Any:
    headers = {"content-location": document.url}
    if document.content_type:
        headers["content-type"] = document.content_type
    # A stream, because feedparser would take bytes for the name of a file.
    return feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _parsed(found: Any, document: Document, sliced: slices.Sliced | None) -> Parsed:
    entries = found.entries
    known = sliced.known if sliced else 0
    if not entries and not known and not found.version:
        guess = looks_like(document.body, document.content_type)
        if guess:
            return Parsed(state=State.NOT_A_FEED, reason=f"the answer is {guess}, not a feed")
        why = found.get("bozo_exception") or "no feed was recognised"
        return Parsed(state=State.BROKEN, reason=f"nothing could be read: {why}"[:300])
    taken = newest(entries, document.entries_limit)
    feed = found.feed
    return Parsed(
        state=State.OK if taken or known else State.EMPTY,
        reason="" if taken or known else "the feed holds no entries",
        format=found.version or "",
        title=str(feed.get("title") or ""),
        language=str(feed.get("language") or ""),
        link=str(feed.get("link") or ""),
        entries=tuple(entry_of(entry) for entry in taken),
        items=sliced.items if sliced else b"",
        known=known,
        skipped=len(entries) - len(taken),
        ttl=_ttl(feed),
        damaged=str(found.get("bozo_exception") or "")[:300] if found.bozo else "",
        whole=not (sliced and known),
    )


def newest(entries: list[Any], limit: int) -> list[Any]:
    """Return the newest entries where dates tell, else the first ones."""
    if len(entries) <= limit:
        return entries
    dated = [(calendar.timegm(e.get("published_parsed") or e.get("updated_parsed") or (0,) * 9), e) for e in entries]
    return [entry for _, entry in sorted(dated, key=lambda pair: -pair[0])[:limit]]


def entry_of(entry: Mapping[str, Any]) -> Entry:
    """Make our own value of feedparser's."""
    contents = entry.get("content") or ()
    bodies = [str(content.get("value") or "") for content in contents]
    return Entry(
        guid=str(entry.get("id") or ""),
        link=str(entry.get("link") or _first_link(entry)),
        title=str(entry.get("title") or ""),
        summary=str(entry.get("summary") or ""),
        content=max(bodies, key=len, default=""),
        author=str(entry.get("author") or ""),
        published=str(entry.get("published") or entry.get("created") or ""),
        published_at=_time(entry.get("published_parsed") or entry.get("created_parsed")),
        updated=str(entry.get("updated") or ""),
        updated_at=_time(entry.get("updated_parsed")),
        language=_language(entry),
        categories=tuple(str(tag.get("term") or tag.get("label") or "") for tag in entry.get("tags") or ()),
    )


def _first_link(entry: Mapping[str, Any]) -> str:
    return next((str(link.get("href")) for link in entry.get("links") or () if link.get("href")), "")


def _language(entry: Mapping[str, Any]) -> str:
    details = entry.get("title_detail") or entry.get("summary_detail") or {}
    return str(entry.get("language") or details.get("language") or "")


def _time(parsed: Any) -> float | None:
    if not parsed:
        return None
    try:
        return float(calendar.timegm(parsed))
    except (ValueError, OverflowError, TypeError):
        return None


def _ttl(feed: Mapping[str, Any]) -> float | None:
    ttl = re.fullmatch(r"\s*(\d{1,7})\s*", str(feed.get("ttl") or ""))
    if ttl:
        return 60.0 * int(ttl[1])
    period = PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    if period is None:
        return None
    frequency = re.fullmatch(r"\s*(\d{1,6})\s*", str(feed.get("sy_updatefrequency") or "1"))
    return period / max(1, int(frequency[1])) if frequency else period
