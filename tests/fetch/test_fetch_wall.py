"""The second wall, in a process of its own: it cannot be taken down again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.faults import Canary, Faults

ROOT = Path(__file__).parents[2]

SCRIPT = """
import asyncio, json, smtplib, socket, sys, urllib.request
import requests
from monitor.fetch.guard import Allow
from monitor.fetch.wall import Walled, install_wall

port, http = int(sys.argv[1]), int(sys.argv[2])
install_wall(Allow.parse(json.loads(sys.argv[3])))

def by_asyncio(host):
    async def connect():
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 3)
        writer.close()
    asyncio.run(connect())

def by_datagram(host):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", (host, port))

def by_name(host):
    with socket.socket() as sock:
        sock.settimeout(3)
        sock.connect((host, port))

WAYS = {
    "smtplib": lambda host: smtplib.SMTP(host, port, timeout=1),
    "requests": lambda host: requests.get(f"http://{host}:{http}/ok", timeout=3).raise_for_status(),
    "urllib": lambda host: urllib.request.urlopen(f"http://{host}:{http}/ok", timeout=3),
    "socket": by_name,
    "asyncio": by_asyncio,
    "datagram": by_datagram,
}
said = {}
for way, go in WAYS.items():
    for host in ("127.0.0.1", "localhost"):
        try:
            go(host)
            said[f"{way} {host}"] = "passed"
        except Exception as error:
            causes = [error, error.__cause__, error.__context__, getattr(error, "reason", None)]
            walled = any(isinstance(one, Walled) for one in causes) or "network.allow" in str(error)
            said[f"{way} {host}"] = "refused" if walled else f"passed, then {type(error).__name__}"
left, right = socket.socketpair()
unix = socket.socket(socket.AF_UNIX)
try:
    unix.connect("/nonexistent/socket")
except FileNotFoundError:
    said["unix"] = "passed"
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.connect(("127.0.0.1", 9))
    said["own address"] = "passed"
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.sendto(b"", ("127.0.0.1", 53))
    said["name service"] = "passed"
print(json.dumps(said))
"""


def run(canary: Canary, faults: Faults, allow: list[str]) -> dict[str, str]:
    command = [sys.executable, "-c", SCRIPT, str(canary.port), str(faults.port), json.dumps(allow)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60, env={**os.environ, "no_proxy": "*"}
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


PASSES = {"unix", "own address", "name service"}


def test_no_library_gets_around_the_wall(faults: Faults) -> None:
    with Canary() as canary:
        said = run(canary, faults, [])
    assert {way for way, how in said.items() if how == "passed"} == PASSES
    assert {how for way, how in said.items() if way not in PASSES} == {"refused"}
    assert canary.accepted == 0
    assert not faults.requests


@pytest.mark.parametrize("allow", [["127.0.0.0/8", "::1"], ["localhost"]])
def test_exceptions_open_it(allow: list[str], faults: Faults) -> None:
    """A name opens the addresses that it leads to: a library shows only these."""
    with Canary() as canary:
        said = run(canary, faults, allow)
    assert not [way for way, how in said.items() if how == "refused"]
    assert canary.accepted >= 4
    assert len(faults.requests) == 4


def test_an_exception_for_one_port_opens_that_port_only(faults: Faults) -> None:
    with Canary() as canary:
        said = run(canary, faults, [f"localhost:{faults.port}"])
    assert {way for way, how in said.items() if how == "refused"} == {
        f"{way} {host}" for way in ("smtplib", "socket", "asyncio", "datagram") for host in ("127.0.0.1", "localhost")
    }
    assert canary.accepted == 0
