"""EDGE: finds what the charts of a digest show, when it is queued: so it stays the same however often it is sent.

The charts count hits of stories that the channel was told of, alone or in this digest: a picture tells nobody of what
no route sends there. Indicators are those of the rules of such stories, against all that these rules ever found.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Any

from monitor.indicating import PAST, before, standing
from monitor.match.indicators import Indicator, State
from monitor.store import Store
from monitor.store.told import ToldHit
from monitor.story.corroboration import voice_key

HOUR, DAY = 3600.0, 86400.0
HOURLY, DAILY = 3 * DAY, 120 * DAY  # periods up to this are shown by the hour, by the day; longer ones by the week
MOST = 20_000  # hits that are counted: the newest
NAMED, SPOTS, AREAS, TOP, CELLS = 8, 60, 60, 10, 24  # rules, places, countries, rows of a list, indicators
WHY = 300  # characters

Facts = dict[str, Any]  # JSON-able


def situation(
    store: Store, channel: str, stories: Collection[str], *, start: float, end: float, zone: tzinfo
) -> Facts | None:
    """Return what the charts show of a digest of these stories; None where nothing was hit in its time."""
    told = {*store.told.stories(channel, start), *stories}
    hits = store.told.hits(told, start, end, MOST)
    if not hits:
        return None
    rules = store.told.rules({*told, *store.told.stories(channel, end - PAST)})
    names = {source.id: source.name for source in store.sources.all(removed=True)}
    return {
        "hits": len(hits),
        "cut": min(hit.at for hit in hits) if len(hits) == MOST else None,
        "board": _board(store, sorted(rules), end),
        "tempo": _tempo(hits, _edges(start, end, zone)),
        "spots": _spots(hits),
        "areas": _areas(hits),
        "sources": _top(names.get(hit.source_id, hit.source_id) for hit in hits),
    }


def _edges(start: float, end: float, zone: tzinfo) -> list[float]:
    """Return where the bars begin, and where the last ends: hours, local days, or weeks of them."""
    if end - start <= HOURLY:
        first = start // HOUR * HOUR
        return [first + number * HOUR for number in range(int((end - first) // HOUR) + 2)]
    step = timedelta(days=1 if end - start <= DAILY else 7)
    day = datetime.fromtimestamp(start, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0, tzinfo=None)
    found: list[float] = []
    while not found or found[-1] <= end:
        found.append(day.replace(tzinfo=zone).timestamp())
        day += step
    return found


def _tempo(hits: Sequence[ToldHit], edges: Sequence[float]) -> Facts:
    """Count by bar and rule: those with most hits each for itself, the others together."""
    names = {hit.rule_id: hit.rule_name or hit.rule_id for hit in reversed(hits)}
    order = [rule for rule, _ in Counter(hit.rule_id for hit in hits).most_common()]
    kept = order if len(order) <= NAMED + 1 else order[:NAMED]
    place = {rule: min(number, len(kept)) for number, rule in enumerate(order)}
    rest = len(order) - len(kept)
    bars = [[start, end, [0] * (len(kept) + (rest > 0))] for start, end in pairwise(edges)]
    for hit in hits:
        counts: Any = bars[max(0, bisect_right(edges, hit.at) - 1)][2]
        counts[place[hit.rule_id]] += 1
    return {
        "names": [*(names[rule] for rule in kept), *([f"{rest} others"] if rest else [])],
        "rules": kept,
        "bars": bars,
    }


def _spots(hits: Sequence[ToldHit]) -> list[list[Any]]:
    """Return [name, latitude, longitude, hits] of the places with most hits."""
    found = Counter((hit.place, hit.lat, hit.lon) for hit in hits if hit.place and hit.lat is not None)
    return [[*where, number] for where, number in found.most_common(SPOTS)]


def _areas(hits: Sequence[ToldHit]) -> list[list[Any]]:
    found = Counter(code for hit in hits for code in hit.countries)
    return [[code, number] for code, number in found.most_common(AREAS)]


def _top(names: Any) -> list[list[Any]]:
    return [[name, number] for name, number in Counter(names).most_common(TOP)]


def _board(store: Store, rules: Sequence[str], end: float) -> list[Facts]:
    """Return how each rule stands at the end, the strongest state first."""
    names = store.picture.rules()
    known = [rule for rule in rules if rule in names]
    families = {source.id: voice_key(source) for source in store.sources.all(removed=True)}
    found = standing(store, known, end, families, before(store, known, int(end // HOUR)))
    order = sorted(found, key=lambda one: (-_rank(one[0]), -one[0].number, names[one[0].rule_id][0]))
    return [
        {
            "rule": one.rule_id,
            "name": names[one.rule_id][0] or one.rule_id,
            "state": one.state.value,
            "number": one.number,
            "sources": one.sources,
            "why": one.why[:WHY],
            "counts": list(counts),
        }
        for one, counts in order[:CELLS]
    ]


def _rank(one: Indicator) -> int:
    return list(State).index(one.state)
