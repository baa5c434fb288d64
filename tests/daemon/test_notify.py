"""The datagrams that systemd would get, read from a real socket."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.notify import Notifier


@pytest.fixture(params=["file", "abstract"])
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    name = str(tmp_path / "notify") if request.param == "file" else f"@monitor-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind("\0" + name[1:] if name.startswith("@") else name)
        sock.settimeout(2)
        yield name, sock


def test_each_message_is_one_datagram(listener: tuple[str, socket.socket]) -> None:
    address, sock = listener
    notifier = Notifier({"NOTIFY_SOCKET": address})
    said = {
        b"READY=1\nSTATUS=2 sources": notifier.ready("2 sources"),
        b"STATUS=one line": notifier.status("one\nline"),
        b"WATCHDOG=1": notifier.watchdog(),
        b"EXTEND_TIMEOUT_USEC=1500000": notifier.extend(1.5),
    }
    assert all(said.values())
    assert [sock.recv(4096) for _ in said] == list(said)


def test_reloading_carries_the_monotonic_clock(listener: tuple[str, socket.socket]) -> None:
    address, sock = listener
    assert Notifier({"NOTIFY_SOCKET": address}).reloading()
    fields = dict(line.split("=", 1) for line in sock.recv(4096).decode().splitlines())
    assert fields["RELOADING"] == "1"
    assert int(fields["MONOTONIC_USEC"]) > 0


@pytest.mark.parametrize("environ", [{}, {"NOTIFY_SOCKET": "/nowhere/at-all"}, {"NOTIFY_SOCKET": "vsock:2:1"}])
def test_without_a_listener_nothing_is_said_and_nothing_breaks(environ: dict[str, str]) -> None:
    assert Notifier(environ).ready("alone") is False


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({"WATCHDOG_USEC": "90000000"}, 90.0),
        ({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": str(os.getpid())}, 90.0),
        ({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_meant_for_this_process_only(environ: dict[str, str], seconds: float | None) -> None:
    assert Notifier(environ).watchdog_seconds == seconds
