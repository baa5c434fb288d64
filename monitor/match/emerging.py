"""Terms that are new in a time: words of headlines that more of them have than chance would bring, against before.

The statistic is the log-likelihood ratio G² of Dunning (1993) on the four numbers: headlines with the word and without
it, in the time and before. Under chance it has the chi-squared distribution with one degree of freedom: above 10.83 in
one case of a thousand. Only words that have become more frequent are meant, and only those that several sources use:
one paper's own column title is no news.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

BOUND = 10.83  # of G²: one in a thousand
HEADLINES, SOURCES = 3, 2  # that must have a word, at least
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’-](?=\w))+")
Headline = tuple[str, str]  # source, text


@dataclass(frozen=True, slots=True)
class Emerging:
    """A word, and how many headlines have it."""

    word: str  # as most headlines write it
    now: int  # headlines of the time
    before: int
    score: float  # G²

    @property
    def is_new(self) -> bool:
        """Whether no headline had it before."""
        return not self.before


def emerging(now: Iterable[Headline], before: Iterable[Headline], *, most: int = 12) -> list[Emerging]:
    """Return the words whose frequency has risen beyond chance, the surest first."""
    fresh, old = list(now), list(before)
    if not old:
        return []
    counts, past = Counter[str](), Counter[str]()
    sources: dict[str, set[str]] = {}
    forms: dict[str, Counter[str]] = {}
    for source, text in fresh:
        for word, form in _words(text).items():
            counts[word] += 1
            sources.setdefault(word, set()).add(source)
            forms.setdefault(word, Counter())[form] += 1
    for _, text in old:
        past.update(_words(text).keys())
    found = [
        Emerging(forms[word].most_common(1)[0][0], count, past[word], score)
        for word, count in counts.items()
        if count >= HEADLINES and len(sources[word]) >= SOURCES
        if (score := likelihood(count, len(fresh), past[word], len(old))) >= BOUND
    ]
    return sorted(found, key=lambda one: (-one.score, one.word))[:most]


def likelihood(hits: int, of: int, past: int, of_past: int) -> float:
    """Return G² where the share `hits / of` is greater than `past / of_past`, else 0."""
    if not of or not of_past or hits / of <= past / of_past:
        return 0.0
    share = (hits + past) / (of + of_past)
    table = (
        (hits, of * share),
        (of - hits, of * (1 - share)),
        (past, of_past * share),
        (of_past - past, of_past * (1 - share)),
    )
    return 2 * sum(seen * math.log(seen / expected) for seen, expected in table if seen and expected)


def _words(text: str) -> dict[str, str]:
    """Return the words of a headline in small letters, each with how it is written there."""
    return {form.casefold(): form for form in _WORD.findall(text) if len(form) > 2}
