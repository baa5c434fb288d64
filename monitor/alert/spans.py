"""Says durations as people do."""

_UNITS = ((604800.0, "week"), (86400.0, "day"), (3600.0, "hour"), (60.0, "minute"), (1.0, "second"))


def span(seconds: float) -> str:
    """Return "15 minutes", "1 hour", "2.5 days": the largest unit of which there is one at least."""
    for length, name in _UNITS:
        if seconds >= length:
            number = round(seconds / length, 1)
            return f"{number:g} {name}" + ("" if number == 1 else "s")
    return f"{seconds:g} seconds"
