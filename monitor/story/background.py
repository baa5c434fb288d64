"""A sample of all articles, hit or not, from which grouping learns how rare terms are.

Where a watch is about one affair, its words are in every article that a rule hits: among those alone they would count
for little, and articles of one event would hardly find each other.
"""

from collections import deque

from monitor.story.features import Features
from monitor.story.rarity import Rarity

ONE_IN = 16  # articles that are stored, of which one is read; it counts for so many
MOST = 2000  # articles of the sample, the newest: they stand for 32,000


class Background:
    """The sample; what it learns it tells `rarity`."""

    def __init__(self, rarity: Rarity, *, one_in: int = ONE_IN, most: int = MOST) -> None:
        """Begin empty."""
        self._rarity = rarity
        self._one_in = one_in
        self._most = most
        self._order: deque[tuple[float, str]] = deque()  # when each was seen first, the oldest first
        self._terms: dict[str, tuple[str, ...]] = {}

    def __contains__(self, article_id: object) -> bool:
        """Tell whether an article is in the sample."""
        return article_id in self._terms

    def add(self, seen_at: float, article: Features) -> None:
        """Read one more article, the newest, or the new text of one that is in the sample."""
        known = self._terms.get(article.article_id)
        if known is None:
            self._order.append((seen_at, article.article_id))
        else:
            self._rarity.forget(known, self._one_in)
        self._terms[article.article_id] = terms = (*article.terms, *article.names)
        self._rarity.hear(terms, self._one_in)
        if len(self._order) > self._most:
            self._drop_oldest()

    def expire(self, before: float) -> None:
        """Forget articles that were seen before a point in time."""
        while self._order and self._order[0][0] < before:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        _, article_id = self._order.popleft()
        self._rarity.forget(self._terms.pop(article_id), self._one_in)
