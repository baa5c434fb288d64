"""`new`: a value that was never seen before among the hits of rules: a source, a term, words, a place."""

import typing
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.match.reading import Path
from monitor.match.trends import keys
from monitor.match.trends.base import History, Kind, Trend, behind, duration, many, named, roughly, sources
from monitor.match.trends.reading import TrendReader
from monitor.match.trends.values import Values
from monitor.model import Finding, Occurrence, Verdict

KEYS = ("rule", "rules", "watch", "of", "set", "learn")
LEARN = 7 * 86400.0  # seconds in which values are learnt without being told
LISTED = 5  # values that the reason names


@dataclass(frozen=True, slots=True)
class New(Kind):
    """A first-ever source, term, wording or place among the hits of rules."""

    name = "new"
    on_time = "never"
    wants_old = True  # what stood in a feed before it was watched is not new later
    of: Values
    learn: float = LEARN  # seconds

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: TrendReader) -> Kind | None:
        """Read what is counted, `of`, `set` and `learn`."""
        if not reader.keys(data, place, KEYS, needed=("of",)):
            return None
        rules = reader.counted(data, place)
        learn = reader.duration(data, "learn", place, least=0.0, default=LEARN)
        of = reader.choice(data, "of", place, keys.VALUES)
        values = reader.values(data, of, place, rules or ()) if of else None
        if rules is None or learn is None or values is None:
            return None
        return cls(rules, values, learn)

    @staticmethod
    def schema() -> dict[str, typing.Any]:
        """What is counted, and which values are told apart."""
        own = {"of": {"enum": list(keys.VALUES)}, "set": keys.SET, "learn": keys.DURATION_OR_NONE}
        return keys.mapping(keys.COUNTED | own, ["of"])

    @property
    def span(self) -> float:
        """Nothing: it is asked of the hits of the moment."""
        return 0.0

    @property
    def wants_terms(self) -> bool:
        """It does unless the value is the source."""
        return self.of.worded

    def values(self, hits: Iterable[Occurrence]) -> dict[str, list[Occurrence]]:
        """Return the values of hits, each with the hits that have it."""
        found: dict[str, list[Occurrence]] = {}
        for hit in hits:
            for value in self.of(hit):
                found.setdefault(value, []).append(hit)
        return found

    def describe(self) -> str:
        """Say which values."""
        of = f"{self.of.noun}{f' of ${self.of.set}' if self.of.set else ''}"
        return f"a first-ever {of} among the hits of {named(self.rules)}"

    def look(self, trend: Trend, history: History, now: float) -> Finding:
        """Tell values that are not known; while it learns, and of old articles, they are only remembered."""
        unknown = {value: hits for value, hits in self.values(history.hits).items() if value not in history.told}
        left = history.since + self.learn - now
        if left > 0:
            words = f"not enough history yet: it learns for {duration(self.learn)}, {roughly(left)} are left"
            return self._quiet(trend, Verdict.LEARNING, words, unknown, history)
        fresh = {value: hits for value, hits in unknown.items() if all(hit.news for hit in hits)}
        if not fresh:
            words = f"no new {self.of.noun}; {many(history.known, self.of.noun)} known"
            return self._quiet(trend, Verdict.QUIET, words, unknown, history)
        told = [hit for hits in fresh.values() for hit in hits]
        return trend.finding(
            Verdict.HOLDS,
            f"{self._named(fresh)}: never seen before in {roughly(now - history.since)}",
            number=len(fresh),
            start=history.since,
            end=now,
            behind=tuple(behind(f"{self.of.noun} {value}", hits) for value, hits in fresh.items()),
            sources=sources(told),
            fresh=tuple(fresh),
            learnt=tuple(value for value in unknown if value not in fresh),
        )

    def _quiet(self, trend: Trend, verdict: Verdict, words: str, unknown: Iterable[str], history: History) -> Finding:
        return trend.finding(verdict, words, number=0, start=history.since, learnt=tuple(unknown))

    def _named(self, fresh: Iterable[str]) -> str:
        listed = list(fresh)
        more = f" and {len(listed) - LISTED} more" if len(listed) > LISTED else ""
        return f"new {self.of.noun}{'s' if len(listed) > 1 else ''} {', '.join(listed[:LISTED])}{more}"
