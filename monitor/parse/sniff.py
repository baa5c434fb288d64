"""Says what a document looks like that is no feed, in words for a person."""

import html
import re

from monitor.parse.entities import legible

BEFORE = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->|<![^>\[]*(?:\[.*?\]\s*)?>)*", re.DOTALL)
ELEMENT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
ENTRY = re.compile(rb"[<:](?:item|entry)\b", re.IGNORECASE)
CLOSED = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\s*>\s*(?:<!--.*?-->\s*)*$", re.IGNORECASE | re.DOTALL)
TITLE = re.compile(rb"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
HEAD = 65536  # bytes that are looked at
PAGE = {"html", "head", "body", "title", "meta", "script", "style", "div", "p", "center", "h1", "table", "span"}
FEED = {"rss", "rdf", "feed", "channel"}
LISTS = {"opml": "an OPML list of feeds", "urlset": "a sitemap", "sitemapindex": "a sitemap"}
MAGIC = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x1f\x8b", "compressed data"),
)
# What pages say that want to see a person first; ordinary pages hold such scripts, too, but not as their whole content.
CAPTCHA = re.compile(
    rb"just a moment|attention required|are you (?:a )?(?:robot|human)|(?:not|n't) a robot|human verification"
    rb"|verify(?:ing)? (?:that )?you are (?:a )?human|security check|ddos-guard|cf-chl|cf-browser-verification"
    rb"|challenge-platform|_incapsula_|px-captcha|captcha-delivery",
    re.IGNORECASE,
)
LOGIN = re.compile(rb"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)
SMALL = 30_000  # bytes; a larger page that mentions a captcha has it in some form of its own


def may_hold_entries(body: bytes, charset: str) -> bool:
    """Tell whether feedparser could find an entry: False only where no start tag of one can stand in the bytes."""
    plain = charset in ("", "utf-8", "us-ascii", "ascii") or charset.startswith(("iso-8859-", "windows-125"))
    head = body[:200].lower()
    if not plain or b"encoding" in head or b"\0" in head or not head.isascii():
        return True
    return ENTRY.search(body) is not None


def looks_like(body: bytes, content_type: str) -> str:
    """Return what a document without entries seems to be, or "" where it is a feed or may be one."""
    text = legible(body[:HEAD]).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not text:
        return "empty"
    for magic, name in MAGIC:
        if body.startswith(magic):
            return name
    if text[:1] in b"{[":
        return "JSON that is no feed"
    found = ELEMENT.search(text, _after_prolog(text))
    if not found:
        kind = content_type.partition(";")[0].strip().lower()
        return "plain text" if kind in ("", "text/plain") else f"plain text, sent as {kind[:60]}"
    return _by_root(found[1].decode().lower(), text, len(body))


def is_closed(body: bytes) -> bool:
    """Tell whether a feed's last tag is there, so that nothing is missing at its end."""
    return CLOSED.search(legible(body[-1000:])) is not None


def _after_prolog(text: bytes) -> int:
    found = BEFORE.match(text)
    return found.end() if found else 0


def _by_root(name: str, text: bytes, size: int) -> str:
    local = name.rpartition(":")[2]
    if local in FEED:
        return ""
    if local in LISTS:
        return LISTS[local]
    if local in PAGE or b"<!doctype html" in text[:1024].lower() or b"<html" in text[:1024].lower():
        return _page(text, size)
    return f"XML that is no feed: it begins with <{name[:40]}>"


def _page(text: bytes, size: int) -> str:
    title = _title(text)
    small = text if size < SMALL else b""
    if CAPTCHA.search(title.encode()) or CAPTCHA.search(small) or b"captcha" in small.lower():
        return "a captcha page"
    if LOGIN.search(text):
        return "a login page"
    return f'an HTML page titled "{title[:80]}"' if title else "an HTML page"


def _title(text: bytes) -> str:
    found = TITLE.search(text)
    return " ".join(html.unescape(found[1].decode("utf-8", "replace")).split()) if found else ""
