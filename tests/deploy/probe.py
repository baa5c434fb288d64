"""Runs inside the hardened unit, under the real daemon, and writes as JSON what it can do there."""

import ctypes
import errno
import json
import mmap
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from standin import StandIn

from monitor.daemon import run
from monitor.log import setup
from monitor.metrics import Metrics

STATE = Path(os.environ["STATE_DIRECTORY"])


def attempt(action: Callable[[], object]) -> object:
    """Return what it returns, or the name of the error."""
    try:
        return action()
    except TimeoutError:
        return "timeout"
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))


def connect(address: str) -> str:
    """Connect to a listener of our own at that address."""
    with socket.socket() as listener, socket.socket() as caller:
        listener.bind((address, 0))
        listener.listen()
        caller.settimeout(2)
        caller.connect(listener.getsockname())
        return "connected"


def start_from_state() -> str:
    program = STATE / "program"
    program.write_text("#!/bin/sh\necho ran\n")
    program.chmod(0o700)
    return subprocess.run([program], capture_output=True, text=True, check=True).stdout.strip()


def limited_child() -> str:
    """Start Python again with limits, as the parser's children have them."""
    code = (
        "import resource as r; r.setrlimit(r.RLIMIT_CPU, (5, 5)); r.setrlimit(r.RLIMIT_AS, (2**29, 2**29)); print('ok')"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def writable_code() -> str:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()
    return "mapped"


def credentials() -> dict[str, str]:
    return {file.name: file.read_text().strip() for file in Path(os.environ["CREDENTIALS_DIRECTORY"]).iterdir()}


def look() -> dict[str, object]:
    """Try everything that the unit allows or forbids."""
    return {
        "credentials": attempt(credentials),
        "secrets folder": attempt(lambda: os.listdir("/etc/monitor/secrets")),
        "configuration": attempt(lambda: Path("/etc/monitor/monitor.yaml").read_text() and "read"),
        "write /etc": attempt(lambda: Path("/etc/monitor/x").write_text("x")),
        "write state": attempt(lambda: (STATE / "x").write_text("x")),
        "start from state": attempt(start_from_state),
        "limited child": attempt(limited_child),
        "writable code": attempt(writable_code),
        "loopback": attempt(lambda: connect("127.0.0.1")),
        "private network": attempt(lambda: connect("10.9.9.9")),
        "raw packets": attempt(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()),
        "become root": attempt(lambda: os.setuid(0)),
        "processes": sum(name.isdecimal() for name in os.listdir("/proc")),
        "user": os.getuid(),
        "no new privileges": ctypes.CDLL(None).prctl(39, 0, 0, 0, 0),
        "core files": resource.getrlimit(resource.RLIMIT_CORE)[1],
    }


class Probe(StandIn):
    """Looks around once, before it says that it is ready."""

    async def start(self, now: float) -> None:
        (STATE / "probe.json").write_text(json.dumps(look()))
        await super().start(now)


if __name__ == "__main__":
    setup(environ=os.environ)
    sys.exit(run(Probe(STATE, frozenset(sys.argv[1:])), metrics=Metrics()))
