"""EDGE: keeps polls, ingestion and sending under way; the daemon only ticks it.

Three kinds of work go on side by side and none waits for another: polls (many tasks), ingestion (one task) and
deliveries (the outbox). Ingestion has a thread of its own, so that the event loop never waits for the database.
"""

import asyncio
import contextlib
import gc
import hashlib
import logging
import random
import shutil
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from monitor import __version__
from monitor.alert.message import system_alert
from monitor.alert.outbox import Outbox
from monitor.alert.send import Sender
from monitor.clock import asleep
from monitor.config import RULES, SOURCES, Config
from monitor.config.secrets import missing_in, resolve
from monitor.daemon.work import Health
from monitor.errors import ConfigError, MonitorError, StoreError
from monitor.fetch.guard import Allow
from monitor.fetch.http import Fetcher
from monitor.fetch.ping import Pinger
from monitor.fetch.wall import install_wall
from monitor.match.proving import Proof, prove
from monitor.match.rulebook import RuleBook
from monitor.metrics import Metrics
from monitor.model import Fetched, Finding, Severity, Source, SourceState, State
from monitor.parse.child import Readers
from monitor.pipeline import Pipeline, Polled, Report, poll
from monitor.signing import Links
from monitor.store import Queue, Store
from monitor.store.claim import Claim
from monitor.wording import counted

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger("monitor.service")
DUE = 1000  # sources that are looked at in one tick, at most
ROOM = 5  # polls under way for each place of polling.concurrency: slow ones have given theirs up
BATCH = 64  # polls that are ingested in one transaction, at most
GATHER = 0.1  # seconds that ingestion waits for more polls to share a transaction
LOOK = 10.0  # seconds between two counts for the status line
DRAIN = 900.0  # seconds that sends of an old configuration may take after a reload
PRUNE_EVERY = 86400.0  # seconds
TRENDS_EVERY = 60.0  # seconds between two looks at what time alone can change
WATCH_EVERY = 60.0  # seconds between two looks at how the sources and the disk are
SET = 30.0  # seconds beyond its sleep by which this machine's clock moves, and somebody has set it
PATIENCE = 60.0  # seconds of trouble with the database, after which the channels hear of it without its help
SETTLE = 900.0  # seconds after the start before the first one: what came meanwhile has to be polled
SWITCH = 0.0002  # seconds after which a thread lets another one on: the loop, which feeds the children, waits so long
FIRED = 100  # trends that fired, the newest, that are remembered for `monitor once`
SPARE = 0.8  # share of the time to stop that work under way gets before it is cancelled


@dataclass(slots=True)
class Totals:
    """What happened since the start: for `monitor once`, and for the log."""

    gates: Counter[tuple[str, str]] = field(default_factory=Counter)
    polls: int = 0
    hits: int = 0
    failing: dict[str, str] = field(default_factory=dict)  # source -> why
    fired: deque[Finding] = field(default_factory=lambda: deque(maxlen=FIRED))

    def take(self, report: Report) -> None:
        """Add what one ingestion did."""
        self.gates += report.gates
        self.polls += len(report.states)
        self.hits += len(report.hits)
        self.fired += report.trends
        for state in report.states:
            if state.state.healthy:
                self.failing.pop(state.source_id, None)
            else:
                self.failing[state.source_id] = f"{state.state}: {state.reason}"


class Parts:
    """What depends on the configuration, and is replaced as a whole when that is read again."""

    def __init__(self, config: Config, store: Store, *, environ: Mapping[str, str], backfill: bool) -> None:
        """Make fetcher, readers, pipeline and outbox of one configuration."""
        settings = config.settings
        self.config = config
        self.sources: dict[str, Source] = {}
        self.lacking: dict[str, str] = {}  # source -> why it cannot be polled
        self.failing: dict[str, str] = {}  # rule -> which of its examples fail, and what became of it
        self.ping = ""
        self.no_ping = ""  # why there is none, although it is configured
        self._take_sources(environ)
        self._take_ping(environ)
        self.fetcher = Fetcher(
            network=settings.network.model_copy(update={"proxy": resolve(settings.network.proxy, environ=environ)}),
            limits=settings.limits,
            polling=settings.polling,
            contact=settings.contact,
            version=__version__,
        )
        self.readers = Readers(limits=settings.limits, workers=settings.limits.parsers)
        self.pipeline = Pipeline(config=config, store=store, backfill=backfill)
        self.sender = Sender(settings.channels, partial(resolve, environ=environ))
        self.outbox = Outbox(
            store=store,
            sender=self.sender,
            settings=settings,
            folder=config.folder,
            acknowledge=Links(settings.web, store, environ=environ).acknowledge,
        )

    def _take_sources(self, environ: Mapping[str, str]) -> None:
        """A source whose secret is missing is left out and said so; it does not stop the others."""
        for source in self.config.sources:
            if source.enabled:
                try:
                    self.sources[source.id] = with_secrets(source, environ)
                except ConfigError as error:
                    self.lacking[source.id] = str(error)

    def _take_ping(self, environ: Mapping[str, str]) -> None:
        try:
            self.ping = resolve(self.config.settings.heartbeat.ping, environ=environ)
        except ConfigError as error:
            self.no_ping = f"there is no ping: {error}"

    async def close(self) -> None:
        """End what runs; what is queued is in the database."""
        await self.fetcher.aclose()
        await self.readers.aclose()


def with_secrets(source: Source, environ: Mapping[str, str]) -> Source:
    """Put secrets into what a source sends: late, and never into the database or a log."""
    headers = tuple((name, resolve(value, environ=environ)) for name, value in source.headers)
    return replace(source, headers=headers, proxy=resolve(source.proxy, environ=environ))


class Service:
    """The running monitor: what the daemon, `monitor once` and `monitor demo` share."""

    def __init__(
        self,
        load: Callable[[], Config],
        *,
        environ: Mapping[str, str],
        metrics: Metrics | None = None,
        backfill: bool = False,
    ) -> None:
        """Take what makes a configuration; nothing is opened before `start`."""
        self._load = load
        self._environ = environ
        self._metrics = metrics or Metrics()
        self._backfill = backfill
        self.totals = Totals()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._ready: asyncio.Queue[Polled] = asyncio.Queue()
        self._enough = asyncio.Event()  # so many polls are ready that ingestion need not wait for more
        self._ended = asyncio.Event()  # a poll has ended, or was taken in, since one last looked for more to start
        self._retired: set[asyncio.Task[None]] = set()
        self._ingesting: asyncio.Task[None] | None = None
        self._paused = ""  # why polling pauses
        self._said_paused: bool | None = None  # None: what a run before this one said is not known
        self._said_lost = False  # that the database is no longer at its path
        self._held_back = 0  # sources that are due and wait for their host
        self._pruned_at = 0.0
        self._trends_at = 0.0  # when the trends were last looked at
        self._slept = asleep()  # seconds, up to the last jump of the clock
        self._watched_at = float("-inf")  # when the sources and the disk were last looked at
        self._pinger = Pinger()
        self._pinging: asyncio.Task[None] | None = None
        self._database_fails: float | None = None  # since when
        self._said_database = False
        self._telling: set[asyncio.Task[int]] = set()
        self._pruning: asyncio.Task[None] | None = None
        self._stopping = False
        self._claim: Claim | None = None  # this database is ours
        self._failed_writes = ""  # why the last batch was not stored
        self._health = Health(False, "starting")
        self._looked_at = float("-inf")
        self._states: Counter[State] = Counter()
        self._queue: dict[str, Queue] = {}
        self._today = 0
        self._sent: dict[str, int] = {}

    # --- life ---------------------------------------------------------------------------------------------------------

    async def start(self, now: float) -> None:
        """Open everything; ConfigError or StoreError, each with what to do, where that cannot be done."""
        config = self._load()
        path = config.database(self._environ)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._claim = Claim.take(path)
        self.store = await self._in_thread(Store.open, path)
        await self._in_thread(self.store.alerts.release)
        self._pruned_at = float(await self._in_thread(self.store.meta.get, "last_prune") or 0.0)
        self._trends_at = now + SETTLE - TRENDS_EVERY
        await self._adopt(config, await asyncio.to_thread(prove, config.rules), now)
        await self.settle(now)
        self._ingesting = asyncio.create_task(self._ingest_for_ever(), name="ingest")
        self._health = await self._in_thread(self._look, now)
        settle_memory()
        sys.setswitchinterval(SWITCH)

    async def _adopt(self, config: Config, proof: Proof, now: float) -> None:
        """Put a configuration into use, with the rules that have proved themselves."""
        install_wall(Allow.parse(config.settings.network.allow))
        config = replace(config, rules=proof.book)
        parts = Parts(config, self.store, environ=self._environ, backfill=self._backfill)
        parts.failing.update(proof.failing)
        await self._in_thread(self.store.sources.sync, list(config.sources), now)
        await self._in_thread(self._retry_refused, config)
        self.parts = parts
        await self._in_thread(parts.pipeline.trends.begin, now)
        await self._in_thread(parts.pipeline.note_rules, now)
        await self._in_thread(parts.pipeline.note_examples, parts.failing, now)
        await self._in_thread(parts.pipeline.note_secrets, parts.lacking, self._mute_channels(config), now)
        for trouble in self.troubles():
            log.warning("%s", trouble)

    def _retry_refused(self, config: Config) -> None:
        """Poll at once what the address guard refused, where it has other exceptions by now: else it waits in vain."""
        network = config.settings.network
        guard = hashlib.blake2b(repr((network.allow, network.ports)).encode(), digest_size=16).hexdigest()
        if self.store.meta.get("guard") != guard:
            self.store.sources.poll_refused()
            self.store.meta.set("guard", guard)

    @property
    def paused(self) -> str:
        """Why nothing is polled, "" while polling goes on."""
        return self._paused

    def troubles(self) -> tuple[str, ...]:
        """Say what of the configuration does not work: rules that are not live or fail, secrets that are missing."""
        config, lacking = self.parts.config, self.parts.lacking
        return (
            *(f"a rule is not live: {one}" for one in config.problems if not one.warning),
            *(f"rule {rule_id}: {why}" for rule_id, why in self.parts.failing.items()),
            *(f"source {source_id} is not polled: {why}" for source_id, why in lacking.items()),
            *([self.parts.no_ping] if self.parts.no_ping else []),
            *(f"channel {name} cannot send: {why}" for name, why in self._mute_channels(config).items()),
        )

    def _mute_channels(self, config: Config) -> dict[str, str]:
        """Return the channels that cannot send because a secret is missing, each with the reason."""
        return {
            name: f"{missing.message}; {missing.hint}"
            for name, channel in config.settings.channels.items()
            if channel.enabled
            for text in (channel.url, *channel.secret)
            for missing in missing_in(text, environ=self._environ)
        }

    async def reload(self) -> str:
        """Read the configuration again; return "" or what is wrong with it: then the old one goes on."""
        now = time.time()
        try:
            config = self._load()
            refused = self._broken_rules(config) or self._emptied(config)
            if not refused:
                old = self.parts
                await self._adopt(config, await asyncio.to_thread(prove, config.rules, self._stands(config)), now)
                self._retire(old)
        except MonitorError as error:
            refused = str(error)
        note = partial(self.parts.pipeline.note, title="The new configuration is refused; the old one goes on")
        await self._in_thread(note, "configuration", "reload", refused, now)
        return refused

    def _stands(self, config: Config) -> RuleBook | None:
        """Return the rules whose old versions stay where the new ones fail; None where none shall."""
        return self.parts.config.rules if config.settings.rules.failing_examples == "keep_old" else None

    def _broken_rules(self, config: Config) -> str:
        """Say what is wrong now that was not wrong before: then the old rules stay."""
        before = {(one.file, one.rule_id, one.message) for one in self.parts.config.problems}
        errors = [one for one in config.problems if not one.warning]
        return "\n".join(str(one) for one in errors if (one.file, one.rule_id, one.message) not in before)

    def _emptied(self, config: Config) -> str:
        """Say that all rules or all sources are gone: sooner a folder that vanished or a file cut short than a wish."""
        old = self.parts.config
        lost = [
            said
            for said, before, after in (
                (f"{RULES}: there are no rules any more, nothing would match", old.rules.rules, config.rules.rules),
                (f"{SOURCES}: there are no sources any more, nothing would be polled", old.sources, config.sources),
            )
            if before and not after
        ]
        return f"{'; '.join(lost)}; restart the monitor if that is meant" if lost else ""

    def _retire(self, parts: Parts) -> None:
        """Close old parts once the polls that use them have ended."""

        async def close(under_way: list[asyncio.Task[None]]) -> None:
            await asyncio.gather(*under_way, return_exceptions=True)
            await parts.outbox.drain(DRAIN)
            await parts.close()

        task = asyncio.create_task(close(list(self._polls.values())), name="retire")
        self._retired.add(task)
        task.add_done_callback(self._retired.discard)

    def watched(self) -> tuple[Path, ...]:
        """Return the files whose change triggers a reload, and the folder where rules may appear."""
        config = self.parts.config
        templates = [config.folder / one.template for one in config.settings.channels.values() if one.template]
        return (*config.files, config.folder / "rules", *templates)

    def replan(self, now: float, step: float) -> None:
        """Mend due times after the wall clock jumped by `step` seconds, so that intervals keep their length."""
        self._thread.submit(self.store.sources.shift, step)
        self._thread.submit(self.store.alerts.shift, step)
        self._thread.submit(self.store.threads.shift, step, now - 2 * 86400.0 - abs(step))
        slept, self._slept = asleep() - self._slept, asleep()
        if abs(step - slept) > SET:  # a laptop that was closed is nothing to hear about
            self._thread.submit(self.parts.pipeline.watch.stepped, step - slept, now)
        log.warning("the clock jumped by %+.0f s: due times were moved along", step)

    async def stop(self, within: float) -> None:
        """Start nothing more; let what runs end, within so many seconds; nothing that was queued is lost."""
        self._stopping = True
        for task in self._polls.values():
            task.cancel()
        await asyncio.gather(*self._polls.values(), return_exceptions=True)
        if self._pinging:
            self._pinging.cancel()
        await self.parts.outbox.drain(within * SPARE / 2)
        if self._ingesting:
            await asyncio.wait({asyncio.ensure_future(self._ready.join())}, timeout=within * SPARE / 2)
            self._ingesting.cancel()
            await asyncio.gather(self._ingesting, return_exceptions=True)
        await self.parts.close()
        if self._pruning:
            await asyncio.wait({self._pruning}, timeout=within * (1 - SPARE))
        await self._in_thread(self.store.close)
        self._thread.shutdown(wait=False)
        if self._claim:
            self._claim.release()

    # --- the tick -----------------------------------------------------------------------------------------------------

    async def tick(self, now: float) -> None:
        """Start the polls and the sending that are due; then tell who waits for it outside that all is well."""
        try:
            await self._work(now)
        except Exception as error:
            self._mind_database(str(error) if isinstance(error, StoreError) else "", now)
            self._ping(now, well=False)
            raise
        self._mind_database(self._failed_writes, now)
        self._ping(now, well=not (self._failed_writes or self._paused))

    async def _work(self, now: float) -> None:
        if self._ingesting and self._ingesting.done():
            raise StoreError("ingestion has ended; restart the monitor and report the log")
        await self._start_polls(now)
        if not -SETTLE <= now - self._trends_at < TRENDS_EVERY:
            await self._look_at_trends(now)
        if not 0 <= now - self._watched_at < WATCH_EVERY:
            await self._look_at_health(now)
        await self.settle(now, at_most=64)
        await self._look_at_held(now)
        await self._send(now)
        await self._keep_house(now)
        self._health = await self._in_thread(self._look, now)

    async def settle(self, now: float, *, at_most: int = 2**31) -> None:
        """Put articles of the past that rules hit into stories, some at a time: they were no news when they came."""
        done = 0
        while done < at_most:
            report = await self._in_thread(self.parts.pipeline.settle, now)
            if not report.changes:
                break
            done += len(report.changes)
            self._tell(report)

    async def _keep_house(self, now: float) -> None:
        """Say when polling pauses, and prune once a day, beside the other work."""
        if bool(self._paused) != self._said_paused:
            self._said_paused = bool(self._paused)
            advice = "free some space, or lower retention.free_space; what is queued is still sent"
            note = partial(self.parts.pipeline.note, title="The disk is nearly full: polling pauses", advice=advice)
            await self._in_thread(note, "disk", "polling", self._paused, now)
        if self.store.is_there() == self._said_lost:
            self._said_lost = not self._said_lost
            await self._tell_of_the_file(now)
        if (self._pruning is None or self._pruning.done()) and not 0 <= now - self._pruned_at < PRUNE_EVERY:
            self._pruned_at = now
            await self._in_thread(self.store.meta.set, "last_prune", f"{now:.0f}")
            self._pruning = asyncio.create_task(self._prune(now), name="prune")

    async def _tell_of_the_file(self, now: float) -> None:
        """Say that the database was taken from under us, or that it is there again."""
        title = "The database file was removed or replaced"
        text = f"{self.store.path} is another file or none; what is found is still told, and lost when the monitor ends"
        advice = "stop the monitor, put the newest backup there (docs/database.md), and start it"
        if self._said_lost:
            log.error("%s: %s; %s", title, text, advice)
        note = partial(self.parts.pipeline.note, title=title, advice=advice)
        await self._in_thread(note, "database", "file", text if self._said_lost else "", now)

    async def _look_at_trends(self, now: float) -> None:
        """Tell what has become a spike or a silence, and arm again what has ceased."""
        self._trends_at = now
        try:
            told = await self._in_thread(self.parts.pipeline.trends.on_time, now)
        except StoreError as error:
            log.error("the trends are looked at later: %s", error)
        else:
            self.totals.fired += told
            tell_trends(told)

    async def _look_at_held(self, now: float, *, settled: bool = False) -> None:
        """Tell what was held from a channel until now."""
        try:
            report = await self._in_thread(partial(self.parts.pipeline.on_time, now, settled=settled))
        except StoreError as error:
            log.error("what is held is looked at later: %s", error)
        else:
            self.totals.take(report)
            self._metrics.take(report.gates)

    async def _look_at_health(self, now: float) -> None:
        """Tell the operators what is wrong with sources and disk, and what no longer is; and the daily line."""
        self._watched_at = now
        free = shutil.disk_usage(self.store.path.parent).free
        try:
            await self._in_thread(partial(self.parts.pipeline.watch.look, now, free=free))
        except StoreError as error:
            log.error("the sources are looked at later: %s", error)

    def _mind_database(self, trouble: str, now: float) -> None:
        """Tell the operators past the database when it is in trouble for a while, once, and once when it is over."""
        if trouble:
            self._database_fails = now if self._database_fails is None else min(now, self._database_fails)
            if not self._said_database and now - self._database_fails >= PATIENCE:
                self._said_database = True
                advice = (
                    "look at the disk and the log; until it can be written nothing is stored, and polls are repeated"
                )
                self._tell_now("The database cannot be used", trouble, advice, now, Severity.CRITICAL)
        else:
            self._database_fails = None
            if self._said_database:
                self._said_database = False
                self._tell_now("Over: the database can be used again", "", "", now, Severity.INFO)

    def _tell_now(self, title: str, text: str, advice: str, now: float, severity: Severity) -> None:
        log.error("%s: %s", title, text)
        alert = system_alert("database", "write", title=title, text=text, advice=advice, at=now, severity=severity)
        task = asyncio.create_task(self.parts.outbox.tell_now(alert), name="tell now")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    def _ping(self, now: float, *, well: bool) -> None:
        """Begin a ping when it is due; it holds nothing up."""
        every = self.parts.config.settings.heartbeat.every
        under_way = self._pinging is not None and not self._pinging.done()
        if self.parts.ping and not under_way and self._pinger.due(now, well=well, every=every):
            self._pinging = asyncio.create_task(self._ping_now(now, well=well), name="ping")

    async def _ping_now(self, now: float, *, well: bool) -> None:
        said = await self._pinger.ping(self.parts.fetcher, self.parts.ping, well=well, now=now)
        if said is None:
            return
        advice = "look at heartbeat.ping; a private address needs network.allow, another port network.ports"
        note = partial(self.parts.pipeline.note, title="The ping is not answered", advice=advice)
        try:
            await self._in_thread(note, "ping", "url", said, now)
        except StoreError as error:
            log.error("%s", error)

    async def _prune(self, now: float) -> None:
        """Delete what the retention says, in small batches that let the other thread write in between."""
        try:
            pruned = await asyncio.to_thread(self.store.upkeep.prune, self.parts.config.settings.retention, now)
        except StoreError as error:
            log.error("pruning failed and is tried again tomorrow: %s", error)
        else:
            log.info("pruned %s", counted(pruned.total, "row"))

    async def _start_polls(self, now: float) -> None:
        """Start what is due and whose host is free: many sources of one host must not keep others waiting."""
        room = ROOM * self.parts.config.settings.polling.concurrency - len(self._polls)
        self._paused = self._why_paused()
        held_back, self._held_back = self._held_back, 0
        if room <= 0 or self._paused or self._stopping:
            return
        hosts: set[str] = set()
        at_most = DUE if held_back else room  # farther is only looked where the nearest have to wait
        for state in await self._in_thread(self.store.sources.due, now, at_most, list(self._polls)):
            source = self.parts.sources.get(state.source_id)
            if source is None:
                continue
            host = urlsplit(state.url or source.url).netloc
            if room <= 0 or host in hosts or not self.parts.fetcher.ready(source, state):
                self._held_back += 1
                continue
            room -= 1
            hosts.add(host)
            self._polls[source.id] = asyncio.create_task(self._poll(source, state, now), name=f"poll {source.id}")

    def _why_paused(self) -> str:
        floor = self.parts.config.settings.retention.free_space
        free = shutil.disk_usage(self.store.path.parent).free
        return f"polling pauses: {free // 1024**2} MB free, {floor // 1024**2} MB needed" if free < floor else ""

    async def _poll(self, source: Source, state: SourceState, now: float) -> None:
        """One poll; its end goes to ingestion, and only after that is the source free for its next poll."""
        parts = self.parts
        entries = parts.config.settings.limits.entries
        try:
            polled = await poll(source, state, fetcher=parts.fetcher, readers=parts.readers, entries=entries, now=now)
        except Exception as error:
            log.exception("a poll failed in a way that nobody foresaw", extra={"source": source.id})
            polled = broken_poll(source, state, f"{type(error).__name__}: {error}", now)
        self._ready.put_nowait(polled)
        self._ended.set()
        if self._ready.qsize() >= self._wanted():
            self._enough.set()

    # --- ingestion ----------------------------------------------------------------------------------------------------

    async def _ingest_for_ever(self) -> None:
        while True:
            batch = [await self._ready.get()]
            await self._company()
            while len(batch) < BATCH and not self._ready.empty():
                batch.append(self._ready.get_nowait())
            await self._ingest(batch)
            for polled in batch:
                self._polls.pop(polled.source.id, None)
                self._ready.task_done()
            self._ended.set()

    async def _company(self) -> None:
        """Wait a little for more polls that share the transaction, but not once it is full or nothing more comes."""
        self._enough.clear()
        if self._ready.qsize() < self._wanted():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._enough.wait(), GATHER)

    def _wanted(self) -> int:
        return min(BATCH, len(self._polls)) - 1

    async def _ingest(self, batch: list[Polled]) -> None:
        """Take a batch in; what fails in company is taken in one by one, so that one source never stops the rest."""
        try:
            report = await self._in_thread(self.parts.pipeline.ingest, batch, now=time.time(), spread=random.random)
        except StoreError as error:
            log.error("%s not stored, and due again: %s", counted(len(batch), "poll"), error)
            self._failed_writes = str(error)
            await asyncio.sleep(1)
        except Exception as error:
            await self._ingest_singly(batch, error)
        else:
            self._failed_writes = ""
            self._tell(report)

    async def _ingest_singly(self, batch: list[Polled], error: Exception) -> None:
        if len(batch) > 1:
            for polled in batch:
                await self._ingest([polled])
            return
        polled = batch[0]
        log.error("what a source brought was not taken in", exc_info=error, extra={"source": polled.source.id})
        if polled.reading is not None:
            reason = f"its entries could not be taken in: {type(error).__name__}: {error}"
            await self._ingest([broken_poll(polled.source, polled.state, reason, polled.fetched.at)])

    def _tell(self, report: Report) -> None:
        """Count and log what an ingestion did."""
        self.totals.take(report)
        self._metrics.take(report.gates)
        for hit in report.hits:
            log.info("hit: %s", hit.rule_name, extra={"article": hit.article_id, "rule": hit.rule_id})
        tell_trends(report.trends)
        for state in report.states:
            if not state.state.healthy:
                log.warning("%s", state.reason, extra={"source": state.source_id, "state": state.state.value})

    # --- sending ------------------------------------------------------------------------------------------------------

    async def _send(self, now: float, *, wait: bool = False) -> None:
        """Begin to send what is due; with `wait`, until it is sent or has failed."""
        outbox = self.parts.outbox
        try:
            await (outbox.run_once(now) if wait else outbox.kick(now))
        except StoreError as error:
            log.error("sending pauses, what is queued stays queued: %s", error)

    # --- health -------------------------------------------------------------------------------------------------------

    def health(self, now: float) -> Health:  # noqa: ARG002 - the daemon's protocol
        """Say how things are, from what the last tick learnt."""
        return self._health

    def _look(self, now: float) -> Health:
        """Ask the database how things are; in the thread of the store."""
        if now >= self._looked_at + LOOK or now < self._looked_at:
            self._looked_at = now
            self._states = Counter(self.store.sources.counts())
            self._today = self.store.hits.count(now - 86400)
            self._queue = self.store.alerts.queue(now)
            self.store.meta.set("last_tick", f"{now:.0f}")
            self._metrics.set_sources({state.value: number for state, number in self._states.items()})
            self._count_sent()
            self._metrics.set_queue({channel: waiting(queue) for channel, queue in self._queue.items()})
        failing = sum(number for state, number in self._states.items() if not state.healthy)
        sources, hits = counted(sum(self._states.values()), "source"), counted(self._today, "hit")
        parts = [sources, f"{failing} failing", f"{hits} today"]
        if unsent := sum(waiting(queue) for queue in self._queue.values()):
            parts.append(f"{counted(unsent, 'message')} waiting")
        trouble = [text for text in (self._paused, self._failed_writes) if text]
        return Health(ok=True, status=", ".join([*parts, *trouble]), details={"polling": not self._paused})

    def _count_sent(self) -> None:
        for channel, queue in self._queue.items():
            self._metrics.add("sent", channel, max(0, queue.sent - self._sent.get(channel, queue.sent)))
            self._sent[channel] = queue.sent

    async def _in_thread(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run something in the thread that touches the database."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *args, **kwargs))

    # --- once ---------------------------------------------------------------------------------------------------------

    async def run_once(
        self, *, everything: bool, progress: Callable[[int, int], None] = lambda _done, _all: None
    ) -> None:
        """Poll what is due (or every source), send what is queued, and return when both are done."""
        now = time.time()
        if everything:
            await self._in_thread(self.store.sources.poll_now, list(self.parts.sources), now)
        total = len(await self._in_thread(self.store.sources.due, now, 10**9, []))
        while True:
            self._ended.clear()
            await self._start_polls(now)
            progress(self.totals.polls, total)
            if self._failed_writes:
                raise StoreError(self._failed_writes)
            if not self._polls and not self._held_back:
                break
            with contextlib.suppress(TimeoutError):  # a host that is held back may be free without a poll's end
                await asyncio.wait_for(self._ended.wait(), 0.2 if self._polls else 0.004)
            await asyncio.sleep(0.004)  # for others to end, too
        await self._look_at_trends(time.time())
        await self._look_at_health(time.time())
        await self._look_at_held(time.time(), settled=True)
        await self.drain_outbox()
        await self._keep_house(now)
        if self.parts.ping:
            await self._ping_now(time.time(), well=not self._paused)
        if self._pruning:
            await self._pruning

    async def drain_outbox(self) -> None:
        """Send until nothing is left that could go now."""
        while await self.parts.outbox.run_once(time.time()):
            pass

    async def next_due(self) -> float | None:
        """Return when the next source is due, in seconds since the epoch; None where there is none to poll."""
        return await self._in_thread(self.store.sources.next_due)

    @property
    def sent(self) -> int:
        """How many deliveries were made since the start or the last reload."""
        return self.parts.outbox.sent

    async def held(self) -> int:
        """Return how many stories are held back from a channel."""
        return await self._in_thread(self.store.threads.count_held)

    async def unsent(self) -> dict[str, str]:
        """Return the channels for which something waits, each with its last error."""
        queues = await self._in_thread(self.store.alerts.queue, time.time())
        return {channel: queue.last_error for channel, queue in queues.items() if waiting(queue)}


def tell_trends(findings: Iterable[Finding]) -> None:
    """Log what trends told."""
    for finding in findings:
        log.info("trend fired: %s: %s", finding.name, finding.reason, extra={"rule": finding.trend_id})


def settle_memory() -> None:
    """Keep the search for garbage away from what is loaded by now: it stays; to walk it costs a tenth of a poll."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def waiting(queue: Queue) -> int:
    """Return how many deliveries of a channel are still to be made."""
    return queue.queued + queue.held + queue.leased


def broken_poll(source: Source, state: SourceState, reason: str, now: float) -> Polled:
    """Return a poll whose document could not be taken in: the source says so, and its old state stays."""
    fetched = Fetched(source_id=source.id, state=State.BROKEN, reason=reason, url=source.url, at=now)
    return Polled(source=source, state=state, fetched=fetched)
