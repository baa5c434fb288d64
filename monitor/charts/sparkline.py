"""`sparkline`: the rhythm of a source or a rule in the height of a line of text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.charts import theme
from monitor.charts.frame import Frame, draw
from monitor.charts.scale import many, span_words, whole
from monitor.charts.svg import Svg, join, number, tag
from monitor.charts.table import Table

WIDTH, HEIGHT = 120, 22.0


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Counts of equal stretches of time, the oldest first; None = nothing is known of it (it was not polled)."""

    counts: tuple[int | None, ...]
    start: float  # seconds since the epoch
    step: float  # seconds
    noun: str = "article"


def rows(data: Sparkline, frame: Frame) -> Table:
    """Return the counts that are known."""
    known = ((place, count) for place, count in enumerate(data.counts) if count is not None)
    lines = tuple((span_words(*_stretch(data, place), frame.zone), count) for place, count in known)
    return Table(("Time", f"{data.noun.capitalize()}s"), lines)


def chart(data: Sparkline, frame: Frame) -> Svg:
    """Draw a thin bar a count, the last and the greatest marked; a gap where nothing is known."""
    width = min(frame.width, WIDTH)
    framed = replace(frame, width=width)
    counts = data.counts
    top = max((count for count in counts if count is not None), default=0)
    step = width / max(1, len(counts))
    bar = max(0.6, step * 0.72)
    body = [
        _bars([(place * step, count) for place, count in enumerate(counts[:-1]) if count], bar, top, "others"),
        _bars([((len(counts) - 1) * step, counts[-1])] if counts and counts[-1] else [], bar, top, "mark"),
        tag("path", d=_line(counts, step), stroke_width="1", **theme.stroke("soft")),
    ]
    return draw(framed, HEIGHT, join(body), _words(data, frame))


def _bars(places: Sequence[tuple[float, int | None]], bar: float, top: int, colour: str) -> Svg:
    base, room = HEIGHT - 1, HEIGHT - 2
    tops = [(x, base - max(1.0, room * count / top)) for x, count in places if count]
    path = "".join([f"M{number(x)} {base:g}V{number(y)}h{number(bar)}V{base:g}z" for x, y in tops])
    return tag("path", d=path, **theme.fill(colour)) if path else Svg()


def _line(counts: Sequence[int | None], step: float) -> str:
    """Return the base line: it is broken where nothing is known."""
    known = [place for place, count in enumerate(counts) if count is not None]
    runs: list[list[int]] = []
    for place in known:
        if runs and runs[-1][1] == place:
            runs[-1][1] = place + 1
        else:
            runs.append([place, place + 1])
    return (
        "".join([f"M{number(first * step)} {HEIGHT - 0.5:g}H{number(last * step)}" for first, last in runs]) or "M0 0"
    )


def _stretch(data: Sparkline, place: int) -> tuple[float, float]:
    return data.start + place * data.step, data.start + (place + 1) * data.step


def _words(data: Sparkline, frame: Frame) -> str:
    known = [(count, place) for place, count in enumerate(data.counts) if count is not None]
    if not known:
        return "Nothing is known yet."
    best, place = max(known, key=lambda pair: pair[0])
    span = span_words(data.start, data.start + len(data.counts) * data.step, frame.zone)
    words = f"{many(sum(count for count, _ in known), data.noun)}, {span}"
    return (
        f"{words}; most on {span_words(*_stretch(data, place), frame.zone)} ({whole(best)})." if best else f"{words}."
    )
