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
    shown = [datetime.fromtimestamp(at, zone) for at, _ in counts]
    plain = "%a" if len(counts) <= 7 else "%d %b"
    return [
        f"{time:{'%H:%M' if step < DAY else plain}}" if number % every == 0 else ""
        for number, time in enumerate(shown)
    ]  # fmt: skip


def _full(at: float, step: float, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):{'%a %d %b, %H:%M' if step < DAY else '%a %d %b'}}"


# --- HTML mail -------------------------------------------------------------------------------------------------------


def table(counts: Counts, step: float, zone: tzinfo) -> Markup:
    """Return a table of bars with their numbers and labels; nothing where nothing is counted."""
    counts, step = fewer(counts, step)
    most = max((number for _, number in counts), default=0)
    if not most:
        return Markup("")
    each = max(4, WIDTH // len(counts) - 4)
    bars = "".join(_bar(number, most, each) for _, number in counts)
    whole = (
        '<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="font-size:11px">'
        f'<tr valign="bottom">{bars}</tr><tr>{_feet(_labels(counts, step, zone))}</tr></table>'
    )
    return Markup(whole)  # noqa: S704  (numbers and the names of days only)


def _bar(number: int, most: int, width: int) -> str:
    height = max(1, round(number * HEIGHT / most))
    colour = f' bgcolor="{COLOUR}"' if number else ' bgcolor="#999999"'
    return (
        f'<td align="center" style="padding:0 2px">{number or ""}'
        f'<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="{width}"><tr>'
        f'<td{colour} height="{height}" style="font-size:1px;line-height:1px">&nbsp;</td></tr></table></td>'
    )


def _feet(names: Sequence[str]) -> str:
    """Return the cells of the labels; one stands under the bars up to the next."""
    starts = [at for at, name in enumerate(names) if name]
    ends = [*starts[1:], len(names)]
    return "".join(
        f'<td colspan="{end - start}" align="{"left" if end - start > 1 else "center"}" style="padding:2px">'
        f"{names[start]}</td>"
        for start, end in zip(starts, ends, strict=True)
    )
