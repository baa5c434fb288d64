"""EDGE: counts at every gate and shows it: Prometheus at /metrics, one JSON object at /health; off by default.

The address must be a loopback one, and a request must name it in its Host header: a page in somebody's browser that
points its own name at 127.0.0.1 gets nothing.
"""

import ipaddress
import json
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from monitor import __version__
from monitor.errors import ConfigError, MonitorError, Problem

GATES: Mapping[str, tuple[str, str]] = {  # gate -> (its label or "", what is counted)
    "fetched": ("state", "Polls made, by what the fetch ended in"),
    "unchanged": ("", "Polls that brought nothing new: 304, or the same bytes"),
    "parsed": ("state", "Documents read, by what reading ended in"),
    "unread": ("reason", "Entries of a document that were not read"),
    "new": ("", "Articles that are news"),
    "edited": ("", "New versions of articles already known"),
    "duplicate": ("", "Entries already known, from the same source or another one"),
    "history": ("", "Articles stored and matched, but too old to alert"),
    "matched": ("", "Hits"),
    "held": ("reason", "Alerts that had to wait, by the policy that said so"),
    "suppressed": ("reason", "Alerts dropped, by the policy that said so"),
    "sent": ("channel", "Deliveries made"),
    "failed": ("channel", "Attempts at a delivery that failed"),
}
ALSO: Mapping[tuple[str, str], str] = {  # what the pipeline counts under one gate, shown as one of its own
    ("fetched", "unchanged"): "unchanged",
    ("articles", "new"): "new",
    ("articles", "edited"): "edited",
    ("articles", "sighting"): "duplicate",
    ("articles", "known"): "duplicate",
    ("articles", "history"): "history",
}
STALE = 30.0  # seconds; an older answer about the health is none
REQUESTS = 8  # at once; there is no reason for more from one machine


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How the daemon was at its last tick."""

    ok: bool = False
    status: str = "starting"
    details: Mapping[str, object] = field(default_factory=dict)
    at: float = 0.0  # wall clock
    monotonic: float = float("-inf")


class Metrics:
    """The figures of this process, in a registry of their own."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        self.snapshot = Snapshot()
        self._gates = {gate: self._counter(gate) for gate in GATES}
        self._sources = self._gauge("sources", "Sources, by the state of their last poll", "state")
        self._queue = self._gauge("queue_length", "Deliveries that wait, by channel", "channel")
        self._tick = self._gauge("last_tick_timestamp_seconds", "When the last tick was over")
        self._healthy = self._gauge("healthy", "1 if the last tick was a good one")
        self._reloaded = self._gauge("config_last_reload_successful", "1 if the configuration in use is the newest")
        self._steps = Counter("monitor_clock_steps", "Times that the wall clock jumped", registry=self.registry)
        self._gauge("build_info", "Always 1", "version").labels(__version__).set(1)
        self._reloaded.set(1)
        ProcessCollector(registry=self.registry)

    def add(self, gate: str, label: str = "", n: float = 1) -> None:
        """Count `n` more at a gate of `GATES`; the label is its state, reason or channel."""
        counter = self._gates[gate]
        (counter.labels(label) if GATES[gate][0] else counter).inc(n)

    def take(self, gates: Mapping[tuple[str, str], int]) -> None:
        """Count what the pipeline counted: (gate, label) -> how many."""
        for (gate, label), n in gates.items():
            if gate in GATES:
                self.add(gate, label, n)
            if also := ALSO.get((gate, label)):
                self.add(also, "", n)

    def set_sources(self, states: Mapping[str, int]) -> None:
        """Say how many sources are in which state."""
        _replace(self._sources, states)

    def set_queue(self, lengths: Mapping[str, int]) -> None:
        """Say how many deliveries wait for which channel."""
        _replace(self._queue, lengths)

    def ticked(self, *, ok: bool, status: str, details: Mapping[str, object], now: float, monotonic: float) -> None:
        """Keep what the last tick said; `/health` shows it."""
        self.snapshot = Snapshot(ok, status, details, now, monotonic)
        self._tick.set(now)
        self._healthy.set(ok)

    def reloaded(self, *, ok: bool) -> None:
        """Say whether the configuration on disk is the one in use."""
        self._reloaded.set(ok)

    def stepped(self) -> None:
        """Count one jump of the wall clock."""
        self._steps.inc()

    def text(self) -> bytes:
        """Return everything in Prometheus's text format."""
        return generate_latest(self.registry)

    def health(self, monotonic: float) -> tuple[int, dict[str, object]]:
        """Return HTTP status 200 or 503, and the object that says why."""
        last = self.snapshot
        fresh = monotonic - last.monotonic <= STALE
        body = {"ok": last.ok and fresh, "status": last.status, "last_tick": last.at, "details": dict(last.details)}
        if not fresh and last.at:
            body["status"] = f"no tick for {monotonic - last.monotonic:.0f} seconds; before: {last.status}"
        return (200 if body["ok"] else 503), body

    def _counter(self, gate: str) -> Counter:
        label, meaning = GATES[gate]
        return Counter(f"monitor_{gate}", meaning, [label] if label else [], registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"monitor_{name}", meaning, labels, registry=self.registry)


def _replace(gauge: Gauge, values: Mapping[str, int]) -> None:
    """Set every label, and take away those that are no more."""
    for sample in next(iter(gauge.collect())).samples:
        if (label := next(iter(sample.labels.values()))) not in values:
            gauge.remove(label)
    for label, value in values.items():
        gauge.labels(label).set(value)


class Server(ThreadingHTTPServer):
    """Answers /metrics and /health on one loopback address, in threads of its own."""

    daemon_threads = True
    request_queue_size = 4 * REQUESTS

    def __init__(self, metrics: Metrics, host: str, port: int) -> None:
        """Bind; raises OSError where the address is taken."""
        self.metrics = metrics
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._free = threading.BoundedSemaphore(REQUESTS)
        super().__init__((host, port), Handler)
        self.hosts = _hosts(host, self.server_address[1])

    def serve(self, *, poll: float = 0.5) -> None:
        """Answer from now on, beside everything else; `close` is noticed within `poll` seconds."""
        threading.Thread(target=self.serve_forever, args=(poll,), name="metrics", daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self.shutdown()
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a request only while few are under way."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Make room for the next one when it is over."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a client go away in the middle without a word in the log."""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    timeout = 5
    server_version = "monitor"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer one of the two paths."""
        path = self.path.partition("?")[0]
        if self.headers.get("Host", "").lower() not in self.server.hosts:
            self._answer(421, "text/plain", b"This address is not served here.\n")
        elif path == "/metrics":
            self._answer(200, CONTENT_TYPE_LATEST, self.server.metrics.text())
        elif path == "/health":
            status, body = self.server.metrics.health(time.monotonic())
            self._answer(status, "application/json", json.dumps(body, default=str).encode() + b"\n")
        else:
            self._answer(404, "text/plain", b"There is /metrics and /health.\n")

    do_HEAD = do_GET

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep scrapes out of the log."""


def listen(metrics: Metrics, address: str, *, poll: float = 0.5) -> Server:
    """Serve the figures on `address` (`127.0.0.1:9464`, `[::1]:9464`, `localhost:9464`).

    Raises ConfigError where that is not a loopback address with a port, MonitorError where it is taken.
    """
    host, port = _parse(address)
    try:
        server = Server(metrics, host, port)
    except OSError as error:
        raise MonitorError(f"metrics.listen: cannot listen on {address}: {error.strerror or error}") from None
    server.serve(poll=poll)
    return server


def _parse(address: str) -> tuple[str, int]:
    host, colon, port = address.rpartition(":")
    host = host.strip("[]")
    numeric = "127.0.0.1" if host == "localhost" else host
    try:
        fits = bool(colon) and ipaddress.ip_address(numeric).is_loopback and 0 <= int(port) <= 65535
    except ValueError:
        fits = False
    if not fits:
        hint = "write for example 127.0.0.1:9464; put a proxy with a login before it to reach it from elsewhere"
        message = f"metrics.listen: {address!r} is not a loopback address with a port"
        raise ConfigError([Problem("monitor.yaml", 0, 0, message, hint)])
    return numeric, int(port)


def _hosts(host: str, port: int) -> frozenset[str]:
    names = {"localhost", f"[{host}]" if ":" in host else host}
    return frozenset(f"{name}:{port}" for name in names) | (frozenset(names) if port == 80 else frozenset())
