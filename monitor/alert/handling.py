"""What people did about a story, as it counts now; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.model import Handled


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts of all that was done about a story."""

    acknowledged: Handled | None = None
    muted: Handled | None = None


def standing(handled: Iterable[Handled], now: float) -> Standing:
    """Return what counts now: the last word of each kind, unless it was taken back or its time is over."""
    acknowledged: Handled | None = None
    muted: Handled | None = None
    for one in handled:
        if one.what == "acknowledged":
            acknowledged = one
        elif one.what == "muted":
            muted = one
        else:
            acknowledged = muted = None
    if muted and muted.until is not None and muted.until <= now:
        muted = None
    return Standing(acknowledged, muted)
