"""EDGE: asks the store how rules stand against their own past, as the picture and the charts of a digest show it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from monitor.match.indicators import DAY, Indicator, indicator
from monitor.match.trends.base import Hour
from monitor.match.trends.spike import HOUR
from monitor.model import Occurrence
from monitor.store import Store

PAST = 57 * DAY  # that indicators compare with: eight weeks and the day
WINDOWS = 28  # days that are shown before the present one, with it


class Before(NamedTuple):
    """What is known of the weeks before an hour."""

    hours: Mapping[str, Sequence[Hour]]  # of each rule
    days: frozenset[int] | None  # on which something was polled; None = on all


def before(store: Store, ids: Sequence[str], hour: int) -> Before:
    """Return the past of rules before an hour (numbered since 1970); the dear part, which changes once an hour."""
    since = hour * HOUR - PAST
    polled = store.counters.days("fetched", since, hour * HOUR)
    return Before(store.picture.hourly(ids, since, hour * HOUR), polled or None)


def standing(
    store: Store, ids: Sequence[str], until: float, families: Mapping[str, str], past: Before
) -> list[tuple[Indicator, tuple[int, ...]]]:
    """Return the state of each rule at a moment (epoch seconds), and its articles of each of the last days.

    `families` says of a source id as whose voice it counts; `past` is that before the hour of the moment.
    """
    hour = int(until // HOUR)
    hits: dict[str, list[Occurrence]] = {id: [] for id in ids}
    for hit in store.trends.occurrences(ids, (hour - 24) * HOUR, until):
        hits[hit.rule_id].append(hit)
    since = {id: (store.trends.first([id]) or until) for id in ids}
    return [
        (
            indicator(id, hits[id], until, hours=past.hours[id], since=since[id], days=past.days, families=families),
            _windows(past.hours[id], hour, len({one.article_id for one in hits[id]})),
        )
        for id in ids
    ]


def _windows(hours: Sequence[Hour], hour: int, present: int) -> tuple[int, ...]:
    """Return the articles of the windows of a day before this one, the oldest first, and of this one."""
    counts = [0] * WINDOWS
    for at, _, number in hours:
        place = (hour - at) // 24
        if 0 < place <= WINDOWS:
            counts[WINDOWS - place] += number
    return (*counts[1:], present)
