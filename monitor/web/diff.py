"""What has changed between two texts, word by word; pure."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

Piece = tuple[str, str]  # ("same", "gone" or "new", text)
LONGEST = 400  # words that are compared; a longer text is cut


def words_changed(before: str, after: str) -> list[Piece]:
    """Return the pieces of both texts in order: what stayed, what is gone, what is new."""
    old, new = _words(before), _words(after)
    found: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(("same", "".join(old[a:b])))
            continue
        found += _piece("gone", old[a:b]) + _piece("new", new[c:d])
    return found


def _piece(kind: str, words: Sequence[str]) -> list[Piece]:
    return [(kind, "".join(words))] if words else []


def _words(text: str) -> list[str]:
    """Return words and the space between them."""
    return re.findall(r"\s+|\w+|[^\w\s]", text)[: 2 * LONGEST]
