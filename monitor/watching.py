"""Looks at how the sources, the disk and the monitor itself are, and tells the operators: once, and once when over.

The pure parts say what is wrong (`monitor.fetch.health`), what becomes one message (`monitor.alert.problems`) and when
the daily line is due (`monitor.alert.heartbeat`). Here that is written: all in the database, so that a restart in
between changes nothing.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, tzinfo
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.alert import heartbeat, message, problems
from monitor.config import Config
from monitor.fetch import health
from monitor.fetch.health import Seen, Trouble
from monitor.model import Alert, State
from monitor.store import OpenProblem, Store

log = logging.getLogger("monitor.watching")
Enqueue = Callable[[Alert, Iterable[str], float], None]
AT_ONCE = frozenset({"network", "disk", "gone"})  # kinds that wait for no others
PROBE_EVERY = 300.0  # seconds between two tries, while nothing answers
RETRY = 3600.0  # seconds after its last poll, before a source is tried because another one works again
PROBES = 3  # sources that are tried then
CLOCK_SETTLES = 6 * 3600.0  # seconds without a step, after which the clock is trusted again
LAST_HEARTBEAT, LAST_OUTAGE = "last_heartbeat", "last_outage"


class Watching:
    """The watch over the watch, of one configuration over a store."""

    def __init__(self, *, config: Config, store: Store, enqueue: Enqueue) -> None:
        """Take what is needed; `enqueue` queues an alert for channels."""
        self._settings = config.settings
        self._sources = {source.id: source for source in config.sources}
        self._store = store
        self._enqueue = enqueue
        self.zone = zone_of(config.settings.timezone)

    def look(self, now: float, *, free: int | None = None) -> list[OpenProblem]:
        """Find what is wrong, tell what is to be told, and return what is open; `free` is the disk's room in bytes."""
        with self._store.transaction():
            seen = self._seen()
            opened = {(one.kind, one.key): one for one in self._store.problems.current()}
            wrong = {(one.kind, one.key): one for one in self._wrong(seen, opened, free, now)}
            unknown = self._sources.keys() - {one.source.id for one in seen}
            known = {key: one for key, one in opened.items() if not self._is_open_question(key, unknown)}
            self._close(known, wrong, free, now)
            self._open(opened, wrong, now)
            self._probe(seen, opened.keys(), wrong.keys(), now)
            self._try_others(seen, opened, wrong.keys(), now)
            self._tell(len(seen), now)
            self._beat(now)
            return self._store.problems.current()

    def stepped(self, step: float, now: float) -> None:
        """Take note that the clock jumped by so many seconds: what was remembered moves along."""
        with self._store.transaction(durable=True):
            self._store.pulses.shift(step)
            title = "This machine's clock jumped"
            text = f"by {step:+,.0f} seconds; due times were moved along"
            advice = "check its time service (`timedatectl`): dates and silences are judged by it"
            if self._store.problems.open("clock", "step", text, now, title=title, advice=advice):
                alert = message.system_alert("clock", "step", title=title, text=text, advice=advice, at=now)
                self._enqueue(alert, self._operators, now)

    @property
    def _operators(self) -> tuple[str, ...]:
        return message.operators(self._settings)

    # --- what is wrong -----------------------------------------------------------------------------------------------

    def _seen(self) -> list[Seen]:
        return [
            Seen(source, state, pulse)
            for source_id, (pulse, state) in self._store.pulses.watched().items()
            if (source := self._sources.get(source_id))
        ]

    def _wrong(
        self, seen: Sequence[Seen], opened: dict[tuple[str, str], OpenProblem], free: int | None, now: float
    ) -> list[Trouble]:
        found = list(
            health.troubles(
                seen,
                {key: one.opened_at for key, one in opened.items()},
                self._settings.health,
                outages_until=float(self._store.meta.get(LAST_OUTAGE) or 0.0),
                clock=partial(problems.clock, zone=self.zone, now=now),
                now=now,
            )
        )
        if free is not None:
            disk = health.space(free, self._settings.retention.free_space, ("disk", "space") in opened)
            found += [disk] if disk else []
        return found

    def _open(
        self, opened: dict[tuple[str, str], OpenProblem], wrong: dict[tuple[str, str], Trouble], now: float
    ) -> None:
        for key, one in wrong.items():
            had = opened.get(key)
            if one.text == health.SAME or (had and _same(had, one)):
                continue
            fresh = self._store.problems.open(
                *key, one.text, now, title=one.title, advice=one.advice, severity=one.severity, told=False
            )
            if fresh:
                log.warning("%s: %s", one.title, one.text, extra=_labels(one.kind, one.key))

    def _close(
        self,
        opened: dict[tuple[str, str], OpenProblem],
        wrong: dict[tuple[str, str], Trouble],
        free: int | None,
        now: float,
    ) -> None:
        """Close what is over; of a source that is polled no more because the user said so, nobody need hear."""
        for (kind, key), one in opened.items():
            if kind == "clock" and not 0 <= now - one.opened_at < CLOCK_SETTLES:
                self._store.problems.close(kind, key, now)
            if (kind, key) in wrong or not self._is_ours(kind, key, free):
                continue
            left = kind in health.CHECKS and not self._is_polled(key)
            self._store.problems.close(kind, key, now, told=left)
            log.info("over: %s", one.title, extra=_labels(kind, key))
            if kind == "network":
                self._store.meta.set(LAST_OUTAGE, f"{now:.3f}")

    def _is_open_question(self, problem: tuple[str, str], unknown: Collection[str]) -> bool:
        """Tell whether a source has a new address, and was not polled there yet: whether it is well is not known."""
        kind, key = problem
        return kind in health.CHECKS and kind != "moved" and key in unknown and self._is_polled(key)

    def _is_ours(self, kind: str, key: str, free: int | None) -> bool:
        return kind in health.CHECKS or kind == "network" or (kind == "disk" and key == "space" and free is not None)

    def _is_polled(self, source_id: str) -> bool:
        source = self._sources.get(source_id)
        return source is not None and source.enabled

    def _probe(
        self,
        seen: Sequence[Seen],
        before: Iterable[tuple[str, str]],
        now_wrong: Iterable[tuple[str, str]],
        now: float,
    ) -> None:
        """While nothing answers, try a few sources often; when that is over, poll at once all that had failed."""
        failing = sorted(
            (one for one in seen if one.state.state in health.OURS), key=lambda one: one.state.last_polled or 0.0
        )
        network = ("network", "sources")
        if network in now_wrong:
            if failing and now - (failing[-1].state.last_polled or 0.0) >= PROBE_EVERY:
                self._store.sources.poll_now([one.source.id for one in failing[:PROBES]], now)
        elif network in before:
            self._store.sources.poll_now([one.source.id for one in failing], now)

    def _try_others(
        self,
        seen: Sequence[Seen],
        opened: dict[tuple[str, str], OpenProblem],
        now_wrong: Iterable[tuple[str, str]],
        now: float,
    ) -> None:
        """When one of those that failed together works again, try the others soon; but not who asked for patience."""
        now_wrong = frozenset(now_wrong)
        ended = {one.told_at for key, one in opened.items() if key[0] == "source" and key not in now_wrong}
        others = {one.key for one in opened.values() if one.kind == "source" and one.told_at in ended - {None}}
        soon = [
            one.source.id
            for one in seen
            if one.source.id in others
            and not one.state.state.healthy
            and one.state.state not in {State.LIMITED, State.GONE}
            and now - (one.state.last_polled or 0.0) > RETRY
        ]
        if soon:
            self._store.sources.poll_now(soon, now)

    # --- what is told ------------------------------------------------------------------------------------------------

    def _tell(self, sources: int, now: float) -> None:
        """Queue what has waited long enough for others, and what is over."""
        for waiting in (self._store.problems.untold(), self._store.problems.over()):
            told = problems.tellings(
                waiting,
                current=self._store.problems.current(),
                wait=self._settings.health.group_wait,
                above=self._settings.health.group_above,
                at_once=AT_ONCE,
                sources=sources,
                zone=self.zone,
                now=now,
            )
            for one in told:
                self._enqueue(one.alert, self._operators, now)
                self._store.problems.tell(one.numbers, now)

    def _beat(self, now: float) -> None:
        """Queue the daily line when its time has come."""
        at, last = self._settings.heartbeat.at, self._store.meta.get(LAST_HEARTBEAT)
        if not last:
            self._store.meta.set(LAST_HEARTBEAT, f"{now:.3f}")
        elif heartbeat.due(float(last), at, self.zone, now):
            self._enqueue(heartbeat.alert_of(self.counts(float(last), now), now=now), self._operators, now)
            self._store.meta.set(LAST_HEARTBEAT, f"{now:.3f}")

    def counts(self, since: float, now: float) -> heartbeat.Counts:
        """Return what the daily line says."""
        states = self._store.sources.counts()
        waiting = self._store.alerts.queue(now).values()
        return heartbeat.Counts(
            well=sum(number for state, number in states.items() if state.healthy),
            sources=sum(states.values()),
            articles=self._store.articles.count(since),
            hits=self._store.hits.count(since),
            held=sum(queue.held + queue.queued + queue.leased for queue in waiting) + self._store.threads.count_held(),
            problems=tuple(
                f"{one.title or one.key}: {one.message}"
                for one in sorted(self._store.problems.current(), key=_by_weight)
            ),
        )


def _same(had: OpenProblem, one: Trouble) -> bool:
    return (had.title, had.message, had.advice) == (one.title, one.text, one.advice)


def _labels(kind: str, key: str) -> dict[str, str]:
    return {"source": key} if kind in health.CHECKS else {}


def _by_weight(one: OpenProblem) -> tuple[int, float]:
    return -one.severity.rank, one.opened_at


def zone_of(name: str) -> tzinfo:
    """Return a time zone; UTC for one that does not exist, of which the check of the configuration tells."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
