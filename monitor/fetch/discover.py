"""Finds the feeds of a web page: what it names in its head, and where feeds usually lie."""

from html.parser import HTMLParser
from urllib.parse import urljoin

TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/json",
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


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect `<link rel=alternate>` of a feed's type, and `<base>`."""
        values = {name: value or "" for name, value in attrs}
        if tag == "base":
            self.base = self.base or values.get("href", "")
        alternate = tag == "link" and "alternate" in values.get("rel", "").lower().split()
        if alternate and values.get("type", "").lower().partition(";")[0].strip() in TYPES and values.get("href"):
            self.found.append(values["href"].strip())


def feed_links(html: str, base_url: str) -> tuple[str, ...]:
    """Return the feeds that a page names, absolute, in the page's order, each once."""
    links = _Links()
    links.feed(html[:1_000_000])
    base = urljoin(base_url, links.base)
    return tuple(dict.fromkeys(urljoin(base, link) for link in links.found))
