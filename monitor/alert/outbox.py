"""EDGE: keeps deliveries under way: takes what is due from the store, sends it, and notes what came of it.

A delivery is marked sent only after it was sent: a crash in between repeats one message and loses none. Channels do
not wait for each other; within a channel (within a target, where it has several) the order is kept.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.alert import message, retry, targets
from monitor.alert.clean import web_link
from monitor.alert.conversation import Conversation
from monitor.alert.render import render
from monitor.alert.send import Sender
from monitor.errors import SendError
from monitor.model import Alert, Delivery, Severity
from monitor.settings import Channel, Settings

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger("monitor.alert")
LEASE = 900.0  # seconds; more than a channel's whole batch may take
AT_ONCE = 2000  # deliveries that one digest stands for, at most
IN_DIGEST = "in a digest of "  # how the answer to a delivery begins that was one of many
FAILURES = 5  # in a row (about eight minutes), and the other channels hear that this one fails


class _Tracked(Protocol):
    @property
    def delivery(self) -> Delivery: ...
    @property
    def state(self) -> str: ...
    @property
    def answer(self) -> str: ...


class _Alerts(Protocol):
    def add(self, alert: Alert, deliveries: Sequence[tuple[str, str]], now: float) -> int: ...
    def lease(
        self, now: float, seconds: float, limit: int, channels: Collection[str] | None, per_channel: int
    ) -> list[Delivery]: ...
    def sent(self, delivery_id: int, now: float, answer: str) -> bool: ...
    def failed(self, delivery_id: int, now: float, error: str, next_try: float) -> bool: ...
    def dead(self, delivery_id: int, now: float, error: str) -> bool: ...
    def release(self, ids: Collection[int]) -> int: ...
    def queue(self, now: float) -> Iterable[str]: ...
    def of_story(self, story_id: str) -> Sequence[_Tracked]: ...


class _Problem(Protocol):
    @property
    def key(self) -> str: ...


class _Problems(Protocol):
    def current(self, kind: str) -> Sequence[_Problem]: ...
    def open(self, kind: str, key: str, message: str, now: float, *, title: str = "") -> bool: ...
    def close(self, kind: str, key: str, now: float) -> bool: ...


class OutboxStore(Protocol):
    """What the outbox needs of the store."""

    @property
    def alerts(self) -> _Alerts:
        """The queue."""

    @property
    def problems(self) -> _Problems:
        """What is wrong now."""

    def transaction(self, *, durable: bool = False) -> AbstractContextManager[None]:
        """Make everything inside one write."""


Acknowledge = Callable[[str, str, float], str]  # story, channel and time of a message -> link, or ""


def _no_link(_: str, __: str, ___: float) -> str:
    return ""


class Outbox:
    """Sends what is queued; `run_once` and `kick` start what is due, and nothing else runs by itself."""

    def __init__(
        self,
        *,
        store: OutboxStore,
        sender: Sender,
        settings: Settings,
        folder: Path,
        acknowledge: Acknowledge = _no_link,
        clock: Callable[[], float] = time.time,
        spread: Callable[[], float] = random.random,
    ) -> None:
        """Work on a store; `folder` is where the templates of the channels lie. Nothing is read or sent yet.

        `acknowledge` makes the link by which the readers of a message acknowledge its story. It is put in here and not
        stored: one alert goes to several channels, and whoever can read the database should not find links in it.
        """
        self._acknowledge = acknowledge
        self._store = store
        self._sender = sender
        self._settings = settings
        self._folder = folder
        self._clock = clock
        self._spread = spread
        self._zone = _zone(settings.timezone)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._unmarked: dict[str, str] = {}  # answers to what was sent and is not marked yet, by key
        self._templates: dict[str, str] = {}  # what is known to be wrong with the template of a channel
        self._tidied = False
        self.sent = 0  # since the start
        self.failed = 0

    # --- what is due -------------------------------------------------------------------------------------------------

    async def run_once(self, now: float) -> int:
        """Send what is due on every target that is idle, wait for that, and return how many deliveries were made."""
        before = self.sent
        results = await asyncio.gather(*await self.kick(now), return_exceptions=True)
        for error in results:
            if isinstance(error, BaseException):
                raise error
        return self.sent - before

    async def kick(self, now: float) -> list[asyncio.Task[None]]:
        """Begin to send what is due on every target that is idle, and return the tasks that do it."""
        if not self._tidied:
            await self._in_store(self._give_up_lost_channels, now)
            self._tidied = True
        started = []
        for target, batch in _by_target(await self._in_store(self._lease, now)).items():
            task = asyncio.create_task(self._deliver(target, batch), name=f"deliver {target}")
            self._tasks[target] = task
            task.add_done_callback(partial(self._ended, target))
            started.append(task)
        return started

    async def drain(self, within: float) -> None:
        """Wait for the sending that is under way, for so many seconds at most; then give the rest back."""
        if tasks := list(self._tasks.values()):
            await asyncio.wait(tasks, timeout=within)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def tell_now(self, alert: Alert) -> int:
        """Send an alert to the operators without the database, which is in trouble; return how many took it."""
        keys = message.deliveries(alert, message.operators(self._settings), self._settings.channels)
        results = await asyncio.gather(
            *(self._send(target, alert, key) for target, key in keys), return_exceptions=True
        )
        for (target, _), result in zip(keys, results, strict=True):
            if isinstance(result, BaseException):
                log.error("channel %s did not take %s: %s", target, alert.id, result)
        return sum(not isinstance(result, BaseException) for result in results)

    def _lease(self, now: float) -> list[Delivery]:
        idle = [name for name, channel in self._sender.targets.items() if channel.enabled and name not in self._tasks]
        return self._store.alerts.lease(now, LEASE, AT_ONCE * 4, idle, AT_ONCE) if idle else []

    def _give_up_lost_channels(self, now: float) -> None:
        """Make dead letters of what waits for a channel, or a recipient, that the configuration names no more."""
        for name in self._store.alerts.queue(now):
            if name in self._sender.targets:
                continue
            with self._store.transaction(durable=True):
                if lost := self._store.alerts.lease(now, LEASE, AT_ONCE, [name], AT_ONCE):
                    error = SendError(f"there is no channel {name} any more")
                    for delivery in lost:
                        self._store.alerts.dead(delivery.id, now, error.reason)
                    self._tell_others(name, error, lost, now)
        for problem in self._store.problems.current("channel"):
            if problem.key not in self._sender.targets:
                self._store.problems.close("channel", problem.key, now)

    def _ended(self, target: str, task: asyncio.Task[None]) -> None:
        self._tasks.pop(target, None)
        if not task.cancelled() and (error := task.exception()):
            log.error("sending to %s ended: %s", target, error)

    async def _in_store(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do something with the database without holding up the event loop."""
        return await asyncio.to_thread(work, *args, **kwargs)

    # --- one target --------------------------------------------------------------------------------------------------

    async def _deliver(self, target: str, batch: list[Delivery]) -> None:
        """Send a target's deliveries in order, or one digest of many."""
        waiting = await self._without_known(target, batch)
        try:
            channel = self._sender.targets[target]
            if len(waiting) > channel.digest_above and not channel.secret:  # a program is told each thing by itself
                await self._attempt(target, waiting, message.digest_of(waiting))
                return
            while waiting and await self._attempt(target, waiting[:1], waiting[0].alert):
                waiting = waiting[1:]
        finally:
            # Only what is still leased is given back: neither what was sent nor what is noted as failed.
            if waiting:
                await asyncio.shield(self._in_store(self._store.alerts.release, [one.id for one in waiting]))

    async def _without_known(self, target: str, batch: list[Delivery]) -> list[Delivery]:
        """Mark what was sent but could not be marked then (the disk was full), so that it is not sent again."""
        for delivery in [one for one in batch if one.key in self._unmarked]:
            await self._in_store(self._note_sent, target, [delivery], self._unmarked[delivery.key])
        return [one for one in batch if self._unmarked.pop(one.key, None) is None]

    async def _attempt(self, target: str, batch: Sequence[Delivery], alert: Alert) -> bool:
        """Send one message that stands for these deliveries; True if the next one can be tried."""
        key = batch[0].key if len(batch) == 1 else message.delivery_key(alert.id, target)
        try:
            answer = await self._send(target, alert, key)
        except SendError as error:
            self.failed += 1
            log.warning("channel %s did not take %s: %s", target, alert.id, error.reason)
            return await self._in_store(self._note_failure, target, batch, error)
        self.sent += len(batch)
        said = answer if len(batch) == 1 else f"{IN_DIGEST}{len(batch)}: {answer}"
        self._unmarked |= {one.key: said for one in batch}
        await asyncio.shield(self._in_store(self._note_sent, target, batch, said))
        for one in batch:
            del self._unmarked[one.key]
        return True

    async def _send(self, target: str, alert: Alert, key: str) -> str:
        channel = self._sender.targets[target]
        shape = await self._sender.shape(target)
        body, problem = await self._in_store(_template, self._folder, channel)
        first = await self._in_store(self._first, target, alert) if alert.story_id else None
        if alert.story_id:
            link = await self._in_store(self._acknowledge, alert.story_id, targets.channel_of(target), alert.at)
            alert = replace(alert, data={**alert.data, "acknowledge": web_link(link)}) if link else alert
        make = partial(
            render,
            alert,
            shape=shape,
            key=key,
            zone=self._zone,
            template=body,
            title_template=channel.title_template,
            first=first.delivery.alert if first else None,
            base=self._settings.web.url,
        )
        # Charts take a tenth of a second, which polls need not wait for.
        rendered = await asyncio.to_thread(make) if alert.kind == "digest" else make()
        problem = problem or rendered.problem
        if alert.kind == "digest" and problem:
            log.warning("digest %s for %s: %s", alert.id, target, problem)
        name = targets.channel_of(target)
        if alert.kind in {"story", "update"} and self._templates.get(name) != problem:
            self._templates[name] = problem
            await self._in_store(self._note_template, name, problem)
        talk = Conversation(alert.story_id, alert.severity, target, first.answer if first else "")
        return await self._sender.send(
            target, rendered, key=key, severity=alert.severity, talk=talk if alert.story_id else None
        )

    def _first(self, target: str, alert: Alert) -> _Tracked | None:
        """Return the first message of the same story and severity that the target got, and not in a digest."""
        found = (
            one
            for one in self._store.alerts.of_story(alert.story_id)
            if one.delivery.channel == target and one.state == "sent" and not one.answer.startswith(IN_DIGEST)
        )
        return next((one for one in found if one.delivery.alert.severity == alert.severity), None)

    # --- what came of it ---------------------------------------------------------------------------------------------

    def _note_sent(self, target: str, batch: Sequence[Delivery], answer: str) -> None:
        now = self._clock()
        with self._store.transaction(durable=True):
            for delivery in batch:
                self._store.alerts.sent(delivery.id, now, answer)
            if recovered := self._store.problems.close("channel", target, now):
                self._tell_recovery(target, now)
        if recovered:
            log.info("channel %s works again", target)

    def _note_failure(self, target: str, batch: Sequence[Delivery], error: SendError) -> bool:
        """Queue deliveries again or give them up; True if only this one message was refused for good."""
        now = self._clock()
        with self._store.transaction(durable=True):
            given_up, waits = [], False
            for delivery in batch:
                at = self._next_try(delivery, now, error)
                if at is None:
                    given_up.append(delivery)
                    self._store.alerts.dead(delivery.id, now, error.reason)
                elif not waits:  # the first that waits keeps back the others; their attempts are not spent
                    waits = True
                    self._store.alerts.failed(delivery.id, now, error.reason, at)
            if given_up or batch[0].attempts + 1 >= FAILURES:
                self._tell_others(target, error, given_up, now)
        return bool(given_up) and not waits

    def _next_try(self, delivery: Delivery, now: float, error: SendError) -> float | None:
        return retry.next_try(
            delivery.attempts + 1,
            delivery.first_queued,
            now,
            self._spread(),
            error.retry_after,
            self._settings.dead_after,
            recoverable=error.recoverable,
        )

    def _tell_others(self, target: str, error: SendError, given_up: Sequence[Delivery], now: float) -> None:
        """Queue one alert on the operators' other channels when a channel begins to fail."""
        title = f"Channel {target} fails"
        if not self._store.problems.open("channel", target, error.reason, now, title=title):
            return
        lost = f"{len(given_up)} alert(s) were given up: {', '.join(one.alert.title for one in given_up[:5])}"
        alert = message.system_alert(
            "channel",
            target,
            title=title,
            text=f"It says: {error.reason}\n{lost if given_up else ''}",
            advice=f"`monitor alert test {targets.channel_of(target)}` shows the answer, `monitor alert queue` what "
            "waits; what was given up is sent again by `monitor alert retry`",
            at=now,
            severity=Severity.HIGH,
        )
        others = message.operators(self._settings, but=target)
        self._store.alerts.add(alert, message.deliveries(alert, others, self._settings.channels), now)
        log.error("channel %s fails: %s%s", target, error.reason, "" if others else "; no other channel can tell")

    def _tell_recovery(self, target: str, now: float) -> None:
        """Queue one alert on the operators' other channels, which heard that this one failed."""
        alert = message.system_alert(
            "channel over", target, title=f"Channel {target} works again", at=now, severity=Severity.INFO
        )
        others = message.operators(self._settings, but=target)
        self._store.alerts.add(alert, message.deliveries(alert, others, self._settings.channels), now)

    def _note_template(self, channel: str, problem: str) -> None:
        """Keep what is wrong with a channel's template, and tell the operators once; its alerts go out all the same."""
        now = self._clock()
        if not problem:
            self._store.problems.close("template", channel, now)
            return
        with self._store.transaction(durable=True):
            if self._store.problems.open("template", channel, problem, now):
                log.error("channel %s: %s; the built-in template is used", channel, problem)
                alert = message.system_alert(
                    "template",
                    channel,
                    title=f"The template of channel {channel} fails",
                    text=problem,
                    advice="correct it; until then alerts use the built-in one",
                    at=now,
                    severity=Severity.MEDIUM,
                )
                operators = message.operators(self._settings)
                self._store.alerts.add(alert, message.deliveries(alert, operators, self._settings.channels), now)


def _by_target(deliveries: Sequence[Delivery]) -> dict[str, list[Delivery]]:
    found: dict[str, list[Delivery]] = {}
    for delivery in sorted(deliveries, key=lambda delivery: delivery.id):
        found.setdefault(delivery.channel, []).append(delivery)
    return found


def _template(folder: Path, channel: Channel) -> tuple[str, str]:
    """Return a channel's template, and what is wrong if it cannot be read; "" = the built-in one."""
    if not channel.template:
        return "", ""
    try:
        return (folder / channel.template).read_text(encoding="utf-8"), ""
    except (OSError, UnicodeDecodeError) as error:
        return "", f"template {channel.template}: {error}"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the configuration check says so, too
        return UTC
