"""Looks at the trends when rules hit and as time passes, and tells what they find, once.

The pure part (`monitor.match.trends`) says what holds at a moment. Here it is handed what happened, and what follows is
written: what was told, what has ceased, and the alert, all in the transaction of the hits that it follows from.
"""

import logging
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace

from monitor.alert import trend as said
from monitor.config import Config
from monitor.match.trends import History, Kind, Trend
from monitor.match.trends.base import GAP, Hour
from monitor.match.trends.new import New
from monitor.match.trends.spike import HOUR, Spike
from monitor.model import Alert, Finding, Hit, TrendState, Verdict
from monitor.store import Store

log = logging.getLogger("monitor.trends")
Enqueue = Callable[[Alert, Iterable[str], float], None]
Note = Callable[[str, str, str, float], None]  # kind, key, what is wrong ("" = nothing any more), now
Seen = tuple[Trend, TrendState | None, Finding]


class Trending:
    """The trends of one configuration over a store."""

    def __init__(self, *, config: Config, store: Store, enqueue: Enqueue, note: Note) -> None:
        """Take what is needed; `enqueue` queues an alert for channels, `note` opens and closes problems."""
        self._config = config
        self._store = store
        self._enqueue = enqueue
        self._note = note
        self._sources = {source.id: source for source in config.sources}
        # trend -> (hour in which it was read, the baseline, days on which something was polled)
        self._baselines: dict[str, tuple[int, tuple[Hour, ...], frozenset[int]]] = {}
        self._by_id = {trend.id: trend for trend in config.rules.trends}
        self._by_rule: dict[str, list[Trend]] = {}
        for trend in config.rules.trends:
            for rule in trend.rules:
                self._by_rule.setdefault(rule, []).append(trend)

    @property
    def trends(self) -> tuple[Trend, ...]:
        """The trends that are live."""
        return self._config.rules.trends

    # --- the beginning -----------------------------------------------------------------------------------------------

    def begin(self, now: float) -> None:
        """Make ready: a trend that is new, or was changed, starts anew, and what it may not call new is learnt."""
        for gone in self._store.problems.current("trend"):
            self._note("trend", gone.key, "", now)
        if not self.trends:
            return
        with self._store.transaction():
            known = self._store.trends.states()
            for trend in self.trends:
                state = known.get(trend.id)
                if state is None or state.hash != trend.hash:
                    self._start(trend, state, now)
                else:
                    self._prime(trend, state.checked_at - 1.0, now)  # what came while it was switched off

    def _states(self, now: float) -> dict[str, TrendState]:
        """Return the state of every trend; one that is not known or was changed starts anew."""
        known = self._store.trends.states()
        return {
            trend.id: state
            if (state := known.get(trend.id)) and state.hash == trend.hash
            else self._start(trend, state, now)
            for trend in self.trends
        }

    def _start(self, trend: Trend, state: TrendState | None, now: float) -> TrendState:
        """Begin a trend that is new or was changed; but what was seen before is never new again."""
        first = self._store.trends.first(trend.rules)
        keeps = state is not None and isinstance(trend.kind, New) and state.kind == trend.kind.name
        state = TrendState(
            trend_id=trend.id,
            kind=trend.kind.name,
            hash=trend.hash,
            since=min(now, now if first is None else first, state.since if state and keeps else now),
            watching_since=now,
            checked_at=now,
            fired_at=state.fired_at if state else None,
            fired=state.fired if state else 0,
            reason=state.reason if state else "",
            alert_id=state.alert_id if state else "",
        )
        self._store.trends.save(state)
        if not keeps:
            self._store.trends.forget(trend.id)
        self._prime(trend, float("-inf"), now)
        return state

    def _prime(self, trend: Trend, since: float, now: float) -> None:
        if isinstance(trend.kind, New):
            hits = self._store.trends.occurrences(trend.rules, since, now, terms=trend.kind.wants_terms, old=True)
            self._store.trends.tell(trend.id, trend.kind.values(hits), now)

    # --- when something happens --------------------------------------------------------------------------------------

    def after(self, hits: Iterable[Hit], old: Container[str], now: float) -> list[Finding]:
        """Look at the trends whose rules hit just now; return what was told. In the transaction that stored the hits.

        `old` are the articles that are only history: they wake nothing but the trends that learn from it.
        """
        if not self._by_rule:
            return []
        woken: dict[str, Trend] = {}
        for hit in hits:
            for trend in self._by_rule.get(hit.rule_id, ()):
                if trend.kind.on_hits and (hit.article_id not in old or trend.kind.wants_old):
                    woken[trend.id] = trend
        if not woken:
            return []
        states = self._states(now)
        turns = [self._turn(trend, states[trend.id], now, just_now=True) for trend in woken.values()]
        return [finding for finding in turns if finding]

    def on_time(self, now: float) -> list[Finding]:
        """Look at the trends that time alone can change; return what was told."""
        if not self.trends:
            return []
        told: list[Finding] = []
        with self._store.transaction():  # made durable by what is told
            for trend_id, state in self._states(now).items():
                trend = self._by_id[trend_id]
                state = self._without_gap(trend, state, now)
                if self._is_due(trend) and (finding := self._turn(trend, state, now)):
                    told.append(finding)
            self._store.trends.checked([trend.id for trend in self.trends], now)
        return told

    def _is_due(self, trend: Trend) -> bool:
        when = trend.kind.on_time
        return when == "always" or (when == "told" and self._store.trends.known(trend.id) > 0)

    def _without_gap(self, trend: Trend, state: TrendState, now: float) -> TrendState:
        """Begin to watch anew after a time without looks: what was not watched was neither silent nor usual.

        A clock that was in the future, and is right again, would else stop a trend until that future has come.
        """
        begun = now if now - state.checked_at > max(GAP, trend.kind.span / 2) else min(state.watching_since, now)
        mended = replace(state, watching_since=begun, since=min(state.since, now))
        if mended != state:
            self._store.trends.save(mended)
        return mended

    def _turn(self, trend: Trend, state: TrendState, now: float, *, just_now: bool = False) -> Finding | None:
        """Look at one trend and write what follows; return the finding where it was told."""
        history = self._history(trend, state, now, just_now=just_now)
        try:
            finding = trend.look(history, now)
        except Exception as error:  # one bad trend stops neither the others nor the articles
            log.error("a trend cannot be looked at", exc_info=error, extra={"rule": trend.id})
            self._note("trend", trend.id, f"trend {trend.id} fails: {type(error).__name__}: {error}", now)
            return None
        if finding.learnt:
            self._store.trends.tell(trend.id, finding.learnt, now)
        if finding.over:
            self._store.trends.forget(trend.id, finding.over)
        if not finding.fresh:
            return None
        self._tell(trend, state, finding, now)
        return finding

    def _tell(self, trend: Trend, state: TrendState, finding: Finding, now: float) -> None:
        """Queue the alert, and remember that it was told."""
        behind = {article_id for one in finding.behind for article_id in one.articles[: said.LISTED]}
        articles = {one.id: one for article_id in behind if (one := self._store.articles.get(article_id))}
        alert = said.alert_of(finding, articles, self._sources, now=now)
        settings = self._config.settings
        sources = [self._sources[source_id] for source_id in finding.sources if source_id in self._sources]
        self._enqueue(alert, said.channels_for(finding, sources, settings.routes, settings.channels), now)
        self._store.trends.tell(trend.id, finding.fresh, now)
        told = replace(state, fired_at=now, fired=state.fired + 1, reason=finding.reason, alert_id=alert.id)
        self._store.trends.save(told)

    # --- what happened -----------------------------------------------------------------------------------------------

    def _history(self, trend: Trend, state: TrendState, now: float, *, just_now: bool = False) -> History:
        """Return what a trend looks at."""
        kind, stored = trend.kind, self._store.trends
        since = now - kind.span
        if isinstance(kind, New):
            since = now - 1e-3 if just_now else now  # the hits of this moment
        hits = []
        if all(self._came(side, since, now) for side in kind.sides):
            hits = stored.occurrences(trend.rules, since, now, terms=kind.wants_terms, old=kind.wants_old)
        values = kind.values(hits) if isinstance(kind, New) else None
        history = History(
            hits=tuple(hits),
            told=stored.told(trend.id, values),
            since=self._since(kind, state, now),
            watching_since=state.watching_since,
            last=stored.last(trend.rules, now) if kind.wants_last else None,
            known=stored.known(trend.id) if isinstance(kind, New) else 0,
        )
        if isinstance(kind, Spike) and kind.wants_baseline(history, now):
            return self._with_baseline(trend, kind, history, now)
        return history

    def _came(self, rules: Sequence[str], since: float, now: float) -> bool:
        last = self._store.trends.last(rules, now)
        return last is not None and last.at > since

    def _since(self, kind: Kind, state: TrendState, now: float) -> float:
        """Return from when on the past is known: hits are pruned, but not the values that a trend has seen."""
        kept = self._config.settings.retention.hits
        return state.since if kept is None or isinstance(kind, New) else max(state.since, now - kept)

    def _with_baseline(self, trend: Trend, kind: Spike, history: History, now: float) -> History:
        hour = int(now // HOUR)
        read = self._baselines.get(trend.id)
        if read is None or read[0] != hour:
            since = now - kind.past - HOUR
            hours = tuple(self._store.trends.hourly(trend.rules, since, now))
            read = self._baselines[trend.id] = (hour, hours, self._store.counters.days("fetched", since, now))
        return replace(history, hours=read[1], days=read[2])

    # --- only looking ------------------------------------------------------------------------------------------------

    def seen(self, now: float) -> list[Seen]:
        """Return every trend with what is remembered of it and what it finds now; nothing is told or written."""
        states = self._store.trends.states()
        return [(trend, states.get(trend.id), self._seen(trend, states.get(trend.id), now)) for trend in self.trends]

    def _seen(self, trend: Trend, state: TrendState | None, now: float) -> Finding:
        if state is None or state.hash != trend.hash:
            why = "not watched yet" if state is None else "changed, and not watched since"
            words = f"{why}: it begins with the next `monitor run` or `monitor once`"
            return trend.finding(Verdict.LEARNING, words)
        history = self._history(trend, state, now)
        if isinstance(trend.kind, Spike):
            history = self._with_baseline(trend, trend.kind, history, now)  # to show it, whether it matters or not
        return trend.look(history, now)
