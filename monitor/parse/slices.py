"""Cuts known items out of a document, so that feedparser sees only what is new.

One expat pass finds each item's bytes. Items whose bytes were read before are left out; what remains is the document's
head, its unknown items and its tail. Anything that is not plainly well-formed UTF-8 is not cut at all.
"""

import hashlib
import re
from dataclasses import dataclass, field
from xml.parsers import expat

SIZE = 8  # bytes of one item's hash
ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding=["']([^"']+)["']""")
ITEMS = {"item": {"channel", "RDF"}, "entry": {"feed"}}  # an item's name -> its possible parents


@dataclass(frozen=True, slots=True)
class Sliced:
    """What is left of a document; `body` is None where every item is known."""

    body: bytes | None
    items: bytes
    known: int


@dataclass(slots=True)
class _Pass:
    """Where the items of a document lie."""

    parser: expat.XMLParserType
    path: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    opened: int = -1
    depth: int = -1

    def start(self, name: str, _: list[str]) -> None:
        local = name.rpartition(":")[2]
        if self.opened < 0 and self.path and self.path[-1] in ITEMS.get(local, ()):
            self.opened, self.depth = self.parser.CurrentByteIndex, len(self.path)
        self.path.append(local)

    def end(self, _: str) -> None:
        self.path.pop()
        if self.opened >= 0 and len(self.path) == self.depth:
            self.spans.append((self.opened, self.parser.CurrentByteIndex))
            self.opened = -1


def cut(body: bytes, known: bytes) -> Sliced | None:
    """Return the document without its known items, or None where it cannot be cut."""
    spans = _spans(body)
    if not spans:
        return None
    hashes = [hashlib.blake2b(body[start:end], digest_size=SIZE).digest() for start, end in spans]
    items = b"".join(hashes)
    had = {known[number : number + SIZE] for number in range(0, len(known), SIZE)}
    new = [span for span, one in zip(spans, hashes, strict=True) if one not in had]
    if len(new) == len(spans):
        return Sliced(body, items, 0)
    if not new:
        return Sliced(None, items, len(spans))
    return Sliced(_without(body, spans, set(new)), items, len(spans) - len(new))


def _without(body: bytes, spans: list[tuple[int, int]], new: set[tuple[int, int]]) -> bytes:
    parts, position = [], 0
    for start, end in spans:
        parts.append(body[position:start])
        if (start, end) in new:
            parts.append(body[start:end])
        position = end
    return b"".join([*parts, body[position:]])


def _spans(body: bytes) -> list[tuple[int, int]]:
    declared = ENCODING.match(body[:200].removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        return []
    if b"<!DOCTYPE" in body[:2048]:
        return []
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    found = _Pass(parser)
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    try:
        body.decode("utf-8")
        parser.Parse(body, True)
    except (expat.ExpatError, UnicodeDecodeError):
        return []
    # expat gives the place of the end tag's "<"; the item goes on to its ">".
    return [(start, body.index(b">", end) + 1) for start, end in found.spans]
