"""How rare a term is, learnt from the articles of the window as they come and go."""

from functools import cache
from math import log

from monitor.language import inflection
from monitor.language.fold import fold
from monitor.story.furniture import FAMILIAR

BEFORE = 200.0  # articles that an empty window is taken to have read
FAMILIAR_SHARE = 0.1  # of those, how many hold each word of every day's news


class Rarity:
    """Counts in how many articles each term is."""

    def __init__(self) -> None:
        """Begin with nothing but the words of every day's news."""
        self.articles = 0
        self.counts: dict[str, int] = {}

    def add(self, terms: tuple[str, ...]) -> None:
        """Learn the terms of one article, each once."""
        self.articles += 1
        counts = self.counts
        for term in terms:
            counts[term] = counts.get(term, 0) + 1

    def remove(self, terms: tuple[str, ...]) -> None:
        """Forget an article that was added."""
        self.articles -= 1
        counts = self.counts
        for term in terms:
            left = counts[term] - 1
            if left:
                counts[term] = left
            else:
                del counts[term]

    def of(self, term: str) -> float:
        """Return how rare a term is: the logarithm of the articles to one that has it; at least 0."""
        known = self.counts.get(term, 0) + 0.5
        if term in familiar():
            known += BEFORE * FAMILIAR_SHARE
        return max(0.0, log((self.articles + BEFORE) / known))

    def count(self, term: str) -> int:
        """Return in how many articles of the window a term is."""
        return self.counts.get(term, 0)


@cache
def familiar() -> frozenset[str]:
    """Return the keys of the words of every day's news, in all languages that have a list."""
    keys = {
        key
        for language, words in FAMILIAR.items()
        for word in words.split()
        for key in (inflection.of_text(language, word)[:1] or (fold(word),))
    }
    return frozenset(keys)
