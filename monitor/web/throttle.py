"""Slows down guessing: after a few wrong passwords each further try waits twice as long; handed `now`."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

FREE = 4  # wrong passwords before the first wait
LONGEST = 900.0  # seconds
FORGET = 3600.0  # seconds after which a failure counts no more
MOST = 10_000  # names and addresses that are remembered, the latest


@dataclass(frozen=True, slots=True)
class _Tries:
    count: int
    last: float

    def wait(self, now: float) -> float:
        """Return how many seconds the next try has to wait."""
        if self.count < FREE or now - self.last > FORGET:
            return 0.0
        return max(0.0, self.last + min(LONGEST, 2.0 ** (self.count - FREE)) - now)


@dataclass(slots=True)
class Throttle:
    """Counts the tries of each key (an address, or an account) since the last right password."""

    known: OrderedDict[str, _Tries] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, keys: tuple[str, ...], now: float) -> float:
        """Return how many seconds a try has to wait; 0.0 = it may be made, and counts as wrong until `passed`.

        It counts before the password is checked, so that many tries at the same moment are no way around.
        """
        with self.lock:
            pause = max((found.wait(now) for key in keys if (found := self.known.get(key))), default=0.0)
            if pause > 0:
                return pause
            for key in keys:
                found = self.known.pop(key, None)
                count = found.count if found and now - found.last <= FORGET else 0
                self.known[key] = _Tries(count + 1, now)
            while len(self.known) > MOST:
                self.known.popitem(last=False)
            return 0.0

    def pause(self, keys: tuple[str, ...], now: float) -> float:
        """Return how many seconds a try has to wait, without making it."""
        with self.lock:
            return max((found.wait(now) for key in keys if (found := self.known.get(key))), default=0.0)

    def passed(self, keys: tuple[str, ...]) -> None:
        """Forget the tries of each key."""
        with self.lock:
            for key in keys:
                self.known.pop(key, None)
