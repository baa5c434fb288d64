"""Bounded decompression: never more than the cap is ever held (httpx cannot do this)."""

import zlib

WINDOWS = {"": 0, "identity": 0, "gzip": 31, "x-gzip": 31, "deflate": 15}
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
        self._inflate = zlib.decompressobj(self._window) if self._window else None
        self._held = b""  # the first bytes, until there are enough to see what they are
        self._begun = not self._window
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
        if self._inflate is None:
            self._keep(chunk)
            return
        if not self._begun:
            chunk, self._held = self._held + chunk, b""
            if len(chunk) < 2:
                self._held = chunk
                return
            self._begin(chunk)
        self._unpack(chunk)

    def _begin(self, first: bytes) -> None:
        """Choose between the two things that are called deflate (RFC 9110, 8.4.1.2)."""
        self._begun = True
        zlib_header = first[0] & 0x0F == 8 and int.from_bytes(first[:2], "big") % 31 == 0
        if self._window == WINDOWS["deflate"] and not zlib_header:
            self._inflate = zlib.decompressobj(RAW)

    def _unpack(self, chunk: bytes) -> None:
        while chunk and self._inflate is not None:
            if self._inflate.eof:
                if self._window != WINDOWS["gzip"] or not chunk.startswith(b"\x1f\x8b"):
                    return  # padding after the end
                self._inflate = zlib.decompressobj(self._window)  # the next member of a gzip file
            try:
                self._keep(self._inflate.decompress(chunk, self._cap + 1 - self._size))
            except zlib.error as error:
                raise BrokenBody(f"the compression of the answer is broken ({error})") from None
            chunk = self._inflate.unused_data

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._cap:
            raise TooLarge(f"the answer is larger than {self._cap:,} bytes when unpacked")
        self._parts.append(data)

    def body(self) -> bytes:
        """Return what was decoded; BrokenBody where the end is missing."""
        if self._inflate is not None and self.received and not self._inflate.eof:
            raise BrokenBody("the answer broke off before its end")
        return b"".join(self._parts)
