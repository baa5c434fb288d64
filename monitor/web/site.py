"""EDGE: what every view has at hand: the configuration as it is now, the database, the templates, who may log in."""

import hashlib
import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import HTMLResponse

from monitor import charts
from monitor.config import RULES, Config, load
from monitor.daemon.changes import Changes
from monitor.errors import ConfigError
from monitor.store import Store
from monitor.web.access import Access
from monitor.web.guard import hosts_of
from monitor.web.live import Hub
from monitor.web.pages import Pages
from monitor.web.readers import Readers, Writer
from monitor.web.remarks import Remarks
from monitor.web.remembered import Remembered
from monitor.web.throttle import Throttle
from monitor.web.views import VIEWS

log = logging.getLogger("monitor.web")
LOOK = 5.0  # seconds between two looks at the files of the configuration
STATIC = Path(__file__).parent / "static"
_PATHS = {view.name: re.sub(r"\{(\w+):\w+\}", r"{\1}", view.path) for view in VIEWS}


@dataclass(slots=True, kw_only=True)
class Site:
    """The parts that views are made with."""

    config: Config
    store: Store  # writes; of any thread, one at a time
    key: bytes  # that signs links
    pages: Pages
    clock: Callable[[], float]
    access: Access
    readers: Readers
    writer: Writer
    hub: Hub
    throttle: Throttle = field(default_factory=Throttle)
    remembered: Remembered = field(default_factory=Remembered)
    remarks: Remarks = field(default_factory=Remarks)
    environ: Mapping[str, str] = field(default_factory=dict)
    port: int | None = None  # that is listened on, where that is not the configured one
    hosts: frozenset[str] = frozenset()  # what the Host header may say
    changes: Changes | None = None
    next_look: float = 0.0  # of the monotonic clock

    def __post_init__(self) -> None:
        """Find out by which names the page is known."""
        self.hosts = hosts_of(self.config.settings.web, port=self.port)

    def renew(self) -> None:
        """Look, now and then, whether the configuration has changed, and read it in a thread of its own."""
        self.changes = self.changes or Changes(_watched(self.config), since=time.time())
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + LOOK
        if self.changes.settled():
            self.changes.about_to_read()
            threading.Thread(target=self._read_again, name="configuration", daemon=True).start()

    def read_now(self) -> None:
        """Use the files as they are now: the page has changed one of them itself."""
        if self.changes is not None:
            self.changes.about_to_read()
        self._read_again()

    def _read_again(self) -> None:
        """Use the new configuration; keep the old one, and say why, where the new one cannot be used."""
        try:
            fresh = load(self.config.folder)
            web = fresh.settings.web.model_copy(update={"listen": self.config.settings.web.listen})
            fresh = replace(fresh, settings=fresh.settings.model_copy(update={"web": web}))
            self.access, self.hosts = Access(web, environ=self.environ), hosts_of(web, port=self.port)
            self.config = fresh
            self.remarks.begin(fresh)
        except ConfigError as error:
            log.warning("the configuration was changed, and cannot be used; the page keeps the old one:\n%s", error)
            return
        if self.changes is not None:
            self.changes.watch(_watched(fresh))
        log.info("the page uses the changed configuration")

    def url(self, name: str, **parts: Any) -> str:
        """Return the address of a view; what is no part of its path becomes the query, without what is empty."""
        path = _PATHS[name]
        for key in list(parts):
            if f"{{{key}}}" in path:
                path = path.replace(f"{{{key}}}", quote(str(parts.pop(key)), safe=""))
        query = urlencode({key: value for key, value in parts.items() if value not in (None, "", ())}, doseq=True)
        return f"{path}?{query}" if query else path

    def message(self, title: str, text: str, *, status: int) -> HTMLResponse:
        """Return a page that says one thing, for somebody who need not be logged in."""
        return self.pages.answer("message.html", status=status, title=title, text=text)

    def close(self) -> None:
        """End what runs beside the requests."""
        self.hub.close()
        self.readers.close()
        self.writer.close()


def _watched(config: Config) -> tuple[Path, ...]:
    return (*config.files, config.folder / RULES)


def hashed_files() -> dict[str, Path]:
    """Return the files of `static/` by the name under which they are served: with a hash of what is in them."""
    found = {}
    for path in sorted(STATIC.iterdir()):
        if path.is_file():
            mark = hashlib.sha256(content(path)).hexdigest()[:12]
            found[f"{path.stem}.{mark}{path.suffix}"] = path
    return found


def content(path: Path) -> bytes:
    """Return what is served of a file of `static/`; the style sheet ends with that of the charts."""
    return path.read_bytes() + (charts.stylesheet().encode() if path.name == "page.css" else b"")


FILES = hashed_files()
ADDRESSES = {path.name: f"/static/{name}" for name, path in FILES.items()}
