"""`tempo`: hits over time, by day or hour, stacked by rule; each bar a link and a hook for a brush."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from monitor.charts import theme
from monitor.charts.frame import Frame, draw
from monitor.charts.scale import DAY, HOUR, many, moment, short, span_words, ticks, time_ticks, whole
from monitor.charts.svg import Svg, clean, join, label, tag
from monitor.charts.table import Cell, Table

MOST = len(theme.RULES)  # rules with a colour of their own
HEIGHT, TOP, FOOT, LEFT = 190.0, 10.0, 24.0, 34.0
BESIDE, BROAD = 190.0, 280.0  # pixels of the legend beside the bars; in a chart of at least ROOMY pixels
ROOMY = 1000
LINE = 18.0  # pixels between two lines of the legend
THIN = 3.2  # pixels of a bar, at least
LISTED = 4  # rules that a bar's words name


@dataclass(frozen=True, slots=True)
class Bar:
    """What was counted in a stretch of time; `counts` go with the names of the series."""

    start: float  # seconds since the epoch
    end: float
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Tempo:
    """Bars in the order of time, and the names of the rules that they count."""

    names: tuple[str, ...]
    bars: tuple[Bar, ...]
    noun: str = "hit"
    hrefs: tuple[str, ...] = ()  # of the names
    href: Callable[[float, float], str] | None = None  # the link to the hits of a stretch: its start and its end
    selected: tuple[float, float] | None = None  # the stretch that the view is filtered to


def rows(data: Tempo, frame: Frame) -> Table:
    """Return the counts of each bar."""
    told, link = [bar for bar in data.bars if bar.total], data.href or _nowhere
    lines: list[tuple[Cell, ...]] = [
        (span_words(bar.start, bar.end, frame.zone), *bar.counts, bar.total) for bar in told
    ]
    return Table(
        ("Time", *map(clean, data.names), "All"), tuple(lines), tuple(link(bar.start, bar.end) for bar in told)
    )


def chart(data: Tempo, frame: Frame) -> Svg:
    """Draw the bars, the scale at the left and the rules with their totals at the right (below, where it is narrow)."""
    legend = 0.0 if frame.slim else BROAD if frame.width >= ROOMY else BESIDE
    width = frame.width - LEFT - legend - 4
    shown = _grouped(_folded(data), width, frame)
    totals = [sum(bar.counts[number] for bar in shown.bars) for number in range(len(shown.names))]
    top = max((bar.total for bar in shown.bars), default=0)
    plot = HEIGHT - TOP - FOOT
    lines = len(shown.names) + (1 if len(shown.names) > 1 else 0)
    height = HEIGHT + lines * LINE + 8 if frame.slim else max(HEIGHT, lines * LINE + 16)
    body = [
        _scale(top, width, plot),
        _bars(shown, frame, width, plot, top),
        _times(shown, frame, width),
        _legend(
            shown, totals, frame, LEFT if frame.slim else frame.width - legend + 18, HEIGHT + 14 if frame.slim else 20.0
        ),
    ]
    if not sum(totals):
        body.append(
            tag(
                "text",
                f"No {data.noun}s in this time",
                x=LEFT + width / 2,
                y=TOP + plot / 2,
                text_anchor="middle",
                **theme.fill("soft"),
            )
        )
    return draw(frame, height, join(body), _words(shown, totals, frame))


def _folded(data: Tempo) -> Tempo:
    """Return the series in the order of their totals; of more than nine all but eight are counted together."""
    count = len(data.names)
    if any(len(bar.counts) != count for bar in data.bars):
        raise ValueError(f"each bar has {count} counts, one a name")
    totals = [sum(counts) for counts in zip(*(bar.counts for bar in data.bars), strict=True)] or [0] * count
    order = sorted(range(count), key=lambda number: -totals[number])
    kept, rest = (order[:MOST], order[MOST:]) if count > MOST + 1 else (order, [])
    others = [f"{len(rest)} others"] if rest else []
    names = (*(data.names[number] for number in kept), *others)
    hrefs = (*(data.hrefs[number] if data.hrefs else "" for number in kept), *("" for _ in others))

    def counts(bar: Bar) -> tuple[int, ...]:
        return (*(bar.counts[number] for number in kept), *(sum(bar.counts[n] for n in rest) for _ in others))

    bars = tuple(Bar(bar.start, bar.end, counts(bar)) for bar in data.bars)
    return replace(data, names=names, bars=bars, hrefs=hrefs)


def _grouped(data: Tempo, width: float, frame: Frame) -> Tempo:
    """Return bars that are wide enough to be seen: days become weeks, others as many together as it takes."""
    count = len(data.bars)
    if not count or width / count >= THIN:
        return data
    days = abs(data.bars[0].end - data.bars[0].start - DAY) < 2 * HOUR
    size = max(7 if days else 2, math.ceil(count * THIN / width))
    size = math.ceil(size / 7) * 7 if days else size
    first = moment(data.bars[0].start, frame.zone).weekday() if days else 0
    groups: dict[int, list[Bar]] = {}
    for place, bar in enumerate(data.bars):
        groups.setdefault((place + first) // size, []).append(bar)
    bars = tuple(
        Bar(group[0].start, group[-1].end, tuple(map(sum, zip(*(bar.counts for bar in group), strict=True))))
        for group in groups.values()
    )
    return replace(data, bars=bars)


def _nowhere(start: float, end: float) -> str:  # noqa: ARG001
    return ""


def colour(number: int) -> str:
    """Return the name of the colour of a series."""
    return theme.RULES[number] if number < MOST else "others"


def _scale(top: int, width: float, plot: float) -> Svg:
    parts = []
    for value in ticks(top):
        y = TOP + plot - (plot * value / top if top else 0)
        parts.append(tag("text", short(value), x=LEFT - 8, y=y + 4, text_anchor="end", **theme.fill("soft")))
        if value:  # a line in the colour of the page across the bars, instead of a grid behind them
            parts.append(tag("path", d=f"M{LEFT:g} {y:.1f}h{width:.1f}", stroke_width="1", **theme.stroke("line")))
    return tag("g", *parts, font_size="11", fill="none", stroke_opacity=".55")


def _bars(data: Tempo, frame: Frame, width: float, plot: float, top: int) -> Svg:
    if not data.bars or not top:
        return Svg()
    start, end = data.bars[0].start, max(data.bars[-1].end, data.bars[0].start + 1)
    scale = width / (end - start)
    linked = sum(1 for bar in data.bars if bar.total) if data.href else 0
    href = data.href or _nowhere
    parts = [_selection(data, start, scale, width, plot)]
    for bar in data.bars:
        left, right = LEFT + (bar.start - start) * scale, LEFT + (bar.end - start) * scale
        gap = min(2.0, (right - left) * 0.2)
        drawn = _stack(bar, left, max(0.5, right - left - gap), plot, top)
        words = tag("title", bar_words(bar, data, frame))
        hold = tag("rect", x=left, y=TOP, width=max(0.5, right - left), height=plot, fill="none", pointer_events="all")
        inner = (
            frame.link(href(bar.start, bar.end), words, hold, drawn, stops=linked) if bar.total else join([words, hold])
        )
        parts.append(tag("g", inner, class_="bar", data_from=f"{bar.start:.0f}", data_to=f"{bar.end:.0f}"))
    return join(parts)


def _stack(bar: Bar, left: float, width: float, plot: float, top: int) -> Svg:
    parts, y = [], TOP + plot
    for number, count in enumerate(bar.counts):
        if count > 0:
            height = plot * count / top
            y -= height
            inner = max(height - 0.75, height * 0.6)  # a seam: neighbours are told apart without their colours
            parts.append(
                tag(
                    "path",
                    d=f"M{left:.1f} {y + height - inner:.1f}h{width:.1f}v{inner:.1f}h-{width:.1f}z",
                    **theme.fill(colour(number)),
                )
            )
    return join(parts)


def _selection(data: Tempo, start: float, scale: float, width: float, plot: float) -> Svg:
    if not data.selected:
        return Svg()
    left = min(max(0.0, (data.selected[0] - start) * scale), width)
    right = min(max(left, (data.selected[1] - start) * scale), width)
    return tag(
        "rect",
        x=LEFT + left,
        y=TOP - 4,
        width=right - left,
        height=plot + 4,
        class_="selection f-hollow",
        fill=theme.COLOURS["hollow"][0],
    )


def _times(data: Tempo, frame: Frame, width: float) -> Svg:
    base = HEIGHT - FOOT
    parts = [tag("path", d=f"M{LEFT:g} {base + 0.5:.1f}h{width:.1f}", **theme.stroke("soft"))]
    if data.bars:
        start, end = data.bars[0].start, data.bars[-1].end
        for at, words in time_ticks(start, end, width, frame.zone):
            x = LEFT + width * (at - start) / (end - start)
            parts.append(tag("path", d=f"M{x:.1f} {base:g}v4", **theme.stroke("soft")))
            near = "end" if x > LEFT + width - 24 else "middle" if x > LEFT + 16 else "start"
            parts.append(tag("text", words, x=x, y=base + 17, text_anchor=near, **theme.fill("soft")))
    return tag("g", *parts, font_size="11")


def _legend(data: Tempo, totals: Sequence[int], frame: Frame, left: float, top: float) -> Svg:
    """Name the rules in the order of the stack, from above, each with its total."""
    parts = []
    order = list(range(len(data.names)))[::-1] if not frame.slim else list(range(len(data.names)))
    right = frame.width - 2.0
    for line, number in enumerate(order):
        y = top + line * LINE
        swatch = tag("rect", x=left, y=y - 9, width=10, height=10, **theme.fill(colour(number)))
        name = label(data.names[number], left + 16, y, room=right - left - 62)
        parts += [frame.link(data.hrefs[number] if data.hrefs else "", swatch, name)]
        parts.append(tag("text", whole(totals[number]), x=right, y=y, text_anchor="end"))
    if len(order) > 1:
        y = top + len(order) * LINE
        parts.append(tag("text", "all", x=left + 16, y=y, **theme.fill("soft")))
        parts.append(tag("text", whole(sum(totals)), x=right, y=y, text_anchor="end", **theme.fill("soft")))
    return join(parts)


def bar_words(bar: Bar, data: Tempo, frame: Frame) -> str:
    """Say a bar: when, how many, and of which rules most."""
    named = sorted(zip(bar.counts, data.names, strict=True), key=lambda pair: -pair[0])
    listed = [f"{clean(name)[:60]} {whole(count)}" for count, name in named if count][:LISTED]
    more = sum(1 for count in bar.counts if count) - len(listed)
    when, number = span_words(bar.start, bar.end, frame.zone), many(bar.total, data.noun)
    if len(data.names) < 2 or not listed:
        return f"{when}: {number}"
    return f"{when}: {number}: {', '.join(listed)}{f' and {more} more' if more > 0 else ''}"


def _words(data: Tempo, totals: Sequence[int], frame: Frame) -> str:
    if not data.bars or not sum(totals):
        return f"No {data.noun}s in this time."
    best = max(data.bars, key=lambda bar: bar.total)
    told = ", ".join(f"{clean(name)[:60]} {whole(total)}" for name, total in zip(data.names, totals, strict=True))
    span = span_words(data.bars[0].start, data.bars[-1].end, frame.zone)
    most = f"{span_words(best.start, best.end, frame.zone)} ({whole(best.total)})"
    return f"{many(sum(totals), data.noun)}, {span}; most on {most}. {told}."
