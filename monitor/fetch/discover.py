"""Finds the feeds of a web page: what it names in its head, then links that look like feeds, and usual places."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/json",
    "application/xml",
    "text/xml",
    "text/rss+xml",
    "text/atom+xml",
}
USUAL_PATHS = (
    "/feed",
    "/rss",
    "/feed.xml",
    "/rss.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/feeds/posts/default",
)
PAGE = 1_000_000  # characters that are looked at
LINKED = 8  # links of the page's text that are taken at most
LIKE_A_FEED = re.compile(r"(?:^|[/._=-])(?:rss2?|atom|feeds?|rdf)(?:$|[/._-])|\.(?:rss|rdf|atom)$", re.IGNORECASE)
WORDPRESS_API = re.compile(r"/wp-json(?:/|$)|[?&]rest_route=|oembed", re.IGNORECASE)  # JSON, but no feed


def feed_links(html: str, base_url: str) -> tuple[str, ...]:
    """Return the feeds that a page names, absolute, the declared ones first, each once."""
    page = LexborHTMLParser(html[:PAGE])
    base = base_url
    if (node := page.css_first("base[href]")) is not None:
        base = _absolute(base_url, node.attributes.get("href")) or base_url
    found = [_absolute(base, link) for link in (*_declared(page), *_linked(page, base))]
    return tuple(dict.fromkeys(link for link in found if link))


def _declared(page: LexborHTMLParser) -> Iterator[str | None]:
    """Give the `<link rel=alternate>` of a feed's type, and `<link rel=feed>`."""
    for node in page.css("link[href]"):
        relations = (node.attributes.get("rel") or "").lower().split()
        kind = (node.attributes.get("type") or "").lower().partition(";")[0].strip()
        link = node.attributes.get("href") or ""
        if "feed" in relations or ("alternate" in relations and kind in TYPES and not WORDPRESS_API.search(link)):
            yield link


def _linked(page: LexborHTMLParser, base: str) -> Iterator[str]:
    """Give the links of the page's text that look like feeds, of the same site only."""
    count = 0
    for node in page.css("a[href]"):
        link = _absolute(base, node.attributes.get("href"))
        parts = urlsplit(link)
        if link and parts.netloc == urlsplit(base).netloc and LIKE_A_FEED.search(parts.path):
            yield link
            count += 1
            if count == LINKED:
                return


def _absolute(base: str, link: str | None) -> str:
    """Return a link as an absolute http(s) address without a fragment, or "" where it is none."""
    try:
        found = urljoin(base, (link or "").strip()).partition("#")[0]
        parts = urlsplit(found)
    except ValueError:
        return ""
    return found if link and parts.scheme in ("http", "https") and parts.netloc else ""
