"""EDGE: tells systemd how the daemon is (the sd_notify protocol: one datagram of KEY=VALUE lines).

Source: sd_notify(3), "Notes" (a stable protocol). Without $NOTIFY_SOCKET every call does nothing and returns False.
"""

import os
import socket
import time
from collections.abc import Mapping

TIMEOUT = 1.0  # seconds; a full socket must not hold up the daemon


class Notifier:
    """Sends state to the service manager."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Read $NOTIFY_SOCKET, $WATCHDOG_USEC and $WATCHDOG_PID."""
        self._address = environ.get("NOTIFY_SOCKET", "")
        self.watchdog_seconds = _watchdog_of(environ)  # None = systemd does not wait for WATCHDOG=1

    def send(self, *lines: str) -> bool:
        """Send the lines in one datagram; return whether systemd took it."""
        if not self._address.startswith(("/", "@")):
            return False
        # An address that begins with @ is an abstract one: it has no file, and the kernel wants a NUL there.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
                sock.settimeout(TIMEOUT)
                sock.sendto("\n".join(line.replace("\n", " ") for line in lines).encode(), address)
        except OSError:
            return False
        return True

    def ready(self, status: str) -> bool:
        """Say that starting or reloading is over."""
        return self.send("READY=1", f"STATUS={status}")

    def status(self, status: str) -> bool:
        """Set the line that `systemctl status` shows."""
        return self.send(f"STATUS={status}")

    def watchdog(self) -> bool:
        """Say that the last tick was good."""
        return self.send("WATCHDOG=1")

    def reloading(self) -> bool:
        """Say that the configuration is being read again; `ready` ends it."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        return self.send("RELOADING=1", f"MONOTONIC_USEC={now}", "STATUS=reading the configuration again")

    def stopping(self) -> bool:
        """Say that the daemon is on its way out."""
        return self.send("STOPPING=1", "STATUS=stopping: sends and transactions finish")

    def extend(self, seconds: float) -> bool:
        """Ask for that much more time to start or stop, counted from now."""
        return self.send(f"EXTEND_TIMEOUT_USEC={int(seconds * 1_000_000)}")


def _watchdog_of(environ: Mapping[str, str]) -> float | None:
    """Return the watchdog's limit in seconds if it is meant for this process."""
    text, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if not text.isdecimal() or int(text) == 0 or (pid and pid != str(os.getpid())):
        return None
    return int(text) / 1_000_000
