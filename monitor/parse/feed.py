"""Reads RSS 0.9x to 2.0, RDF, Atom and CDF through feedparser, of which this is the one door; JSON Feed by jsonfeed.

feedparser takes about a millisecond an entry, which bounds the whole service. Three things make that less without
changing its answers: it does not clean markup (extract makes plain text of it), it sees only the items that are new
(`slices`), and some of its costs are taken out (`quicker`).
"""

import calendar
import functools
import io
import re
from typing import Any

from monitor.model import Entry, Parsed, State
from monitor.parse import jsonfeed, slices, sniff
from monitor.parse.document import Document
from monitor.parse.entities import bomb
from monitor.parse.newest import newest
from monitor.parse.quicker import quicken

PERIODS = {"hourly": 3600.0, "daily": 86400.0, "weekly": 604800.0, "monthly": 2592000.0, "yearly": 31536000.0}
HTML = {"text/html", "application/xhtml+xml", "html", "xhtml"}
NO_TEXT = ("image/", "audio/", "video/", "font/")  # content of such types is data
UTF8 = ("", "utf-8", "utf8")
REASON = 300  # characters of a foreign error that are kept
get = dict.get  # FeedParserDict's own `get` is slow, and says `published` where `updated` is asked for


def parse(document: Document) -> Parsed:
    """Read a document; never raises. A state that is not OK has a reason in words."""
    if jsonfeed.looks_like_json(document.body):
        parsed = jsonfeed.parse(document)
        if parsed.state is not State.NOT_A_FEED or not sniff.may_hold_entries(document.body, document.charset):
            return parsed
    if refused := bomb(document.body):
        return Parsed(state=State.BROKEN, reason=refused)
    if not sniff.may_hold_entries(document.body, document.charset) and (page := _page(document)):
        return Parsed(state=State.NOT_A_FEED, reason=page)
    try:
        return _read(document)
    except MemoryError:
        return Parsed(state=State.BROKEN, reason="reading needed more memory than it may have")
    except Exception as error:  # feedparser raises many things on hostile input; each is this document's own fault
        return Parsed(state=State.BROKEN, reason=f"the parser failed: {type(error).__name__}: {error}"[:REASON])


def _page(document: Document) -> str:
    """Return in a sentence what a document is that is no feed, or "" where it may be one."""
    page = sniff.looks_like(document.body, document.content_type)
    return page and f"the answer is {page}" + ("" if "no feed" in page else ", not a feed")


def _read(document: Document) -> Parsed:
    """Let feedparser read the new items, or the whole document where it cannot be cut."""
    sliced = _slice(document)
    if sliced is not None:
        found = _ask(sliced.body, document, "application/xml; charset=utf-8")
        if len(found["entries"]) == sliced.taken:
            return _of_slices(found, sliced)
    return _of_whole(_ask(document.body, document, _content_type(document)), document)


def _slice(document: Document) -> slices.Sliced | None:
    # Without an absolute address feedparser would carry an item's xml:base to the next one.
    if document.charset not in UTF8 or not document.url.startswith(("http://", "https://")):
        return None
    return slices.cut(document.body, document.known, limit=document.entries_limit, names=names())


def _content_type(document: Document) -> str:
    """Return the header that lets feedparser decode best: a charset in the header, else what the document declares.

    For `text/*` without a charset it would try ASCII before the document's own declaration, and without any header
    Latin 1 before UTF-8.
    """
    return document.content_type if document.charset else "application/xml"


def _ask(body: bytes, document: Document, content_type: str) -> Any:
    # A stream, because feedparser would take bytes for the name of a file or an address.
    return load().parse(
        io.BytesIO(body),
        response_headers={"content-type": content_type, "content-location": document.url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


@functools.cache
def load() -> Any:
    """Return feedparser, loaded at first use since only children need it, with some costs taken out."""
    import feedparser

    quicken(feedparser)
    return feedparser


@functools.cache
def names() -> slices.Names:
    """Return what feedparser knows by name."""
    strict = getattr(getattr(load(), "api", None), "StrictFeedParser", None)
    methods = (name.lower() for name in dir(strict) if name.startswith(("_start_", "_end_")))
    return slices.Names(
        namespaces={uri.lower(): prefix for uri, prefix in getattr(strict, "namespaces", {}).items()},
        elements=frozenset(name.rpartition("_")[2] for name in methods),
    )


# --- what feedparser found, in our words ------------------------------------------------------------------------------


def _of_slices(found: Any, sliced: slices.Sliced) -> Parsed:
    state = State.OK if sliced.taken else State.UNCHANGED if sliced.known else State.EMPTY
    return _parsed(
        found,
        found["entries"],
        state=state,
        reason={State.OK: "", State.UNCHANGED: "every entry is known"}.get(state, "the feed holds no entries"),
        items=sliced.items,
        known=sliced.known,
        skipped=sliced.skipped,
        whole=not sliced.known,
    )


def _of_whole(found: Any, document: Document) -> Parsed:
    entries = found["entries"]
    if not entries:
        state, reason = _without_entries(found, document)
        return _parsed(found, [], state=state, reason=reason)
    taken = newest([_date(entry) for entry in entries], document.entries_limit)
    kept = [entries[position] for position in taken]
    return _parsed(found, kept, state=State.OK, skipped=len(entries) - len(kept))


def _without_entries(found: Any, document: Document) -> tuple[State, str]:
    """Tell a feed that is empty from one that is damaged, and from what is no feed."""
    if page := _page(document):
        return State.NOT_A_FEED, page
    if not _damage(found) or sniff.is_closed(document.body):
        return State.EMPTY, "the feed holds no entries"
    return State.BROKEN, f"the feed is damaged before its first entry: {_damage(found)}"


def _damage(found: Any) -> str:
    """Return what the parser complained about, beyond the declared encoding or media type."""
    error = get(found, "bozo_exception")
    harmless = ("CharacterEncodingOverride", "NonXMLContentType")
    return "" if not error or type(error).__name__ in harmless else str(error)[:REASON]


def _parsed(found: Any, entries: list[Any], **rest: Any) -> Parsed:
    feed = found["feed"]
    return Parsed(
        format=get(found, "version") or "",
        title=_text(feed, "title"),
        language=_text(feed, "language"),
        link=_text(feed, "link"),
        entries=tuple(_entry(entry) for entry in entries),
        ttl=_ttl(feed),
        damaged=_damage(found),
        **rest,
    )


def _entry(entry: Any) -> Entry:
    """Make our own value of feedparser's."""
    return Entry(
        guid=_text(entry, "id"),
        link=_text(entry, "link") or _first_link(entry),
        title=_markup(get(entry, "title"), get(entry, "title_detail")),
        summary=_markup(get(entry, "summary"), get(entry, "summary_detail")),
        content=_content(entry),
        author=_text(entry, "author"),
        published=_text(entry, "published") or _text(entry, "created"),
        published_at=_time(get(entry, "published_parsed") or get(entry, "created_parsed")),
        updated=_text(entry, "updated"),
        updated_at=_time(get(entry, "updated_parsed")),
        language=_language(entry),
        categories=_categories(entry),
    )


def _text(values: Any, key: str) -> str:
    value = get(values, key)
    return value if isinstance(value, str) else ""


def _markup(value: Any, detail: Any) -> str:
    """Return text that may be read as HTML; a "<" in plain text that closes no tag is a sign, not a tag."""
    if not isinstance(value, str):
        return ""
    if "<" in value and "</" not in value and isinstance(detail, dict) and get(detail, "type") not in HTML:
        return value.replace("<", "&lt;")
    return value


def _content(entry: Any) -> str:
    """Return the fullest text among an entry's contents."""
    contents = get(entry, "content")
    if not isinstance(contents, list):
        return ""
    texts = [one for one in contents if not str(get(one, "type") or "").startswith(NO_TEXT)]
    return max((_markup(get(one, "value"), one) for one in texts), key=len, default="")


def _first_link(entry: Any) -> str:
    links = get(entry, "links")
    return next((_text(link, "href") for link in links if _text(link, "href")), "") if isinstance(links, list) else ""


def _language(entry: Any) -> str:
    details = [get(entry, key) for key in ("title_detail", "summary_detail")]
    declared = [_text(detail, "language") for detail in details if isinstance(detail, dict)]
    return _text(entry, "language") or next((language for language in declared if language), "")


def _categories(entry: Any) -> tuple[str, ...]:
    tags = get(entry, "tags")
    names = (_text(tag, "term") or _text(tag, "label") for tag in tags) if isinstance(tags, list) else ()
    return tuple(dict.fromkeys(name for name in names if name))


def _date(entry: Any) -> float | None:
    return _time(get(entry, "published_parsed") or get(entry, "updated_parsed") or get(entry, "created_parsed"))


def _time(parsed: Any) -> float | None:
    if not parsed:
        return None
    try:
        return float(calendar.timegm(parsed))
    except (ValueError, OverflowError, TypeError):
        return None


def _ttl(feed: Any) -> float | None:
    """Return the seconds between polls that a feed asks for: RSS ttl (minutes), or the syndication module's period."""
    if minutes := re.fullmatch(r"\s*(\d{1,7})\s*", _text(feed, "ttl")):
        return 60.0 * int(minutes[1])
    period = PERIODS.get(_text(feed, "sy_updateperiod").strip().lower())
    if period is None:
        return None
    frequency = re.fullmatch(r"\s*(\d{1,6})\s*", _text(feed, "sy_updatefrequency"))
    return period / max(1, int(frequency[1])) if frequency else period
