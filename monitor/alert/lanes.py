"""EDGE: runs blocking work in threads of their own, one at a time a lane; who waits for it waits a bounded time.

A thread that hangs cannot be ended. It keeps its lane blocked (and only that one) until it comes back, and it does
not keep the program from ending.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from monitor.errors import SendError

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Running:
    thread: threading.Thread
    since: float  # monotonic


class Lanes:
    """Threads by name; work of one lane is never done twice at a time."""

    def __init__(self, *, timeout: float) -> None:
        """Let nobody wait longer than `timeout` seconds."""
        self._timeout = timeout
        self._running: dict[str, _Running] = {}

    def hanging(self) -> dict[str, float]:
        """Return the lanes that are busy, each with the seconds for which it has been."""
        now = time.monotonic()
        return {lane: now - one.since for lane, one in self._running.items() if one.thread.is_alive()}

    async def run(self, lane: str, work: Callable[[], R], *, late: Callable[[R], None]) -> R:
        """Return what the work returns, or raise what it raises; SendError if it takes too long.

        A result that comes after that is handed to `late`.
        """
        if (seconds := self.hanging().get(lane)) is not None:
            raise SendError(f"an earlier message has been hanging in the service for {seconds:.0f} s")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        thread = threading.Thread(target=_work, args=(loop, future, work, late), name=f"send {lane}", daemon=True)
        self._running[lane] = _Running(thread, time.monotonic())
        thread.start()
        try:
            async with asyncio.timeout(self._timeout):
                return await future
        except TimeoutError:
            raise SendError(f"the service did not answer within {self._timeout:.0f} s") from None


def _work(
    loop: asyncio.AbstractEventLoop, future: asyncio.Future[R], work: Callable[[], R], late: Callable[[R], None]
) -> None:
    """Do the work in this thread, and bring what it ended in back to the loop."""

    def settle(result: R | None, error: BaseException | None) -> None:
        if future.done():  # nobody waits any more
            if error is None:
                late(cast(R, result))
        elif error is not None:
            future.set_exception(error)
        else:
            future.set_result(cast(R, result))

    try:
        ended: tuple[R | None, BaseException | None] = work(), None
    except BaseException as error:  # handed to who waits; nobody else is in this thread
        ended = None, error
    with contextlib.suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(settle, *ended)
