"""A page to ask: the real application behind its real server on loopback, over a real database."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from monitor.config import Config, load
from monitor.model import Role
from monitor.store import Store
from monitor.web.app import create_app
from monitor.web.serve import bound, server_of
from monitor.web.site import Site
from tests import fresh
from tests.web import worlds

NOW = 1_790_000_000.0
PASSWORD = "correct horse"


@dataclass
class Page:
    """A server under way, its store (which writes), its clock, and a client that keeps cookies as a browser does."""

    app: Starlette
    config: Config
    store: Store
    client: httpx.Client
    url: str
    time: list[float] = field(default_factory=lambda: [NOW])

    @property
    def site(self) -> Site:
        site: Site = self.app.state.site
        return site

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, **options)

    def csrf(self, path: str = "/help") -> str:
        """Return the token of a page, which also gives the cookie that belongs to it."""
        page = self.client.get(path)
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
        if found is None and path != "/login":
            return self.csrf("/login")
        assert found, page.text
        return found[1]

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """Send a form as our own page does."""
        return self.client.post(path, data={"csrf": self.csrf(), **(data or {})}, **options)

    def log_in(self, name: str, password: str = PASSWORD, **data: str) -> httpx.Response:
        """Send the form of the login."""
        sent = {"csrf": self.csrf("/login"), "name": name, "password": password, **data}
        return self.client.post("/login", data=sent)

    def account(self, name: str, role: Role) -> None:
        """Make an account with the password of these tests."""
        worlds.account(self.store, name, PASSWORD, role, NOW)

    def as_(self, name: str) -> "Page":
        """Return the same page for another browser, logged in."""
        other = Page(
            self.app, self.config, self.store, httpx.Client(base_url=self.url, timeout=20), self.url, self.time
        )
        assert other.log_in(name).status_code == 303
        return other


Opened = Callable[..., Page]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Start pages over configurations of a test's own."""
    running: list[tuple[Page, Any, threading.Thread, Any]] = []

    def start(
        settings: str = "", *, sources: str = "sources: []\n", rules: str = "", environ: dict[str, str] | None = None
    ) -> Page:
        folder = tmp_path / f"page{len(running)}"
        folder.mkdir()
        (folder / "monitor.yaml").write_text(f"database: m.db\n{settings}")
        (folder / "sources.yaml").write_text(sources)
        if rules:
            (folder / "rules").mkdir()
            (folder / "rules" / "own.yaml").write_text(rules)
        config = load(folder)
        store = fresh.store(folder / "m.db")
        store.sources.sync(list(config.sources), NOW)
        time, door = [NOW], bound("127.0.0.1:0")
        port = door.getsockname()[1]
        app = create_app(config, store, environ=environ or {}, port=port, clock=lambda: time[0])
        server = server_of(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{port}"
        page = Page(app, config, store, httpx.Client(base_url=url, timeout=20), url, time)
        running.append((page, server, thread, door))
        return page

    yield start
    for page, server, thread, door in running:
        page.client.close()
        server.should_exit = True
        thread.join(10)
        door.close()
        page.store.close()


@pytest.fixture
def page(opened: Opened) -> Page:
    """The page of this machine's own user, over a database with something in it."""
    found = opened()
    worlds.fill(found.store, NOW, stories=12, sources=8)
    return found
