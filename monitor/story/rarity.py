"""How rare a term is, learnt from the articles of the window and a sample of all others as they come and go."""

from collections.abc import Iterable
from functools import cache
from math import log

from monitor.language import inflection
from monitor.language.fold import fold
from monitor.story.features import Features, skeleton
from monitor.story.furniture import FAMILIAR

BEFORE = 200.0  # articles that an empty window is taken to have read
FORMULA = 2.0  # titles of one source beyond two, at which a term says half as much between articles of that source
FAMILIAR_SHARE = 0.1  # of those, how many hold each word of every day's news


class Rarity(dict[str, float]):
    """How rare each term is, worked out when it is asked for and kept until an article comes or goes.

    It is the logarithm of how many articles there are to one that has the term.
    """

    def __init__(self) -> None:
        """Begin with nothing but the words of every day's news."""
        super().__init__()
        self.articles = 0
        self.counts: dict[str, int] = {}
        self.heard: dict[str, int] = {}  # the same of articles that are not in the window
        self.titles: dict[str, dict[str, int]] = {}  # source -> term -> how many of its titles have it

    def add(self, article: Features) -> None:
        """Learn the terms of one article."""
        self.clear()
        self.articles += 1
        for term in (*article.terms, *article.names):
            self.counts[term] = self.counts.get(term, 0) + 1
        own = self.titles.setdefault(article.source_id, {})
        for term in article.terms[: article.titled]:
            own[term] = own.get(term, 0) + 1

    def remove(self, article: Features) -> None:
        """Forget an article that was added."""
        self.clear()
        self.articles -= 1
        for term in (*article.terms, *article.names):
            _one_less(self.counts, term)
        own = self.titles.get(article.source_id, {})
        for term in article.terms[: article.titled]:
            _one_less(own, term)
        if not own:
            self.titles.pop(article.source_id, None)

    def hear(self, terms: Iterable[str], times: int) -> None:
        """Learn the terms of an article that is not in the window, and stands for so many."""
        self.clear()
        self.articles += times
        for term in terms:
            self.heard[term] = self.heard.get(term, 0) + times

    def forget(self, terms: Iterable[str], times: int) -> None:
        """Forget the terms of an article that was heard of."""
        self.clear()
        self.articles -= times
        for term in terms:
            self.heard[term] -= times
            if not self.heard[term]:
                del self.heard[term]

    def __missing__(self, term: str) -> float:
        """Work out how rare a term is."""
        known = self.counts.get(term, 0) + self.heard.get(term, 0) + 0.5
        if term in familiar():
            known += BEFORE * FAMILIAR_SHARE
        self[term] = rare = log((self.articles + BEFORE) / known)
        return rare

    def within(self, source_id: str, terms: Iterable[str]) -> dict[str, float]:
        """Return how rare terms are among the articles of one source: what it has in many titles is its formula."""
        own = self.titles.get(source_id, {})
        return {term: self[term] * FORMULA / (FORMULA + max(0, own.get(term, 0) - 2)) for term in terms}


def _one_less(counts: dict[str, int], term: str) -> None:
    if counts[term] == 1:
        del counts[term]
    else:
        counts[term] -= 1


@cache
def familiar() -> frozenset[str]:
    """Return the keys of the words of every day's news in all languages, and what they are as names."""
    keys = {
        key
        for language, words in FAMILIAR.items()
        for word in words.split()
        for key in (inflection.of_both(language, word)[:1] or (fold(word),))
    }
    return frozenset({*keys, *map(skeleton, keys)})
