"""Dates as feeds claim them: kept raw, shown within reason, never trusted to decide what is new."""

from monitor.model import Entry

DAY = 86400.0
EARLIEST = 631152000.0  # 1990-01-01


def sensible(at: float | None, raw: str, now: float) -> tuple[float | None, frozenset[str]]:
    """Return a date within reason and the flags that say what was wrong with it."""
    if at is None:
        return None, frozenset({"date-absurd"} if raw.strip() else {"date-missing"})
    if at < EARLIEST:
        return None, frozenset({"date-absurd"})
    if at > now + DAY:
        return now + DAY, frozenset({"date-future"})
    return at, frozenset()


def published(entry: Entry, now: float) -> tuple[float | None, frozenset[str]]:
    """Return when an entry says it was published (else: updated), and flags."""
    if entry.published_at is None and not entry.published and entry.updated_at is not None:
        return sensible(entry.updated_at, entry.updated, now)
    return sensible(entry.published_at, entry.published, now)
