"""Answers that are dear to find and may be a minute old, kept for all readers; one thread finds each anew."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
MOST = 200  # values, the latest: keys may hold what an address says


class Remembered:
    """Values by key, each with the time until which it is used."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._values: OrderedDict[str, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, now: float, seconds: float, find: Callable[[], T]) -> T:
        """Return what was found for this key within so many seconds, else find it."""
        with self._lock:
            until, value = self._values.get(key, (0.0, None))
        if not until - seconds <= now < until:
            value = find()
            with self._lock:
                self._values.pop(key, None)
                self._values[key] = (now + seconds, value)
                self._values.move_to_end(key)
                while len(self._values) > MOST:
                    self._values.popitem(last=False)
        return value  # type: ignore[no-any-return]
