"""EDGE: what every view has at hand: the configuration as it is now, the database, the templates, who may log in."""

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import HTMLResponse

from monitor import charts
from monitor.config import Config
from monitor.store import Store
from monitor.web.access import Access
from monitor.web.live import Hub
from monitor.web.pages import Pages
from monitor.web.readers import Readers, Writer
from monitor.web.remembered import Remembered
from monitor.web.throttle import Throttle
from monitor.web.views import VIEWS

log = logging.getLogger("monitor.web")
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
