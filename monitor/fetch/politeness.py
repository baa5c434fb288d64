"""One connection a host, with a pause between two polls, and a bound on all of them together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Hosts:
    """Slots: whoever wants to poll a host waits for its turn."""

    def __init__(self, *, concurrency: int, gap: float) -> None:
        """`concurrency` polls at once over all hosts; `gap` seconds between two of one host."""
        self._all = asyncio.Semaphore(concurrency)
        self._gap = gap
        self._locks: dict[str, asyncio.Lock] = {}
        self._free_at: dict[str, float] = {}
        self._waiting: dict[str, int] = {}

    @asynccontextmanager
    async def slot(self, host: str) -> AsyncIterator[None]:
        """Hold a host for one poll; the wait for its turn takes no place from other hosts."""
        lock = self._locks.setdefault(host, asyncio.Lock())
        self._waiting[host] = self._waiting.get(host, 0) + 1
        try:
            async with lock:
                await self._pause(host)
                async with self._all:
                    yield
                self._free_at[host] = asyncio.get_running_loop().time() + self._gap
        finally:
            self._waiting[host] -= 1
            if not self._waiting[host]:
                self._forget(host)

    async def _pause(self, host: str) -> None:
        wait = self._free_at.get(host, 0.0) - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)

    def _forget(self, host: str) -> None:
        del self._waiting[host], self._locks[host]
        now = asyncio.get_running_loop().time()
        for one in [one for one, free in self._free_at.items() if free < now]:
            del self._free_at[one]
