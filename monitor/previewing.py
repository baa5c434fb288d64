"""EDGE: plays two configurations over one past, and says what the second changes: messages, stories gained and lost.

    past | Rehearsal now | Rehearsal changed, as far as the first came | Trial

Both are broken off when their time is over; they are compared up to where both came.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from monitor.config import Config
from monitor.rehearsal import Heard, Past, Rehearsal

SAME_TIME = 60.0  # seconds by which a message may come earlier or later without being told otherwise
Key = tuple[str, str]  # story, channel


@dataclass(frozen=True, slots=True)
class Changed:
    """One story on one channel, with either configuration; None: the channel is not there, or was not asked."""

    story_id: str
    channel: str
    before: Heard | None
    after: Heard | None

    @property
    def at(self) -> float:
        """When it is told first with the one that tells it."""
        return min([*(self.before.times[:1] if self.before else ()), *(self.after.times[:1] if self.after else ())])


@dataclass(frozen=True, slots=True)
class Differences:
    """What the second configuration changes."""

    gained: tuple[Changed, ...]  # told with it only; the newest first
    lost: tuple[Changed, ...]  # told without it only
    otherwise: tuple[Changed, ...]  # told with both, at another time, as more or fewer messages, or in a digest
    kept: int  # told with both, whichever way


@dataclass(frozen=True, slots=True)
class Day:
    """The messages of a day, by channel."""

    start: float
    end: float
    before: Mapping[str, int]
    after: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it."""

    stories: int
    since: float
    reached: float  # up to when both were played
    until: float  # up to when they were to be played
    seconds: float  # that it took
    days: tuple[Day, ...]
    differences: Differences

    @property
    def is_whole(self) -> bool:
        """Whether it was played to the end."""
        return self.reached >= self.until


def differences(before: Mapping[Key, Heard], after: Mapping[Key, Heard]) -> Differences:
    """Compare what each channel heard of each story."""
    gained, lost, otherwise, kept = [], [], [], 0
    for key in dict.fromkeys([*before, *after]):
        one = Changed(*key, before.get(key), after.get(key))
        told = bool(one.before and one.before.times), bool(one.after and one.after.times)
        if told == (False, True):
            gained.append(one)
        elif told == (True, False):
            lost.append(one)
        elif all(told):
            kept += 1
            if one.before and one.after and _otherwise(one.before, one.after):
                otherwise.append(one)
    return Differences(_newest(gained), _newest(lost), _newest(otherwise), kept)


def _otherwise(before: Heard, after: Heard) -> bool:
    later = abs(before.times[0] - after.times[0]) > SAME_TIME
    return later or len(before.times) != len(after.times) or before.digest != after.digest


def _newest(found: Iterable[Changed]) -> tuple[Changed, ...]:
    return tuple(sorted(found, key=lambda one: (-one.at, one.story_id, one.channel)))


def tried(past: Past, now: Config, changed: Config, folder: Path, edges: Sequence[float], seconds: float) -> Trial:
    """Play both, each for half of the seconds at most; `edges` part the days (epoch seconds, ascending)."""
    began = time.monotonic()

    def over(share: float) -> bool:
        return time.monotonic() - began > seconds * share

    with _rehearsal(past, now, folder, "now") as before, _rehearsal(past, changed, folder, "changed") as after:
        first = before.play(_silent, lambda _: over(0.5))
        reached = min(first, after.play(_silent, lambda at: at > first or over(1)))
        return Trial(
            stories=len(past.stories),
            since=past.since,
            reached=reached,
            until=past.until,
            seconds=time.monotonic() - began,
            days=tuple(_day(*pair, before, after, reached) for pair in pairwise(edges) if pair[0] <= reached),
            differences=differences(before.heard(reached), after.heard(reached)),
        )


def _silent(_done: int, _of: int) -> None:
    """Report no progress."""


def _rehearsal(past: Past, config: Config, folder: Path, name: str) -> Rehearsal:
    return Rehearsal(past, replace(config, sources=()), folder, name)


def _day(start: float, end: float, before: Rehearsal, after: Rehearsal, reached: float) -> Day:
    until = min(end, reached)
    return Day(start, end, before.messages(start, until), after.messages(start, until))
