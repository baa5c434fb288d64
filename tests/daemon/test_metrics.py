"""What a scrape sees, over a real connection."""

import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.errors import ConfigError, MonitorError
from monitor.metrics import GATES, REQUESTS, Metrics, Server, listen


@pytest.fixture
def served() -> Iterator[tuple[Metrics, Server]]:
    metrics = Metrics()
    server = listen(metrics, "127.0.0.1:0", poll=0.02)
    yield metrics, server
    server.close()


def ask(server: Server, path: str, *, method: str = "GET", host: str | None = None) -> tuple[int, str]:
    port = server.server_address[1]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    connection.request(method, path, headers={"Host": host if host is not None else f"127.0.0.1:{port}"})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_every_gate_is_counted(served: tuple[Metrics, Server]) -> None:
    metrics, server = served
    for gate, (label, _) in GATES.items():
        metrics.add(gate, "x" if label else "", 2)
    _, text = ask(server, "/metrics")
    for gate, (label, _) in GATES.items():
        assert f"monitor_{gate}_total{{{label}=" in text if label else f"monitor_{gate}_total 2.0" in text
    assert "process_resident_memory_bytes" in text


def test_what_the_pipeline_counts_is_shown_gate_by_gate(served: tuple[Metrics, Server]) -> None:
    metrics, server = served
    metrics.take(
        {("fetched", "unchanged"): 3, ("articles", "new"): 4, ("articles", "known"): 5, ("articles", "sighting"): 1}
    )
    _, text = ask(server, "/metrics")
    assert 'monitor_fetched_total{state="unchanged"} 3.0' in text
    assert "monitor_unchanged_total 3.0" in text
    assert "monitor_new_total 4.0" in text
    assert "monitor_duplicate_total 6.0" in text


def test_a_state_that_is_no_more_is_not_shown(served: tuple[Metrics, Server]) -> None:
    metrics, server = served
    metrics.set_sources({"ok": 3, "gone": 1})
    metrics.set_sources({"ok": 4})
    metrics.set_queue({"mail": 7})
    _, text = ask(server, "/metrics")
    assert 'monitor_sources{state="ok"} 4.0' in text
    assert "gone" not in text
    assert 'monitor_queue_length{channel="mail"} 7.0' in text


def test_health_follows_the_tick(served: tuple[Metrics, Server]) -> None:
    metrics, server = served
    assert ask(server, "/health")[0] == 503
    metrics.ticked(ok=True, status="2 sources", details={"queue": 0}, now=5.0, monotonic=time.monotonic())
    status, text = ask(server, "/health")
    assert status == 200
    assert json.loads(text) == {"ok": True, "status": "2 sources", "last_tick": 5.0, "details": {"queue": 0}}
    metrics.ticked(ok=False, status="no database", details={}, now=6.0, monotonic=time.monotonic())
    assert ask(server, "/health")[0] == 503


def test_an_old_tick_is_no_good_tick(served: tuple[Metrics, Server]) -> None:
    metrics, server = served
    metrics.ticked(ok=True, status="fine", details={}, now=5.0, monotonic=time.monotonic() - 60)
    status, text = ask(server, "/health")
    assert status == 503
    assert "no tick for 60 seconds; before: fine" in text


def test_only_the_two_paths_and_only_for_this_host(served: tuple[Metrics, Server]) -> None:
    _, server = served
    port = server.server_address[1]
    assert ask(server, "/")[0] == 404
    assert ask(server, "/metrics", method="HEAD") == (200, "")
    assert ask(server, "/metrics", method="POST")[0] == 501
    assert ask(server, "/metrics", host=f"localhost:{port}")[0] == 200
    for host in (f"evil.example:{port}", "localhost", "127.0.0.1", ""):
        assert ask(server, "/metrics", host=host)[0] == 421


def test_idle_connections_do_not_pile_up(served: tuple[Metrics, Server]) -> None:
    _, server = served
    idle = [socket.create_connection(server.server_address[:2]) for _ in range(REQUESTS)]
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        ask(server, "/health")
    for sock in idle:
        sock.close()
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        try:
            ask(server, "/health")
            return
        except (http.client.RemoteDisconnected, ConnectionResetError):
            time.sleep(0.02)
    pytest.fail("the places were not given back")


@pytest.mark.parametrize("address", ["0.0.0.0:9464", "10.0.0.1:9464", ":9464", "9464", "host.example:1", "127.0.0.1:x"])
def test_only_loopback_is_served(address: str) -> None:
    with pytest.raises(ConfigError, match="loopback"):
        listen(Metrics(), address)


def test_a_taken_port_is_said_clearly(served: tuple[Metrics, Server]) -> None:
    _, server = served
    with pytest.raises(MonitorError, match="cannot listen on"):
        listen(Metrics(), f"127.0.0.1:{server.server_address[1]}")


def test_every_metric_is_described_in_the_docs(served: tuple[Metrics, Server]) -> None:
    metrics, _ = served
    text = (Path(__file__).parents[2] / "docs/operations.md").read_text()
    described = set(re.findall(r"^\| `(monitor_\w+)`", text, re.MULTILINE))
    exposed = set(re.findall(r"^# TYPE (monitor_\w+) ", metrics.text().decode(), re.MULTILINE))
    assert described == {name for name in exposed if not name.endswith("_created")}
