"""What an answer says about when to come back (RFC 9110, 9111)."""

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

DAY = 86400.0
MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})")
SECONDS = re.compile(r"\d+")


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds of Retry-After, which is a number or a date; at most a day."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and SECONDS.fullmatch(value):
        return min(float(value[:12]), DAY)
    moment = _date(value)
    return None if moment is None else min(max(0.0, moment - now), DAY)


def fresh_for(headers: Mapping[str, str], now: float) -> float | None:
    """Return how many seconds an answer stays fresh, by Cache-Control max-age or Expires, or None."""
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return None
    if found := MAX_AGE.search(control):
        return max(0.0, float(found[1]) - _age(headers))
    moment = _date(headers.get("expires", ""))
    if moment is None:
        return None
    sent = _date(headers.get("date", ""))
    return max(0.0, moment - (now if sent is None else sent))


def _age(headers: Mapping[str, str]) -> float:
    value = headers.get("age", "").strip()
    return float(value[:12]) if value.isascii() and SECONDS.fullmatch(value) else 0.0


def _date(text: str) -> float | None:
    if not text or len(text) > 100:
        return None
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
