"""Refuses documents whose entity declarations would blow up; harmless ones (as real feeds have) pass."""

import re

DECLARED = re.compile(rb"<!ENTITY\s+(?:%\s+)?([^\s>]+)\s+(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
USED = re.compile(rb"&([^\s;#&<]+);")
LIMIT = 1_000_000  # bytes that one entity may stand for
HEAD = 262_144  # a document type stands at the beginning


def bomb(body: bytes) -> str:
    """Return why a document is refused, or "" where its entities are harmless."""
    head = body[:HEAD]
    if b"<!ENTITY" not in head and b"<!entity" not in head:
        return ""
    sizes: dict[bytes, int] = {}
    for name, double, single in DECLARED.findall(head):
        value = double or single
        size = len(value) + sum(sizes.get(used, 0) for used in USED.findall(value))
        sizes[name] = size
        if size > LIMIT:
            return f"refused: entity {name.decode('utf-8', 'replace')[:40]} would expand to {size:,} bytes or more"
    return ""
