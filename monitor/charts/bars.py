"""`bars`: what has most, as horizontal bars: places, sources, rules, terms."""

from dataclasses import dataclass

from monitor.charts import theme
from monitor.charts.frame import Frame, draw
from monitor.charts.scale import many, whole
from monitor.charts.svg import Svg, clean, extent, join, label, tag
from monitor.charts.table import Table

LINE, TALL = 22.0, 10.0  # pixels of a line, of its bar


@dataclass(frozen=True, slots=True)
class Row:
    """One thing and its count; `note` is said behind it ("new", "+12")."""

    name: str
    count: int
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows in the order in which they are drawn."""

    rows: tuple[Row, ...]
    noun: str = "hit"
    what: str = "name"  # of the rows: "place", "source"


def rows(data: Bars, frame: Frame) -> Table:  # noqa: ARG001 - every chart is asked alike
    """Return names and counts."""
    lines = tuple((clean(row.name), row.count, clean(row.note)) for row in data.rows)
    noted = any(row.note for row in data.rows)
    columns = (data.what.capitalize(), f"{data.noun.capitalize()}s", "Note")
    if not noted:
        return Table(columns[:2], tuple(line[:2] for line in lines), tuple(row.href for row in data.rows))
    return Table(columns, lines, tuple(row.href for row in data.rows))


def chart(data: Bars, frame: Frame) -> Svg:
    """Draw a line a row: the name, its bar and its number at the bar's end."""
    top = max((row.count for row in data.rows), default=0)
    longest = max((extent(clean(row.name)[:80], 12) for row in data.rows), default=0.0)
    names = min(longest + 12, frame.width * 0.45)
    numbers = (
        extent(whole(top), 12)
        + 10
        + max((extent(clean(row.note)[:24], 11) + 6 for row in data.rows if row.note), default=0)
    )
    room = max(10.0, frame.width - names - numbers)
    body = [
        _row(row, place * LINE, names, room * max(0, row.count) / max(1, top), frame, len(data.rows))
        for place, row in enumerate(data.rows)
    ]
    if not body:
        body = [tag("text", "Nothing yet", x=0, y=15, **theme.fill("soft"))]
    return draw(frame, max(1, len(data.rows)) * LINE, join(body), _words(data))


def _row(row: Row, y: float, names: float, width: float, frame: Frame, linked: int) -> Svg:
    middle = y + LINE / 2
    parts = [
        label(row.name, names - 10, middle + 4, room=names - 10, anchor="end"),
        tag("rect", x=names, y=middle - TALL / 2, width=max(1.0, width), height=TALL, **theme.fill("bar")),
        tag("text", whole(row.count), x=names + max(1.0, width) + 6, y=middle + 4),
    ]
    if row.note:
        x = names + width + 12 + extent(whole(row.count), 12)
        parts.append(label(row.note, x, middle + 4, room=140, size=11, **theme.fill("soft")))
    return frame.link(row.href, *parts, stops=linked)


def _words(data: Bars) -> str:
    if not data.rows:
        return "Nothing yet."
    return "; ".join(f"{clean(row.name)[:60]} {many(row.count, data.noun)}" for row in data.rows[:10]) + "."
