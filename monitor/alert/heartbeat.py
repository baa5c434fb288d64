"""The daily sign of life: when it is due, and what it says; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from monitor.alert.message import system_alert
from monitor.model import Alert, Severity

YOUNG = 3600.0  # seconds below which a period has nothing to tell
DAY = 86400.0
LISTED = 10  # problems that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What happened since the last heartbeat, and how things are."""

    well: int
    sources: int
    articles: int
    hits: int
    held: int  # alerts that wait
    problems: tuple[str, ...] = ()


def due(last: float | None, at: str, zone: tzinfo, now: float) -> bool:
    """Tell whether the moment `at` (HH:MM, local time) has come since `last`; once for each date, also on days on
    which the clocks change: a time that is skipped is when the clocks have jumped over it, one that comes twice is
    the first. A `last` in the future, after the clock was set back by days, does not count.
    """
    if not at or last is None or 0 <= now - last < YOUNG:
        return False
    if last > now:
        return last - now > DAY
    return last < latest(at, zone, now)


def latest(at: str, zone: tzinfo, now: float) -> float:
    """Return when the clocks showed `at` last, in seconds since the epoch."""
    hour, minute = (int(part) for part in at.split(":"))
    today = datetime.fromtimestamp(now, zone).date()
    moments = (
        datetime.combine(today + timedelta(days=days), time(hour, minute), tzinfo=zone).timestamp() for days in (1, 0)
    )
    return next(
        (moment for moment in moments if moment <= now),
        datetime.combine(today - timedelta(days=1), time(hour, minute), tzinfo=zone).timestamp(),
    )


def line(counts: Counts) -> str:
    """Say all of it in one line."""
    plain = (
        f"{counts.well:,} of {counts.sources:,} source{'' if counts.sources == 1 else 's'} well, "
        f"{_number(counts.articles, 'article')}, {_number(counts.hits, 'hit')}, {counts.held:,} held"
    )
    return f"{plain}, {_number(len(counts.problems), 'problem')}" if counts.problems else plain


def _number(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def alert_of(counts: Counts, *, now: float) -> Alert:
    """Return the message."""
    return system_alert(
        "heartbeat", "daily", title=line(counts), text="\n".join(_lines(counts.problems)), at=now,
        severity=Severity.INFO,
    )  # fmt: skip


def _lines(problems: Sequence[str]) -> list[str]:
    rest = len(problems) - LISTED
    return [*problems[:LISTED], *([f"and {rest} more: `monitor status` lists them"] if rest > 0 else [])]
