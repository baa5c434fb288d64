"""The one module that knows the order of the work; it calls the stages and decides nothing itself.

source | fetch | read (parse | extract, in a child process)           -> Polled; many at once
Polled ... | novelty | match | story | alert | store, one transaction -> Report; one at a time
                                               with the trends that the hits have changed (`monitor.trending`)
"""

import hashlib
import logging
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor import places
from monitor.alert import message, problems
from monitor.alerting import Alerting
from monitor.config import Config
from monitor.desk import Desk
from monitor.errors import StoreError
from monitor.extract import novelty
from monitor.fetch import health, schedule
from monitor.fetch.http import Fetcher
from monitor.model import (
    Action,
    Alert,
    Article,
    Change,
    Decision,
    Fetched,
    Finding,
    Hit,
    Job,
    Judged,
    Located,
    Novelty,
    Parsed,
    Pulse,
    Reading,
    Source,
    SourceState,
    State,
)
from monitor.parse.child import Readers
from monitor.store import Store
from monitor.trending import Trending
from monitor.watching import Watching

log = logging.getLogger("monitor.pipeline")
WHOLE_EVERY = 86400.0  # once a day a document is parsed whole, so that ids still listed are not forgotten
TIMED = 16  # one article in so many is matched by the clock; what its rules took counts so many times
RULE_TIME, RULE_TRIED = "rule time (us)", "rule tried"  # gates: microseconds of a rule, and articles it was tried on
ALL = 2**31  # articles that wait
FRESH = frozenset({Novelty.NEW, Novelty.HISTORY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """One poll, up to the point where the database is needed."""

    source: Source
    state: SourceState
    fetched: Fetched
    reading: Reading | None = None

    @property
    def parsed(self) -> Parsed | None:
        """What the document held, where one was read."""
        return self.reading.parsed if self.reading else None


@dataclass(slots=True)
class Report:
    """What one ingestion did, for the log, the metrics and `monitor once`."""

    gates: Counter[tuple[str, str]] = field(default_factory=Counter)  # (gate, label) -> how many
    hits: list[Hit] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)  # what happened to stories
    states: list[SourceState] = field(default_factory=list)
    trends: list[Finding] = field(default_factory=list)  # what was told

    def add(self, gate: str, label: str = "", number: int = 1) -> None:
        """Count something that passed a gate or stopped at it."""
        if number:
            self.gates[gate, label] += number


async def poll(
    source: Source, state: SourceState, *, fetcher: Fetcher, readers: Readers, entries: int, now: float
) -> Polled:
    """Fetch a source and read what it answered; never raises for anything that a feed can do."""
    fetched = await fetcher.fetch(source, state, now=now)
    if fetched.state is not State.OK:
        return Polled(source=source, state=state, fetched=fetched)
    if state.body_hash and hashlib.blake2b(fetched.body, digest_size=16).hexdigest() == state.body_hash:
        same = replace(fetched, state=State.UNCHANGED, reason="the same bytes as at the last poll")
        return Polled(source=source, state=state, fetched=same)
    whole = state.last_whole is None or now - state.last_whole > WHOLE_EVERY
    job = Job(
        source=source,
        body=fetched.body,
        url=fetched.url,
        content_type=fetched.content_type,
        known=b"" if whole else state.items,
        entries_limit=entries,
        now=now,
    )
    return Polled(source=source, state=state, fetched=fetched, reading=await readers.read(job))


class Pipeline:
    """The part behind the network: what was polled becomes articles, hits, stories and queued deliveries."""

    def __init__(
        self,
        *,
        config: Config,
        store: Store,
        backfill: bool = False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Work with one configuration; a reload makes a new pipeline over the same store. `clock` times the rules."""
        self.config = config
        self.store = store
        self.backfill = backfill or config.settings.polling.backfill
        self.clock = clock
        self.sources = {source.id: source for source in config.sources}
        self.desk = Desk(store)
        self.alerting = Alerting(config=config, store=store, load=self.desk.story, backfill=self.backfill)
        self.trends = Trending(config=config, store=store, enqueue=self.alerting.offer, note=self.note)
        self.watch = Watching(config=config, store=store, enqueue=self._enqueue)

    def ingest(self, batch: Sequence[Polled], *, now: float, spread: Callable[[], float]) -> Report:
        """Take a batch of polls in: one transaction, or nothing. `spread` gives numbers in [0, 1) for jitter."""
        report = Report()
        batch = [polled for polled in batch if polled.source.id in self.sources]
        judged, hits = self._match(self._judge(batch, now), now, report)
        by_source: dict[str, list[Judged]] = {polled.source.id: [] for polled in batch}
        for one in judged:
            by_source.setdefault(one.article.source_id, []).append(one)
        taken = [self._taken(polled, by_source[polled.source.id], now, spread()) for polled in batch]
        report.states = [state for state, _ in taken]
        pulses = self._pulses_after(batch, taken, now)
        report.hits = [hit for found in hits.values() for hit in found]
        with self.store.transaction(durable=bool(report.hits)):
            if self._may_wait(judged, hits):
                self.store.articles.add(judged)
                self.store.hits.add(report.hits)
                self.store.waiting.add(article_id for article_id, found in hits.items() if found)
            else:
                self._settle(report, ALL, now)
                self.desk.prepare(judged, hits, now)
                self.store.articles.add(judged)
                self.store.hits.add(report.hits)
                self._follow(judged, hits, report, now)
            old = {one.article.id for one in judged if one.novelty is Novelty.HISTORY}
            report.trends = self.trends.after(report.hits, old, now)
            self.store.sources.save(report.states)
            self.store.pulses.save(pulses)
            count(report, batch, judged)
            self.store.counters.add_all(report.gates, now)
        return report

    # --- stories, and what follows from them --------------------------------------------------------------------------

    def settle(self, now: float, most: int = 64) -> Report:
        """Put articles of the past into stories, in a transaction of its own; without hits, none waits any more.

        A first poll brings thousands of them, and nobody waits for their stories: only what comes later can join them.
        """
        report = Report()
        if not self.store.waiting.any():
            return report
        try:
            with self.store.transaction(durable=True):
                self._settle(report, most, now)
                self.store.counters.add_all(report.gates, now)
        except StoreError:
            raise
        except Exception as error:  # one article must not hold the others up
            if most > 1:
                return self.settle(now, 1)
            for article in self.store.waiting.take(1):
                log.error("it gets no story", exc_info=error, extra={"article": article.id})
            return Report()
        return report

    def _may_wait(self, judged: Iterable[Judged], hits: Mapping[str, Sequence[Hit]]) -> bool:
        """Tell whether nothing of a batch is news: then its stories can be made later."""
        if self.backfill:
            return False
        old = all(one.novelty is Novelty.HISTORY for one in judged if hits.get(one.article.id))
        return old and all(one.novelty is not Novelty.EDITED for one in judged)

    def _settle(self, report: Report, most: int, now: float) -> None:
        """Put what waits into stories."""
        waiting = self.store.waiting.take(most)
        if waiting:
            judged = [Judged(article, Novelty.HISTORY, "it waited for its story") for article in waiting]
            hits = {article.id: found for article, found in waiting.items()}
            self.desk.prepare(judged, hits, now)
            self._follow(judged, hits, report, now)

    def _follow(self, judged: Sequence[Judged], hits: Mapping[str, Sequence[Hit]], report: Report, now: float) -> None:
        """Do what follows from hits: places, stories, and decisions with what they queue."""
        self.store.places.add(self._located(judged, hits))
        changes = self.desk.take(judged, hits, now)
        report.changes += changes
        count_stories(report, changes)
        count_decisions(report, self.alerting.after(changes, now))

    def _judge(self, batch: Sequence[Polled], now: float) -> tuple[Judged, ...]:
        """Say of every article what it is to the store; articles of one batch know each other."""
        by_url = self.store.articles.by_url(
            sorted({one.url for polled in batch for one in articles_of(polled) if one.url})
        )
        judged: list[Judged] = []
        for polled in batch:
            articles = articles_of(polled)
            if not articles:
                continue
            found = novelty.decide(
                articles,
                source_id=polled.source.id,
                known=self.store.articles.known(polled.source.id, novelty.asked(articles)),
                by_url=by_url,
                primed=polled.state.primed,
                backfill=self.backfill,
                whole=polled.parsed is not None and polled.parsed.whole,
                last_success=polled.state.last_success,
                now=now,
            )
            fresh = [one.article for one in found if one.novelty in FRESH and one.article.url]
            by_url.update({article.url: novelty.known_of(article) for article in fresh})
            judged += found
        return tuple(judged)

    def _match(
        self, judged: Sequence[Judged], now: float, report: Report
    ) -> tuple[tuple[Judged, ...], dict[str, list[Hit]]]:
        """Try the rules on every text that is not stored yet; keep the hits that the article does not have."""
        kept: list[Judged] = []
        hits: dict[str, list[Hit]] = {}
        for one in judged:
            fresh = self._hits_of(one, hits.get(one.article.id, ()), now, report)
            if fresh and one.novelty is Novelty.SIGHTING:
                one = as_version(one)
                fresh = [replace(hit, article_version=one.article.version) for hit in fresh]
            if fresh:
                hits.setdefault(one.article.id, []).extend(fresh)
            kept.append(one)
        return tuple(kept), hits

    def _hits_of(self, one: Judged, earlier: Iterable[Hit], now: float, report: Report) -> list[Hit]:
        """Return the hits that an article does not have yet, neither in the store nor from earlier in the batch."""
        if one.novelty is Novelty.KNOWN:
            return []
        found = self._try_rules(one.article, now, report)
        if not found or one.novelty in FRESH:
            return list(found)
        had = {hit.rule_id for hit in (*earlier, *self.store.hits.of(one.article.id))}
        return [hit for hit in found if hit.rule_id not in had]

    def _located(self, judged: Sequence[Judged], hits: Mapping[str, Sequence[Hit]]) -> dict[str, Located]:
        """Return where the articles are that rules hit, also where they were edited since."""
        edited = [one.article.id for one in judged if one.novelty is Novelty.EDITED and one.article.id not in hits]
        wanted = {*hits, *(self.store.places.of(edited) if edited else ())}
        return {
            one.article.id: places.locate(one.article, source.country if source else "")
            for one in judged
            if one.article.id in wanted and one.novelty is not Novelty.KNOWN
            for source in [self.sources.get(one.article.source_id)]  # None: it is not watched any more
        }

    def _try_rules(self, article: Article, now: float, report: Report) -> tuple[Hit, ...]:
        """Match an article; of a sample, chosen by id so that every run draws from the same lot, time each rule."""
        rules, source = self.config.rules, self.sources[article.source_id]
        if zlib.crc32(article.id.encode("utf-8", "replace")) % TIMED:
            return rules.match(article, source, now=now)
        found, spent = rules.timed(article, source, now=now, clock=self.clock)
        for rule_id, seconds in spent.items():
            report.add(RULE_TIME, rule_id, round(seconds * 1e6 * TIMED))
            report.add(RULE_TRIED, rule_id, TIMED)
        return found

    def _taken(
        self, polled: Polled, mine: Sequence[Judged], now: float, spread: float
    ) -> tuple[SourceState, health.Brought]:
        """Return a source's state after a poll, and what the poll brought."""
        new = [one.article for one in mine if one.novelty in FRESH]
        state = schedule.after(
            polled.state,
            source=polled.source,
            fetched=polled.fetched,
            parsed=polled.parsed,
            new_entries=len(new),
            newest=max((article.published_at for article in new if article.published_at), default=None),
            polling=self.config.settings.polling,
            now=now,
            spread=spread,
        )
        brought = brought_by(polled, mine, now)
        if brought.missed:
            asked = polled.fetched.retry_after or 0.0
            state = health.sooner(state, polled.source, self.config.settings.polling, asked=asked, now=now)
        return state, brought

    def _pulses_after(
        self, batch: Sequence[Polled], taken: Sequence[tuple[SourceState, health.Brought]], now: float
    ) -> list[Pulse]:
        """Return the pulses that these polls change."""
        had = self.store.pulses.of([polled.source.id for polled in batch])
        found = []
        for polled, (state, brought) in zip(batch, taken, strict=True):
            before = had.get(state.source_id)
            pulse = health.after(before, polled.state, state, brought, self.config.settings.health, now)
            if pulse is not before:
                found.append(pulse)
        return found

    def on_time(self, now: float, *, settled: bool = False) -> Report:
        """Look again at what was held from channels and is due; with `settled` nothing has to wait for more."""
        report = Report()
        if not self.alerting.is_due(now, settled=settled):
            return report
        with self.store.transaction(durable=True):
            count_decisions(report, self.alerting.on_time(now, settled=settled))
            self.store.counters.add_all(report.gates, now)
        return report

    def _enqueue(self, what: Alert, channels: Iterable[str], now: float) -> None:
        self.store.alerts.add(what, message.deliveries(what, channels, self.config.settings.channels), now)

    # --- what the operators must hear -------------------------------------------------------------------------------

    def note(self, kind: str, key: str, text: str, now: float, *, title: str = "", advice: str = "") -> None:
        """Open a problem, which alerts the operators once, or with an empty text close it."""
        with self.store.transaction(durable=True):
            if not text:
                self._over(kind, key, now)
            elif self.store.problems.open(kind, key, text, now, title=title, advice=advice):
                what = message.system_alert(kind, key, title=title or text, text=text, advice=advice, at=now)
                self._enqueue(what, message.operators(self.config.settings), now)

    def _over(self, kind: str, key: str, now: float) -> None:
        """Close a problem, and tell the operators who heard of it; a trend that is looked at again is not yet well."""
        had = self.store.problems.get(kind, key)
        if had and self.store.problems.close(kind, key, now) and kind != "trend":
            what = problems.over(had, self.watch.zone, now)
            self._enqueue(what, message.operators(self.config.settings), now)

    def note_rules(self, now: float) -> None:
        """Tell the operators of rules that are not live, and forget those that are again."""
        broken = {one.rule_id or one.file: one for one in self.config.problems if not one.warning}
        for gone in self.store.problems.current("rule"):
            if gone.key not in broken:
                self.note("rule", gone.key, "", now)
        advice = "mend it, run `monitor check`, and reload"
        for key, problem in broken.items():
            self.note("rule", key, str(problem), now, title=f"Rule {key} is not live", advice=advice)

    def note_examples(self, failing: Mapping[str, str], now: float) -> None:
        """Tell the operators of rules whose examples fail, and forget those whose examples hold again."""
        for gone in self.store.problems.current("examples"):
            if gone.key not in failing:
                self.note("examples", gone.key, "", now)
        advice = "mend the rule or the example, run `monitor check`, and reload"
        for rule_id, why in failing.items():
            title = f"Rule {rule_id} fails its own examples"
            self.note("examples", rule_id, why, now, title=title, advice=advice)

    def note_secrets(self, sources: Mapping[str, str], channels: Mapping[str, str], now: float) -> None:
        """Tell the operators of sources that cannot be polled, and channels that cannot send: a secret is missing."""
        for kind, lacking, title in (
            ("secret", sources, "Source {} is not polled: a secret is missing"),
            ("channel-secret", channels, "Channel {} cannot send: a secret is missing"),
        ):
            for gone in self.store.problems.current(kind):
                if gone.key not in lacking:
                    self.note(kind, gone.key, "", now)
            for name, why in lacking.items():
                self.note(kind, name, why, now, title=title.format(name))


def articles_of(polled: Polled) -> tuple[Article, ...]:
    """Return the articles that a poll brought."""
    return polled.reading.articles if polled.reading else ()


def brought_by(polled: Polled, mine: Sequence[Judged], now: float) -> health.Brought:
    """Return what a poll brought; what another source had first is news from this one, too."""
    if polled.parsed is None or polled.parsed.state is not State.OK:
        return health.Brought(certificate=polled.fetched.certificate)
    new = [one.article for one in mine if one.novelty in FRESH or one.novelty is Novelty.SIGHTING]
    known = polled.parsed.known + sum(one.novelty in {Novelty.KNOWN, Novelty.EDITED} for one in mine)
    shared = any(one.novelty is Novelty.SIGHTING for one in mine)  # of these it is not known whether they were listed
    return health.Brought(
        new=len(new),
        certificate=polled.fetched.certificate,
        undated=sum("date-missing" in article.flags for article in new),
        missed=None if shared else health.overlap_missed(polled.state, entries=len(new), known=known, now=now),
    )


def as_version(one: Judged) -> Judged:
    """Make a sighting a version: another source says more about the same article than the first one did."""
    article = replace(one.article, version=one.article.version + 1)
    return Judged(article, Novelty.EDITED, f"{one.reason}; this source's text matches rules that the first did not")


def count(report: Report, batch: Sequence[Polled], judged: Sequence[Judged]) -> None:
    """Count what passed each gate of a batch."""
    for polled in batch:
        report.add("fetched", polled.fetched.state.value)
        if polled.reading:
            report.add("parsed", polled.reading.parsed.state.value)
            report.add("unread", "beyond the limit", polled.reading.parsed.skipped)
            report.add("unread", "entry failed", len(polled.reading.failed))
    for one in judged:
        report.add("articles", one.novelty.value)
    for hit in report.hits:
        report.add("matched", hit.rule_id)


def count_stories(report: Report, changes: Sequence[Change]) -> None:
    """Count what became of hits."""
    for change in changes:
        for member in change.story.members:
            if member.article.id in change.joined:
                report.add("stories", member.join)
        report.add("stories", "merged", len(change.merged))


GATES = {Action.SEND: "queued", Action.HOLD: "held", Action.DROP: "suppressed"}


def count_decisions(report: Report, decisions: Iterable[Decision]) -> None:
    """Count what becomes of stories on channels; what is held is counted again when it is told or dropped."""
    for decision in decisions:
        report.add(GATES[decision.action], "" if decision.action is Action.SEND else decision.policy)
