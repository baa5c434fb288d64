"""`multiples`: many small series beside each other, all on one scale, or each on its own."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.charts import theme
from monitor.charts.frame import Frame, draw
from monitor.charts.scale import many, span_words, whole
from monitor.charts.svg import Svg, clean, join, label, number, tag
from monitor.charts.table import Table

GAP, HEAD, PLOT = 18.0, 18.0, 34.0
CELL = 150.0  # pixels, at least
THIN = 1.2  # pixels of a step, at least


@dataclass(frozen=True, slots=True)
class Series:
    """One of them: counts of equal stretches of time."""

    name: str
    counts: tuple[int, ...]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Multiples:
    """Series over one stretch of time."""

    series: tuple[Series, ...]
    start: float  # seconds since the epoch
    step: float  # seconds
    noun: str = "hit"
    shared: bool = True  # one scale for all: heights compare


def rows(data: Multiples, frame: Frame) -> Table:
    """Return the total and the greatest count of each."""
    lines = tuple(
        (clean(one.name), sum(one.counts), max(one.counts, default=0), _when(one, data, frame)) for one in data.series
    )
    return Table(("Name", f"{data.noun.capitalize()}s", "Most", "When"), lines, tuple(one.href for one in data.series))


def chart(data: Multiples, frame: Frame) -> Svg:
    """Draw the grid: a name and a total above each small area."""
    columns = max(1, int((frame.width + GAP) // (CELL + GAP)))
    columns = min(columns, max(1, len(data.series)))
    width = (frame.width + GAP) / columns - GAP
    if len(data.series) < 3:
        width = min(width, 260.0)
    top = max((max(_thick(one.counts, width), default=0) for one in data.series), default=0)
    body = [
        _cell(one, (place % columns) * (width + GAP), (place // columns) * (HEAD + PLOT + 14), width, top, data, frame)
        for place, one in enumerate(data.series)
    ]
    lines = max(1, -(-len(data.series) // columns))
    return draw(frame, lines * (HEAD + PLOT + 14), join(body), _words(data, frame))


def _cell(one: Series, x: float, y: float, width: float, top: int, data: Multiples, frame: Frame) -> Svg:
    most = max(1, top if data.shared else max(_thick(one.counts, width), default=0))
    total = whole(sum(one.counts))
    base, told = y + HEAD + PLOT, many(sum(one.counts), data.noun)
    parts = [
        tag(
            "title", f"{clean(one.name)}: {told}, most {whole(max(one.counts, default=0))} ({_when(one, data, frame)})"
        ),
        tag("rect", x=x, y=y, width=width, height=HEAD + PLOT, fill="none", pointer_events="all"),
        label(one.name, x, y + 12, room=width - 8 * len(total) - 12),
        tag("text", total, x=x + width, y=y + 12, text_anchor="end", **theme.fill("soft")),
        tag("path", d=_steps(_thick(one.counts, width), x, base, width, most), **theme.fill("bar")),
        tag("path", d=f"M{number(x)} {number(base + 0.5)}h{number(width)}", **theme.stroke("line")),
    ]
    return tag("g", frame.link(one.href, *parts, stops=len(data.series)))


def _steps(counts: Sequence[int], x: float, base: float, width: float, most: int) -> str:
    step = width / max(1, len(counts))
    heights = [f"V{number(base - PLOT * count / most)}h{number(step)}" for count in counts]
    return f"M{number(x)} {number(base)}{''.join(heights)}V{number(base)}z"


def _thick(counts: Sequence[int], width: float) -> list[int]:
    """Return counts added up, from the last one on, until a step is wide enough to be seen."""
    size = max(1, math.ceil(len(counts) * THIN / width))
    return [sum(counts[max(0, end - size) : end]) for end in range(len(counts), 0, -size)][::-1]


def _when(one: Series, data: Multiples, frame: Frame) -> str:
    if not any(one.counts):
        return "never"
    place = max(range(len(one.counts)), key=lambda number: one.counts[number])
    return span_words(data.start + place * data.step, data.start + (place + 1) * data.step, frame.zone)


def _words(data: Multiples, frame: Frame) -> str:
    longest = max((len(one.counts) for one in data.series), default=0)
    span = span_words(data.start, data.start + max(1, longest) * data.step, frame.zone)
    told = "; ".join(f"{clean(one.name)[:60]} {many(sum(one.counts), data.noun)}" for one in data.series[:20])
    scale = "All on one scale" if data.shared else "Each on its own scale"
    return f"{span}. {scale}. {told or 'Nothing yet'}."
