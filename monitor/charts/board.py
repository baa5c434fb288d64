"""`board`: the indicators of a watch, a cell a rule, each with a sign, a word and a colour for its state."""

from dataclasses import dataclass
from typing import Final

from monitor.charts import theme
from monitor.charts.frame import Frame, draw
from monitor.charts.scale import many
from monitor.charts.svg import Svg, clean, join, label, number, tag
from monitor.charts.table import Table

STATES: Final = ("quiet", "single", "corroborated", "surge")
WORDS: Final = {"quiet": "quiet", "single": "single source", "corroborated": "corroborated", "surge": "surge"}
CELL, SLIM, TALL, GAP = 218.0, 170.0, 64.0, 10.0
PLOT = 56.0  # pixels of the small series
BOLD = 0.88  # of the room, since bold letters are wider than `extent` says


@dataclass(frozen=True, slots=True)
class Cell:
    """A rule and its state; `monitor.match.indicators` decides it and says why."""

    name: str
    state: str  # one of STATES
    number: int  # hits of the window
    sources: int  # independent ones
    why: str  # in words: the number, what is usual, where a surge begins
    counts: tuple[int, ...] = ()  # the windows before, the oldest first, and this one
    href: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The cells in the order in which they are drawn."""

    cells: tuple[Cell, ...]
    noun: str = "hit"


def rows(data: Board, frame: Frame) -> Table:  # noqa: ARG001 - every chart is asked alike
    """Return the states and their reasons."""
    lines = tuple((clean(one.name), WORDS[one.state], one.number, one.sources, clean(one.why)) for one in data.cells)
    columns = ("Rule", "State", f"{data.noun.capitalize()}s", "Independent sources", "Why")
    return Table(columns, lines, tuple(one.href for one in data.cells))


def chart(data: Board, frame: Frame) -> Svg:
    """Draw the cells in as many columns as there is room for."""
    columns = max(1, min(len(data.cells) or 1, int((frame.width + GAP) // ((SLIM if frame.slim else CELL) + GAP))))
    width = (frame.width + GAP) / columns - GAP
    body = [
        _cell(one, (place % columns) * (width + GAP), (place // columns) * (TALL + GAP), width, frame, data)
        for place, one in enumerate(data.cells)
    ]
    if not body:
        body = [tag("text", "No rules", x=0, y=15, **theme.fill("soft"))]
    lines = max(1, -(-len(data.cells) // columns))
    return draw(frame, lines * (TALL + GAP) - GAP, join(body), _words(data))


def symbol(state: str, x: float, y: float, size: float = 12.0) -> Svg:
    """Return the sign of a state: a ring, a half-full ring, a full one, a triangle; told apart without colour."""
    half = size / 2
    ring = tag("circle", cx=x + half, cy=y + half, r=half - 1, fill="none", stroke_width="1.6", **theme.stroke(state))
    if state == "single":
        full = f"M{number(x + half)} {number(y + 1)}a{number(half - 1)} {number(half - 1)} 0 0 0 0 {number(size - 2)}z"
        return join([ring, tag("path", d=full, **theme.fill(state))])
    if state == "corroborated":
        return tag("circle", cx=x + half, cy=y + half, r=half - 0.2, **theme.fill(state))
    if state == "surge":
        return tag(
            "path",
            d=f"M{number(x + half)} {number(y - 0.5)}l{number(half + 0.8)} {number(size)}h-{number(size + 1.6)}z",
            **theme.fill(state),
        )
    return ring


def _cell(one: Cell, x: float, y: float, width: float, frame: Frame, data: Board) -> Svg:
    if one.state not in STATES:
        raise ValueError(f"{one.state!r} is none of {', '.join(STATES)}")
    strong = one.state in ("corroborated", "surge")
    weight = None if one.state == "quiet" else "600"
    told = f"{many(one.number, data.noun)}, {many(one.sources, 'source')}" if one.number else f"no {data.noun}s"
    parts = [
        tag("title", f"{clean(one.name)}: {WORDS[one.state]}. {clean(one.why)}"),
        tag(
            "rect",
            x=x + 0.5,
            y=y + 0.5,
            width=width - 1,
            height=TALL - 1,
            rx=4,
            stroke_width="1.5" if strong else "1",
            **theme.both("surface", one.state if strong else "line"),
        ),
        label(one.name, x + 12, y + 19, room=(width - 24) * (1 if one.state == "quiet" else BOLD), font_weight=weight),
        symbol(one.state, x + 12, y + 28),
        tag("text", WORDS[one.state], x=x + 30, y=y + 38.5, **theme.fill(one.state)),
        tag("text", told, x=x + 12, y=y + 55, font_size="11", **theme.fill("soft")),
        _series(one, x + width - PLOT - 12, y + TALL - 10) if width > 200 else Svg(),
    ]
    return tag("g", frame.link(one.href, *parts, stops=len(data.cells)), class_=f"cell {one.state}")


def _series(one: Cell, x: float, base: float) -> Svg:
    """Draw the windows before as grey bars and this one in the colour of the state."""
    counts = one.counts[-28:]
    if not any(counts):
        return Svg()
    step, top, tall = PLOT / len(counts), max(counts), 24.0
    left = x + max(0.8, step * 0.7) / 2  # the middle of the first bar: they are drawn as thick lines
    bars = [
        f"M{left + place * step:.1f} {base:g}v-{max(1.0, tall * count / top):.0f}" if count else ""
        for place, count in enumerate(counts)
    ]
    before = tag("path", d="".join(bars[:-1]), **theme.stroke("others")) if any(bars[:-1]) else Svg()
    now = tag("path", d=bars[-1], **theme.stroke(one.state)) if bars[-1] else Svg()
    return tag("g", before, now, stroke_width=max(0.8, step * 0.7))


def _words(data: Board) -> str:
    if not data.cells:
        return "No rules."
    told = []
    for state in reversed(STATES):
        names = [clean(one.name)[:60] for one in data.cells if one.state == state]
        if names:
            told.append(f"{WORDS[state].capitalize()}: {', '.join(names)}")
    return ". ".join(told) + "."
