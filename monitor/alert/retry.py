"""When a delivery is tried again, and when it is given up."""

FIRST = 30.0  # seconds after the first failure; doubled after each further one
LONGEST = 3600.0
ASKED = 86400.0  # the longest Retry-After that is respected
JITTER = 0.2  # share by which a pause is varied, so that a service that comes back is not hit all at once
REFUSALS = 3  # so often a message that the service itself refuses is tried


def next_try(
    attempts: int,
    first_queued: float,
    now: float,
    spread: float,
    retry_after: float | None,
    dead_after: float,
    *,
    recoverable: bool = True,
) -> float | None:
    """Return when to try again after `attempts` failures, in seconds since the epoch, or None to give up.

    `spread` in [0, 1) is the caller's random number; `retry_after` is what the service asked for, in seconds.
    """
    if now - first_queued >= dead_after or (not recoverable and attempts >= REFUSALS):
        return None
    pause = min(LONGEST, FIRST * 2.0 ** min(max(attempts - 1, 0), 20)) * (1 + JITTER * spread)
    return now + max(pause, min(retry_after or 0.0, ASKED))
