"""What every page has at hand, and the pages for when there is none."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.config import Config
from monitor.store import Store
from monitor.web.pages import Pages

log = logging.getLogger("monitor.web")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The parts that pages are made with."""

    config: Config
    store: Store  # of any thread; one at a time
    key: bytes  # that signs links
    pages: Pages
    clock: Callable[[], float]

    def message(self, title: str, text: str, *, status: int) -> HTMLResponse:
        """Return a page that says one thing."""
        return self.pages.answer("message.html", status=status, title=title, text=text)

    async def nothing_here(self, _: Request) -> HTMLResponse:
        """Answer at the root."""
        return self.message("monitor", "This address answers links from messages.", status=200)

    async def not_found(self, _: Request, __: Exception) -> HTMLResponse:
        """Answer what is not there, or not asked for in this way."""
        return self.message("Not here", "There is no such page.", status=404)

    async def failed(self, _: Request, error: Exception) -> HTMLResponse:
        """Answer when something broke; the log has what."""
        log.error("a page failed: %s", error, exc_info=error)
        return self.message("Not now", "The page could not be made; the monitor's log says why.", status=500)
