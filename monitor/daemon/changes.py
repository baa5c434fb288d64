"""EDGE: tells when configuration files were changed, once they have been left alone for one look."""

from collections.abc import Iterable
from pathlib import Path

# When it was last changed (ctime: unlike mtime, no tool keeps it), how long it is, which file; None = not there.
Stamp = tuple[int, int, int] | None
Stamps = dict[Path, Stamp]


def stamps(paths: Iterable[Path]) -> Stamps:
    """Return what tells one state of each file or folder from another."""
    return {path: _stamp(path) for path in paths}


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ctime_ns, status.st_size, status.st_ino


class Changes:
    """Compares the watched files with how they were when the configuration was read.

    A change counts when two looks in a row see the same: whoever writes several files, or one slowly, is not
    interrupted in the middle.
    """

    def __init__(self, paths: Iterable[Path], *, since: float) -> None:
        """Take the files as they are now for what was read, except those changed after `since` (epoch seconds)."""
        self._last = stamps(paths)
        self._read = {path: None if _younger(stamp, since) else stamp for path, stamp in self._last.items()}

    def settled(self) -> bool:
        """Look at the files; return whether they differ from what was read, and are the same as at the last look."""
        present = stamps(self._read)
        still = present == self._last
        self._last = present
        return still and present != self._read

    def about_to_read(self) -> None:
        """Take the files as they are now for what was read; call it before reading, so that nothing is missed."""
        self._read = self._last = stamps(self._read)

    def watch(self, paths: Iterable[Path]) -> None:
        """Watch these from now on; those watched before keep the state that was read."""
        present = stamps(paths)
        self._read = {path: self._read.get(path, stamp) for path, stamp in present.items()}
        self._last = dict(self._read)


def _younger(stamp: Stamp, since: float) -> bool:
    return stamp is not None and stamp[0] > since * 1_000_000_000
