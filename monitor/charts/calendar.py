"""`calendar`: a year of days as a heat map, a week a column and a weekday a row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from monitor.charts import theme
from monitor.charts.frame import Frame, draw
from monitor.charts.scale import DAYS, MONTHS, class_of, class_words, many, steps, whole
from monitor.charts.svg import Svg, extent, join, number, tag
from monitor.charts.table import Table

TOP, LEFT = 20.0, 30.0
WEEKS = 54  # at most, that days of one year lie in


@dataclass(frozen=True, slots=True)
class Calendar:
    """Counts by day; a day that was not watched is not in `counts`, one without hits is there with 0."""

    start: date
    end: date  # the last day, at most 53 weeks after the first
    counts: Mapping[date, int]
    hrefs: Mapping[date, str] = field(default_factory=dict)
    noun: str = "hit"


def rows(data: Calendar, frame: Frame) -> Table:  # noqa: ARG001 - every chart is asked alike
    """Return the days with something on them."""
    days = [day for day in _days(data) if data.counts.get(day)]
    lines = tuple((_day(day), data.counts[day]) for day in days)
    return Table(("Day", f"{data.noun.capitalize()}s"), lines, tuple(data.hrefs.get(day, "") for day in days))


def chart(data: Calendar, frame: Frame) -> Svg:
    """Draw the days; where it is narrow, the two halves of the year one below the other."""
    days = _days(data)
    bounds = steps([data.counts.get(day, 0) for day in days])
    weeks = ((days[-1] - _monday(days[0])).days // 7 + 1) if days else 0
    columns = -(-weeks // 2) if frame.slim and weeks > 27 else weeks
    size = min(14.0, (frame.width - LEFT - 4) / max(1, columns))
    block = TOP + 7 * size + 8
    body = []
    first = _monday(days[0] if days else data.start)
    linked = sum(1 for day in days if data.counts.get(day) and data.hrefs.get(day))
    for part in range(-(-weeks // max(1, columns))):
        begin = first + timedelta(weeks=part * columns)
        within = [day for day in days if begin <= day < begin + timedelta(weeks=columns)]
        body.append(_block(data, frame, within, begin, size, part * block, bounds, linked))
    height = block * max(1, -(-weeks // max(1, columns))) + 20
    body.append(_key(bounds, data.noun, frame, height - 8))
    return draw(frame, round(height), join(body), _words(data, days))


def _block(
    data: Calendar, frame: Frame, days: list[date], begin: date, size: float, y: float, bounds: list[int], linked: int
) -> Svg:
    parts = [
        tag(
            "text", DAYS[row], x=LEFT - 6, y=y + TOP + row * size + size * 0.78, text_anchor="end", **theme.fill("soft")
        )
        for row in (0, 2, 4, 6)
    ]
    parts += _months(days, begin, size, y)
    colours: dict[str, list[Svg]] = {}
    for day in days:
        cell = _cell(data, frame, day, begin, size, y, linked)
        colours.setdefault(_colour(data.counts.get(day), bounds), []).append(cell)
    parts += [tag("g", *cells, **_look(colour)) for colour, cells in colours.items()]
    return tag("g", *parts, font_size="11")


def _colour(count: int | None, bounds: list[int]) -> str:
    """Return the colour of a day; "" for one that was not watched."""
    if count is None:
        return ""
    return theme.HEAT[class_of(count, bounds) + len(theme.HEAT) - len(bounds)] if count else "hollow"


def _look(colour: str) -> dict[str, Any]:
    """Return how days of one colour are drawn: an outline is no empty day, but one that was not watched."""
    return theme.fill(colour) if colour else {"fill": "none", "stroke_dasharray": "1 2", **theme.stroke("line")}


def _cell(data: Calendar, frame: Frame, day: date, begin: date, size: float, y: float, linked: int) -> Svg:
    x, top = LEFT + (day - begin).days // 7 * size, y + TOP + day.weekday() * size
    edge = size - max(1.0, size * 0.14)
    count = data.counts.get(day)
    if count is None:
        x, top, edge = x + 0.5, top + 0.5, edge - 1
    told = "not watched" if count is None else many(count, data.noun)
    side = number(edge)
    shape = f"M{number(x)} {number(top)}h{side}v{side}h-{side}z"
    square = tag("path", tag("title", f"{_day(day)}: {told}"), d=shape)
    return frame.link(data.hrefs.get(day, ""), square, stops=linked) if count else square


def _months(days: list[date], begin: date, size: float, y: float) -> list[Svg]:
    parts: list[Svg] = []
    free = 0.0
    for day in days:
        if day.day == 1 or day == days[0]:
            x = LEFT + (day - begin).days // 7 * size
            words = MONTHS[day.month - 1] + (f" {day.year}" if day.month == 1 or not parts else "")
            whole_month = day.day <= 15 or not days or day != days[0]
            if x >= free and whole_month:
                parts.append(tag("text", words, x=x, y=y + 13, **theme.fill("soft")))
                free = x + extent(words, 11) + 6
    return parts


def _key(bounds: list[int], noun: str, frame: Frame, y: float) -> Svg:
    """Say what the colours mean, in numbers."""
    x, parts = LEFT, []
    if not frame.slim:
        words = f"{noun.capitalize()}s a day"
        parts.append(tag("text", words, x=LEFT, y=y, **theme.fill("soft")))
        x += extent(words, 11) + 10
    named = [("hollow", "0"), *zip(theme.HEAT[len(theme.HEAT) - len(bounds) :], class_words(bounds), strict=True)]
    for colour, words in named:
        parts.append(tag("rect", x=x, y=y - 9, width=10, height=10, rx=2, **theme.fill(colour)))
        parts.append(tag("text", words, x=x + 14, y=y, **theme.fill("soft")))
        x += 14 + extent(words, 11) + 10
    return tag("g", *parts, font_size="11")


def _days(data: Calendar) -> list[date]:
    if data.end < data.start:
        return []
    count = min((data.end - data.start).days + 1, WEEKS * 7 - 6)
    return [data.end - timedelta(days=back) for back in range(count - 1, -1, -1)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _day(day: date) -> str:
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def _words(data: Calendar, days: list[date]) -> str:
    known = [(data.counts[day], day) for day in days if day in data.counts]
    total = sum(count for count, _ in known)
    if not total:
        return f"No {data.noun}s on {many(len(known), 'day')} that were watched."
    best, day = max(known, key=lambda pair: pair[0])
    busy = sum(1 for count, _ in known if count)
    return f"{many(total, data.noun)} on {busy} of {many(len(known), 'day')}; most on {_day(day)} ({whole(best)})."
