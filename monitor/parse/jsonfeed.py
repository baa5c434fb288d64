"""Reads JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from monitor.model import Entry, Parsed, State
from monitor.parse.document import Document
from monitor.parse.newest import newest
from monitor.parse.slices import SIZE, hashes_in

NO_FEED = "the answer is JSON that is no feed"


def looks_like_json(body: bytes) -> bool:
    """Tell whether a document begins as JSON does."""
    return body[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] in (b"{", b"[")


def parse(document: Document) -> Parsed:
    """Read a JSON Feed; JSON that is none is NOT_A_FEED, and what is cut off is BROKEN."""
    try:
        feed = _load(document.body)
    except (ValueError, RecursionError) as error:
        if b"jsonfeed.org" in document.body[:4096]:
            return Parsed(state=State.BROKEN, reason=f"the answer is a JSON Feed that is damaged: {error}")
        return Parsed(state=State.NOT_A_FEED, reason=f"the answer is damaged JSON: {error}")
    if not isinstance(feed, dict) or not isinstance(items := feed.get("items"), list):
        return Parsed(state=State.NOT_A_FEED, reason=f"{NO_FEED}: it has no list of items")
    if "jsonfeed.org" not in _text(feed, "version") and not _feed_like(feed, items):
        return Parsed(state=State.NOT_A_FEED, reason=f"{NO_FEED}: it names no version, and its items are no articles")
    return _parsed(feed, [item for item in items if isinstance(item, dict)], document)


def _load(body: bytes) -> Any:
    text = body.decode(json.detect_encoding(body), "replace").removeprefix("\ufeff")
    # Numbers stay as they are written: an id of 30 digits is an id, not a sum.
    return json.loads(text, strict=False, parse_int=str, parse_float=str)


def _feed_like(feed: Mapping[str, Any], items: Sequence[Any]) -> bool:
    """Tell whether JSON that names no version is a JSON Feed all the same."""
    texts = ("title", "content_html", "content_text", "summary")
    dicts = [item for item in items if isinstance(item, dict)]
    return bool(dicts) and "title" in feed and all("id" in one and any(one.get(key) for key in texts) for one in dicts)


def _parsed(feed: Mapping[str, Any], items: list[dict[str, Any]], document: Document) -> Parsed:
    hashes = [_hash(item) for item in items]
    had = hashes_in(document.known)
    new = [item for item, one in zip(items, hashes, strict=True) if one not in had]
    taken = newest([_date(item) for item in new], document.entries_limit)
    state = State.OK if new else State.UNCHANGED if items else State.EMPTY
    return Parsed(
        state=state,
        reason={State.OK: "", State.UNCHANGED: "every entry is known"}.get(state, "the feed holds no entries"),
        format="json11" if "1.1" in _text(feed, "version") else "json1",
        title=_text(feed, "title"),
        language=_text(feed, "language"),
        link=_text(feed, "home_page_url"),
        entries=tuple(_entry(new[position]) for position in taken),
        items=b"".join(hashes),
        known=len(items) - len(new),
        skipped=len(new) - len(taken),
        whole=len(items) == len(new),
    )


def _hash(item: Mapping[str, Any]) -> bytes:
    return hashlib.blake2b(json.dumps(item, sort_keys=True).encode(), digest_size=SIZE).digest()


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return value.replace("\0", "") if isinstance(value, str) else ""


def _entry(item: Mapping[str, Any]) -> Entry:
    tags = item.get("tags")
    return Entry(
        guid=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_escaped(_text(item, "title")),
        summary=_escaped(_text(item, "summary")),
        content=_text(item, "content_html") or _escaped(_text(item, "content_text")),
        author=_author(item),
        published=_text(item, "date_published"),
        published_at=_time(_text(item, "date_published")),
        updated=_text(item, "date_modified"),
        updated_at=_time(_text(item, "date_modified")),
        language=_text(item, "language"),
        categories=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _escaped(text: str) -> str:
    """Make of plain text what the other formats give: HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")


def _author(item: Mapping[str, Any]) -> str:
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [_text(author, "name") for author in authors or () if isinstance(author, dict)]
    return ", ".join(name for name in names if name)


def _date(item: Mapping[str, Any]) -> float | None:
    return _time(_text(item, "date_published")) or _time(_text(item, "date_modified"))


def _time(text: str) -> float | None:
    """Return seconds since the epoch of an RFC 3339 date, or None where it is none."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
