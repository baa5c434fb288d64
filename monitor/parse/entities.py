"""Refuses documents whose entity declarations would blow up; harmless ones, as real feeds have, pass.

A document says in a few lines what a parser must write out as gigabytes ("billion laughs"). So the written-out length
is added up beforehand: of each entity with all that it refers to, times its uses in the document.
"""

import re
from collections import Counter

DECLARED = re.compile(rb"<!ENTITY\s+(?:%\s+)?([^\s>\"']+)\s+(?:\"([^\"]*)\"|'([^']*)')")
USED = re.compile(rb"[&%]([^\s;#&%<\"']+);")
LIMIT = 1_000_000  # bytes that the entities of one document may become
DEPTH = 20  # entities within entities
MANY = 10_000  # declarations
EBCDIC = b"\x4c\x6f\xa7\x94"  # "<?xm"


def bomb(body: bytes) -> str:
    """Return why a document is refused, or "" where its entities are harmless."""
    text = legible(body)
    if b"<!ENTITY" not in text:
        return ""
    values = {name: double or single for name, double, single in DECLARED.findall(text)}
    if len(values) > MANY:
        return f"refused: it declares {len(values):,} entities"
    total, sizes = 0, dict[bytes, int]()
    for name, times in Counter(USED.findall(text)).items():
        if name in values:
            total += times * _size(name, values, sizes, 0)
    if total > LIMIT:
        return "refused: its entities would expand to more than a million bytes, as in an attack"
    return ""


def _size(name: bytes, values: dict[bytes, bytes], sizes: dict[bytes, int], depth: int) -> int:
    """Return the bytes that an entity becomes; what refers to itself or goes too deep is beyond the limit."""
    if name not in values:
        return 0
    if depth > DEPTH:
        return LIMIT + 1
    if name not in sizes:
        value = values[name]
        parts = Counter(USED.findall(value))
        inner = (times * _size(part, values, sizes, depth + 1) for part, times in parts.items())
        sizes[name] = min(len(value) + sum(inner), LIMIT + 1)
    return sizes[name]


def legible(body: bytes) -> bytes:
    """Return the document so that its markup can be found by ASCII bytes, whichever encoding it is in."""
    if b"\0" in body[:64]:  # UTF-16 and UTF-32 write ASCII with zero bytes
        return body.replace(b"\0", b"")
    codec = "cp037" if body[:4] == EBCDIC else "utf-7" if b"utf-7" in body[:200].lower() else ""
    return body.decode(codec, "replace").encode() if codec else body
