"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.model import Entry, Parsed, State
from monitor.parse.document import Document


def looks_like_json(body: bytes) -> bool:
    """Tell whether a document begins as a JSON object."""
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def parse(document: Document) -> Parsed:
    """Read a JSON Feed; a JSON object that is none is NOT_A_FEED."""
    try:
        feed = json.loads(document.body.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        return Parsed(state=State.NOT_A_FEED, reason=f"the answer is broken JSON: {error}")
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return Parsed(state=State.NOT_A_FEED, reason="the answer is JSON that is no JSON Feed: it has no list of items")
    usable = [item for item in items if isinstance(item, dict)]
    taken = usable[: document.entries_limit]
    return Parsed(
        state=State.OK if taken else State.EMPTY,
        reason="" if taken else "the feed holds no entries",
        format="json11" if "1.1" in str(feed.get("version")) else "json1",
        title=_text(feed, "title"),
        language=_text(feed, "language"),
        link=_text(feed, "home_page_url"),
        entries=tuple(_entry(item) for item in taken),
        skipped=len(usable) - len(taken),
    )


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _entry(item: Mapping[str, Any]) -> Entry:
    content = _text(item, "content_html") or _escaped(_text(item, "content_text"))
    return Entry(
        guid=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_escaped(_text(item, "title")),
        summary=_escaped(_text(item, "summary")),
        content=content,
        author=_author(item),
        published=_text(item, "date_published"),
        published_at=_time(_text(item, "date_published")),
        updated=_text(item, "date_modified"),
        updated_at=_time(_text(item, "date_modified")),
        language=_text(item, "language"),
        categories=tuple(tag for tag in item.get("tags") or () if isinstance(tag, str))
        if isinstance(item.get("tags"), list)
        else (),
    )


def _escaped(text: str) -> str:
    """Make plain text what the other formats give: HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")


def _author(item: Mapping[str, Any]) -> str:
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [_text(author, "name") for author in authors or () if isinstance(author, dict)]
    return ", ".join(name for name in names if name)


def _time(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (OverflowError, OSError, ValueError):
        return None
