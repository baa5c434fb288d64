"""A configuration folder, a feed server and a webhook receiver on loopback, for the real program."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

Answer = tuple[int, dict[str, str], bytes]


class Loopback:
    """An HTTP server whose answers are functions; it remembers every request."""

    def __init__(self) -> None:
        self.pages: dict[str, Callable[[dict[str, str]], Answer]] = {}
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with outer.lock:
                    outer.requests.append((self.command, self.path, headers, body))
                    page = outer.pages.get(self.path) or outer.pages.get("*")
                    status, extra, content = page(headers) if page else (404, {}, b"nothing here")
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **extra}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port: int = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def serve(self, path: str, body: bytes, kind: str = "application/rss+xml") -> None:
        self.pages[path] = lambda _: (200, {"Content-Type": kind}, body)

    def received(self) -> list[dict[str, object]]:
        """Return the JSON bodies that were posted, each with its idempotency key."""
        with self.lock:
            posts = [(headers, body) for command, _, headers, body in self.requests if command == "POST"]
        return [{**json.loads(body), "key": headers.get("idempotency-key")} for headers, body in posts]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    server = Loopback()
    yield server
    server.close()


@dataclass
class Home:
    """A configuration folder and the program that runs in it."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def environ(self) -> dict[str, str]:
        return {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **self.env}

    def run(self, *words: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monitor", "--config", str(self.folder), *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=self.environ())

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "monitor", "--config", str(self.folder), *words]
        log = (self.folder / "log.txt").open("a")
        return subprocess.Popen(command, stdout=log, stderr=log, text=True, env=self.environ())

    @property
    def database(self) -> Path:
        return self.folder / "monitor.db"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.folder.mkdir()
    return made


SETTINGS = """\
database: monitor.db
network: {{allow: ["127.0.0.0/8"], ports: [{port}]}}
polling: {{min_interval: 1s, first_interval: 1s, max_interval: 2s, host_gap: 0s, jitter: 0, max_backoff: 2s}}
retention: {{free_space: 1M}}
"""

RULES = """\
rules:
  - id: border
    name: Forces move toward a border
    severity: high
    match: {near: {within: sentence, of: [[troops, soldiers], [border, frontier]]}}
"""


def rss(items: list[tuple[str, str, str]], link: str = "http://news.example/") -> bytes:
    """Make an RSS document of (guid, title, summary)."""
    body = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><link>{link}{guid}</link>"
        f"<description>{summary}</description></item>"
        for guid, title, summary in items
    )
    head = f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>T</title><link>{link}</link>"
    return f"{head}{body}</channel></rss>".encode()
