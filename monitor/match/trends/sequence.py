"""`sequence`: a hit of one rule, then one of another, of other articles, joined on what both have."""

import bisect
import itertools
import typing
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.match.reading import Path
from monitor.match.trends import keys
from monitor.match.trends.base import History, Kind, Trend, behind, duration, many, named, sources
from monitor.match.trends.reading import TrendReader
from monitor.match.trends.values import Values
from monitor.model import Finding, Occurrence, Verdict

KEYS = ("first", "then", "within", "join", "set")
JOINS = ("watch", *keys.VALUES)
ANY = Values("")  # nothing joins the two
LISTED = 5  # values that the reason names
Pairs = tuple[list[Occurrence], list[Occurrence]]


@dataclass(frozen=True, slots=True)
class Sequence(Kind):
    """A hit of `first`, then one of `then`; with `join` both must have the same place, watch, source or term."""

    name = "sequence"
    first: tuple[str, ...]
    then: tuple[str, ...]
    within: float  # seconds
    join: Values = ANY

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: TrendReader) -> Kind | None:
        """Read `first`, `then`, `within`, `join` and `set`."""
        if not reader.keys(data, place, KEYS, needed=("first", "then", "within")):
            return None
        first, then = (reader.side(data[key], (*place, key)) for key in ("first", "then"))
        window = reader.duration(data, "within", place)
        joined = reader.choice(data, "join", place, JOINS) if data.get("join") is not None else ""
        if first is None or then is None or window is None or joined is None:
            return None
        values = reader.values(data, joined, place, first, then)
        if values is None:
            return None
        return cls(tuple(dict.fromkeys(first + then)), first, then, window, values)

    @staticmethod
    def schema() -> dict[str, typing.Any]:
        """Both sides, the window, and what joins them."""
        watch = {"type": "object", "properties": {"watch": {"type": "string"}}, "required": ["watch"]}
        side = {"anyOf": [*keys.RULES["anyOf"], {**watch, "additionalProperties": False}]}
        own = {"first": side, "then": side, "within": keys.DURATION, "join": {"enum": list(JOINS)}, "set": keys.SET}
        return keys.mapping(own, ["first", "then", "within"])

    @property
    def span(self) -> float:
        """Two windows: the second hit lies in the last one, the first hit at most a window before it."""
        return 2 * self.within

    @property
    def wants_terms(self) -> bool:
        """It does where terms join the two."""
        return self.join.worded

    @property
    def sides(self) -> tuple[tuple[str, ...], ...]:
        """Both must be there."""
        return self.first, self.then

    def describe(self) -> str:
        """Say what follows what."""
        of = f" of the same {self.join.noun}" if self.join.of else ""
        return f"{named(self.first)}, then {named(self.then)}{of}, within {duration(self.within)}"

    def look(self, trend: Trend, history: History, now: float) -> Finding:
        """Find what followed in the last window; a value once told is armed again when the window holds none of it."""
        found = self._pairs([hit for hit in history.hits if hit.news and hit.at <= now], now)
        fresh = {value: pair for value, pair in found.items() if value not in history.told}
        shown = fresh or found
        firsts = [hit for pair in shown.values() for hit in pair[0]]
        seconds = [hit for pair in shown.values() for hit in pair[1]]
        return trend.finding(
            Verdict.HOLDS if found else Verdict.QUIET,
            self._words(shown),
            number=len({hit.article_id for hit in seconds}),
            start=min((hit.at for hit in firsts), default=now - self.within),
            end=now,
            behind=(behind(f"First, {named(self.first)}", firsts), behind(f"Then, {named(self.then)}", seconds))
            if shown
            else (),
            sources=sources([*firsts, *seconds]),
            fresh=tuple(fresh),
            over=tuple(value for value in history.told if value not in found),
        )

    def _pairs(self, hits: list[Occurrence], now: float) -> dict[str, Pairs]:
        """Return by joining value the first hits and those that followed."""
        before: dict[str, list[tuple[float, str, Occurrence]]] = {}
        for hit in hits:
            if hit.rule_id in self.first:
                for value in self.join(hit):
                    before.setdefault(value, []).append((told_at(hit), hit.article_id, hit))
        for listed in before.values():
            listed.sort(key=lambda one: one[:2])
        seconds: dict[str, list[Occurrence]] = {}
        covered: dict[str, list[int]] = {}  # by place in `before`: how many stretches begin there, less those that end
        for hit in hits:
            if hit.rule_id in self.then and hit.at > now - self.within:
                for value in self.join(hit):
                    listed = before.get(value, [])
                    low, high = self._stretch(listed, told_at(hit))
                    if any(article != hit.article_id for _, article, _ in listed[low:high]):
                        seconds.setdefault(value, []).append(hit)
                        steps = covered.setdefault(value, [0] * (len(listed) + 1))
                        steps[low] += 1
                        steps[high] -= 1
        return {value: (_covered(before[value], covered[value]), listed) for value, listed in seconds.items()}

    def _stretch(self, listed: typing.Sequence[tuple[float, str, Occurrence]], at: float) -> tuple[int, int]:
        """Return which hits were earlier than `at`, and not too early."""
        low = bisect.bisect_left(listed, at - self.within, key=lambda one: one[0])
        return low, max(low, bisect.bisect_left(listed, at, key=lambda one: one[0]))

    def _words(self, pairs: dict[str, Pairs]) -> str:
        if not pairs:
            return f"nothing of {named(self.then)} came within {duration(self.within)} after {named(self.first)}"
        firsts, seconds = (len({hit.article_id for pair in pairs.values() for hit in pair[side]}) for side in (0, 1))
        values = [value for value in pairs if value]
        words = f"{many(seconds, 'article')} of {named(self.then)} within {duration(self.within)} after "
        words += f"{many(firsts, 'article')} of {named(self.first)}"
        return f"{words}, {self.join.noun} {_listed(values)}" if values else words


def _covered(listed: Iterable[tuple[float, str, Occurrence]], steps: list[int]) -> list[Occurrence]:
    """Return the hits that some stretch covers."""
    return [hit for (_, _, hit), depth in zip(listed, itertools.accumulate(steps), strict=False) if depth > 0]


def told_at(hit: Occurrence) -> float:
    """Return when an article was published, or where that is not known, or later, when it was seen."""
    return hit.at if hit.published_at is None else min(hit.at, hit.published_at)


def _listed(values: Iterable[str]) -> str:
    listed = sorted(values)
    return ", ".join(listed[:LISTED]) + (f" and {len(listed) - LISTED} more" if len(listed) > LISTED else "")
