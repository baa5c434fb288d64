"""Indicators: what state each rule of a watch is in, against its own past.

A rule is, from the weakest state to the strongest:

- quiet: no hit in the window;
- single: hits, but all of one independent source (a publisher's family counts once);
- corroborated: hits of two independent sources or more;
- surge: as many hits as by chance alone come in one window of a hundred, and never fewer than `AT_LEAST`.

What chance brings is what `spike` takes for usual: the windows that end at the same hour of the same weekday of past
weeks, or, where too few are known, of past days. The bound is a quantile of the negative binomial distribution with
their mean and spread (`monitor.match.trends.spike.bound`). A surge of one source
alone is not hidden: `sources` says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.match.trends.base import History, Hour, many
from monitor.match.trends.spike import HOUR, Spike, bound
from monitor.model import Occurrence

DAY = 24 * HOUR
CHANCE = 0.01  # of a surge where nothing has changed; a board is looked at, it wakes nobody as a `spike` does
AT_LEAST = 4  # hits; below it nothing is a surge


class State(StrEnum):
    """The state of an indicator, the weakest first."""

    QUIET = "quiet"
    SINGLE = "single"
    CORROBORATED = "corroborated"
    SURGE = "surge"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A rule's state, and what it follows from."""

    rule_id: str
    state: State
    number: int  # articles that hit within the window
    sources: int  # independent ones among them
    usual: float | None  # the mean of the past windows; None = too little is known of the past
    threshold: int | None  # where a surge begins
    why: str  # all of it in words


def indicator(
    rule_id: str,
    hits: Iterable[Occurrence],
    now: float,
    *,
    hours: Iterable[Hour] = (),
    since: float = 0.0,
    days: frozenset[int] | None = None,
    families: Mapping[str, str] | None = None,
    within: float = DAY,
) -> Indicator:
    """Say what state a rule is in at this moment (seconds since the epoch).

    `hits` are its hits of the window at least; `hours` how many it had in which hour of the past, with the source;
    `since` is from when on they are known, `days` on which days (since 1970) something was polled (None = on all),
    `families` whose a source is where it is not its own, and `within` a window of whole hours, in seconds. Hits that
    were no news count for nothing.
    """
    kind = Spike((rule_id,), within=within)
    start = (int(now // HOUR) + 1 - kind.hours) * HOUR
    present = [hit for hit in hits if hit.rule_id == rule_id and hit.news and start <= hit.at <= now]
    number = len({hit.article_id for hit in present})
    sources = len({(families or {}).get(hit.source_id) or hit.source_id for hit in present})
    baseline = kind.baseline(History(hours=tuple(hours), since=since, days=days), now)
    threshold = max(AT_LEAST, bound(baseline.counts, CHANCE)) if baseline else None
    state = _state(number, sources, threshold)
    said = _said(number, sources, kind.hours)
    if baseline is None or threshold is None:
        return Indicator(rule_id, state, number, sources, None, None, f"{said}; what is usual is not known yet")
    usual = f"{baseline.mean:.1f}".removesuffix(".0")
    why = f"{said}; usual {baseline.words} is {usual} (mean of {len(baseline.counts)}); a surge begins at {threshold}"
    return Indicator(rule_id, state, number, sources, round(baseline.mean, 2), threshold, why)


def _state(number: int, sources: int, threshold: int | None) -> State:
    if threshold is not None and number >= threshold:
        return State.SURGE
    if sources > 1:
        return State.CORROBORATED
    return State.SINGLE if number else State.QUIET


def _said(number: int, sources: int, hours: int) -> str:
    window = "day" if hours == 24 else "hour" if hours == 1 else f"{hours} hours"
    counted = f"{many(number, 'article')} in the last {window}" if number else f"no article in the last {window}"
    return f"{counted}, of {many(sources, 'independent source')}" if number else counted
