"""Charts: what each costs in time and bytes, over a year with 50,000 hits that are counted by day.

Times are of the processor, the median of some rounds. The first map of a region reads and projects its borders; it is
measured apart ("first") from those that follow, for which they are kept.
"""

import gzip
import random
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from monitor import charts
from monitor.charts import Frame, bars, board, borders, calendar, multiples, sparkline, tempo, timeline
from monitor.charts import map as maps
from monitor.charts.ground import ground

HITS, DAYS, RULES, PLACES, ROUNDS = 50_000, 365, 12, 300, 15
DAY, START = 86400.0, 1651363200.0
Row = dict[str, object]


def run() -> list[Row]:
    """Return a row a chart."""
    rows: list[Row] = []
    for name, said, data in samples():
        ground.cache_clear()
        rows.append(measured(name, said, partial(charts.render, name, data, Frame(title=said))))
    return rows + first_maps()


def measured(name: str, said: str, draw: Callable[[], str]) -> Row:
    """Return the time of a drawing that is kept warm, and its size."""
    text = draw()
    seconds = statistics.median(timed(draw) for _ in range(ROUNDS))
    size, packed = len(text.encode()), len(gzip.compress(text.encode()))
    return {
        "chart": name,
        "of": said,
        "ms": f"{seconds * 1000:.1f}",
        "kB": f"{size / 1000:.1f}",
        "gzip kB": f"{packed / 1000:.1f}",
    }


def timed(draw: Callable[[], str]) -> float:
    """Return the seconds of the processor that a drawing takes."""
    begun = time.process_time()
    draw()
    return time.process_time() - begun


def first_maps() -> list[Row]:
    """Return what the first map costs: the borders are read, then a region is projected."""
    data = maps.Map(areas=(maps.Area("BY", 4),))
    world = maps.Map(areas=data.areas, region=maps.WORLD)
    rows: list[Row] = []
    for said, one in (("first: borders read, Europe's east", data), ("first: the world", world)):
        borders.level.cache_clear()
        ground.cache_clear()
        draw = partial(charts.render, "map", one, Frame(title=said))
        rows.append({"chart": "map", "of": said, "ms": f"{timed(draw) * 1000:.0f}"})
        ground.cache_clear()
        rows.append({"chart": "map", "of": "a new region, borders known", "ms": f"{timed(draw) * 1000:.0f}"})
    return rows


def samples() -> list[tuple[str, str, Any]]:
    """Return a year of made hits, as each chart wants them."""
    chance = random.Random(1)
    counts = [[0] * RULES for _ in range(DAYS)]
    for _ in range(HITS):
        counts[chance.randrange(DAYS)][min(int(chance.expovariate(0.4)), RULES - 1)] += 1
    names = tuple(f"rule number {number}" for number in range(RULES))
    stretches = tuple(tempo.Bar(START + n * DAY, START + (n + 1) * DAY, tuple(row)) for n, row in enumerate(counts))
    days = [date(2022, 5, 1) + timedelta(days=number) for number in range(DAYS)]
    totals = [sum(row) for row in counts]
    by_rule = tuple(tuple(row[number] for row in counts) for number in range(RULES))

    def href(start: float, end: float) -> str:
        return f"/picture?from={start:.0f}&to={end:.0f}"

    calendar_data = calendar.Calendar(
        days[0], days[-1], dict(zip(days, totals, strict=True)), {d: f"/hits?day={d}" for d in days}
    )
    cells = tuple(
        board.Cell(
            names[n], board.STATES[n % 4], sum(by_rule[n][-7:]), n, "4 articles; usual is 2", by_rule[n][-28:], "/x"
        )
        for n in range(RULES)
    )
    spots = tuple(
        maps.Spot(f"Place {n}", chance.uniform(45, 58), chance.uniform(20, 40), int(chance.paretovariate(0.8)), "/x")
        for n in range(PLACES)
    )
    areas = tuple(
        maps.Area(code, chance.randrange(1, 900), "/x") for code in ("BY", "UA", "RU", "PL", "LT", "LV", "MD")
    )
    items = tuple(
        timeline.Item(
            str(n), f"source {n % 30}", f"Title {n}", START + chance.uniform(0, 2 * DAY), str(n // 3) if n % 3 else ""
        )
        for n in range(60)
    )
    return [
        ("tempo", "a year of days, 12 rules (drawn by the week)", tempo.Tempo(names, stretches, href=href)),
        ("tempo", "90 days, 12 rules", tempo.Tempo(names, stretches[:90], href=href)),
        ("sparkline", "90 days", sparkline.Sparkline(tuple(totals[:90]), START, DAY)),
        ("board", "12 rules", board.Board(cells)),
        ("calendar", "a year", calendar_data),
        ("map", "300 places, Europe's east", maps.Map(spots, areas, region=maps.EAST)),
        ("map", "300 places, the world", maps.Map(spots, areas, region=maps.WORLD)),
        ("bars", "20 rows", bars.Bars(tuple(bars.Row(f"Source {n}", 100 - n, "/x") for n in range(20)))),
        (
            "multiples",
            "12 rules, a year of days",
            multiples.Multiples(tuple(map(multiples.Series, names, by_rule)), START, DAY),
        ),
        ("timeline", "60 articles of 30 sources", timeline.Timeline(items)),
    ]
