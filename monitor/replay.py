"""EDGE: plays an archive of items through the pipeline as if it had been polled at the time; nothing is sent.

    items | extract | a poll a source, every five minutes | Pipeline.ingest and the trends, under the items' own clock

What follows is what the daemon would have done, since it is the same code over a real database: only the network, the
clock and the sending are missing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby, islice

from monitor.archive import names_of
from monitor.config import Config
from monitor.config.sources import name_for
from monitor.extract import extract
from monitor.items import Archive, Item, Wrong
from monitor.model import (
    Action,
    Alert,
    Article,
    Change,
    Entry,
    Fetched,
    Novelty,
    Parsed,
    Reading,
    Source,
    SourceState,
    State,
)
from monitor.pipeline import Pipeline, Polled, Report
from monitor.settings import Channel
from monitor.store import Store

STEP = 300.0  # seconds whose items come in one poll of each source, as by polling.min_interval
TOGETHER = 50  # steps that share a transaction: nobody else reads this database meanwhile, and a commit costs as much
LOOK = 60.0  # seconds between two looks at the trends, at least, as in the daemon
SETTLE = 900.0  # seconds before the first look, as in the daemon
IDLE = 3600.0  # seconds between two looks while no item comes: shorter than any gap that a trend would notice
CHANNEL = "replay"  # hears everything where no channel is configured
ELSEWHERE = "archive"  # the source of items that name none
COUNTED = ("articles", "hits", "stories", "alerts", "updates")
REPEATED = (Novelty.KNOWN, Novelty.EDITED, Novelty.SIGHTING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One alert or update that would have been sent."""

    alert: Alert
    rules: tuple[str, ...]  # ids, the most severe first; of a trend its own
    headline: str
    sources: tuple[str, ...]  # names of those that had it by then
    reason: str
    words: tuple[str, ...]  # that were found, as the article has them; of a trend the values that it tells
    channels: tuple[str, ...]


@dataclass(slots=True)
class Opened:
    """A story that was counted: when it opened, and for which rules."""

    at: float
    rules: set[str]


@dataclass(slots=True)
class Figures:
    """What a replay counted; days are those of UTC."""

    total: Counter[str] = field(default_factory=Counter)  # of COUNTED, and "trends", "repeated"
    by_day: dict[str, Counter[str]] = field(default_factory=dict)
    by_rule: dict[str, Counter[str]] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)  # policy -> decisions not to send, one a channel

    def add(self, what: str, at: float, rules: Iterable[str] = (), number: int = 1) -> None:
        """Count something that happened at a time, for its rules, too."""
        if not number:
            return
        self.total[what] += number
        self.by_day.setdefault(day_of(at), Counter())[what] += number
        self.count_rules(what, rules, number)

    def count_rules(self, what: str, rules: Iterable[str], number: int = 1) -> None:
        """Count something for rules alone."""
        for rule in dict.fromkeys(rules):
            self.by_rule.setdefault(rule, Counter())[what] += number


class Replay:
    """One archive, one configuration, one empty database."""

    def __init__(self, archive: Archive, *, config: Config, store: Store) -> None:
        """Make the sources of the archive known to pipeline and store."""
        self.archive = archive
        self.store = store
        self.figures = Figures()
        self.failed: list[Wrong] = []  # items that could not be made articles
        self._sources = sources_of(archive.sources, config.sources)
        self.config = with_sources(config, self._sources.values())
        self._pipeline = Pipeline(config=self.config, store=store)
        # The archive holds only news, so the first poll of a source is not its past.
        self._states = {one.id: SourceState(source_id=one.id, primed=True) for one in self._sources.values()}
        self._stories: dict[str, Opened] = {}
        self._last_alert = 0
        self._next_look = 0.0

    def run(self, *, progress: Callable[[int, int], None], tell: Callable[[Told], None]) -> Figures:
        """Play everything; `tell` hears of each alert, in order. What is queued in the end is dropped, never sent."""
        if self.archive.first is None:
            return self.figures
        try:
            self._begin(self.archive.first)
            done = 0
            for together in batched(steps(self.archive.items()), TOGETHER):
                with self.store.transaction():
                    for items in together:
                        self._step(items, tell)
                done += sum(map(len, together))
                progress(done, self.archive.dated)
            while (report := self._pipeline.settle(self.archive.last or 0.0)).changes:
                self._count(report, self.archive.last or 0.0)
        finally:
            self._drop_queued()
        return self.figures

    # --- time --------------------------------------------------------------------------------------------------------

    def _begin(self, now: float) -> None:
        self.store.sources.sync(self.config.sources, now)
        self._pipeline.trends.begin(now)
        self._next_look = now + SETTLE

    def _step(self, items: Sequence[Item], tell: Callable[[Told], None]) -> None:
        """Let the time pass until these items, and poll them at the date of the last."""
        now = max(item.at for item in items if item.at is not None)
        self._until(now, tell)
        while self._next_look + IDLE <= now:
            self._look(self._next_look + IDLE - LOOK, tell)
        report = self._pipeline.ingest(list(self._polls(items, now)), now=now, spread=lambda: 0.5)
        for state in report.states:
            self._states[state.source_id] = state
        self._count(report, now)
        self._tell(tell)
        if now >= self._next_look:
            self._look(now, tell)

    def _until(self, now: float, tell: Callable[[Told], None]) -> None:
        """Tell what was held from the channels at the moments at which it is due."""
        last = float("-inf")
        while (due := self._pipeline.alerting.next_due()) is not None and last < due <= now:
            self._count_dropped(self._pipeline.on_time(due))
            self._tell(tell)
            last = due

    def _look(self, now: float, tell: Callable[[Told], None]) -> None:
        """Do what the daemon does as time passes."""
        self._next_look = now + LOOK
        self._pipeline.trends.on_time(now)
        self._count_dropped(self._pipeline.on_time(now))
        self._tell(tell)

    # --- polls -------------------------------------------------------------------------------------------------------

    def _polls(self, items: Sequence[Item], now: float) -> Iterator[Polled]:
        """Return one poll of each source that has items, in the order of its first one."""
        articles: dict[str, list[Article]] = {}
        for item in items:
            source = self._sources[item.source]
            if article := self._article(item, source, now):
                articles.setdefault(source.id, []).append(article)
        for source_id, found in articles.items():
            yield Polled(
                source=self._pipeline.sources[source_id],
                state=self._states[source_id],
                fetched=Fetched(source_id=source_id, state=State.OK, status=200, at=now),
                reading=Reading(parsed=Parsed(state=State.OK, whole=False), articles=tuple(found)),
            )

    def _article(self, item: Item, source: Source, now: float) -> Article | None:
        try:
            return extract(entry_of(item), source=source, feed_language="", base_url="", now=now)
        except Exception as error:  # a value of this one item, as in a feed
            self.failed.append(Wrong(item.line, f"{type(error).__name__}: {error}"[:200]))
            return None

    # --- what came of it ---------------------------------------------------------------------------------------------

    def _count(self, report: Report, now: float) -> None:
        figures = self.figures
        for novelty in Novelty:
            number = report.gates["articles", novelty.value]
            figures.add("repeated" if novelty in REPEATED else "articles", now, number=number)
        for hit in report.hits:
            figures.add("hits", now, (hit.rule_id,))
        for change in report.changes:
            self._count_story(change, now)
        self._count_dropped(report)

    def _count_dropped(self, report: Report) -> None:
        for (gate, policy), number in report.gates.items():
            if gate == "suppressed":
                self.figures.dropped[policy] += number

    def _count_story(self, change: Change, now: float) -> None:
        """Count a story on the day on which it opened, for each of its rules; what was merged is one story less."""
        figures, rules = self.figures, {hit.rule_id for hit in change.story.hits}
        if known := self._stories.get(change.story.id):
            figures.count_rules("stories", rules - known.rules)
            known.rules |= rules
        else:
            self._stories[change.story.id] = Opened(now, rules)
            figures.add("stories", now, rules)
        for gone in change.merged:
            if merged := self._stories.pop(gone, None):
                figures.add("stories", merged.at, merged.rules, -1)

    def _tell(self, tell: Callable[[Told], None]) -> None:
        """Count and tell what was queued since the last time; what operators would hear is not news."""
        for number, alert in self.store.alerts.after(self._last_alert):
            self._last_alert = number
            if alert.kind == "system":
                continue
            told = self._told(alert)
            self.figures.add("updates" if alert.kind == "update" else "alerts", alert.at, told.rules)
            self.figures.total["trends"] += alert.kind == "trend"
            tell(told)

    def _told(self, alert: Alert) -> Told:
        channels = tuple(dict.fromkeys(one.delivery.channel for one in self.store.alerts.of_alert(alert.id)))
        of_trend = alert.kind == "trend"
        return Told(
            alert=alert,
            rules=tuple(str(rule["id"]) for rule in _listed(alert, "rules")),
            headline=_headline_of(alert),
            sources=_sources_behind(alert) if of_trend else self._sources_of(alert),
            reason=str(alert.data.get("headline", "")) if of_trend else self._reason_for(alert),
            words=_words_of(alert),
            channels=channels,
        )

    def _sources_of(self, alert: Alert) -> tuple[str, ...]:
        """Return the names of all sources in which the articles of its story were seen."""
        ids = [
            sighting.source_id
            for article_id in self.store.stories.articles(alert.story_id)
            for sighting in self.store.articles.sightings(article_id)
        ]
        return tuple(self._pipeline.sources[source_id].name for source_id in dict.fromkeys(ids))

    def _reason_for(self, alert: Alert) -> str:
        """Return why its story is told: what the policies said last, once for all channels that share a reason."""
        said = [one.decision for one in self.store.alerts.decisions(alert.story_id) if one.at == alert.at]
        return "; ".join(dict.fromkeys(one.reason for one in said if one.action is Action.SEND and one.reason))

    def _drop_queued(self) -> None:
        """Take everything out of the outbox, so that no monitor that is put on this database sends what is past."""
        alerts = self.store.alerts
        for state in ("queued", "held"):
            waiting = alerts.list(state=state, limit=2**62)
            alerts.drop([one.delivery.id for one in waiting], self.archive.last or 0.0, "a replay sends nothing")


def batched(steps: Iterable[list[Item]], number: int) -> Iterator[list[list[Item]]]:
    """Return steps so many at a time."""
    left = iter(steps)
    while together := list(islice(left, number)):
        yield together


def steps(items: Iterable[tuple[float, Item]]) -> Iterator[list[Item]]:
    """Return items in the order of time, those of the same five minutes together."""
    for _, together in groupby(items, key=lambda pair: pair[0] // STEP):
        yield [item for _, item in together]


def entry_of(item: Item) -> Entry:
    """Return an item as a feed would have listed it."""
    return Entry(
        guid=item.id,
        link=item.url,
        title=item.title,
        summary=item.text,
        published=item.date,
        published_at=item.at,
        language=item.language,
    )


def day_of(at: float) -> str:
    """Return the day of a time, of UTC, as 2026-05-10."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def _listed(alert: Alert, key: str) -> list[Mapping[str, object]]:
    found = alert.data.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _headline_of(alert: Alert) -> str:
    """Return the headline of the article, of a trend its name: what it found is the reason."""
    named = _listed(alert, "rules")[:1] if alert.kind == "trend" else []
    return str(named[0]["name"] if named else alert.data.get("headline") or alert.title)


def _words_of(alert: Alert) -> tuple[str, ...]:
    """Return the words that an alert marks."""
    values, parts = alert.data.get("values"), [alert.data.get("headline_parts")]
    parts += [one.get("parts") for one in _listed(alert, "evidence")]
    marked = [str(text) for part in parts if isinstance(part, list) for text, found in part if found]
    return tuple(dict.fromkeys([*marked, *(map(str, values) if isinstance(values, list) else ())]))


def _sources_behind(alert: Alert) -> tuple[str, ...]:
    items = [
        item for group in _listed(alert, "groups") if isinstance(listed := group["items"], list) for item in listed
    ]
    return tuple(dict.fromkeys(str(item["source"]) for item in items))


# --- sources and settings --------------------------------------------------------------------------------------------


def sources_of(names: Mapping[str, str], configured: Iterable[Source]) -> dict[str, Source]:
    """Return a source for each name of an archive (with its host): the configured one of that id, title or publisher.

    Else one is made, whose id is made of the name and is like no other.
    """
    known = names_of(configured)
    taken = {one.id for one in known.values()}
    found: dict[str, Source] = {}
    for name, host in names.items():
        source = known.get(name.casefold()) or _made(name or ELSEWHERE, host, taken)
        known.setdefault(name.casefold(), source)
        taken.add(source.id)
        found[name] = source
    return found


def _made(name: str, host: str, taken: set[str]) -> Source:
    first = name_for(name, f"https://{host}/") or "source"
    key, number = first, 2
    while key in taken:
        key, number = f"{first}-{number}", number + 1
    return Source(id=key, url="", title=name, publisher=name)


def with_sources(config: Config, sources: Iterable[Source]) -> Config:
    """Return the configuration with these sources alone; where it has no channel, with one that hears everything."""
    settings = config.settings
    if not settings.channels:
        channels = {CHANNEL: Channel(url="json://localhost")}  # nothing is ever sent to it
        settings = settings.model_copy(update={"channels": channels, "routes": ()})
    return replace(config, settings=settings, sources=tuple({one.id: one for one in sources}.values()))
