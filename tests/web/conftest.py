"""A page to ask: the real application over a real database, and its browser-like client."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from monitor.config import load
from monitor.store import Store
from monitor.web.app import create_app

NOW = 1_780_000_000.0
HERE = "http://127.0.0.1:8787"


@dataclass
class Page:
    """An application, its store (which writes), and a client that keeps cookies as a browser does."""

    app: Starlette
    store: Store
    client: TestClient
    time: list[float]

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, follow_redirects=False, **options)

    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.client.get("/login").text)
        return found[1] if found else ""

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """Send a form as our own page does."""
        sent = {"csrf": self.csrf(), **(data or {})}
        return self.client.post(path, data=sent, follow_redirects=False, **options)


def open_page(folder: Path, settings: str = "", sources: str = "sources: []\n", *, peer: str = "127.0.0.1") -> Page:
    """Make a configuration, a database and the application over them; the clock stands still in `time`."""
    (folder / "monitor.yaml").write_text(f"database: m.db\n{settings}")
    (folder / "sources.yaml").write_text(sources)
    config = load(folder)
    store = Store.open(folder / "m.db")
    store.sources.sync(list(config.sources), NOW)
    time = [NOW]
    app = create_app(config, store, environ={}, clock=lambda: time[0])
    client = TestClient(app, base_url=config.settings.web.url or HERE, client=(peer, 50000))
    return Page(app, store, client, time)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """The page of this machine's own user."""
    found = open_page(tmp_path)
    yield found
    found.app.state.site.close()
    found.store.close()
