"""Near-identical wording: wire copy that outlets cut at different lengths; a few hashes a text, compared exactly.

A text is cut into overlapping runs of words (shingles); the smallest hashes of its opening are its sketch (Broder's
bottom-k). Of two sketches the hashes up to where both are complete are compared, so that a teaser of thirty words is
found to be *contained* in the article of four hundred. MinHash libraries estimate resemblance alone, which for these
two is near zero; that, and one more compiled dependency, is why none is used here.
"""

import zlib
from array import array
from collections.abc import Sequence

SHINGLE, SKETCH = 4, 24  # words that make a shingle; shingles kept of a text
OPENING = 90  # words that shingles are made of: feeds cut a text at many lengths, but all keep its beginning
ENOUGH = 6  # shingles that must be comparable, or nothing is said
ALIKE, CONTAINED = 0.5, 0.8  # resemblance, and containment, from which a text is a copy
KEYS = 8  # the smallest hashes, under which a text is looked up


def sketch(title: Sequence[str], text: Sequence[str]) -> "array[int]":
    """Return the smallest hashes of the shingles of a text's opening, or of the title where there is no text."""
    words = text[:OPENING] if len(text) >= 2 * SHINGLE else title
    shingles = {" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
    return array("I", sorted({zlib.crc32(one.encode("utf-8", "surrogatepass")) for one in shingles})[:SKETCH])


def is_copy(one: Sequence[int], other: Sequence[int]) -> bool:
    """Tell whether two sketches are of texts of the same wording, or one of the beginning of the other."""
    reach = min(_reach(one), _reach(other))
    first, second = {it for it in one if it <= reach}, {it for it in other if it <= reach}
    smaller = min(len(first), len(second))
    if smaller < ENOUGH:
        return False
    shared = len(first & second)
    return shared >= CONTAINED * smaller or shared >= ALIKE * len(first | second)


def _reach(found: Sequence[int]) -> int:
    """Return the hash up to which a sketch has all that its text has."""
    return found[-1] if len(found) == SKETCH else 1 << 32
