"""When to poll next, and what to remember of a poll: pure decisions over values.

The interval follows the feed's own rhythm (a third of the usual gap between new entries), within the bounds of the
settings and never below what the feed asks for. Errors wait longer each time, by how hard they are; nothing but
`410 Gone` ends the polling.
"""

import hashlib
from dataclasses import replace

from monitor.model import Fetched, Parsed, Source, SourceState, State
from monitor.settings import Polling

SIGHTINGS = 3  # of the same permanent redirect, before it is believed
NEVER = 10 * 365 * 86400.0  # seconds; what is gone waits for its user
SMOOTHING = 0.3  # weight of the newest gap
PER_GAP = 3.0  # polls in one usual gap between new entries
BASE = 60.0  # seconds that the first wait after an error has, at least
DAY = 86400.0

# How much a failure weighs towards backing off: temporary 0.25, soft 0.5, hard 1.
SOFTNESS: dict[State, float] = {
    State.TIMEOUT: 0.25,
    State.DNS: 0.25,
    State.NETWORK: 0.25,
    State.LIMITED: 0.25,
    State.HTTP_ERROR: 0.5,
    State.BLOCKED: 0.5,
    State.NOT_A_FEED: 0.5,
    State.REDIRECTS: 1.0,
    State.TOO_LARGE: 1.0,
    State.TLS: 1.0,
    State.BROKEN: 1.0,
    State.REFUSED_ADDRESS: 1.0,
    State.GONE: 1.0,
}


def after(
    state: SourceState,
    *,
    source: Source,
    fetched: Fetched,
    parsed: Parsed | None,
    new_entries: int,
    newest: float | None,
    polling: Polling,
    now: float,
    spread: float,
) -> SourceState:
    """Return a source's state after a poll; `spread` in [0, 1) is the caller's random number for jitter.

    `newest` is the newest date among the new entries, where they have dates.
    """
    ended = parsed.state if parsed is not None else fetched.state
    reason = (parsed.reason or parsed.damaged) if parsed is not None else fetched.reason
    seen = replace(
        moved(state, fetched, healthy=ended.healthy),
        state=ended,
        reason=reason,
        status=fetched.status,
        last_polled=now,
    )
    if not ended.healthy:
        return failed(seen, source=source, fetched=fetched, polling=polling, now=now, spread=spread)
    return succeeded(
        seen, source=source, fetched=fetched, parsed=parsed, new_entries=new_entries, newest=newest,
        polling=polling, now=now, spread=spread,
    )  # fmt: skip


def moved(state: SourceState, fetched: Fetched, *, healthy: bool) -> SourceState:
    """Count the sightings of a permanent redirect; the third makes it the source's URL."""
    if not healthy or not fetched.url:
        return state
    if not fetched.moved_to:
        return replace(state, moved_to="", moved_count=0)
    count = state.moved_count + 1 if fetched.moved_to == state.moved_to else 1
    if count >= SIGHTINGS:
        return replace(state, url=fetched.moved_to, moved_to="", moved_count=0)
    return replace(state, moved_to=fetched.moved_to, moved_count=count)


def failed(
    state: SourceState, *, source: Source, fetched: Fetched, polling: Polling, now: float, spread: float
) -> SourceState:
    """Wait longer with each failure; validators and what was read before stay as they were."""
    if state.state is State.GONE:
        return replace(state, failures=state.failures + 1, next_due=now + NEVER)
    failures = state.failures + SOFTNESS.get(state.state, 0.5)
    usual = usual_interval(state, source, polling)
    wait = min(max(usual, BASE) * 2 ** min(failures, 20), polling.max_backoff)
    wait = max(varied(wait, polling.jitter, spread), min(fetched.retry_after or 0.0, DAY), polling.min_interval)
    return replace(state, failures=failures, next_due=now + wait)


def succeeded(
    state: SourceState,
    *,
    source: Source,
    fetched: Fetched,
    parsed: Parsed | None,
    new_entries: int,
    newest: float | None,
    polling: Polling,
    now: float,
    spread: float,
) -> SourceState:
    """Learn the rhythm, keep validators, and set the next poll."""
    state = learnt(state, new_entries, newest, polling, now)
    floor = floor_of(state, fetched, parsed, polling)
    state = replace(state, floor=floor, failures=0.0, last_success=now)
    if parsed is not None:
        state = replace(
            state,
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            body_hash=hashlib.blake2b(fetched.body, digest_size=16).hexdigest(),
            items=parsed.items,
            last_whole=now if parsed.whole else state.last_whole,
            primed=True,
        )
    elif fetched.status == 304 and fetched.etag:
        state = replace(state, etag=fetched.etag)
    interval = usual_interval(state, source, polling)
    wait = max(varied(interval, polling.jitter, spread), floor, fetched.retry_after or 0.0)
    return replace(state, interval=interval, next_due=now + wait)


def learnt(state: SourceState, new_entries: int, newest: float | None, polling: Polling, now: float) -> SourceState:
    """Smooth the gap between new entries; while nothing comes, the gap is at least as long as the silence."""
    since = state.last_new if state.last_new is not None else state.last_polled if state.primed else None
    if not state.primed:
        return replace(state, last_new=min(newest, now) if newest else now if new_entries else None)
    silence = max(1.0, now - since) if since is not None else polling.first_interval
    if not new_entries:
        longer = state.rhythm is not None and silence > state.rhythm
        return replace(state, rhythm=silence) if longer else state
    gap = silence / new_entries
    rhythm = gap if state.rhythm is None else SMOOTHING * gap + (1 - SMOOTHING) * state.rhythm
    return replace(state, rhythm=rhythm, last_new=now)


def usual_interval(state: SourceState, source: Source, polling: Polling) -> float:
    """Return the seconds between two polls when all is well; a fixed interval wins over the rhythm."""
    if source.interval is not None:
        return max(source.interval, 1.0)
    wanted = polling.first_interval if state.rhythm is None else state.rhythm / PER_GAP
    return min(max(wanted, polling.min_interval), polling.max_interval)


def floor_of(state: SourceState, fetched: Fetched, parsed: Parsed | None, polling: Polling) -> float:
    """Return the seconds that the feed itself asks for, bounded by the longest interval."""
    asked = [fetched.fresh_for or 0.0]
    asked.append(
        (parsed.ttl or 0.0) if parsed is not None and parsed.format else state.floor if parsed is None else 0.0
    )
    return min(max(asked), polling.max_interval)


def varied(seconds: float, jitter: float, spread: float) -> float:
    """Vary an interval by up to `jitter` of its length, so that polls spread out."""
    return seconds * (1 + jitter * (2 * spread - 1))
