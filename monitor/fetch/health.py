"""Learns a source's usual life from its polls, and says what is wrong with it: pure decisions over values.

    Pulse, one poll             -> Pulse              `after`
    every source, what is open  -> troubles           `troubles`

A trouble opens late and closes late, so that a source that flaps is no storm; silence is measured at polls that were
answered, so that an outage of our own is not taken for it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from monitor.model import Pulse, Severity, Source, SourceState, State
from monitor.settings import Health, Polling

TWICE = 2  # failures in a row of a source that fails together with many
EPIDEMIC = 0.25  # share of all sources that are many
POLLS = 3  # failures in a row, and intervals of silence, before a source is in trouble
ARRIVALS = 10  # gaps that must have been seen before a rhythm is believed
WATCHED = 7 * 86400.0  # seconds that a source must have been watched before: a week holds a weekend
LONGER = 2.0  # times the longest gap of its past
USUALLY = 6.0  # times its usual gap
DAY = 86400.0
HALF_LIFE = 60 * 86400.0  # seconds after which the longest gap counts half
SMOOTH = 0.2  # weight of the newest gap
NEAR = 7 * DAY  # before a certificate runs out that is valid for long
UNDATED = 3  # polls in a row whose new entries lack dates
FEW = 3  # entries below which a document says nothing about what was missed
FADE = 0.9  # what is left of a miss after each poll that missed nothing
MISSES, NO_MORE = 1.7, 0.5  # two misses within few polls; about a dozen polls without one
OURS = frozenset({State.DNS, State.NETWORK, State.TIMEOUT, State.TLS})  # what an outage of our own looks like
LEAST = 3  # sources that must fail, none answering, before our own network is suspected
LONG = 4.0  # times `outage_after` that an outage may have lasted when it was suspected

ADVICE: dict[State, str] = {
    State.GONE: "find its new address, or run `monitor sources poll {id}` to try again",
    State.BLOCKED: "look at it in a browser; set `contact`, a longer `interval`, or another `user_agent` for it",
    State.LIMITED: "give it a longer `interval` in sources.yaml",
    State.NOT_A_FEED: "look at its address in a browser: a captcha, a login, or the feed has moved",
    State.BROKEN: "look at its address in a browser: the document cannot be read",
    State.TLS: "look at its address in a browser: its certificate may have run out; it is tried again by itself",
    State.DNS: "check the name in its address; it is tried again by itself",
    State.REFUSED_ADDRESS: "the address guard refuses it: correct the address, or add it to network.allow",
    State.TOO_LARGE: "raise `limits.wire` or `limits.decoded`, or find a smaller feed",
    State.REDIRECTS: "look at its address in a browser, and put in the one where it ends",
}
SAME = "as before"  # the text of a trouble that goes on, where what was said of it stays
OTHERWISE = "look at its address in a browser; it is tried again by itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What one poll brought."""

    new: int = 0  # entries that this source never had before
    undated: int = 0  # those of them without a date
    missed: bool | None = None  # nothing in common with the document before; None = that cannot be told
    certificate: tuple[float, float] | None = None  # from when, and until when that of the server is valid


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is wrong now."""

    kind: str
    key: str
    title: str
    text: str
    advice: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Seen:
    """A source with what is known of it."""

    source: Source
    state: SourceState
    pulse: Pulse


# --- after each poll -------------------------------------------------------------------------------------------------


def after(
    pulse: Pulse | None, before: SourceState, state: SourceState, brought: Brought, health: Health, now: float
) -> Pulse:
    """Return a source's pulse after a poll; the very same value where nothing changed that must be kept."""
    pulse = pulse or Pulse(source_id=state.source_id, since=now)
    if not state.state.healthy:
        return replace(pulse, failing_since=pulse.failing_since or now, failed=pulse.failed + 1)
    if pulse.failed:
        pulse = _recovered(pulse, now)
    if brought.new:
        pulse = _arrived(pulse, before, brought, health, now)
    if brought.certificate:
        pulse = _certified(pulse, *brought.certificate)
    missed = pulse.missed * FADE + 1 if brought.missed else pulse.missed * FADE
    missed = missed if missed > 0.05 else 0.0
    return pulse if missed == pulse.missed else replace(pulse, missed=missed)


def _certified(pulse: Pulse, start: float, end: float) -> Pulse:
    """Note until when a certificate is valid; its end is near in its last quarter, and a week before."""
    near = end - min(NEAR, (end - start) / 4)
    return pulse if pulse.certificate == end else replace(pulse, certificate=end, certificate_near=near)


def _recovered(pulse: Pulse, now: float) -> Pulse:
    """Note that it is well again; one that flaps must be so for as long as it failed, the worst of the last days."""
    began = pulse.failing_since or now
    flaps = pulse.good_since is not None and began - pulse.good_since < DAY
    failed_for = 0.0
    if flaps and pulse.good_since is not None:
        earlier = pulse.failed_for * 0.5 ** (max(0.0, now - pulse.good_since) / DAY)
        failed_for = min(DAY, max(now - began, earlier))
    return replace(pulse, failing_since=None, failed=0, good_since=now, failed_for=failed_for)


def _arrived(pulse: Pulse, before: SourceState, brought: Brought, health: Health, now: float) -> Pulse:
    """Learn from an arrival; a gap in which nobody watched says nothing."""
    dated = brought.undated < brought.new
    pulse = replace(pulse, dated=pulse.dated or dated, undated=0 if dated else pulse.undated + 1)
    last = pulse.last_new
    if last is not None and now > last and not _hole(before, now):
        gap = min(now - last, limit(pulse, health) or now - last)
        pulse = replace(
            pulse,
            arrivals=pulse.arrivals + 1,
            usual=SMOOTH * gap + (1 - SMOOTH) * pulse.usual if pulse.arrivals else gap,
            longest=max(gap, pulse.longest * 0.5 ** (gap / HALF_LIFE)),
        )
    return replace(pulse, last_new=now)


def _hole(before: SourceState, now: float) -> bool:
    """Tell whether nobody watched for longer than is usual between two polls."""
    return before.last_success is None or now - before.last_success > POLLS * max(before.interval, before.floor, 300.0)


def limit(pulse: Pulse, health: Health) -> float | None:
    """Return how many seconds of silence a source's own past allows; None while its rhythm is not known."""
    if pulse.arrivals < ARRIVALS or pulse.last_new is None or pulse.last_new - pulse.since < WATCHED:
        return None
    return max(health.silent_after, LONGER * pulse.longest, USUALLY * pulse.usual)


def overlap_missed(before: SourceState, *, entries: int, known: int, now: float) -> bool | None:
    """Tell whether a document has nothing in common with the one before: between the two, entries were missed."""
    if not before.primed or entries + known < FEW or _hole(before, now):
        return None
    return known == 0


def sooner(state: SourceState, source: Source, polling: Polling, *, asked: float, now: float) -> SourceState:
    """Return a state that is polled twice as often, where settings, server and feed allow it."""
    if source.interval is not None or not state.state.healthy:
        return state
    least = max(polling.min_interval, state.floor, asked)
    wait = max(least, (state.next_due - now) / 2)
    if wait >= state.next_due - now:
        return state
    rhythm = state.rhythm / 2 if state.rhythm else None
    return replace(state, rhythm=rhythm, interval=max(state.interval / 2, polling.min_interval), next_due=now + wait)


# --- what is wrong ---------------------------------------------------------------------------------------------------

Clock = Callable[[float], str]  # says a moment shortly, in the user's zone
# source, whether the trouble is open, settings, clock -> what is wrong, or ""
Check = Callable[[Seen, bool, Health, Clock], str]


def troubles(
    seen: Sequence[Seen],
    opened: Mapping[tuple[str, str], float],
    health: Health,
    *,
    outages_until: float,
    clock: Clock,
    now: float,
) -> tuple[Trouble, ...]:
    """Return everything that is wrong now; `opened` says since when what was, by (kind, key).

    `outages_until` is when the last outage of our own ended: what has not been polled since may be well.
    """
    out = outage(seen, opened.get(("network", "sources")), health, clock, now)
    found = [out] if out else []
    if not out and ("network", "sources") in opened:
        outages_until = now
    many = epidemic(seen, opened, health, now)
    for one in seen:
        if one.source.id in many and not out and (one.state.last_polled or 0.0) > outages_until:
            found.append(_trouble("source", one, _failure(one, clock)))
            continue
        for kind in CHECKS:
            key = (kind, one.source.id)
            if kind == "source" and key not in opened and (out or (one.state.last_polled or 0.0) <= outages_until):
                continue
            if text := CHECKS[kind](one, key in opened, health, clock):
                found.append(_trouble(kind, one, text))
    return tuple(found)


def outage(seen: Sequence[Seen], opened: float | None, health: Health, clock: Clock, now: float) -> Trouble | None:
    """Suspect our own network when several sources begin to fail and none answers any more.

    `opened` is when that was suspected, None if it is not. It is over when some have answered since.
    """
    failing = [one for one in seen if one.state.state in OURS]
    if opened is not None:
        if not failing or _answers(seen, opened, health, now):
            return None
        since = opened - LONG * health.outage_after
    else:
        since = max((one.state.last_success or 0.0 for one in seen), default=0.0)
    fresh = [one for one in failing if (one.pulse.failing_since or 0.0) > since] or failing
    began = min((one.pulse.failing_since or now for one in fresh), default=now)
    newly = all((one.pulse.failing_since or 0.0) > since for one in fresh)
    if opened is None and (not newly or len(fresh) < LEAST or now - began < health.outage_after):
        return None
    return Trouble(
        kind="network",
        key="sources",
        title=f"{len(fresh)} sources fail since {clock(began)}: our own network?",
        text=f"of {len(seen)} sources none answers; the last failure: {fresh[-1].state.reason}",
        advice="check this machine's network, DNS and proxy; polling goes on by itself",
        severity=Severity.HIGH,
    )


def _answers(seen: Sequence[Seen], opened: float, health: Health, now: float) -> bool:
    """Tell whether the network is there again: several sources have answered, or one has for a while."""
    well = [one for one in seen if one.state.state.healthy and (one.state.last_success or 0.0) > opened]
    return len(well) >= LEAST or any(now - max(one.pulse.good_since or 0.0, opened) >= health.settle for one in well)


def epidemic(seen: Sequence[Seen], opened: Collection[tuple[str, str]], health: Health, now: float) -> frozenset[str]:
    """Return the sources that began to fail together: so many need not fail as long as one, and are told as one."""
    fresh = [
        one
        for one in seen
        if one.pulse.failed >= TWICE
        and one.state.state is not State.GONE
        and ("source", one.source.id) not in opened
        and now - (one.pulse.failing_since or 0.0) < 2 * health.stale_after
    ]
    began = min((one.pulse.failing_since or now for one in fresh), default=now)
    enough = len(fresh) > health.group_above and len(fresh) >= EPIDEMIC * len(seen)
    if not enough or now - began < health.stale_after / 2:
        return frozenset()
    return frozenset(one.source.id for one in fresh)


def _failing(one: Seen, opened: bool, health: Health, clock: Clock) -> str:
    """Say that a source fails for long; an opened trouble stays until the source is well and stays well."""
    state, pulse = one.state, one.pulse
    if state.state is State.GONE:
        return SAME if opened else ""  # that is told under its own name
    if state.state.healthy:
        settled = (pulse.good_since or 0.0) + max(health.settle, pulse.failed_for)
        well = pulse.good_since is None or (state.last_success or 0.0) >= settled
        return "" if not opened or well else SAME
    failing = (state.last_polled or 0.0) - (pulse.failing_since or 0.0)
    if not opened and (pulse.failed < POLLS or failing < max(health.stale_after, POLLS * state.interval)):
        return ""
    return _failure(one, clock)


def _failure(one: Seen, clock: Clock) -> str:
    since = f" since {clock(one.pulse.failing_since)}" if one.pulse.failing_since else ""
    return f"{one.state.state}{since}: {one.state.reason}"


def _gone(one: Seen, _opened: bool, _health: Health, _clock: Clock) -> str:
    return one.state.reason if one.state.state is State.GONE else ""


def _silent(one: Seen, _opened: bool, health: Health, _clock: Clock) -> str:
    """Say that a source answers, but brings nothing new for far longer than it ever did."""
    pulse, state = one.pulse, one.state
    allowed = limit(pulse, health)
    silence = (state.last_success or 0.0) - (pulse.last_new or 0.0)
    if allowed is None or silence <= allowed:
        return ""
    return (
        f"nothing new for {span(silence)}; usually every {span(pulse.usual)}, "
        f"the longest silence so far was {span(pulse.longest)}"
    )


def _undated(one: Seen, _opened: bool, _health: Health, _clock: Clock) -> str:
    if one.pulse.dated and one.pulse.undated >= UNDATED:
        return f"its new entries have had no dates for {UNDATED} polls and more; before, they had"
    return ""


def _moved(one: Seen, opened: bool, _health: Health, _clock: Clock) -> str:
    """Say where a source has moved; the secure form of the same address is nothing to hear about.

    After failures the new address is forgotten, and seen again at the next poll that is answered.
    """
    if opened and (not one.state.state.healthy or (one.state.moved_to and not one.state.url)):
        return SAME
    if not one.state.url:
        return ""
    old, new = urlsplit(one.source.url), urlsplit(one.state.url)
    same = (old.netloc.removeprefix("www."), old.path.rstrip("/"), old.query)
    if same == (new.netloc.removeprefix("www."), new.path.rstrip("/"), new.query):
        return ""
    return f"it has moved for good to {one.state.url}, and is polled there"


def _missed(one: Seen, opened: bool, _health: Health, _clock: Clock) -> str:
    if one.pulse.missed < (NO_MORE if opened else MISSES):
        return ""
    return (
        f"a poll had no entry in common with the one before: some in between were not seen. "
        f"It is polled every {span(one.state.interval)} now"
    )


def _certificate(one: Seen, _opened: bool, _health: Health, clock: Clock) -> str:
    """Say that the certificate of a source's server runs out soon: then it cannot be polled."""
    end, near = one.pulse.certificate, one.pulse.certificate_near
    if end is None or near is None or (one.state.last_success or 0.0) < near:
        return ""
    return f"its certificate is valid until {clock(end)}, and has not been renewed"


CHECKS: dict[str, Check] = {
    "gone": _gone,
    "source": _failing,
    "silent": _silent,
    "undated": _undated,
    "moved": _moved,
    "missed": _missed,
    "certificate": _certificate,
}
# kind -> (title, severity); the advice where the state does not give it
TITLES: Mapping[str, tuple[str, Severity, str]] = {
    "gone": ("Source {name} is gone and no longer polled", Severity.HIGH, ""),
    "source": ("Source {name} fails", Severity.HIGH, ""),
    "silent": (
        "Source {name} is silent",
        Severity.MEDIUM,
        "look at its site: the feed may have been replaced by another one",
    ),
    "undated": (
        "Source {name} gives no dates any more",
        Severity.LOW,
        "look at the feed; until then the time of the poll stands for the date",
    ),
    "moved": ("Source {name} has moved", Severity.LOW, "put the new address into sources.yaml"),
    "missed": (
        "Entries of source {name} were missed",
        Severity.MEDIUM,
        "lower `polling.min_interval`, or give it a short `interval` in sources.yaml; "
        "if its ids change at every poll, look for another feed of the site",
    ),
    "certificate": (
        "The certificate of source {name} runs out",
        Severity.LOW,
        "tell its operators; once it has run out the source cannot be polled, and fails",
    ),
}


def _trouble(kind: str, one: Seen, text: str) -> Trouble:
    title, severity, advice = TITLES[kind]
    advice = advice or ADVICE.get(one.state.state, OTHERWISE).format(id=one.source.id)
    return Trouble(
        kind=kind,
        key=one.source.id,
        title=title.format(name=one.source.name),
        text=text,
        advice=advice,
        severity=severity,
    )


def space(free: float, floor: float, opened: bool) -> Trouble | None:
    """Say that the disk fills up, before polling pauses (which is told by itself); `free` and `floor` in bytes."""
    if free >= floor * (2.5 if opened else 2.0) or (free < floor and not opened):
        return None
    return Trouble(
        kind="disk",
        key="space",
        title="The disk is filling up",
        text=f"{free / 1024**2:,.0f} MB are free; below {floor / 1024**2:,.0f} MB polling pauses",
        advice="free some space, shorten `retention`, or lower retention.free_space",
        severity=Severity.HIGH,
    )


def span(seconds: float) -> str:
    """Say a length of time in words."""
    for size, unit in ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= 1.5 * size or (seconds >= size and unit == "minute"):
            number = round(seconds / size)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{seconds:.0f} seconds"
