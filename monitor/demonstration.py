"""EDGE: serves the demo feeds on loopback and receives the alerts, so that `monitor demo` is the real thing.

The feeds of `seeds/demo/` carry times as `@rfc822:-14@` or `@iso:-14@`: minutes from now, in the feed's own format.
"""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

KINDS = {".xml": "application/xml; charset=utf-8", ".json": "application/feed+json"}
FORMATS: dict[str, Callable[[datetime], str]] = {
    "rfc822": format_datetime,
    "iso": lambda moment: moment.isoformat(timespec="seconds"),
}


@dataclass(frozen=True, slots=True)
class Received:
    """One message as the channel got it."""

    title: str
    body: str


class Stage:
    """A loopback HTTP server: GET gives a feed as it stands at the moment, POST is a channel that keeps messages."""

    def __init__(self, folder: Path) -> None:
        """Serve each feed of `folder/earlier` until `move_on` is called for it, then that of `folder/now`."""
        self.folder = folder
        self.moved: set[str] = set()
        self.received: list[Received] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.port: int = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True, name="demo server").start()

    def move_on(self, name: str) -> None:
        """From here on the feed of this name brings its news."""
        self.moved.add(name)

    def feeds(self) -> dict[str, str]:
        """Return the feeds' URLs by file name."""
        names = sorted(path.name for path in (self.folder / "now").iterdir())
        return {name: f"http://127.0.0.1:{self.port}/{name}" for name in names}

    def channel(self) -> str:
        """Return the apprise URL of the channel."""
        return f"json://127.0.0.1:{self.port}/alerts"

    def close(self) -> None:
        """End the server."""
        self.server.shutdown()
        self.server.server_close()

    def page(self, name: str) -> bytes | None:
        """Return a feed with its times filled in, or None where there is none of that name."""
        path = self.folder / ("now" if name in self.moved else "earlier") / name
        if path.name != name or not path.is_file():
            return None
        return with_times(path.read_text(encoding="utf-8"), datetime.now(UTC)).encode()

    def take(self, body: bytes) -> None:
        """Keep a message that was posted to the channel."""
        message: dict[str, Any] = json.loads(body)
        self.received.append(Received(str(message.get("title", "")), str(message.get("message", ""))))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stage = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.lstrip("/")
                content = stage.page(name)
                self.answer(404 if content is None else 200, content or b"", KINDS.get(Path(name).suffix, "text/plain"))

            def do_POST(self) -> None:
                stage.take(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
                self.answer(200, b"ok", "text/plain")

            def answer(self, status: int, content: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing: the terminal belongs to the demonstration."""

        return Handler


def with_times(text: str, now: datetime) -> str:
    """Fill in the times of a demo feed; tokens name a format and minutes from now."""

    def moment(found: re.Match[str]) -> str:
        return FORMATS[found[1]](now + timedelta(minutes=int(found[2])))

    return re.sub(r"@(rfc822|iso):(-?\d+)@", moment, text)
