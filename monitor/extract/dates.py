"""Dates as feeds claim them: kept raw, shown within reason, never trusted alone to decide what is new."""

from math import isfinite

from monitor.model import Entry

DAY = 86400.0
EARLIEST = 631152000.0  # 1990-01-01; nothing older was published as a feed
_NONE: frozenset[str] = frozenset()


def sensible(at: float | None, raw: str, now: float) -> tuple[float | None, frozenset[str]]:
    """Return a date (seconds, UTC) within reason, or None, and the flags that say what was wrong with it."""
    if at is None:
        return None, frozenset({"date-absurd" if raw.strip() else "date-missing"})
    if not isfinite(at) or at < EARLIEST:
        return None, frozenset({"date-absurd"})
    if at > now + DAY:
        return now + DAY, frozenset({"date-future"})
    return at, _NONE


def published(entry: Entry, now: float) -> tuple[float | None, frozenset[str]]:
    """Return when an entry says it was published, else updated, and the flags of that date."""
    at, flags = sensible(entry.published_at, entry.published, now)
    if at is None and entry.updated_at is not None:
        updated, others = sensible(entry.updated_at, entry.updated, now)
        if updated is not None:
            return updated, others | (flags - {"date-missing"})
    return at, flags
