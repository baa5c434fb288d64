"""What changed rules would find and what they would miss: two wordings of the rules on the same articles; no effects.

The rules of a changed file take the place of those with the same id, its term sets of those with the same name; only
rules whose wording differs after that are tried. A tally is made of any part of the articles, and tallies add up to
the same whatever the parts were: so the work can be done by several processes.
"""

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from heapq import nsmallest
from typing import Any

from monitor.match.compiler import RuleDocument
from monitor.match.rulebook import RuleBook
from monitor.model import Article, Hit, Source

DAY = 86400.0
UNDATED = 0  # the day (since 1970) of articles that have no date
SAMPLES = 5  # kept of what a rule gains, and of what it loses


# --- which rules are compared ----------------------------------------------------------------------------------------


def exchanged(live: Iterable[RuleDocument], changed: Sequence[RuleDocument]) -> tuple[RuleDocument, ...]:
    """Return the live documents with the rules and term sets of the changed ones in the place of their namesakes."""
    return (*without(live, changed), *changed)


def without(live: Iterable[RuleDocument], others: Sequence[RuleDocument]) -> tuple[RuleDocument, ...]:
    """Return the live documents without the rules and term sets that have a namesake in the other ones."""
    ids = {id for document in others for id in ids_of(document)}
    names = {name for document in others for name in _names_of(document)}
    return tuple(_without(document, ids, names) for document in live)


def ids_of(document: RuleDocument) -> list[str]:
    """Return the ids of a document's rules, also of disabled ones; what is no rule is left out."""
    return [str(rule["id"]) for rule in _rules(document) if isinstance(rule, Mapping) and rule.get("id")]


def only(documents: Iterable[RuleDocument], ids: Collection[str]) -> tuple[RuleDocument, ...]:
    """Return the documents with these rules and no others, and all their term sets."""
    kept = []
    for document in documents:
        rules = [rule for rule in _rules(document) if isinstance(rule, Mapping) and str(rule.get("id")) in ids]
        kept.append(replace(document, data=_with(document, "rules", rules)))
    return tuple(kept)


def differing(before: RuleBook, after: RuleBook) -> tuple[str, ...]:
    """Return the ids of the rules that have another wording (or other term sets) after, are new, or are gone."""
    old, new = ({rule.id: rule.hash for rule in book.rules} for book in (before, after))
    return tuple(id for id in dict.fromkeys([*new, *old]) if old.get(id) != new.get(id))


def _without(document: RuleDocument, ids: Collection[str], names: Collection[str]) -> RuleDocument:
    rules = [rule for rule in _rules(document) if not (isinstance(rule, Mapping) and str(rule.get("id")) in ids)]
    terms = document.data.get("terms") if isinstance(document.data, Mapping) else None
    data = _with(document, "rules", rules)
    if isinstance(data, Mapping) and isinstance(terms, Mapping):
        data = {**data, "terms": {name: listed for name, listed in terms.items() if name not in names}}
    return replace(document, data=data)


def _with(document: RuleDocument, key: str, value: object) -> object:
    return {**document.data, key: value} if isinstance(document.data, Mapping) else document.data


def _rules(document: RuleDocument) -> list[Any]:
    listed = document.data.get("rules") if isinstance(document.data, Mapping) else None
    return listed if isinstance(listed, list) else []


def _names_of(document: RuleDocument) -> list[str]:
    listed = document.data.get("terms") if isinstance(document.data, Mapping) else None
    return list(listed) if isinstance(listed, Mapping) else []


# --- what they find --------------------------------------------------------------------------------------------------


class Change(StrEnum):
    """What became of a hit."""

    KEPT = "kept"
    GAINED = "gained"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Sample:
    """One hit that was gained or lost, to be shown."""

    rank: int  # of all hits those with the smallest are shown: as good as drawn by lot, and always the same
    article: Article
    hit: Hit


@dataclass(slots=True)
class RuleTally:
    """What one rule kept, gained and lost."""

    days: dict[int, dict[Change, int]] = field(default_factory=dict)  # day since 1970 (UTC) -> how many
    samples: dict[Change, list[Sample]] = field(default_factory=dict)

    def count(self, change: Change) -> int:
        """Return how many hits were kept, gained or lost."""
        return sum(day.get(change, 0) for day in self.days.values())

    @property
    def before(self) -> int:
        """How many hits there were."""
        return self.count(Change.KEPT) + self.count(Change.LOST)

    @property
    def after(self) -> int:
        """How many hits there are with the changed rule."""
        return self.count(Change.KEPT) + self.count(Change.GAINED)

    def note(self, change: Change, article: Article, hit: Hit) -> None:
        """Count one hit."""
        day = self.days.setdefault(int(article.seen_at // DAY), {})
        day[change] = day.get(change, 0) + 1
        if change is not Change.KEPT:
            rank = zlib.crc32(f"{hit.rule_id} {article.id}".encode("utf-8", "replace"))
            self._sample(change, [Sample(rank, article, hit)])

    def add(self, other: "RuleTally") -> None:
        """Take in what was counted of other articles."""
        for number, day in other.days.items():
            mine = self.days.setdefault(number, {})
            for change, count in day.items():
                mine[change] = mine.get(change, 0) + count
        for change, samples in other.samples.items():
            self._sample(change, samples)

    def _sample(self, change: Change, fresh: Iterable[Sample]) -> None:
        known = self.samples.get(change, [])
        self.samples[change] = nsmallest(SAMPLES, [*known, *fresh], key=_rank)


def _rank(sample: Sample) -> tuple[int, str, float]:
    return sample.rank, sample.article.id, sample.article.seen_at


@dataclass(slots=True)
class Tally:
    """What all rules kept, gained and lost in some articles."""

    articles: int = 0
    first: float | None = None  # when the first of them was seen, of those that have a date
    last: float | None = None
    rules: dict[str, RuleTally] = field(default_factory=dict)

    def note(self, article: Article, before: Iterable[Hit], after: Iterable[Hit]) -> None:
        """Count one article: its hits by the rules as they were, and by the changed ones; one a rule counts."""
        self.articles += 1
        if article.seen_at:
            self._saw(article.seen_at, article.seen_at)
        old, new = ({hit.rule_id: hit for hit in hits} for hits in (before, after))
        for rule_id in old.keys() | new.keys():
            hit = new.get(rule_id) or old[rule_id]
            change = Change.KEPT if rule_id in old and rule_id in new else Change.LOST
            change = Change.GAINED if rule_id not in old else change
            self.rules.setdefault(rule_id, RuleTally()).note(change, article, hit)

    def add(self, other: "Tally") -> None:
        """Take in what was counted of other articles."""
        self.articles += other.articles
        if other.first is not None and other.last is not None:
            self._saw(other.first, other.last)
        for rule_id, tally in other.rules.items():
            self.rules.setdefault(rule_id, RuleTally()).add(tally)

    def total(self, change: Change) -> int:
        """Return how many hits all rules kept, gained or lost."""
        return sum(tally.count(change) for tally in self.rules.values())

    def _saw(self, first: float, last: float) -> None:
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)


@dataclass(slots=True)
class Sieve:
    """Takes those samples out of tallies that cannot be shown, since earlier ones come before them."""

    ranks: dict[tuple[str, Change], list[int]] = field(default_factory=dict)  # the smallest so far

    def sift(self, tally: Tally) -> None:
        """Leave in a tally what may be shown."""
        for rule_id, rule in tally.rules.items():
            for change, samples in rule.samples.items():
                known = self.ranks.get((rule_id, change), [])
                best = self.ranks[rule_id, change] = nsmallest(SAMPLES, [*known, *(one.rank for one in samples)])
                rule.samples[change] = [one for one in samples if one.rank <= best[-1]]


@dataclass(frozen=True, slots=True)
class Trial:
    """Two wordings of the same rules, tried on one article after the other."""

    before: RuleBook
    after: RuleBook

    def run(self, article: Article, source: Source, tally: Tally, recorded: Iterable[Hit] = ()) -> None:
        """Try both at the moment when the article came; `recorded` are hits that are known without trying."""
        moment = article.seen_at
        old = self.before.match(article, source, now=moment) if self.before.rules else ()
        tally.note(article, (*recorded, *old), self.after.match(article, source, now=moment))
