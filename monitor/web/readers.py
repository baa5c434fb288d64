"""EDGE: read-only connections for looking, and one connection for writing; views get them through `Ask`."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from monitor.errors import StoreError
from monitor.store import Store

MOST = 6  # connections that are kept open when nobody reads


class Readers:
    """A pool of read-only stores; each is used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open nothing yet; the database need not exist."""
        self.path = path
        self._free: list[tuple[tuple[int, int], Store]] = []
        self._lock = threading.Lock()

    @contextmanager
    def reading(self, seconds: float) -> Iterator[Store]:
        """Lend a store; StoreError without a database, TooSlow for questions that take longer than so many seconds."""
        file, store = self._take()
        try:
            with store.hurry(seconds):
                yield store
        except StoreError:
            store.close()  # it may be of no more use
            raise
        except BaseException:
            self._give_back(file, store)
            raise
        self._give_back(file, store)

    def _take(self) -> tuple[tuple[int, int], Store]:
        file = _file(self.path)
        with self._lock:
            while self._free:
                known, store = self._free.pop()
                if known == file:
                    return known, store
                store.close()  # somebody has put another database (a restored backup) in its place
        return file, Store.open(self.path, read_only=True)

    def _give_back(self, file: tuple[int, int], store: Store) -> None:
        with self._lock:
            if len(self._free) < MOST:
                self._free.append((file, store))
                return
        store.close()

    def close(self) -> None:
        """Close what is open."""
        with self._lock:
            for _, store in self._free:
                with suppress(Exception):
                    store.close()
            self._free.clear()


def _file(path: Path) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


class Writer:
    """The one connection for writing, opened when it is first needed; a thread waits for the one before it."""

    def __init__(self, path: Path, store: Store | None = None) -> None:
        """Use a store that is open already, or open one later."""
        self.path = path
        self._store = store
        self._file = _file(path)
        self._own = store is None
        self._lock = threading.Lock()

    @contextmanager
    def writing(self) -> Iterator[Store]:
        """Lend the store that can write; make transactions short: the daemon waits for them."""
        with self._lock:
            if (file := _file(self.path)) != self._file:
                self._leave()  # somebody has put another database in its place: what is written to this one is lost
            if self._store is None:
                self._store, self._file, self._own = Store.open(self.path, create=False), file, True
            yield self._store

    def _leave(self) -> None:
        """Use the open store no more; whoever has opened it closes it."""
        if self._own and self._store is not None:
            self._store.close()
        self._store = None

    def close(self) -> None:
        """Close the connection, if it was opened here."""
        self._leave()
