"""Bounded decompression: never more than the cap is ever held (httpx cannot do this)."""

import zlib

WINDOWS = {"": 0, "identity": 0, "gzip": 31, "x-gzip": 31, "deflate": 47}


class TooLarge(Exception):
    """A byte cap was passed."""


class Decoder:
    """Takes bytes from the wire and gives the decoded body, within caps."""

    def __init__(self, encoding: str, *, wire: int, decoded: int) -> None:
        """`encoding` is the Content-Encoding header; ValueError for one that was not asked for."""
        name = encoding.strip().lower()
        if name not in WINDOWS:
            raise ValueError(f"the answer is encoded as {encoding[:40]!r}, which was not asked for")
        self._wire, self._cap = wire, decoded
        self._inflate = zlib.decompressobj(WINDOWS[name]) if WINDOWS[name] else None
        self._deflate = name == "deflate"
        self.received = 0
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> None:
        """Take a piece of the answer; TooLarge beyond a cap, zlib.error for broken compression."""
        self.received += len(chunk)
        if self.received > self._wire:
            raise TooLarge(f"the answer is larger than {self._wire:,} bytes on the wire")
        if self._inflate is None:
            self._keep(chunk)
            return
        try:
            self._keep(self._inflate.decompress(chunk, self._cap + 1 - self._size))
        except zlib.error:
            if not self._deflate or self._parts:
                raise
            self._deflate, self._inflate = False, zlib.decompressobj(-15)  # raw deflate, as some servers send it
            self._keep(self._inflate.decompress(chunk, self._cap + 1 - self._size))

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._cap:
            raise TooLarge(f"the answer is larger than {self._cap:,} bytes when unpacked")
        self._parts.append(data)

    def body(self) -> bytes:
        """Return what was decoded."""
        return b"".join(self._parts)
