"""EDGE: one connection a host, with a pause between two polls, and a bound on all of them together.

A poll that has taken long gives its place to the next one and ends beside it, so that many slow hosts do not keep the
quick ones waiting; how many may be slow at once is bounded, too.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PATIENCE = 3.0  # seconds until a poll counts as slow
SLOW = 3  # slow polls for each place
MANY = 256  # pauses that are remembered before those that have passed are looked for


class Hosts:
    """Slots: whoever wants to poll a host waits for its turn."""

    def __init__(self, *, concurrency: int, gap: float, patience: float = PATIENCE) -> None:
        """`concurrency` polls at once over all hosts; `gap` seconds between two of one host."""
        self._places = _Places(concurrency, patience)
        self._gap = gap
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}
        self._free_at: dict[str, float] = {}
        self._many = MANY

    def ready(self, host: str) -> bool:
        """Tell whether a poll of this host would not have to wait for the host."""
        return host not in self._locks and self._pause(host) <= 0

    def wanted(self, host: str) -> bool:
        """Tell whether somebody waits for a host that is being polled."""
        return self._waiting.get(host, 0) > 1

    @asynccontextmanager
    async def slot(self, host: str) -> AsyncIterator[None]:
        """Hold a host for one poll; the wait for its turn takes no place from other hosts."""
        lock = self._locks.setdefault(host, asyncio.Lock())
        self._waiting[host] = self._waiting.get(host, 0) + 1
        try:
            async with lock:
                if (pause := self._pause(host)) > 0:
                    await asyncio.sleep(pause)
                try:
                    async with self._places.one():
                        yield
                finally:
                    if self._gap > 0:
                        self._free_at[host] = asyncio.get_running_loop().time() + self._gap
        finally:
            self._leave(host)

    def _pause(self, host: str) -> float:
        """Return the seconds until a host may be polled again."""
        if free := self._free_at.get(host):
            return free - asyncio.get_running_loop().time()
        return 0.0

    def _leave(self, host: str) -> None:
        self._waiting[host] -= 1
        if self._waiting[host]:
            return
        del self._waiting[host], self._locks[host]
        if len(self._free_at) > self._many:
            now = asyncio.get_running_loop().time()
            self._free_at = {one: free for one, free in self._free_at.items() if free > now}
            self._many = 2 * len(self._free_at) + MANY


class _Places:
    """The places of the quick polls, and the room beside them for those that turned out slow."""

    def __init__(self, number: int, patience: float) -> None:
        self._quick = asyncio.Semaphore(number)
        self._slow = SLOW * number
        self._patience = patience

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Take a place for the time of a poll."""
        await self._quick.acquire()
        moved = False

        def move() -> None:
            nonlocal moved
            if self._slow > 0:
                moved = True
                self._slow -= 1
                self._quick.release()

        timer = asyncio.get_running_loop().call_later(self._patience, move)
        try:
            yield
        finally:
            timer.cancel()
            if moved:
                self._slow += 1
            else:
                self._quick.release()
