"""What every kind of trend is, and what it is handed."""

import typing
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from monitor.model import Behind, Finding, Occurrence, Severity, Verdict

if TYPE_CHECKING:
    from monitor.match.reading import Path
    from monitor.match.trends.reading import TrendReader

SHOWN = 20  # articles that are named behind a number, at most
GAP = 7200.0  # seconds without a look that are nothing unusual, however short the window is
_UNITS = ((604800.0, "week"), (86400.0, "day"), (3600.0, "hour"), (60.0, "minute"), (1.0, "second"))
Hour = tuple[int, str, int]  # (hours since 1970, source, articles)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened: all that a trend looks at."""

    hits: tuple[Occurrence, ...] = ()  # of the trend's rules, within its span, the oldest first
    told: Mapping[str, float] = field(default_factory=dict)  # value -> when it was told, or learnt
    since: float = 0.0  # from when on the hits of the rules are known
    watching_since: float = 0.0  # from when on the trend was looked at without a gap
    last: Occurrence | None = None  # the latest hit; where the kind asks for it
    hours: tuple[Hour, ...] | None = None  # the baseline; None = not asked for
    days: frozenset[int] | None = None  # days since 1970 on which something was polled; None = all
    known: int = 0  # values that are known


@dataclass(frozen=True, slots=True)
class Kind(ABC):
    """What a trend looks for; `rules` are the ids of the rules whose hits it counts."""

    name: ClassVar[str]
    on_hits: ClassVar[bool] = True  # looked at when one of its rules hits
    on_time: ClassVar[str] = "told"  # looked at as time passes: "always", "told" (while it has told something), "never"
    wants_old: ClassVar[bool] = False  # it must know also of hits that were no news
    wants_last: ClassVar[bool] = False
    rules: tuple[str, ...]

    @property
    @abstractmethod
    def span(self) -> float:
        """How far back it looks, in seconds."""

    @property
    def wants_terms(self) -> bool:
        """Whether it must know the words of the evidence."""
        return False

    @property
    def sides(self) -> tuple[tuple[str, ...], ...]:
        """Groups of rules of which each must have a hit within the span; else there is nothing to find."""
        return ()

    @classmethod
    @abstractmethod
    def read(cls, data: typing.Any, place: "Path", reader: "TrendReader") -> "Kind | None":
        """Read it from plain data; None where that cannot be, and then the problems are noted."""

    @staticmethod
    @abstractmethod
    def schema() -> dict[str, typing.Any]:
        """Return the JSON Schema of its keys."""

    @abstractmethod
    def describe(self) -> str:
        """Say in words when it fires."""

    @abstractmethod
    def look(self, trend: "Trend", history: History, now: float) -> Finding:
        """Say what is found at this moment (seconds since the epoch)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A named kind with a severity; its id is unique among rules and trends."""

    id: str
    name: str
    watch: str
    severity: Severity
    kind: Kind
    file: str
    line: int
    hash: str  # changes with what it looks for, not with its name or severity
    description: str = ""
    tags: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules whose hits it counts."""
        return self.kind.rules

    def look(self, history: History, now: float) -> Finding:
        """Say what is found at this moment."""
        return self.kind.look(self, history, now)

    def finding(self, verdict: Verdict, reason: str, **values: typing.Any) -> Finding:
        """Return a finding of this trend."""
        return Finding(
            trend_id=self.id,
            kind=self.kind.name,
            name=self.name,
            severity=self.severity,
            watch=self.watch,
            rules=self.rules,
            verdict=verdict,
            reason=reason,
            **values,
        )


# --- counting --------------------------------------------------------------------------------------------------------


def within(hits: Iterable[Occurrence], start: float, end: float) -> list[Occurrence]:
    """Return the hits that were news, later than `start` and not later than `end`."""
    return [hit for hit in hits if hit.news and start < hit.at <= end]


def distinct(hits: Iterable[Occurrence], by: str) -> int:
    """Count the articles, or the sources, of hits; each once."""
    return len({hit.source_id if by == "source" else hit.article_id for hit in hits})


def behind(label: str, hits: Iterable[Occurrence]) -> Behind:
    """Return the articles of hits, the newest first: a bounded list, and the true number."""
    ids = list(dict.fromkeys(hit.article_id for hit in sorted(hits, key=lambda hit: -hit.at)))
    return Behind(label, tuple(ids[:SHOWN]), len(ids))


def sources(hits: Iterable[Occurrence]) -> tuple[str, ...]:
    """Return the ids of the sources of hits."""
    return tuple(sorted({hit.source_id for hit in hits}))


# --- words -----------------------------------------------------------------------------------------------------------


def duration(seconds: float) -> str:
    """Say a duration in the largest unit that says it in whole numbers: "6 hours", "90 minutes", "1 day"."""
    for unit, word in _UNITS:
        if seconds >= unit and seconds % unit == 0 and not (word == "week" and seconds == unit):
            return many(int(seconds / unit), word)
    return f"{seconds:g} seconds"


def roughly(seconds: float) -> str:
    """Say a duration in whole numbers of the largest unit of which it has at least two."""
    for unit, word in _UNITS:
        if seconds >= 2 * unit:
            return many(int(seconds / unit), word)
    return many(int(seconds), "second")


def many(number: int, word: str) -> str:
    """Say a number of things: "1 article", "2 articles"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def named(rules: Iterable[str]) -> str:
    """Name rules: "rule border", "rules border, deal and 3 more"."""
    listed = list(rules)
    if len(listed) == 1:
        return f"rule {listed[0]}"
    shown = listed if len(listed) <= 4 else [*listed[:3], f"{len(listed) - 3} more"]
    return f"rules {', '.join(shown[:-1])} and {shown[-1]}"
