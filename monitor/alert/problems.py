"""Says when problems are told, and how many become one message: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from monitor.alert.message import system_alert
from monitor.model import Alert, Severity

INTERVAL = 3600.0  # seconds between two messages that problems of one kind began
GOES_ON = 6 * 3600.0  # seconds after which the end of a part of what was told together is told
SHOWN = 25  # problems that one message lists

# kind -> what many of them are called
MANY: dict[str, str] = {
    "gone": "{n} sources are gone and no longer polled",
    "source": "{n} sources fail",
    "silent": "{n} sources are silent",
    "undated": "{n} sources give no dates any more",
    "moved": "{n} sources have moved",
    "missed": "Entries of {n} sources were missed",
}


class Problem(Protocol):
    """A problem as it is kept."""

    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def advice(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def opened_at(self) -> float: ...
    @property
    def closed_at(self) -> float | None: ...
    @property
    def told_at(self) -> float | None: ...
    @property
    def number(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Telling:
    """One message, and the problems that it stands for."""

    alert: Alert
    numbers: tuple[int, ...]


def tellings(
    waiting: Sequence[Problem],
    *,
    current: Sequence[Problem],
    wait: float,
    above: int,
    at_once: frozenset[str],
    sources: int,
    zone: tzinfo,
    now: float,
) -> tuple[Telling, ...]:
    """Return what is to be told now, of problems that began or of such that ended; nothing while they may gather.

    Each kind waits `wait` seconds from its first one, and an hour after one was told; those of `at_once` do not. What
    was told together ends together, unless a part of it goes on for hours. `current` is what is open now, `sources`
    how many there are.
    """
    found: list[Telling] = []
    ripe = [one for one in waiting if one.closed_at is None or _ended_together(one, current, now)]
    for kind in dict.fromkeys(one.kind for one in ripe):
        group = [one for one in ripe if one.kind == kind]
        if kind not in at_once and now < _ready(group, current, wait):
            continue
        if len(group) > above:
            found.append(_together(kind, group, sources, now))
        else:
            found += [Telling(_single(one, zone, now), (one.number,)) for one in group]
    return tuple(found)


def _ended_together(one: Problem, current: Sequence[Problem], now: float) -> bool:
    goes_on = any((other.kind, other.told_at) == (one.kind, one.told_at) for other in current)
    return not goes_on or not 0 <= now - (one.closed_at or now) < GOES_ON


def _ready(group: Sequence[Problem], current: Sequence[Problem], wait: float) -> float:
    """Return when a group has gathered for long enough."""
    if group[0].closed_at is not None:
        return min(one.closed_at or 0.0 for one in group) + wait
    lately = [one.told_at for one in current if one.kind == group[0].kind and one.told_at is not None]
    return max(min(one.opened_at for one in group) + wait, max(lately, default=0.0) + INTERVAL)


def _single(one: Problem, zone: tzinfo, now: float) -> Alert:
    if one.closed_at is not None:
        return over(one, zone, now)
    return system_alert(
        one.kind, one.key, title=one.title or one.message, text=one.message, advice=one.advice, at=now,
        severity=one.severity,
    )  # fmt: skip


def over(one: Problem, zone: tzinfo, now: float) -> Alert:
    """Return the message that a problem is over."""
    return system_alert(
        f"{one.kind} over",
        one.key,
        title=f"Over: {one.title or one.message}",
        text=f"It was noted at {clock(one.opened_at, zone, now)}.",
        at=now,
        severity=Severity.INFO,
    )


def _together(kind: str, group: Sequence[Problem], sources: int, now: float) -> Telling:
    """Make one message of many."""
    ended = group[0].closed_at is not None
    count = len(group)
    title = MANY.get(kind, "{n} problems: " + kind).format(n=count)
    if ended:
        title = f"Over: {title}"
    elif kind == "source" and count * 2 > sources:
        title += ": our own network?"
    lines = [f"{one.title or one.key}: {one.message}" for one in group[:SHOWN]]
    lines += [f"and {count - SHOWN} more: `monitor status` lists them"] if count > SHOWN else []
    advice = list(dict.fromkeys(one.advice for one in group if one.advice))
    alert = system_alert(
        f"{kind} over" if ended else kind,
        " ".join(str(one.number) for one in group),
        title=title,
        text="\n".join(lines),
        advice="" if ended else "; or ".join(advice[:3]),
        at=now,
        severity=Severity.INFO if ended else max((one.severity for one in group), key=lambda grade: grade.rank),
    )
    return Telling(alert, tuple(one.number for one in group))


def clock(at: float, zone: tzinfo, now: float) -> str:
    """Say a moment shortly: the time of the day, with the date where that is another one."""
    then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    return then.strftime("%H:%M") if then.date() == today.date() else then.strftime("%Y-%m-%d %H:%M")
