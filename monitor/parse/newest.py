"""Chooses the newest of too many entries."""

from collections.abc import Sequence


def newest(dates: Sequence[float | None], limit: int) -> list[int]:
    """Return the positions of the `limit` newest entries, in the order of the document.

    An entry without a date counts as old as the one before it; without any date the first entries are the newest.
    """
    if len(dates) <= limit:
        return list(range(len(dates)))
    filled: list[float] = []
    for date in dates:
        filled.append(date if date is not None else filled[-1] if filled else float("inf"))
    order = sorted(range(len(dates)), key=lambda position: -filled[position])  # stable: a tie goes to the earlier one
    return sorted(order[:limit])
