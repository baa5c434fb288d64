"""EDGE: one connection of the server; it does not wait for ever for the other side.

uvicorn closes what is idle between two requests, but waits without end for one that never comes whole, and for somebody
who does not read: a few hundred of these would keep everybody else out.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

ARRIVES = 20.0  # seconds that a request may take to arrive, its body with it
READS = 60.0  # seconds in which the other side has to take some of an answer
_UNDER_WAY: Final = (h11.IDLE, h11.SEND_BODY)  # what the other side is at while its request is not whole


class Alarm:
    """Does something after a while, unless it is stopped before."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for nothing yet."""
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None

    def start(self, seconds: float, act: Callable[[], None]) -> None:
        """Begin to wait; one that waits already goes on."""
        self._timer = self._timer or self._loop.call_later(seconds, act)

    def stop(self) -> None:
        """Wait no more."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None


class Connection(H11Protocol):
    """HTTP/1.1 with an end to patience."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """Wait for nothing yet."""
        super().__init__(*given, **named)
        self._comes, self._goes = Alarm(self.loop), Alarm(self.loop)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request; go on waiting until it is whole."""
        super().data_received(data)
        if self.conn.their_state in _UNDER_WAY:
            self._wait()
        else:
            self._comes.stop()

    def _should_upgrade(self) -> bool:
        """Speak nothing but HTTP/1.1; uvicorn would advise the log of each request to install something."""
        return False

    def on_response_complete(self) -> None:
        """Wait for the next request from its first byte on only; until then the connection may be idle."""
        self._comes.stop()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Give the other side a while to read."""
        super().pause_writing()
        self._goes.start(READS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: it has read."""
        self._goes.stop()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._comes.stop()
        self._goes.stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if not self.transport.is_closing():
            self._comes.start(ARRIVES, self.transport.abort)
