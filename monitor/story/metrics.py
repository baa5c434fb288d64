"""How well stories agree with those that people made: pairs, and B-cubed; no effects."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """Precision and recall, each from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean; 0 where both are 0."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def bcubed(truth: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> Measure:
    """Return B-cubed precision and recall (Bagga and Baldwin, 1998): the mean over articles, each in its own story.

    Of an article, precision is the share of its story that is truly with it; recall the share of those truly with it
    that its story has. `found` must have every article of `truth`.
    """
    both = Counter((truth[one], found[one]) for one in truth)
    true, made = Counter(truth.values()), Counter(found[one] for one in truth)
    if not truth:
        return Measure(1.0, 1.0)
    precision = sum(number * number / made[story] for (_, story), number in both.items()) / len(truth)
    recall = sum(number * number / true[event] for (event, _), number in both.items()) / len(truth)
    return Measure(precision, recall)


def pairwise(truth: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> Measure:
    """Return precision and recall over all pairs of articles: put together, and truly together; 1 of none is 1."""
    both = _pairs(Counter((truth[one], found[one]) for one in truth))
    made, true = _pairs(Counter(found[one] for one in truth)), _pairs(Counter(truth.values()))
    return Measure(both / made if made else 1.0, both / true if true else 1.0)


def _pairs(sizes: Mapping[Hashable, int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


@dataclass(frozen=True, slots=True)
class Joined:
    """Of the pairs with each label, how many were put into one story."""

    joined: Counter[str]
    of: Counter[str]

    @property
    def same(self) -> Measure:
        """Precision among pairs labelled same or different, and recall of same; other labels are reported apart."""
        right, of = self.joined["same"], self.of["same"]
        made = right + self.joined["different"]
        return Measure(right / made if made else 1.0, right / of if of else 1.0)


def joined(pairs: list[tuple[str, str, str]], found: Mapping[str, Hashable]) -> Joined:
    """Count the pairs (label, article, article) that are in one story."""
    together = Counter(label for label, one, other in pairs if found[one] == found[other])
    return Joined(together, Counter(label for label, _, _ in pairs))
