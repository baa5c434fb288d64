"""Finds the feed that a person means when they name a page: the page's own links, then the usual paths."""

import asyncio
import os
import time
from dataclasses import dataclass
from urllib.parse import urljoin

from monitor import __version__
from monitor.config.secrets import resolve
from monitor.config.sources import same_address
from monitor.errors import UsageError
from monitor.fetch.discover import USUAL_PATHS, feed_links
from monitor.fetch.http import Fetcher
from monitor.model import Fetched, Job, Parsed, Source, State
from monitor.parse.child import Readers
from monitor.settings import Settings

_TRIES = 12  # addresses that are asked at most, so that a page cannot send us around the world
_SHOWN = 5  # headlines by which a person knows the feed again


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was really read."""

    url: str
    title: str
    language: str
    format: str
    entries: int
    newest: tuple[str, ...] = ()  # headlines of the first entries


def find(url: str, *, settings: Settings) -> tuple[Found, tuple[str, ...]]:
    """Return the feed at an address or of a page there, and the addresses of its other feeds, not read.

    UsageError says what was tried where there is none.
    """
    return asyncio.run(_find(url, settings))


async def _find(url: str, settings: Settings) -> tuple[Found, tuple[str, ...]]:
    proxy = resolve(settings.network.proxy, environ=os.environ)
    fetcher = Fetcher(
        network=settings.network.model_copy(update={"proxy": proxy}),
        limits=settings.limits,
        polling=settings.polling,
        contact=settings.contact,
        version=__version__,
    )
    readers = Readers(limits=settings.limits, workers=1)
    try:
        return await _Search(fetcher, readers).run(url)
    finally:
        await fetcher.aclose()
        await readers.aclose()


class _Search:
    """One search: what was asked, and what came of it."""

    def __init__(self, fetcher: Fetcher, readers: Readers) -> None:
        self.fetcher = fetcher
        self.readers = readers
        self.tried: dict[str, str] = {}  # address -> why it is no feed

    async def run(self, url: str) -> tuple[Found, tuple[str, ...]]:
        page = await self._get(url)
        if found := await self._read(page):
            return found, ()
        if page.state is not State.OK:
            raise UsageError(f"{url} cannot be read: {page.reason}")
        links = feed_links(page.body.decode("utf-8", "replace"), page.url or url)
        for link in [*links, *(urljoin(page.url or url, path) for path in USUAL_PATHS)]:
            if len(self.tried) >= _TRIES:
                break
            if found := await self._try(link):
                return found, tuple(other for other in links if same_address(other) != same_address(found.url))
        tried = "\n".join(f"  {link}: {reason}" for link, reason in self.tried.items())
        raise UsageError(f"no feed was found; tried:\n{tried}")

    async def _try(self, url: str) -> Found | None:
        if url in self.tried:
            return None
        return await self._read(await self._get(url))

    async def _get(self, url: str) -> Fetched:
        fetched: Fetched = await self.fetcher.get(url, now=time.time())
        self.tried[url] = fetched.reason or fetched.state.value
        return fetched

    async def _read(self, fetched: Fetched) -> Found | None:
        """Read a body as a feed, in a child process with limits as every document from the network."""
        if fetched.state is not State.OK:
            return None
        source = Source(id="new", url=fetched.url)
        reading = await self.readers.read(
            Job(
                source=source,
                body=fetched.body,
                url=fetched.url,
                content_type=fetched.content_type,
                known=b"",
                entries_limit=2000,
                now=time.time(),
            )
        )
        parsed: Parsed = reading.parsed
        if parsed.state not in {State.OK, State.EMPTY}:
            self.tried[next(reversed(self.tried))] = parsed.reason or parsed.state.value
            return None
        count = len(reading.articles) + len(reading.failed)
        newest = tuple(article.title for article in reading.articles[:_SHOWN])
        return Found(fetched.url, parsed.title, parsed.language, parsed.format, count, newest)
