"""`count`: more than so many articles, or sources, within a window."""

import typing
from dataclasses import dataclass

from monitor.match.reading import Path
from monitor.match.trends import keys
from monitor.match.trends.base import History, Kind, Trend, behind, distinct, duration, many, named, sources, within
from monitor.match.trends.reading import TrendReader
from monitor.model import Finding, Verdict

KEYS = ("rule", "rules", "watch", "more_than", "within", "by")


@dataclass(frozen=True, slots=True)
class Count(Kind):
    """More than so many articles in a window; with `by: source` each source counts once."""

    name = "count"
    more_than: int
    within: float  # seconds
    by: str = "article"

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: TrendReader) -> Kind | None:
        """Read what is counted, `more_than`, `within` and `by`."""
        if not reader.keys(data, place, KEYS, needed=("more_than", "within")):
            return None
        rules = reader.counted(data, place)
        more_than = reader.whole(data, "more_than", place, least=1)
        window = reader.duration(data, "within", place)
        by = reader.choice(data, "by", place, ("article", "source"))
        if rules is None or more_than is None or window is None or by is None:
            return None
        return cls(rules, more_than, window, by)

    @staticmethod
    def schema() -> dict[str, typing.Any]:
        """What is counted, and how many in which window."""
        own = {"more_than": keys.whole(1), "within": keys.DURATION, "by": keys.BY}
        return keys.mapping(keys.COUNTED | own, ["more_than", "within"])

    @property
    def span(self) -> float:
        """Its window."""
        return self.within

    def describe(self) -> str:
        """Say the number and the window."""
        return f"more than {many(self.more_than, self.by)} of {named(self.rules)} in {duration(self.within)}"

    def look(self, trend: Trend, history: History, now: float) -> Finding:
        """Count; once told, it is armed again when the number has fallen to half of the bound."""
        hits = within(history.hits, now - self.within, now)
        number = distinct(hits, self.by)
        holds = number > self.more_than
        words = (
            f"{many(number, self.by)} in {duration(self.within)}, {'' if holds else 'not '}more than {self.more_than}"
        )
        return trend.finding(
            Verdict.HOLDS if holds else Verdict.QUIET,
            words,
            number=number,
            threshold=self.more_than,
            start=now - self.within,
            end=now,
            behind=(behind("Articles behind it", hits),) if hits else (),
            sources=sources(hits),
            fresh=("",) if holds and "" not in history.told else (),
            over=("",) if "" in history.told and number <= self.more_than // 2 else (),
        )
