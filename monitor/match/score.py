"""How well rules find what people would want: precision, recall and F1 of each topic on labelled articles.

A topic is a label that several rules may answer for: an article is found where one of them hits. An article whose label
is not known (null) does not count for that topic.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

HALVES = ("first", "second")


@dataclass(slots=True)
class Count:
    """How often a topic was found rightly (tp), wrongly (fp), and not found (fn)."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 where nothing was found."""
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float:
        """The share of what is right that was found; 0 where nothing is right."""
        return _share(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one labelled article: for each topic with a known label, whether it is right and was found."""

    id: str
    title: str
    topics: Mapping[str, tuple[bool, bool]] = field(default_factory=dict)


def judge(
    id: str,
    title: str,
    labels: Mapping[str, bool | None],
    hit: Collection[str],
    topics: Mapping[str, Collection[str]],
) -> Judgement:
    """Compare an article's labels with the ids of the rules that hit it; `topics` is label -> rules."""
    known = {
        topic: (bool(labels[topic]), any(one in hit for one in rules))
        for topic, rules in topics.items()
        if labels.get(topic) is not None
    }
    return Judgement(id, title, known)


def counts(judgements: Iterable[Judgement], topics: Iterable[str]) -> dict[str, Count]:
    """Add up what was found of each topic."""
    totals = {topic: Count() for topic in topics}
    for judgement in judgements:
        for topic, (right, found) in judgement.topics.items():
            count = totals[topic]
            count.tp += right and found
            count.fp += found and not right
            count.fn += right and not found
    return totals


def half(id: str) -> str:
    """Return in which half of a set an article falls: the same everywhere, whatever else the set holds."""
    return HALVES[hashlib.sha256(id.encode("utf-8", "surrogatepass")).digest()[0] & 1]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
