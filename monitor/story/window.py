"""The articles of the last days, looked up by their rare terms and by their wording; what is asked costs a bounded time.

A term points to the newest articles that have it, no more than `POSTED`; an article asks by its rarest terms, and
compares itself with the few that answer to most of them.
"""

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from monitor.story.features import Features
from monitor.story.rarity import Rarity
from monitor.story.wording import KEYS

Key = TypeVar("Key", str, int)
POSTED = 96  # articles that a term points to, the newest
ASKED_TERMS, ASKED_NAMES = 14, 6  # terms and names that an article asks by, the rarest
MOST_CANDIDATES = 24  # articles that are compared


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

    def put(self, article: Features) -> None:
        """Take an article in."""
        self.drop(article.article_id)
        self.articles[article.article_id] = article
        terms = (*article.terms, *article.names)
        self.rarity.add(terms)
        for term in terms:
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
        terms = (*article.terms, *article.names)
        self.rarity.remove(terms)
        for term in terms:
            _unpost(self._terms, term, article_id)
        for shingle in article.sketch[:KEYS]:
            _unpost(self._shingles, shingle, article_id)
        if article.url:
            _unpost(self._urls, article.url, article_id)

    def same_url(self, article: Features) -> list[Features]:
        """Return the other articles at the same canonical address."""
        return self._others(article, self._urls.get(article.url, ()) if article.url else ())

    def same_words(self, article: Features) -> list[Features]:
        """Return other articles that share shingles, those with the most first."""
        counts: Counter[str] = Counter()
        for shingle in article.sketch[:KEYS]:
            counts.update(self._shingles.get(shingle, ()))
        found = sorted(counts, key=lambda one: (-counts[one], one))
        return self._others(article, found[:MOST_CANDIDATES])

    def candidates(self, article: Features) -> list[Features]:
        """Return the articles that answer to most of an article's rare terms, at most `MOST_CANDIDATES`."""
        scores: dict[str, float] = {}
        for term, weight in self._asking(article):
            gain = weight * self.rarity.of(term)
            for one in self._terms.get(term, ()):
                scores[one] = scores.get(one, 0.0) + gain
        scores.pop(article.article_id, None)
        near = [one for one in scores if abs(self.articles[one].at - article.at) <= self.span]
        near.sort(key=lambda one: (-scores[one], one))
        return self._others(article, near[:MOST_CANDIDATES])

    def _asking(self, article: Features) -> list[tuple[str, float]]:
        """Return the terms that an article asks by, each with its weight."""
        of = self.rarity.of
        weighed = [
            (term, weight * of(term))
            for term, weight in zip(article.terms, article.weights, strict=True)
            if self.rarity.count(term) > 1 or article.article_id not in self.articles
        ]
        names = [(name, of(name)) for name in article.names if self.rarity.count(name) > 1]
        return _largest(weighed, ASKED_TERMS) + _largest(names, ASKED_NAMES)

    def _others(self, article: Features, found: Iterable[str]) -> list[Features]:
        others = (self.articles[one] for one in found if one != article.article_id)
        return [one for one in others if abs(one.at - article.at) <= self.span]


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
