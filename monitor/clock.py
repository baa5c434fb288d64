"""EDGE: reads the two clocks, and tells when somebody set the wall clock."""

import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """What tells the time."""

    def wall(self) -> float:
        """Return seconds since the epoch, UTC; may jump in either direction."""

    def monotonic(self) -> float:
        """Return seconds since some point; never jumps (but stands still while the machine sleeps)."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The clocks of this machine."""

    def wall(self) -> float:
        """Return seconds since the epoch, UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds of the monotonic clock."""
        return time.monotonic()


def asleep() -> float:
    """Return how many seconds this machine has slept since it was started; 0.0 where it does not tell."""
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return 0.0
    return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC))


class StepDetector:
    """Notices that the wall clock was set, or that the machine slept: it moved against the monotonic one.

    The reference moves only when a step is reported, so that many small ones add up and are reported, too.
    """

    def __init__(self, clock: Clock, *, threshold: float = 30.0) -> None:
        """Take the present distance of the two clocks as right; `threshold` is in seconds."""
        self._clock = clock
        self._threshold = threshold
        self._distance = clock.wall() - clock.monotonic()

    def step(self) -> float:
        """Return by how many seconds the wall clock jumped since the last report; 0.0 = it did not."""
        distance = self._clock.wall() - self._clock.monotonic()
        moved = distance - self._distance
        if abs(moved) <= self._threshold:
            return 0.0
        self._distance = distance
        return moved
