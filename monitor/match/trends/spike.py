"""`spike`: more than is usual at this hour of this weekday, by the rule's own past.

The bound is a quantile of the negative binomial distribution whose mean is that of the same hours of past weeks, and
whose variance is that of a prediction: the spread of the past (never less than Poisson's) and the doubt about the mean.
So do the public health services with reports of a disease: Farrington, Andrews, Beale, Catchpole, "A statistical
algorithm for the early detection of outbreaks of infectious disease", J. R. Statist. Soc. A 159 (1996) 547-563; the
negative binomial quantile is from Noufaily and others, Statistics in Medicine 32 (2013) 1206-1222.
"""

import math
import typing
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.match.reading import Path
from monitor.match.trends import keys
from monitor.match.trends.base import (
    History,
    Hour,
    Kind,
    Trend,
    behind,
    distinct,
    duration,
    many,
    named,
    roughly,
    sources,
)
from monitor.match.trends.reading import TrendReader
from monitor.model import Finding, Occurrence, Verdict

KEYS = ("rule", "rules", "watch", "within", "by", "at_least", "chance", "weeks")
HOUR, DAY, WEEK = 3600.0, 24, 168  # seconds; hours; hours
AT_LEAST, CHANCE, WEEKS = 5, 0.0001, 8
CALM = 6  # hours without a high window, after which a spike may be told again
# Which past windows are compared, the first kind of which there are enough: (hours between two, how many, in words)
BASELINES = (
    (WEEK, 4, "at this hour of this weekday"),
    (DAY, 7, "at this hour of the day"),
    (0, 48, "in such a window"),  # 0: one after the other
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was counted in past windows that are like the present one."""

    words: str
    counts: tuple[int, ...]

    @property
    def mean(self) -> float:
        """What is usual."""
        return sum(self.counts) / len(self.counts)


@dataclass(frozen=True, slots=True)
class Spike(Kind):
    """More than is usual at this hour of this weekday."""

    name = "spike"
    on_hits = False
    on_time = "always"
    within: float = HOUR  # seconds; whole hours
    by: str = "article"
    at_least: int = AT_LEAST
    chance: float = CHANCE
    weeks: int = WEEKS

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: TrendReader) -> Kind | None:
        """Read what is counted, `within`, `by`, `at_least`, `chance` and `weeks`."""
        if not reader.keys(data, place, KEYS):
            return None
        rules = reader.counted(data, place)
        window = reader.duration(data, "within", place, least=HOUR, most=DAY * HOUR, default=HOUR)
        by = reader.choice(data, "by", place, ("article", "source"))
        at_least = reader.whole(data, "at_least", place, least=2, default=AT_LEAST)
        weeks = reader.whole(data, "weeks", place, least=4, most=52, default=WEEKS)
        chance = reader.share(data, "chance", place, least=1e-9, most=0.05, default=CHANCE)
        if window is not None and window % HOUR:
            hint = "write for example 1h or 6h"
            reader.complain((*place, "within"), "the window of a spike is of whole hours", hint)
            window = None
        if rules is None or window is None or by is None or at_least is None or weeks is None or chance is None:
            return None
        return cls(rules, window, by, at_least, chance, weeks)

    @staticmethod
    def schema() -> dict[str, typing.Any]:
        """What is counted, in which window, and how unusual it must be."""
        own = {
            "within": keys.DURATION,
            "by": keys.BY,
            "at_least": keys.whole(2),
            "chance": {"type": "number", "minimum": 1e-9, "maximum": 0.05, "default": CHANCE},
            "weeks": keys.whole(4, 52),
        }
        return keys.mapping(keys.COUNTED | own, [])

    @property
    def span(self) -> float:
        """Its window; the baseline comes apart, by the hour."""
        return self.within

    @property
    def past(self) -> float:
        """How far back the baseline goes, in seconds."""
        return self.weeks * WEEK * HOUR + self.within

    def describe(self) -> str:
        """Say what is compared."""
        return f"more {self.by}s of {named(self.rules)} in {duration(self.within)} than usual, at least {self.at_least}"

    def wants_baseline(self, history: History, now: float) -> bool:
        """Whether the baseline matters: with a few hits it does not, unless a spike has to be ended."""
        return "" in history.told or distinct(self._present(history, now), self.by) >= self.at_least

    def look(self, trend: Trend, history: History, now: float) -> Finding:
        """Compare the window that ends with the running hour with its like in the past.

        While the hour runs there is less in it than there will be: a spike is told as soon as it is one. Once told, it
        is armed again when for some hours all full windows were nearer to what is usual than to the bound: the waves
        of one event are told once.
        """
        hits = self._present(history, now)
        number = distinct(hits, self.by)
        about: dict[str, typing.Any] = {
            "number": number,
            "start": self._start(now),
            "end": now,
            "behind": (behind("Articles behind it", hits),) if hits else (),
            "sources": sources(hits),
        }
        if history.hours is None:
            words = f"{self._counted(number)}: below {self.at_least} nothing is a spike"
            return trend.finding(Verdict.QUIET, words, threshold=self.at_least, **about)
        baseline = self.baseline(history, now)
        watched = now - history.watching_since
        if baseline is None or watched < self.within:  # after a gap, what came meanwhile comes at once
            wanting = self._too_short(history, now) if baseline is None else self._just_begun(watched)
            return trend.finding(Verdict.LEARNING, f"{wanting}; {self._counted(number)}", **about)
        threshold = max(self.at_least, bound(baseline.counts, self.chance))
        holds = number >= threshold
        calm = self._is_calm(history.hours, self._hour(now), (baseline.mean + threshold) / 2)
        return trend.finding(
            Verdict.HOLDS if holds else Verdict.QUIET,
            self._words(number, baseline, threshold),
            threshold=threshold,
            baseline=round(baseline.mean, 2),
            fresh=("",) if holds and "" not in history.told else (),
            over=("",) if "" in history.told and calm and not holds else (),
            **about,
        )

    # --- the present window

    @property
    def hours(self) -> int:
        """The window in hours."""
        return int(self.within / HOUR)

    def _hour(self, now: float) -> int:
        return int(now // HOUR)

    def _start(self, now: float) -> float:
        """Return the beginning of the window: whole hours, the running one is the last."""
        return (self._hour(now) + 1 - self.hours) * HOUR

    def _present(self, history: History, now: float) -> list[Occurrence]:
        # A hit in the very moment in which an hour begins belongs to it, as in the baseline.
        start = self._start(now)
        return [hit for hit in history.hits if hit.news and start <= hit.at <= now]

    # --- the past

    def baseline(self, history: History, now: float) -> Baseline | None:
        """Return the past windows that are compared; None where there are too few."""
        end = self._hour(now) + 1
        by_hour: dict[int, list[Hour]] = {}
        for one in history.hours or ():
            by_hour.setdefault(one[0], []).append(one)
        for step, enough, words in BASELINES:
            seen = self._watched(step, history, end)
            if len(seen) >= enough:
                counts = tuple(
                    self._counted_in([one for hour in range(last - self.hours, last) for one in by_hour.get(hour, ())])
                    for last in seen
                )
                return Baseline(words, counts)
        return None

    def _watched(self, step: int, history: History, end: int) -> list[int]:
        """Return the past windows that were watched, by the hour at which they end; `step` is one of BASELINES."""
        distance = step or self.hours
        ends = (end - distance * n for n in range(1, self.weeks * WEEK // distance + 1))
        return [last for last in ends if self._observed(last, history)]

    def _counted_in(self, hours: Sequence[Hour], start: int = 0, end: int = 0) -> int:
        """Count what lies in these hours (all, where no bounds are given)."""
        chosen = [one for one in hours if start <= one[0] < end] if end else hours
        if self.by == "source":
            return len({source for _, source, _ in chosen})
        return sum(number for _, _, number in chosen)

    def _is_calm(self, hours: Sequence[Hour], hour: int, most: float) -> bool:
        """Tell whether all windows that ended in the last hours held no more than this."""
        ends = range(hour - CALM + 1, hour + 1)
        return all(self._counted_in(hours, end - self.hours, end) <= most for end in ends)

    def _observed(self, end: int, history: History) -> bool:
        """Tell whether a window that ends with this hour was watched: a time without polls is no quiet time."""
        start = end - self.hours
        days = range(start // DAY, (end - 1) // DAY + 1)
        return start * HOUR >= history.since and (history.days is None or all(day in history.days for day in days))

    # --- words

    def _counted(self, number: int) -> str:
        since = "since the hour began" if self.hours == 1 else f"in {duration(self.within)}"
        return f"{many(number, self.by)} {since}"

    def _words(self, number: int, baseline: Baseline, threshold: int) -> str:
        usual = f"{baseline.mean:.1f}".removesuffix(".0")
        return (
            f"{self._counted(number)}; usual {baseline.words} is {usual} (mean of {len(baseline.counts)}); "
            f"a spike begins at {threshold}"
        )

    def _too_short(self, history: History, now: float) -> str:
        step, enough, _ = BASELINES[-1]
        seen = len(self._watched(step, history, self._hour(now) + 1))
        return f"not enough history yet: {seen} of {enough} windows of {duration(self.within)} are known"

    def _just_begun(self, watched: float) -> str:
        words = f"watched without a gap for {roughly(watched)} of {duration(self.within)}"
        return f"not enough history yet: {words}"


def bound(counts: Sequence[int], chance: float) -> int:
    """Return the smallest number that is reached by chance in this share of windows at most.

    `counts` are those of past windows, at least one; `chance` lies between 1e-9 and 0.05.
    """
    windows = len(counts)
    mean = (sum(counts) + 0.5) / windows  # half an event: what never happened in n windows is not impossible
    around = sum((count - mean) ** 2 for count in counts) / max(1, windows - 1)
    spread = max(1.0, around / mean)
    variance = mean * spread * (1 + 1 / windows)
    size = mean * mean / (variance - mean)
    step = max(1, int(math.sqrt(variance) / 500))  # of very large numbers a grid is looked at
    masses = []
    number = int(mean)
    while True:  # beyond the mean the masses fall: what comes after a negligible one is negligible, too
        masses.append(_mass(number, size, mean) * step)
        if masses[-1] < chance * 1e-6 and number > mean:
            break
        number += step
    tail = 0.0
    for mass in reversed(masses):
        tail += mass
        if tail > chance:
            break
        number -= step
    return number + 1


def _mass(number: int, size: float, mean: float) -> float:
    """Return the probability of a number in a negative binomial distribution of this size and mean."""
    log = math.lgamma(number + size) - math.lgamma(size) - math.lgamma(number + 1)
    return math.exp(log + size * math.log(size / (size + mean)) + number * math.log(mean / (size + mean)))
