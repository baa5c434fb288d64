"""EDGE: one monitor a database: whoever works on it holds a lock on the file beside it.

The lock is the system's (flock): it ends with the process, however that ends, so that it can never be left behind.
"""

import contextlib
import fcntl
import os
import time
from pathlib import Path

from monitor.errors import StoreError

TRIES, PAUSE = 5, 0.05  # somebody who only looks holds it for a moment


class Claim:
    """The right to work on a database."""

    def __init__(self, descriptor: int) -> None:
        """Keep the open lock file."""
        self._descriptor = descriptor

    @classmethod
    def take(cls, database: Path) -> "Claim":
        """Claim a database; StoreError says which process has it."""
        try:
            descriptor = os.open(_lock_of(database), os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreError(
                f"{_lock_of(database)} cannot be written: {error.strerror}; make the folder ours"
            ) from error
        for _ in range(TRIES):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, str(os.getpid()).encode(), 0)
                return cls(descriptor)
            time.sleep(PAUSE)
        found = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
        os.close(descriptor)
        who = f"another monitor (process {found or 'unknown'})"
        raise StoreError(f"{who} works on {database}; stop it, or give this one a database of its own")

    def release(self) -> None:
        """Let others have it."""
        os.close(self._descriptor)


def holder(database: Path) -> int | None:
    """Return the process that works on a database, or None where nobody does, or nobody can tell."""
    try:
        descriptor = os.open(_lock_of(database), os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        found = os.pread(descriptor, 20, 0)
        return int(found) if found.strip().isdigit() else None
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return None


def _lock_of(database: Path) -> Path:
    return database.with_name(database.name + ".lock")
