"""Did-you-mean: the nearest of the words that are known."""

from collections.abc import Iterable
from difflib import get_close_matches

_LISTED = 24  # more words than this do not help a reader


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a misspelt one most likely stands for, or None."""
    words = {one.casefold(): one for one in known}
    found = get_close_matches(word.casefold(), list(words), n=1, cutoff=0.6)
    return words[found[0]] if found else None


def hint(word: str, known: Iterable[str], *, what: str) -> str:
    """Say what to write instead of `word`: the nearest known one, or which there are; `what` is their plural."""
    known = list(known)
    if found := nearest(word, known):
        return f"did you mean {found!r}?"
    if not known:
        return f"there are no {what} yet"
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return f"known {what}: {', '.join(sorted(known)[:_LISTED])}{more}"
