"""What has changed between two texts, word by word; pure."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

Piece = tuple[str, str]  # ("same", "gone" or "new", text)
LONGEST = 400  # words that are compared; a longer text is cut
SHARE = 0.3  # of the words that must have stayed for the texts to be compared word by word


def words_changed(before: str, after: str) -> list[Piece]:
    """Return the pieces of both texts in order: what stayed, what is gone, what is new.

    A blank or a comma that stayed between two changes is part of them, and of two texts that have little in common the
    one is gone and the other new: a text of crumbs cannot be read.
    """
    old, new = _words(before), _words(after)
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    if sum(_count(old[a:b]) for what, a, b, _, _ in codes if what == "equal") < SHARE * max(_count(old), _count(new)):
        return _piece("gone", old) + _piece("new", new)
    found: list[Piece] = []
    for gone, added, is_same in _runs(codes, old, new):
        found += _piece("same", gone) if is_same else _piece("gone", gone) + _piece("new", added)
    return found


def _runs(
    codes: Sequence[tuple[str, int, int, int, int]], old: Sequence[str], new: Sequence[str]
) -> list[tuple[list[str], list[str], bool]]:
    """Return stretches of both texts in order, each with whether it stayed; no two changes stand side by side."""
    runs: list[tuple[list[str], list[str], bool]] = []
    for place, (what, a, b, c, d) in enumerate(codes):
        is_edge = place in (0, len(codes) - 1)
        is_same = what == "equal" and (is_edge or _count(old[a:b]) > 0)
        if runs and not is_same and not runs[-1][2]:
            runs[-1][0].extend(old[a:b])
            runs[-1][1].extend(new[c:d])
        else:
            runs.append((list(old[a:b]), list(new[c:d]), is_same))
    return runs


def _count(words: Sequence[str]) -> int:
    """Return how many of the pieces are words."""
    return sum(word[0].isalnum() for word in words)


def _piece(kind: str, words: Sequence[str]) -> list[Piece]:
    return [(kind, "".join(words))] if words else []


def _words(text: str) -> list[str]:
    """Return words and the space between them."""
    return re.findall(r"\s+|\w+|[^\w\s]", text)[: 2 * LONGEST]
