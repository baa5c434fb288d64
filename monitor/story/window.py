"""The articles of the last days, looked up by rare terms and by wording; what is asked costs a bounded time.

A term points to the newest articles that have it, no more than `POSTED`; an article asks by its rarest terms, and
compares itself with the few that answer to most of them.
"""

from collections import Counter
from collections.abc import Iterable
from heapq import heappop, heappush
from itertools import islice
from typing import TypeVar

from monitor.story.features import Features
from monitor.story.rarity import Rarity
from monitor.story.wording import KEYS

Key = TypeVar("Key", str, int)
POSTED = 64  # articles that a term points to, the newest
ASKED_TERMS, ASKED_NAMES = 14, 6  # terms and names that an article asks by, the rarest
MOST_CANDIDATES = 24  # articles that are compared
LOOKED_AT = 3 * MOST_CANDIDATES  # articles whose time is looked at


class Window:
    """Articles and the index over them; an article that is put again replaces what was known of it."""

    def __init__(self, span: float) -> None:
        """Begin empty; articles farther apart than `span` seconds do not find each other."""
        self.span = span
        self.articles: dict[str, Features] = {}
        self.rarity = Rarity()
        self._terms: dict[str, list[str]] = {}
        self._shingles: dict[int, list[str]] = {}
        self._urls: dict[str, list[str]] = {}
        self._ages: list[tuple[float, str]] = []  # a heap, the oldest first; some are gone or have another time

    def put(self, article: Features) -> None:
        """Take an article in, to be found from now on."""
        self.learn(article)
        self.index(article)

    def learn(self, article: Features) -> None:
        """Take an article in, without letting others find it yet."""
        self.drop(article.article_id)
        self.articles[article.article_id] = article
        heappush(self._ages, (article.at, article.article_id))
        self.rarity.add(article)

    def index(self, article: Features) -> None:
        """Let an article that was learnt be found."""
        for term in (*article.terms, *article.names):
            _post(self._terms, term, article.article_id)
        for shingle in article.sketch[:KEYS]:
            _post(self._shingles, shingle, article.article_id)
        if article.url:
            _post(self._urls, article.url, article.article_id)

    def drop(self, article_id: str) -> None:
        """Forget an article, if it is here."""
        article = self.articles.pop(article_id, None)
        if article is None:
            return
        self.rarity.remove(article)
        for term in (*article.terms, *article.names):
            _unpost(self._terms, term, article_id)
        for shingle in article.sketch[:KEYS]:
            _unpost(self._shingles, shingle, article_id)
        if article.url:
            _unpost(self._urls, article.url, article_id)

    def older(self, than: float) -> list[str]:
        """Return the articles of before a point in time, and keep no note of their age: the caller drops them."""
        found = []
        while self._ages and self._ages[0][0] < than:
            at, article_id = heappop(self._ages)
            article = self.articles.get(article_id)
            if article is not None and article.at == at:
                found.append(article_id)
        return list(dict.fromkeys(found))

    def same_url(self, article: Features) -> list[Features]:
        """Return the other articles at the same canonical address."""
        return self._others(article, self._urls.get(article.url, ()) if article.url else ())

    def same_words(self, article: Features) -> list[Features]:
        """Return other articles that share shingles, those with the most first."""
        counts: Counter[str] = Counter()
        for shingle in article.sketch[:KEYS]:
            counts.update(self._shingles.get(shingle, ()))
        found = sorted(counts, key=lambda one: (-counts[one], one))
        return self._others(article, found)

    def candidates(self, article: Features) -> list[Features]:
        """Return the articles that answer to most of an article's rare terms, at most `MOST_CANDIDATES`."""
        scores: dict[str, float] = {}
        for term, weight in self._asking(article):
            gain = weight * self.rarity[term]
            for one in self._terms.get(term, ()):
                scores[one] = scores.get(one, 0.0) + gain
        scores.pop(article.article_id, None)
        return self._others(article, _best(scores))

    def _asking(self, article: Features) -> list[tuple[str, float]]:
        """Return the terms that an article asks by, each with its weight; it is in the window, so others count two."""
        of, counts = self.rarity, self.rarity.counts
        weighed = [
            (term, weight * of[term])
            for term, weight in zip(article.terms, article.weights, strict=True)
            if counts.get(term, 0) > 1
        ]
        names = [(name, of[name]) for name in article.names if counts.get(name, 0) > 1]
        return _largest(weighed, ASKED_TERMS) + _largest(names, ASKED_NAMES)

    def _others(self, article: Features, found: Iterable[str]) -> list[Features]:
        others = (self.articles[one] for one in found if one != article.article_id)
        return list(islice((one for one in others if abs(one.at - article.at) <= self.span), MOST_CANDIDATES))


def _best(scores: dict[str, float]) -> list[str]:
    """Return the best candidates, and some more for those that are too far apart in time; the best first."""
    if len(scores) > LOOKED_AT:
        least = sorted(scores.values())[-LOOKED_AT]
        scores = {one: score for one, score in scores.items() if score >= least}
    return sorted(scores, key=lambda one: (-scores[one], one))


def _largest(weighed: list[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    return sorted(weighed, key=lambda pair: (-pair[1], pair[0]))[:most]


def _post(index: dict[Key, list[str]], key: Key, article_id: str) -> None:
    """Let a key point to one more article; the oldest goes where there are too many."""
    posted = index.get(key)
    if posted is None:
        index[key] = [article_id]
        return
    posted.append(article_id)
    if len(posted) > POSTED:
        del posted[0]


def _unpost(index: dict[Key, list[str]], key: Key, article_id: str) -> None:
    posted = index.get(key, [])
    if article_id in posted:
        posted.remove(article_id)
    if not posted:
        index.pop(key, None)
