"""EDGE: libcurl on the event loop: one handle a transfer, all of them driven by one loop without threads.

libcurl says by callbacks which sockets and timers it waits for (its "multi socket" interface), and gives headers and
body as they come. Nothing here knows HTTP: libcurl speaks it, this moves its words to who awaits them.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from typing import Any

import pycurl

LINE = 16384  # bytes of the status line or of one header, at most
BLOCK = 65536  # bytes of all headers of one answer, at most
KEPT = 64  # connections that wait for another request, at most
READ, WRITE = pycurl.POLL_IN, pycurl.POLL_OUT


class CurlError(Exception):
    """What libcurl says went wrong: its code, its words, and the system's error number (0 = none)."""

    def __init__(self, code: int, message: str, number: int = 0) -> None:
        """Keep what it said."""
        super().__init__(message)
        self.code = code
        self.number = number


class BadHeaders(Exception):
    """The headers of an answer are larger than any feed's."""


class Transfer:
    """One request and its answer; whoever made it ends it by `close`."""

    def __init__(self, handle: Any) -> None:
        """Take a handle on which everything but the callbacks is set."""
        self.handle = handle
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.wants_certificate = False
        self.certificate: tuple[float, float] | None = None  # from when, and until when it is valid; at the end
        self.refused: Exception | None = None  # what one of our own callbacks refused: the cause of libcurl's error
        self._headed = asyncio.get_running_loop().create_future()
        self._pieces: list[bytes] = []
        self._size = 0
        self._ended = False
        self._error: Exception | None = None
        self._news: asyncio.Future[None] | None = None  # whoever waits for the body
        handle.setopt(pycurl.HEADERFUNCTION, self._on_header)
        handle.setopt(pycurl.WRITEFUNCTION, self._pieces_in)

    async def head(self) -> None:
        """Wait for status and headers; raise what went wrong before them."""
        await self._headed

    async def pieces(self) -> AsyncIterator[bytes]:
        """Give the body as it comes; raise what broke it off."""
        while True:
            if self._pieces:
                pieces, self._pieces = self._pieces, []
                for piece in pieces:
                    yield piece
            elif self._ended:
                if self._error:
                    raise self._error
                return
            else:
                self._news = asyncio.get_running_loop().create_future()
                await self._news

    def end(self, error: Exception | None) -> None:
        """Take libcurl's word that nothing more comes."""
        self._ended, self._error = True, error and self._named(error)
        if not self._headed.done():
            if self._error:
                self._headed.set_exception(self._error)
                self._headed.exception()  # whoever gave up waiting need not hear of it
            else:
                self._headed.set_result(None)
        self._wake()

    def _named(self, error: Exception) -> Exception:
        if self.refused is None:
            return error
        self.refused.__cause__ = error
        return self.refused

    def _on_header(self, line: bytes) -> int | None:
        """Take one line: a status line begins a new block of headers, an empty one ends it."""
        self._size += len(line)
        if len(line) > LINE or self._size > BLOCK:
            self.refused = BadHeaders(f"its headers are larger than {LINE // 1024} kB")
            return -1
        if self._headed.done():
            return None  # a trailer, after the body
        if line.startswith(b"HTTP/"):
            self.status = int(line.split(None, 2)[1])
            self.headers.clear()
        elif line in (b"\r\n", b"\n"):
            if self.status >= 200:
                self._headed.set_result(None)
        else:
            name, _, value = line.partition(b":")
            self.headers.append((name.strip(), value.strip()))
        return None

    def _pieces_in(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._wake()

    def _wake(self) -> None:
        if self._news and not self._news.done():
            self._news.set_result(None)


class Multi:
    """All transfers of one event loop."""

    def __init__(self) -> None:
        """Belong to the running loop."""
        self._loop = asyncio.get_running_loop()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._on_socket)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._on_timer)
        self._multi.setopt(pycurl.M_MAXCONNECTS, KEPT)
        self._timer: asyncio.TimerHandle | None = None
        self._watched: dict[int, int] = {}  # file descriptor -> what is waited for
        self._transfers: dict[Any, Transfer] = {}
        self.given: list[socket.socket] = []  # sockets of which libcurl has taken a copy: ours go

    def start(self, transfer: Transfer) -> None:
        """Begin a transfer at the loop's next turn."""
        self._transfers[transfer.handle] = transfer
        self._multi.add_handle(transfer.handle)

    def stop(self, transfer: Transfer) -> None:
        """End a transfer; its connection is closed unless its answer had come to its end."""
        if self._transfers.pop(transfer.handle, None):
            self._multi.remove_handle(transfer.handle)
            transfer.handle.close()  # at once: it holds its callbacks, and they hold it

    def close(self) -> None:
        """End everything; whoever still waits is told so."""
        for transfer in list(self._transfers.values()):
            self.stop(transfer)
            transfer.end(CurlError(pycurl.E_ABORTED_BY_CALLBACK, "the monitor closed the connection"))
        if self._timer:
            self._timer.cancel()
        self._multi.close()
        for number in list(self._watched):
            self._forget(number)

    def _on_timer(self, milliseconds: int) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if milliseconds == 0:
            self._timer = self._loop.call_soon(self._act, pycurl.SOCKET_TIMEOUT, 0)  # type: ignore[assignment]
        elif milliseconds > 0:
            self._timer = self._loop.call_later(milliseconds / 1000, self._act, pycurl.SOCKET_TIMEOUT, 0)

    def _on_socket(self, what: int, number: int, _multi: Any, _data: Any) -> None:
        wanted = 0 if what == pycurl.POLL_REMOVE else what
        had = self._watched.get(number, 0)
        if wanted & READ and not had & READ:
            self._loop.add_reader(number, self._act, number, pycurl.CSELECT_IN)
        elif had & READ and not wanted & READ:
            self._loop.remove_reader(number)
        if wanted & WRITE and not had & WRITE:
            self._loop.add_writer(number, self._act, number, pycurl.CSELECT_OUT)
        elif had & WRITE and not wanted & WRITE:
            self._loop.remove_writer(number)
        if wanted:
            self._watched[number] = wanted
        else:
            self._watched.pop(number, None)

    def _forget(self, number: int) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._loop.remove_reader(number)
            self._loop.remove_writer(number)
        self._watched.pop(number, None)

    def _act(self, number: int, events: int) -> None:
        """Let libcurl work on a socket, or on what time has brought."""
        self._multi.socket_action(number, events)
        while self.given:
            self.given.pop().close()
        while True:
            waiting, done, failed = self._multi.info_read()
            for handle in done:
                self._end(handle, None)
            for handle, code, message in failed:
                self._end(handle, CurlError(code, message, int(handle.getinfo(pycurl.OS_ERRNO))))
            if not waiting:
                return

    def _end(self, handle: Any, error: Exception | None) -> None:
        transfer = self._transfers.pop(handle, None)
        if transfer:
            self._multi.remove_handle(handle)
            if transfer.wants_certificate:
                transfer.certificate = _validity(handle.getinfo(pycurl.INFO_CERTINFO))
            handle.close()
            transfer.end(error)


def _validity(chain: Any) -> tuple[float, float] | None:
    """Return from when and until when a server's certificate is valid; None where none was shown or it is not read."""
    with contextlib.suppress(ValueError, KeyError, TypeError, IndexError):
        said = dict(chain[0])
        return float(ssl.cert_time_to_seconds(said["Start date"])), float(ssl.cert_time_to_seconds(said["Expire date"]))
    return None
