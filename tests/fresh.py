"""New databases, each a copy of one that was made by all migrations once: to make one takes 15 ms, to copy it 2."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from monitor.store import Store


@cache
def folder() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder of this process for what is made once; it goes with the process."""
    return tempfile.TemporaryDirectory(prefix="monitor-tests-")


@cache
def _made() -> Path:
    path = Path(folder().name) / "monitor.db"
    Store.open(path).close()
    return path


def store(path: Path) -> Store:
    """Open a database, and make it where it does not exist."""
    if not path.exists():
        shutil.copyfile(_made(), path)
    return Store.open(path)
