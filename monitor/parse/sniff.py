"""Says what a document looks like that is no feed, in words for a person."""

import html
import re

TITLE = re.compile(rb"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
SIGNS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    (
        "a captcha page",
        re.compile(rb"captcha|just a moment|verify (?:that )?you are (?:a )?human|cf-chl|ddos-guard", re.IGNORECASE),
    ),
    ("a login page", re.compile(rb"type=[\"']?password", re.IGNORECASE)),
)
HEAD = 65536  # bytes that are looked at


def looks_like(body: bytes, content_type: str) -> str:
    """Return what a document without entries seems to be, or "" where it may be a feed."""
    head = body[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        return "an empty answer"
    start = head[:1024].lower()
    if b"<html" in start or b"<!doctype html" in start:
        return _page(head)
    if head[:1] in b"{[":
        return "JSON that is no JSON Feed"
    if head[:1] != b"<" and b"<rss" not in start and b"<feed" not in start:
        kind = content_type.partition(";")[0].strip() or "text"
        return f"{kind} that is no feed"
    return ""


def _page(head: bytes) -> str:
    for name, sign in SIGNS:
        if sign.search(head):
            return name
    found = TITLE.search(head)
    title = " ".join(html.unescape(found[1].decode("utf-8", "replace")).split()) if found else ""
    return f'an HTML page titled "{title[:80]}"' if title else "an HTML page"
