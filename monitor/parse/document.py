"""What a parser gets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The bytes of one answer, with what is known about them."""

    body: bytes
    url: str
    content_type: str = ""
    known: bytes = b""  # 8-byte hashes of items already read; empty = parse everything
    entries_limit: int = 2000
