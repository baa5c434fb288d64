"""How much two articles tell one event, from 0 to 1, and how much is needed the farther apart in time they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from operator import mul

from monitor.story.features import NAME, Features
from monitor.story.rarity import Rarity, familiar

HOUR = 3600.0
# Needed at once, and more an hour: what is told a day later must say much more of the same to be the same.
NEED, NEED_HOURLY, NEED_MOST = 0.35, 0.008, 0.66
OTHER_NAMES = 0.15  # needed more where the two titles name others: the same thing happened elsewhere, to others
FEWEST = 2  # terms that two articles of one language must share
# Over languages: the share of names and numbers, how many of them, how many names, how rare they must be together.
ACROSS_NEED, ACROSS_FEWEST, ACROSS_NAMES, ACROSS_RARE = 0.5, 3, 2, 11.0
EDITION_APART = 8 * HOUR  # the same title from the same source after this long is the next edition of a column


@dataclass(frozen=True, slots=True)
class Likeness:
    """What comparing two articles found."""

    score: float
    margin: float  # score less what is needed; from 0 the two are one event
    shared: tuple[str, ...] = ()  # the terms that say so, the rarest first


NOTHING = Likeness(0.0, -1.0)


class View:
    """An article's terms, weighed by how rare they are."""

    def __init__(self, article: Features, rarity: Mapping[str, float]) -> None:
        """Weigh them; `rarity` knows every term of the article."""
        rare = {term: rarity[term] for term in article.terms}
        self.weights = {term: weight * rare[term] for term, weight in zip(article.terms, article.weights, strict=True)}
        self.norm = sqrt(sum(weight * weight for weight in self.weights.values()))
        self.title = {term: rare[term] for term in article.terms[: article.titled]}
        self.title_sum = sum(self.title.values())


class Asked:
    """One article, made ready to be compared with many."""

    def __init__(self, article: Features, rarity: Rarity) -> None:
        """Take the article and what is known of how rare terms are."""
        self.article = article
        self.rarity = rarity
        self._view = View(article, rarity)

    @cached_property
    def _own_view(self) -> View:
        """The article among those of its own source."""
        return View(self.article, self.rarity.within(self.article.source_id, self.article.terms))

    def with_(self, other: Features) -> Likeness:
        """Compare with another article."""
        if differ_in_edition(self.article, other):
            return NOTHING
        if same_source(self.article, other):  # in one language, whatever a headline of names was taken for
            return self._within(other, self._own_view, self.rarity.within(other.source_id, other.terms))
        if self.article.language and other.language and self.article.language != other.language:
            return self._across(other)
        return self._within(other, self._view, self.rarity)

    def _within(self, other: Features, view: View, rarity: Mapping[str, float]) -> Likeness:
        """Compare in one language: the cosine of all terms, and how much of one title the other article tells."""
        weights, terms, titled = view.weights, other.terms, other.titled
        shared = [term for term in terms if term in weights]
        if len(shared) < FEWEST:
            return NOTHING
        rare = list(map(rarity.__getitem__, terms))
        weighed = list(map(mul, other.weights, rare))
        square = sum(map(mul, weighed, weighed))
        dot = sum([weight * weights[term] for term, weight in zip(terms, weighed, strict=True) if term in weights])
        their_sum = sum(rare[:titled])
        their_told = sum([rarity[term] for term in terms[:titled] if term in weights])
        our_told = sum([view.title[term] for term in shared if term in view.title])
        if not view.norm or not square:
            return NOTHING
        titles = max(share(our_told, view.title_sum), share(their_told, their_sum))
        score = (dot / (view.norm * sqrt(square)) + titles) / 2
        need = needed(abs(self.article.at - other.at)) + OTHER_NAMES * name_others(self.article, other)
        return Likeness(score, score - need, tuple(shared))

    def _across(self, other: Features) -> Likeness:
        """Compare over languages: the names, as consonants, and the numbers."""
        mine, theirs = ({*one.names, *one.numbers} for one in (self.article, other))
        shared = sorted(mine & theirs, key=lambda term: (-self.rarity[term], term))
        if len(shared) < ACROSS_FEWEST or sum(term[0] == NAME for term in shared) < ACROSS_NAMES:
            return NOTHING
        together = self._sum(shared)
        if together < ACROSS_RARE:
            return NOTHING
        score = share(together, min(self._sum(mine), self._sum(theirs)))
        apart = needed(abs(self.article.at - other.at)) - NEED
        return Likeness(score, score - ACROSS_NEED - apart, tuple(shared))

    def _sum(self, terms: Iterable[str]) -> float:
        return sum(self.rarity[term] for term in sorted(terms))


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
    same_title = bool(one.column) and one.column == other.column and same_source(one, other)
    return same_title and abs(one.at - other.at) > EDITION_APART


def name_others(one: Features, other: Features) -> bool:
    """Tell whether each of two titles names somebody or some place that the other article does not, and none both do.

    States and others that are in every day's news are no such names.
    """
    mine, theirs = one.subjects - familiar(), other.subjects - familiar()
    if not mine or not theirs or mine & theirs:
        return False
    return mine.isdisjoint(other.terms) and theirs.isdisjoint(one.terms)


def same_source(one: Features, other: Features) -> bool:
    """Tell whether two are known to be of one source."""
    return bool(one.source_id) and one.source_id == other.source_id
