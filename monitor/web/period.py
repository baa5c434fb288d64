"""The time that a view shows, as its address says it: `?since=7d`, `?since=2026-05-01&until=2026-05-08T12:00`."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitor.errors import UsageError

DAY = 86400.0
EARLIEST, LATEST = 0.0, 4_102_444_800.0  # 1970 and 2100
_UNITS = {"m": 60.0, "h": 3600.0, "d": DAY, "w": 7 * DAY}
_AGO = re.compile(r"(\d{1,6})([mhdw])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time in seconds since the epoch, and how the address says it."""

    since: float
    until: float
    said: dict[str, str]  # the fields of the address; what is not said is left out

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.until - self.since


def period(since: str, until: str, *, now: float, zone: str, usual: str, longest: float) -> Period:
    """Read a period; UsageError where it is none. What is too long begins later."""
    end = moment(until, now=now, zone=zone) if until.strip() else now
    if _DATE.fullmatch(until.strip()):
        end += DAY  # a whole day is meant
    end = min(end, now)  # nothing is known of what comes
    start = moment(since.strip() or usual, now=end, zone=zone)
    if start >= end:
        raise UsageError("the period ends before it begins")
    said = {name: text.strip() for name, text in (("since", since), ("until", until)) if text.strip()}
    return Period(max(start, end - longest), end, said)


def moment(text: str, *, now: float, zone: str) -> float:
    """Return the point in time that `7d`, `2026-05-10` or `2026-05-10T14:00Z` means; UsageError where it is none."""
    if found := _AGO.fullmatch(text.strip()):
        return max(EARLIEST, now - int(found[1]) * _UNITS[found[2]])
    try:
        given = datetime.fromisoformat(text.strip())
        at = (given if given.tzinfo else given.replace(tzinfo=ZoneInfo(zone))).timestamp()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"“{text[:40]}” is no time; write 7d, 2026-05-10 or 2026-05-10T14:00") from None
    return min(max(at, EARLIEST), LATEST)


@lru_cache(maxsize=4096)
def written(at: float) -> str:
    """Write a point in time as an address says it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%MZ")


def midnights(since: float, until: float, zone: ZoneInfo) -> list[float]:
    """Return the beginnings of the days of a zone that a time touches, and the end of the last."""
    day = datetime.fromtimestamp(since, zone).date()
    found: list[float] = []
    while True:
        found.append(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
        if found[-1] >= until:
            return found
        day += timedelta(days=1)
