"""`silence`: what is expected does not come."""

import typing
from dataclasses import dataclass

from monitor.match.reading import Path
from monitor.match.trends import keys
from monitor.match.trends.base import (
    History,
    Kind,
    Trend,
    behind,
    distinct,
    duration,
    many,
    named,
    roughly,
    sources,
    within,
)
from monitor.match.trends.reading import TrendReader
from monitor.model import Finding, Verdict

KEYS = ("rule", "rules", "watch", "within", "less_than", "by")


@dataclass(frozen=True, slots=True)
class Silence(Kind):
    """Fewer articles than expected (by default none) in a window."""

    name = "silence"
    on_hits = False
    on_time = "always"
    wants_last = True
    within: float  # seconds
    less_than: int = 1
    by: str = "article"

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: TrendReader) -> Kind | None:
        """Read what is counted, `within`, `less_than` and `by`."""
        if not reader.keys(data, place, KEYS, needed=("within",)):
            return None
        rules = reader.counted(data, place)
        window = reader.duration(data, "within", place)
        less_than = reader.whole(data, "less_than", place, least=1, default=1)
        by = reader.choice(data, "by", place, ("article", "source"))
        if rules is None or window is None or less_than is None or by is None:
            return None
        return cls(rules, window, less_than, by)

    @staticmethod
    def schema() -> dict[str, typing.Any]:
        """What is counted, and how many are expected in which window."""
        own = {"within": keys.DURATION, "less_than": keys.whole(1), "by": keys.BY}
        return keys.mapping(keys.COUNTED | own, ["within"])

    @property
    def span(self) -> float:
        """Its window."""
        return self.within

    def describe(self) -> str:
        """Say what is missed."""
        least = f"no {self.by}" if self.less_than == 1 else f"less than {many(self.less_than, self.by)}"
        return f"{least} of {named(self.rules)} in {duration(self.within)}"

    def look(self, trend: Trend, history: History, now: float) -> Finding:
        """Count; once told, it is armed again when as many as expected come.

        With a bound above 1 it is told once in a window at most: a number near the bound goes up and down.
        """
        hits = within(history.hits, now - self.within, now)
        number = distinct(hits, self.by)
        told = history.told.get("")
        enough = number >= self.less_than
        over = told is not None and enough and (self.less_than == 1 or now - told >= self.within)
        watched = now - history.watching_since
        verdict = Verdict.QUIET if enough else Verdict.LEARNING if watched < self.within else Verdict.HOLDS
        return trend.finding(
            verdict,
            self._words(verdict, number, watched, history, now),
            number=number,
            threshold=self.less_than,
            start=now - self.within,
            end=now,
            behind=self._behind(hits, history),
            sources=sources(hits or ([history.last] if history.last else [])),
            fresh=("",) if verdict is Verdict.HOLDS and told is None else (),
            over=("",) if over else (),
        )

    def _words(self, verdict: Verdict, number: int, watched: float, history: History, now: float) -> str:
        counted = f"{many(number, self.by) if number else f'no {self.by}'} in {duration(self.within)}"
        if verdict is Verdict.LEARNING:
            words = f"not enough history yet: watched without a gap for {roughly(watched)} of {duration(self.within)}"
            return f"{words}; so far {counted}"
        if verdict is Verdict.QUIET:
            return f"{counted}, not less than {self.less_than}"
        last = f"the last one came {roughly(now - history.last.at)} ago" if history.last else "there never was one"
        return f"{counted}; {last}" if self.less_than == 1 else f"{counted}, less than {self.less_than}; {last}"

    def _behind(self, hits: list[typing.Any], history: History) -> tuple[typing.Any, ...]:
        if hits:
            return (behind("All that came", hits),)
        return (behind("The last one before", [history.last]),) if history.last else ()
