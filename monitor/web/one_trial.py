"""One trial at a time, of rules or of policies: each takes all of a processor while it runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.web.refusal import Refusal

BUSY = threading.Lock()


@contextmanager
def alone() -> Iterator[None]:
    """Run a trial; Refusal while another one runs."""
    if not BUSY.acquire(blocking=False):
        raise Refusal(503, "Somebody else tries something just now.", "Try again in half a minute.")
    try:
        yield
    finally:
        BUSY.release()
