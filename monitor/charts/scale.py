"""Scales: whole numbers and times on an axis, and how they are written."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS: Final = "Mon Tue Wed Thu Fri Sat Sun".split()
DAY, HOUR = 86400.0, 3600.0
_THIN = "\u202f"  # a narrow blank that does not break
_FARTHEST = 253400000000.0  # seconds: shortly before the end of the year 9999
_MOST = 100  # labels of an axis
# Steps of a time axis in seconds; a month is a step of its own.
_STEPS = (60.0, 300.0, 900.0, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY)


def whole(value: int) -> str:
    """Write a whole number with its thousands apart."""
    return f"{value:,}".replace(",", _THIN)


def short(value: int) -> str:
    """Write a round number where there is little room: "500", "1.5k", "20M"."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return str(value)


def many(value: int, noun: str) -> str:
    """Say a number of things: "1 hit", "2 hits"."""
    return f"{whole(value)} {noun}" if value == 1 else f"{whole(value)} {noun}s"


def ticks(most: float, wanted: int = 3) -> list[int]:
    """Return round whole numbers from 0 to `most` or just below it, about as many as wanted."""
    if most < 1:
        return [0]
    raw = most / max(1, wanted)
    power = 10.0 ** math.floor(math.log10(raw))
    step = max(1, int(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)))
    return list(range(0, int(most) + 1, step))


def moment(at: float, zone: tzinfo = UTC) -> datetime:
    """Return a time; what no calendar has is brought within its bounds."""
    held = min(max(at, -62135510400.0), _FARTHEST) if math.isfinite(at) else 0.0
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=held)).astimezone(zone)


def day_words(at: datetime, year: bool = True) -> str:
    """Write a day: "Tue 10 May 2022"."""
    return f"{DAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]}{f' {at.year}' if year else ''}"


def span_words(start: float, end: float, zone: tzinfo = UTC) -> str:
    """Write a stretch of time: a day, hours of a day, or days from and to."""
    first, last = moment(start, zone), moment(end, zone)
    if end - start < DAY - 2 * HOUR:
        name = zone.tzname(first) or ""
        return f"{day_words(first)}, {first:%H:%M} to {last:%H:%M} {name}".rstrip()
    final = moment(end - 1, zone)
    return day_words(first) if final.date() == first.date() else f"{day_words(first)} to {day_words(final)}"


def time_ticks(start: float, end: float, room: float, zone: tzinfo = UTC) -> list[tuple[float, str]]:
    """Return times on a round step within a stretch and how each is labelled; `room` is its width in pixels."""
    span, most = end - start, max(2.0, room / 72)
    if span <= 0:
        return []
    step = next((step for step in _STEPS if span / step <= most), None)
    if step is None:
        return _months(start, end, most, zone)
    first = moment(start, zone)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    if step >= 7 * DAY:
        midnight -= timedelta(days=midnight.weekday())
    found: list[tuple[float, str]] = []
    number = 0 if step >= DAY else int(max(0.0, start - midnight.timestamp()) // step)
    last = min(end, _FARTHEST)
    while len(found) < _MOST and midnight.timestamp() + number * step <= last + 2 * HOUR:
        at = midnight + timedelta(seconds=number * step)
        number += 1
        if at.timestamp() > end:
            break
        if at.timestamp() >= start:
            found.append((at.timestamp(), _named(at, step, not found)))
    return found


def _named(at: datetime, step: float, first: bool) -> str:
    if step < DAY and (at.hour or at.minute) and not first:
        return f"{at:%H:%M}"
    date = f"{at.day} {MONTHS[at.month - 1]}"
    return f"{date} {at:%H:%M}" if step < DAY and (at.hour or at.minute) else date


def _months(start: float, end: float, most: float, zone: tzinfo) -> list[tuple[float, str]]:
    first, last = moment(start, zone), moment(end, zone)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((step for step in (1, 2, 3, 6) if months / step <= most), 12 * max(1, math.ceil(months / 12 / most)))
    found: list[tuple[float, str]] = []
    number = -(-(first.year * 12 + first.month - 1) // step) * step
    while number <= last.year * 12 + last.month - 1 and number // 12 <= 9999:
        at = datetime(number // 12, number % 12 + 1, 1, tzinfo=zone)
        if start <= at.timestamp() <= end:
            words = str(at.year) if at.month == 1 else MONTHS[at.month - 1]
            found.append((at.timestamp(), f"{words} {at.year}" if not found and at.month > 1 else words))
        number += step
    return found


def steps(values: Sequence[int], most: int = 5) -> list[int]:
    """Return the upper bounds of classes of counts, on round numbers, the last one the greatest value; at most `most`.

    Counts of news are many small ones and few large ones: each class is wider than the one before by about one factor.
    """
    top = max(values, default=0)
    if top <= most:
        return list(range(1, top + 1))
    bounds: list[int] = []
    for number in range(1, most):
        bound = _round(top ** (number / most))
        if (not bounds or bound > bounds[-1]) and bound < top:
            bounds.append(bound)
    return [*bounds, top]


def _round(value: float) -> int:
    power = int(10 ** max(0, math.floor(math.log10(max(1.0, value)))))
    rounds = [factor * power for factor in (1, 2, 3, 5, 10)]
    return min(rounds, key=lambda one: abs(one - value))


def class_of(value: int, bounds: Sequence[int]) -> int:
    """Return the number of the class that a count is in, from 0; the bounds hold the greatest."""
    return next((number for number, bound in enumerate(bounds) if value <= bound), len(bounds) - 1)


def class_words(bounds: Sequence[int]) -> list[str]:
    """Write the classes: "1", "2–3", "4–9"."""
    lows = [1, *(bound + 1 for bound in bounds)]
    return [
        whole(high) if low == high else f"{whole(low)}–{whole(high)}" for low, high in zip(lows, bounds, strict=False)
    ]
