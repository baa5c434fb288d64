"""EDGE: one thread that sees what changes in the database and tells every open page; see views/events.py."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.errors import MonitorError
from monitor.store import Store
from monitor.web.blind import stands_still
from monitor.web.readers import Readers

log = logging.getLogger("monitor.web")
EVERY = 1.0  # seconds between two looks
MOST = 100  # pages that listen at once
MOST_OF_ONE = 20  # of them of one user


@dataclass(eq=False, slots=True)
class Listener:
    """A page that listens: topics that changed since it was last told."""

    user: str
    loop: asyncio.AbstractEventLoop
    changed: set[str] = field(default_factory=set)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False

    def tell(self, topics: set[str]) -> None:
        """Add topics, from any thread."""

        def told() -> None:
            self.changed |= topics
            self.woken.set()

        self.loop.call_soon_threadsafe(told)


class Hub:
    """Looks at the database once a second while anybody listens."""

    def __init__(self, readers: Readers, *, every: float = EVERY) -> None:
        """Start nothing yet."""
        self._readers = readers
        self._every = every
        self._listeners: set[Listener] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def join(self, user: str) -> Listener | None:
        """Begin to listen, in the event loop; None where too many do."""
        listener = Listener(user, asyncio.get_running_loop())
        with self._lock:
            of_one = sum(other.user == user for other in self._listeners)
            if self._stop.is_set() or len(self._listeners) >= MOST or of_one >= MOST_OF_ONE:
                return None
            self._listeners.add(listener)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="live", daemon=True)
                self._thread.start()
        return listener

    def leave(self, listener: Listener) -> None:
        """Listen no more."""
        with self._lock:
            self._listeners.discard(listener)

    def close(self) -> None:
        """Send everybody away and end the thread."""
        self._stop.set()
        with self._lock:
            leaving = list(self._listeners)
        for listener in leaving:
            listener.over = True
            _quietly(lambda one=listener: one.tell(set()))  # type: ignore[misc]
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _watch(self) -> None:
        """Compare, and tell, until nobody listens for a while."""
        marks: dict[str, str] = {}
        seen: tuple[int, int, bool] | None = None
        while not self._stop.wait(self._every):
            try:
                with self._readers.reading(2.0) as store:
                    seen, marks = self._look(store, seen, marks)
            except MonitorError as error:
                log.debug("cannot look for changes now: %s", error)
            with self._lock:
                if not self._listeners:
                    self._thread = None
                    return

    def _look(
        self, store: Store, seen: tuple[int, int, bool] | None, marks: dict[str, str]
    ) -> tuple[tuple[int, int, bool], dict[str, str]]:
        # A monitor that died changes nothing. The first number means something within one connection only.
        still = stands_still(store, time.time())
        now = (id(store), store.changes(), still)
        if now == seen:
            return now, marks
        fresh = store.live.marks()
        fresh["watch"] += str(still)
        changed = {topic for topic, mark in fresh.items() if marks.get(topic, mark) != mark}
        if changed:
            with self._lock:
                listening = list(self._listeners)
            for listener in listening:
                _quietly(lambda one=listener: one.tell(changed))  # type: ignore[misc]
        return now, fresh


def _quietly(act: Callable[[], None]) -> None:
    """Tell a listener; its loop may have ended."""
    try:
        act()
    except RuntimeError:
        log.debug("a page has gone")
