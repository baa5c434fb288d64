"""Guesses an item's date from its bytes, to choose the newest of far too many."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

DATE = re.compile(rb"<(?:\w+:)?(?:pubdate|date|published|issued|updated|modified|created)\b[^>]*>([^<]{6,60})<", re.I)


def age(item: bytes) -> float | None:
    """Return the seconds since the epoch of an item's first date, or None where it has none that is plain."""
    found = DATE.search(item)
    if not found:
        return None
    text = found[1].decode("utf-8", "replace").strip()
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
