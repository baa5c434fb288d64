"""`timeline`: the articles of a story on an axis of time, a line a source: who was first, and who copied whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.charts import theme
from monitor.charts.frame import Frame, draw
from monitor.charts.scale import day_words, many, moment, time_ticks
from monitor.charts.svg import Svg, clean, join, label, number, tag
from monitor.charts.table import Table

LINE, HEAD, FOOT = 22.0, 8.0, 46.0
LINES = 24  # sources with a line of their own, at most
R = 5.0


@dataclass(frozen=True, slots=True)
class Item:
    """An article; `copy_of` is the id of the article that it repeats, "" for one of its own."""

    id: str
    source: str
    title: str
    at: float  # seconds since the epoch
    copy_of: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The articles of a story."""

    items: tuple[Item, ...]


def rows(data: Timeline, frame: Frame) -> Table:
    """Return the articles, the oldest first, each with what it is."""
    items = sorted(data.items, key=lambda item: (item.at, item.id))
    lines = tuple((_time(item, frame), clean(item.source), clean(item.title), _kind(item, items)) for item in items)
    return Table(("Time", "Source", "Title", "What"), lines, tuple(item.href for item in items))


def chart(data: Timeline, frame: Frame) -> Svg:
    """Draw a line a source in the order of its first article; hollow = a copy, ringed = the first."""
    items = sorted(data.items, key=lambda item: (item.at, item.id))
    sources = list(dict.fromkeys(item.source for item in items))
    more = len(sources) - LINES if len(sources) > LINES + 1 else 0
    shown = sources[:LINES] if more else sources
    place = {source: number for number, source in enumerate(shown)} | {
        source: len(shown) for source in sources[len(shown) :]
    }
    names = [*shown, f"{more} more sources"] if more else shown
    left = min(190.0, frame.width * 0.34)
    width = frame.width - left - 16
    start, end = _bounds(items)
    spots = {
        item.id: (left + width * (item.at - start) / (end - start), HEAD + (place[item.source] + 0.5) * LINE)
        for item in items
    }
    base = HEAD + len(names) * LINE
    body = [
        _lines(names, items, spots, place, left, frame),
        _copies(items, spots),
        *(_spot(item, items, spots, frame) for item in reversed(items)),
        _axis(start, end, left, width, base, frame),
        _key(items, base + FOOT - 8, frame),
    ]
    return draw(frame, base + FOOT, join(body), _words(items, sources, frame))


def _bounds(items: Sequence[Item]) -> tuple[float, float]:
    first, last = (items[0].at, items[-1].at) if items else (0.0, 0.0)
    room = max(600.0, (last - first) * 0.03)
    return first - room, last + room


def _lines(
    names: Sequence[str],
    items: Sequence[Item],
    spots: dict[str, tuple[float, float]],
    place: dict[str, int],
    left: float,
    frame: Frame,
) -> Svg:
    parts = []
    for line, name in enumerate(names):
        xs = [spots[item.id][0] for item in items if place[item.source] == line]
        y = HEAD + (line + 0.5) * LINE
        parts.append(label(name, left - 10, y + 4, room=left - 14, anchor="end"))
        parts.append(tag("path", d=f"M{number(left)} {number(y)}H{number(frame.width - 4)}", **theme.stroke("hollow")))
        if xs and max(xs) - min(xs) > 1:
            parts.append(tag("path", d=f"M{number(min(xs))} {number(y)}H{number(max(xs))}", **theme.stroke("line")))
    return join(parts)


def _copies(items: Sequence[Item], spots: dict[str, tuple[float, float]]) -> Svg:
    """Draw a thin line from each copy to what it repeats."""
    pairs = [(spots[item.copy_of], spots[item.id]) for item in items if item.copy_of in spots]
    path = "".join(
        [f"M{number(x)} {number(y)}L{number(to[0])} {number(to[1])}" for (x, y), to in pairs if (x, y) != to]
    )
    return tag("path", d=path, fill="none", stroke_dasharray="2 2", **theme.stroke("soft")) if path else Svg()


def _spot(item: Item, items: Sequence[Item], spots: dict[str, tuple[float, float]], frame: Frame) -> Svg:
    x, y = spots[item.id]
    parts = [tag("title", f"{_time(item, frame)}, {clean(item.source)}: {clean(item.title)} ({_kind(item, items)})")]
    parts.append(tag("circle", cx=x, cy=y, r=12, fill="none", pointer_events="all"))
    if item is items[0]:
        parts.append(_first(x, y))
    parts.append(_copy(x, y) if item.copy_of else _own(x, y))
    return frame.link(item.href, *parts, stops=len(items))


def _own(x: float, y: float) -> Svg:
    return tag("circle", cx=x, cy=y, r=R, stroke_width="1", **theme.both("single", "surface"))


def _copy(x: float, y: float) -> Svg:
    return tag("circle", cx=x, cy=y, r=R - 1, stroke_width="1.6", **theme.both("surface", "single"))


def _first(x: float, y: float) -> Svg:
    return tag("circle", cx=x, cy=y, r=R + 3.5, fill="none", stroke_width="2", **theme.stroke("mark"))


def _axis(start: float, end: float, left: float, width: float, base: float, frame: Frame) -> Svg:
    parts = [tag("path", d=f"M{number(left)} {number(base + 0.5)}h{number(width + 12)}", **theme.stroke("soft"))]
    for at, words in time_ticks(start, end, width, frame.zone):
        x = left + width * (at - start) / (end - start)
        parts.append(tag("path", d=f"M{number(x)} {number(base)}v4", **theme.stroke("soft")))
        near = "end" if x > left + width - 20 else "middle"
        parts.append(tag("text", words, x=x, y=base + 16, text_anchor=near, **theme.fill("soft")))
    return tag("g", *parts, font_size="11")


def _key(items: Sequence[Item], y: float, frame: Frame) -> Svg:
    marks = [(_first, "first"), (_own, "its own text")]
    if any(item.copy_of for item in items):
        marks.append((_copy, "copy"))
    parts, x = [], 12.0
    for mark, words in marks:
        parts += [mark(x, y - 4), tag("text", words, x=x + 14, y=y, **theme.fill("soft"))]
        x += 28 + 6.4 * len(words) + 6
    zone = frame.zone.tzname(moment(items[0].at, frame.zone)) if items else ""
    parts.append(tag("text", zone or "", x=frame.width - 4, y=y, text_anchor="end", **theme.fill("soft")))
    return tag("g", *parts, font_size="11")


def _time(item: Item, frame: Frame) -> str:
    at = moment(item.at, frame.zone)
    return f"{day_words(at)} {at:%H:%M}"


def _kind(item: Item, items: Sequence[Item]) -> str:
    if item.copy_of:
        origin = next((one for one in items if one.id == item.copy_of), None)
        return f"copy of {clean(origin.source)}" if origin else "copy"
    return "first" if items and item.id == items[0].id else "its own text"


def _words(items: Sequence[Item], sources: Sequence[str], frame: Frame) -> str:
    if not items:
        return "No articles."
    copies = sum(1 for item in items if item.copy_of)
    told = f"{many(len(items), 'article')} of {many(len(sources), 'source')}"
    words = f"{told}; first {clean(items[0].source)[:80]}, {_time(items[0], frame)}; last {_time(items[-1], frame)}."
    return f"{words} {copies} of them {'is a copy' if copies == 1 else 'are copies'}." if copies else words
