"""Bounded decompression: never more than the cap is ever held (httpx cannot do this)."""

import zlib

WINDOWS = {"": 0, "identity": 0, "gzip": 31, "x-gzip": 31, "deflate": 15}
MAGIC = b"\x1f\x8b"  # how a gzip stream begins
RAW = -15  # deflate without its zlib header, as some servers send it


class TooLarge(Exception):
    """A byte cap was passed."""


class BrokenBody(Exception):
    """The body cannot be decoded, or ended before it was complete."""


class Decoder:
    """Takes bytes from the wire and gives the decoded body, within caps."""

    def __init__(self, encoding: str, *, wire: int, decoded: int) -> None:
        """`encoding` is the Content-Encoding header; BrokenBody for one that was not asked for, as for two at once."""
        name = encoding.strip().lower()
        if name not in WINDOWS:
            raise BrokenBody(f"the answer is encoded as {encoding.strip()[:40]!r}, which was not asked for")
        self._wire, self._cap = wire, decoded
        self._window = WINDOWS[name]
        self._inflate: zlib._Decompress | None = None
        self._held = b""  # the first byte of a stream, until the second tells what it is
        self._over = False
        self._parts: list[bytes] = []
        self._size = 0
        self.received = 0

    def expect(self, length: str) -> None:
        """Take note of the Content-Length header; TooLarge at once where it is beyond the cap."""
        if length.isascii() and length.isdecimal() and int(length[:18]) > self._wire:
            raise TooLarge(f"the answer is larger than {self._wire:,} bytes on the wire")

    def feed(self, chunk: bytes) -> None:
        """Take a piece of the answer; TooLarge beyond a cap, BrokenBody for broken compression."""
        self.received += len(chunk)
        if self.received > self._wire:
            raise TooLarge(f"the answer is larger than {self._wire:,} bytes on the wire")
        if not self._window:
            self._keep(chunk)
            return
        chunk, self._held = self._held + chunk, b""
        while chunk and not self._over:
            if self._inflate is None or self._inflate.eof:
                if len(chunk) == 1:
                    self._held = chunk
                    return
                self._begin(chunk)
            chunk = self._unpack(chunk)

    def _begin(self, start: bytes) -> None:
        """Begin a stream: the first, or the next member of a gzip file; anything else after the end is padding."""
        if self._inflate is not None and not (self._window == WINDOWS["gzip"] and start.startswith(MAGIC)):
            self._over = True
            return
        # Two things are called deflate (RFC 9110, 8.4.1.2).
        zlib_header = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
        raw = self._window == WINDOWS["deflate"] and not zlib_header
        self._inflate = zlib.decompressobj(RAW if raw else self._window)

    def _unpack(self, chunk: bytes) -> bytes:
        """Decompress, and return what came after the end of the stream."""
        if self._inflate is None or self._over:
            return b""
        try:
            self._keep(self._inflate.decompress(chunk, self._cap + 1 - self._size))
        except zlib.error as error:
            raise BrokenBody(f"the compression of the answer is broken ({error})") from None
        return self._inflate.unused_data

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._cap:
            raise TooLarge(f"the answer is larger than {self._cap:,} bytes when unpacked")
        self._parts.append(data)

    def body(self) -> bytes:
        """Return what was decoded; BrokenBody where the end is missing."""
        if self._window and self.received and not (self._inflate is not None and self._inflate.eof):
            raise BrokenBody("the answer broke off before its end")
        return b"".join(self._parts)
