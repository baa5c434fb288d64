"""EDGE: runs blocking work in threads of their own, one at a time a lane; who waits for it waits a bounded time.

A thread that hangs cannot be ended. It keeps its lane blocked (and only that one) until it comes back, and it does
not keep the program from ending.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from typing import TypeVar, cast

from monitor.errors import SendError

R = TypeVar("R")


class Lanes:
    """Threads by name; work of one lane is never done twice at a time."""

    def __init__(self, *, timeout: float) -> None:
        """Let nobody wait longer than `timeout` seconds."""
        self._timeout = timeout
        self._since: dict[str, float] = {}  # when the work under way began, monotonic

    def hanging(self) -> dict[str, float]:
        """Return the lanes that are busy, each with the seconds for which it has been."""
        now = time.monotonic()
        return {lane: now - since for lane, since in self._since.items()}

    async def run(self, lane: str, work: Callable[[], R], *, late: Callable[[R], None]) -> R:
        """Return what the work returns, or raise what it raises; SendError if it takes too long.

        A result that comes after that is handed to `late`.
        """
        if (seconds := self.hanging().get(lane)) is not None:
            raise SendError(f"an earlier message has been hanging in the service for {seconds:.0f} s")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()

        def settle(result: R | None, error: BaseException | None) -> None:
            del self._since[lane]
            if future.done():  # nobody waits any more
                if error is None:
                    late(cast(R, result))
            elif error is not None:
                future.set_exception(error)
            else:
                future.set_result(cast(R, result))

        self._since[lane] = time.monotonic()
        threading.Thread(target=_work, args=(loop, work, settle), name=f"send {lane}", daemon=True).start()
        try:
            async with asyncio.timeout(self._timeout):
                return await future
        except TimeoutError:
            raise SendError(f"the service did not answer within {self._timeout:.0f} s") from None


def _work(
    loop: asyncio.AbstractEventLoop,
    work: Callable[[], R],
    settle: Callable[[R | None, BaseException | None], None],
) -> None:
    """Do the work in this thread, and bring what it ended in back to the loop."""
    try:
        ended: tuple[R | None, BaseException | None] = work(), None
    except BaseException as error:  # handed to who waits; nobody else is in this thread
        ended = None, error
    with contextlib.suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(settle, *ended)
