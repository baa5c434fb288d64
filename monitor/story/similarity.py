"""How much two articles tell one event, from 0 to 1, and how much is needed the farther apart in time they are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import sqrt

from monitor.story.features import Features

HOUR = 3600.0
# Needed at once, and more an hour: what is told a day later must say much more of the same to be the same.
NEED, NEED_HOURLY, NEED_MOST = 0.35, 0.006, 0.66
ACROSS_NEED, ACROSS_FEWEST = 0.5, 3  # over languages: share of names and numbers, and how many of them
EDITION_APART = 8 * HOUR  # the same title from the same source after this long is the next edition of a column
Rarity = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What comparing two articles found."""

    score: float
    margin: float  # score less what is needed; from 0 the two are one event
    shared: tuple[str, ...] = ()  # the terms that say so, the rarest first


NOTHING = Likeness(0.0, -1.0)


class Asked:
    """One article, made ready to be compared with many."""

    def __init__(self, article: Features, rarity: Rarity) -> None:
        """Weigh its terms by how rare they are."""
        self.article = article
        self.rarity = rarity
        rare = {term: rarity(term) for term in article.terms}
        self.rare = rare
        self.weights = {
            term: weight * rare[term] for term, weight in zip(article.terms, article.weights, strict=True)
        }
        self.norm = sqrt(sum(weight * weight for weight in self.weights.values()))
        self.title = set(article.terms[: article.titled])
        self.title_sum = sum(rare[term] for term in self.title)

    def with_(self, other: Features) -> Likeness:
        """Compare with another article."""
        if differ_in_edition(self.article, other):
            return NOTHING
        if self.article.language and other.language and self.article.language != other.language:
            return self._across(other)
        return self._within(other)

    def _within(self, other: Features) -> Likeness:
        rarity, weights = self.rarity, self.weights
        dot = square = their_sum = their_told = our_told = 0.0
        shared = []
        for place, (term, weight) in enumerate(zip(other.terms, other.weights, strict=True)):
            rare = rarity(term)
            square += weight * weight * rare * rare
            told = term in weights
            if told:
                dot += weight * rare * weights[term]
                shared.append(term)
                if term in self.title:
                    our_told += rare
            if place < other.titled:
                their_sum += rare
                their_told += rare * told
        if len(shared) < 2 or not self.norm or not square:
            return NOTHING
        cosine = dot / (self.norm * sqrt(square))
        titles = max(share(our_told, self.title_sum), share(their_told, their_sum))
        score = (cosine + titles) / 2
        return Likeness(score, score - needed(abs(self.article.at - other.at)), tuple(shared))

    def _across(self, other: Features) -> Likeness:
        """Compare over languages: the names, as consonants, and the numbers."""
        mine = {*self.article.names, *self.article.numbers}
        theirs = {*other.names, *other.numbers}
        shared = sorted(mine & theirs, key=lambda term: (-self.rarity(term), term))
        if len(shared) < ACROSS_FEWEST:
            return NOTHING
        smaller = min(self._sum(mine), self._sum(theirs))
        score = share(self._sum(shared), smaller)
        apart = needed(abs(self.article.at - other.at)) - NEED
        return Likeness(score, score - ACROSS_NEED - apart, tuple(shared))

    def _sum(self, terms: Iterable[str]) -> float:
        return sum(self.rarity(term) for term in sorted(terms))


def share(part: float, whole: float) -> float:
    """Return part of whole, 0 where there is nothing."""
    return part / whole if whole > 0 else 0.0


def needed(apart: float) -> float:
    """Return the score from which two articles so many seconds apart are one event."""
    return min(NEED_MOST, NEED + NEED_HOURLY * apart / HOUR)


def differ_in_edition(one: Features, other: Features) -> bool:
    """Tell whether two are different numbers of a column, which look alike and tell different events."""
    for name, number in one.editions:
        theirs = {value for kind, value in other.editions if kind == name}
        if theirs and number not in theirs:
            return True
    same_title = bool(one.column) and one.column == other.column and one.source_id == other.source_id
    return same_title and abs(one.at - other.at) > EDITION_APART
