"""When to poll next, and what to remember of a poll: pure decisions over values.

The interval follows the feed's own rhythm (a third of the usual gap between new entries), within the bounds of the
settings and never below what the feed asks for. Errors wait longer each time, by how hard they are; nothing but
`410 Gone` ends the polling. What chance adds only ever makes a wait longer, so that nobody is asked too early.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from monitor.model import Fetched, Parsed, Source, SourceState, State
from monitor.settings import Polling

SIGHTINGS = 3  # of the same permanent redirect, before it is believed
NEVER = 10 * 365 * 86400.0  # seconds; what is gone waits for its user, and a number that sorts is easier than none
SLOWER, FASTER = 0.3, 0.5  # weight of the newest gap, where it is longer or shorter than the usual one
LULL = 1.1  # growth of the supposed gap, at each poll, of a feed that never had an entry
PER_GAP = 3.0  # polls in one usual gap between new entries
BASE = 60.0  # seconds that a wait after an error is counted from, at least
DAY = 86400.0
DOUBLINGS = 20.0  # more make no difference within any bound
DOUBT = 1.0  # weight of failures after which a learnt address is forgotten

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
TEMPORARY = 0.25
SERVER_ERROR = 500  # and above: the server's own trouble, which passes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Poll:
    """One poll with everything that its decisions need."""

    source: Source
    fetched: Fetched
    parsed: Parsed | None
    new_entries: int
    newest: float | None
    polling: Polling
    now: float
    spread: float

    @property
    def state(self) -> State:
        """What the poll ended in: the document's state where there was one to read."""
        return self.fetched.state if self.parsed is None else self.parsed.state

    @property
    def reason(self) -> str:
        """Why, for a person."""
        return self.fetched.reason if self.parsed is None else self.parsed.reason or self.parsed.damaged

    @property
    def softness(self) -> float:
        """How much a failure weighs."""
        if self.state is State.HTTP_ERROR and (self.fetched.status or 0) >= SERVER_ERROR:
            return TEMPORARY
        return SOFTNESS.get(self.state, 0.5)

    @property
    def asked(self) -> float:
        """How many seconds the server asked to be left alone: Retry-After, at most a day."""
        return min(self.fetched.retry_after or 0.0, DAY)

    def varied(self, seconds: float) -> float:
        """Make a wait longer by a share that chance chooses, so that polls spread out."""
        return seconds * (1 + self.polling.jitter * self.spread)


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

    `newest` is the newest date among the new entries, where they have dates. A fixed interval wins over the rhythm
    and over what the feed's headers say, but never over Retry-After.
    """
    poll = _Poll(
        source=source, fetched=fetched, parsed=parsed, new_entries=new_entries, newest=newest,
        polling=polling, now=now, spread=spread,
    )  # fmt: skip
    return _succeeded(state, poll) if poll.state.healthy else _failed(state, poll)


def _seen(state: SourceState, poll: _Poll) -> SourceState:
    """Note what every poll tells, whatever it ended in."""
    return replace(state, state=poll.state, reason=poll.reason, status=poll.fetched.status, last_polled=poll.now)


# --- after a failure -------------------------------------------------------------------------------------------------


def _failed(state: SourceState, poll: _Poll) -> SourceState:
    """Wait longer with each failure; validators and what was read before stay as they were."""
    if poll.state is State.GONE and not state.url:
        gone = replace(_seen(state, poll), failures=state.failures + 1)
        return replace(gone, next_due=poll.now + NEVER)
    failed = replace(_seen(state, poll), failures=state.failures + poll.softness)
    if state.url and (failed.failures >= DOUBT or poll.state is State.GONE):
        failed = _back_home(failed, poll)
    return replace(failed, next_due=poll.now + backoff(failed, poll))


def _back_home(state: SourceState, poll: _Poll) -> SourceState:
    """Forget the learnt address, and with it that it may be gone: the configured one is asked next."""
    reason = f"{poll.reason}; that was {state.url}, where it had moved to: the configured address is tried next"
    ended = State.HTTP_ERROR if state.state is State.GONE else state.state
    return replace(state, state=ended, reason=reason, url="", moved_to="", moved_count=0)


def backoff(state: SourceState, poll: _Poll) -> float:
    """Return the seconds to wait after a failure: the usual interval, doubled for each weight of failures in a row."""
    polling = poll.polling
    usual = max(usual_interval(state, poll.source, polling), BASE)
    wait = min(poll.varied(usual * 2 ** min(state.failures, DOUBLINGS)), max(polling.max_backoff, usual))
    return max(wait, poll.asked)


# --- after a success -------------------------------------------------------------------------------------------------


def _succeeded(state: SourceState, poll: _Poll) -> SourceState:
    """Learn the rhythm, keep validators, follow a move, and set the next poll."""
    learnt = {**_rhythm(state, poll), **_moved(state, poll), **_document(state, poll)}
    floor = _floor(state, poll)
    interval = _usual(learnt.get("rhythm", state.rhythm), poll.source, poll.polling)
    wait = max(poll.varied(max(interval, floor if poll.source.interval is None else 0.0)), poll.asked)
    # In one go, since a copy of a state costs as much as a request.
    return replace(
        state,
        state=poll.state,
        reason=poll.reason,
        status=poll.fetched.status,
        last_polled=poll.now,
        last_success=poll.now,
        failures=0.0,
        floor=floor,
        interval=interval,
        next_due=poll.now + wait,
        **learnt,
    )


def _document(state: SourceState, poll: _Poll) -> dict[str, Any]:
    """Keep validators and hashes of a document that was read; those of one that was not would hide it for ever."""
    fetched, parsed = poll.fetched, poll.parsed
    if parsed is None:
        # 304, or the same bytes: what the server says now is newer, what it does not repeat still holds.
        return {"etag": fetched.etag or state.etag, "last_modified": fetched.last_modified or state.last_modified}
    return {
        "etag": fetched.etag,
        "last_modified": fetched.last_modified,
        "body_hash": hashlib.blake2b(fetched.body, digest_size=16).hexdigest(),
        "items": parsed.items,
        "last_whole": poll.now if parsed.whole else state.last_whole,
        "primed": True,
    }


def _moved(state: SourceState, poll: _Poll) -> dict[str, Any]:
    """Count the sightings of a permanent redirect; the third makes it the source's URL."""
    target = poll.fetched.moved_to
    if not target:
        return {"moved_to": "", "moved_count": 0}
    count = state.moved_count + 1 if target == state.moved_to else 1
    if count >= SIGHTINGS:
        return {"url": "" if target == poll.source.url else target, "moved_to": "", "moved_count": 0}
    return {"moved_to": target, "moved_count": count}


def _rhythm(state: SourceState, poll: _Poll) -> dict[str, Any]:
    """Smooth the gap between new entries; while nothing comes, the gap is at least as long as the silence."""
    longest = PER_GAP * poll.polling.max_interval
    if not state.primed:
        return {"rhythm": _first_guess(poll, longest), "last_new": poll.now if poll.new_entries else None}
    usual = state.rhythm or PER_GAP * poll.polling.first_interval
    since = state.last_new or (poll.now - usual)
    silence = min(max(1.0, poll.now - since), longest)
    if not poll.new_entries:
        # Without any entry so far there is no silence to measure: it is taken for a little longer each time.
        longer = silence if state.last_new else min(usual * LULL, longest)
        return {"rhythm": longer} if longer > usual else {}
    gap = max(1.0, silence / poll.new_entries)
    return {"rhythm": _smoothed(state.rhythm, gap), "last_new": poll.now}


def _first_guess(poll: _Poll, longest: float) -> float | None:
    """Guess the rhythm at the first read: what has been silent for long is likely to stay so."""
    if poll.newest is None or not 0 < poll.newest < poll.now:
        return None
    silence = poll.now - poll.newest
    return min(silence, longest) if silence > PER_GAP * poll.polling.first_interval else None


def _smoothed(usual: float | None, gap: float) -> float:
    if usual is None:
        return gap
    weight = FASTER if gap < usual else SLOWER
    return weight * gap + (1 - weight) * usual


def usual_interval(state: SourceState, source: Source, polling: Polling) -> float:
    """Return the seconds between two polls when all is well; a fixed interval wins over the rhythm."""
    return _usual(state.rhythm, source, polling)


def _usual(rhythm: float | None, source: Source, polling: Polling) -> float:
    if source.interval is not None:
        return max(source.interval, 1.0)
    wanted = polling.first_interval if rhythm is None else rhythm / PER_GAP
    return max(min(wanted, polling.max_interval), polling.min_interval)


def _floor(state: SourceState, poll: _Poll) -> float:
    """Return the seconds that the feed itself asks for, bounded by the longest interval."""
    parsed = poll.parsed
    asked = (parsed.ttl or 0.0) if parsed is not None and parsed.format else state.floor
    return min(max(asked, poll.fetched.fresh_for or 0.0), poll.polling.max_interval)
