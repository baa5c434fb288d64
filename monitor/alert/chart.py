"""Draws how many stories came when: in blocks of text for any service, as a table of bars for HTML mail.

No picture and no script is needed: mail programs load neither. The bars are coloured cells; nothing else has a colour,
so that a reader's light or dark background stays.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from markupsafe import Markup

BARS = 31  # at most; more are put together
BLOCKS = "▁▂▃▄▅▆▇█"  # the first is nothing
DAY = 86400.0
COLOUR = "#4a7ebb"  # seen on white and on black
EMPTY = "#999999"
HEIGHT, WIDTH = 60, 280  # pixels: of the highest bar, of all together
LABELLED = 10  # bars that have a label each; of more only some have

Counts = Sequence[tuple[float, int]]


def fewer(counts: Counts, step: float) -> tuple[list[tuple[float, int]], float]:
    """Return at most BARS counts, neighbours put together, and the seconds that one stands for."""
    size = -(-len(counts) // BARS) or 1
    parts = [counts[at : at + size] for at in range(0, len(counts), size)]
    return [(part[0][0], sum(number for _, number in part)) for part in parts], step * size


def blocks(counts: Counts, step: float, zone: tzinfo) -> str:
    """Return one line, "Mon ▂ Tue ▁ Wed █; most 9, Wed 25 Nov", or nothing where nothing is counted."""
    counts, step = fewer(counts, step)
    most = max((number for _, number in counts), default=0)
    if not most:
        return ""
    names = _labels(counts, step, zone)
    drawn = "".join(
        f"{' ' if at and names[at] else ''}{names[at]}{' ' if names[at] else ''}{_block(number, most)}"
        for at, (_, number) in enumerate(counts)
    )
    highest = next(at for at, number in counts if number == most)
    return f"{drawn}; most {most}, {_full(highest, step, zone)}"


def _block(number: int, most: int) -> str:
    return BLOCKS[-(-number * (len(BLOCKS) - 1) // most)]


def _labels(counts: Counts, step: float, zone: tzinfo) -> list[str]:
    """Return a label for each bar, or for every few of many."""
    every = 1 if len(counts) <= LABELLED else 6 if step < DAY else 7
    hours = "%H:%M" if step * len(counts) <= 1.5 * DAY else "%a %H:%M"
    days = "%a" if len(counts) <= 7 else "%d %b"
    return [
        f"{datetime.fromtimestamp(at, zone):{hours if step < DAY else days}}" if number % every == 0 else ""
        for number, (at, _) in enumerate(counts)
    ]


def _full(at: float, step: float, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):{'%a %d %b, %H:%M' if step < DAY else '%a %d %b'}}"


# --- HTML mail -------------------------------------------------------------------------------------------------------


def table(counts: Counts, step: float, zone: tzinfo) -> Markup:
    """Return a table of bars, and a line that says what they are; nothing where nothing is counted.

    No cell has text: a mail's plain part, which apprise makes of the HTML, would have a line for each.
    """
    counts, step = fewer(counts, step)
    most = max((number for _, number in counts), default=0)
    if not most:
        return Markup("")
    width = max(4, WIDTH // len(counts) - 4)
    bars = "".join(_bar(number, most, width) for _, number in counts)
    whole = (
        f'<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr valign="bottom">{bars}</tr></table>'
        f"<p>{_caption(counts, step, zone)}</p>"
    )
    return Markup(whole)  # noqa: S704  (numbers and the names of days only)


def _bar(number: int, most: int, width: int) -> str:
    height = max(1, round(number * HEIGHT / most))
    colour = COLOUR if number else EMPTY
    return (
        '<td style="padding:0 2px"><table role="presentation" cellpadding="0" cellspacing="0" border="0" '
        f'width="{width}"><tr><td bgcolor="{colour}" height="{height}" style="font-size:1px;line-height:1px"></td>'
        "</tr></table></td>"
    )


def _caption(counts: Counts, step: float, zone: tzinfo) -> str:
    """Return the numbers of a few bars, "Mon 4, Tue 2"; of many from when to when they are, and the highest."""
    if len(counts) <= LABELLED:
        names = _labels(counts, step, zone)
        return ", ".join(f"{name} {number}" for name, (_, number) in zip(names, counts, strict=True))
    (highest, most), (first, _), (last, _) = max(counts, key=lambda one: one[1]), counts[0], counts[-1]
    said = [_full(at, step, zone) for at in (first, last, highest)]
    return f"{said[0]} – {said[1]}; most {most}, {said[2]}"
