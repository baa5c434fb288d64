"""What trials of rules and of policies share: their form, and that one runs at a time, since it takes a processor."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from monitor.errors import UsageError
from monitor.web.ask import Ask
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


def typed(ask: Ask, longest: int, *, nothing: str, name: str) -> str:
    """Return what was typed, at most so many characters; UsageError says `nothing`, or that `name` is too long."""
    text = str(ask.form.get("text", "")).replace("\r\n", "\n")
    if not text.strip():
        raise UsageError(nothing)
    if len(text) > longest:
        raise UsageError(f"{name} {'have' if name.endswith('s') else 'has'} more than {longest:,} characters")
    return text


def days_of(ask: Ask, choices: Sequence[int], usual: int) -> int:
    """Return how many days were chosen; the usual number where it is none of the choices."""
    said = str(ask.form.get("days", usual))
    return int(said) if said in map(str, choices) else usual
