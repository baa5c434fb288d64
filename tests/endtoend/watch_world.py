"""A month of feeds that live, die and fall silent, through the real pipeline and store; time is passed in."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.model import Article, Fetched, Parsed, Reading, Source, SourceState, State
from monitor.pipeline import Polled
from tests.endtoend.trend_world import DAY, HOUR, START, World

MONITOR = """
timezone: Europe/Warsaw
channels:
  desk: {url: "json://127.0.0.1:9/desk"}
  pager: {url: "json://127.0.0.1:9/pager"}
operators: pager
"""
WINDOW = 20  # items that a feed lists


@dataclass
class Feed:
    """What a feed does: when it publishes, and how it fails."""

    gap: float = 2 * HOUR
    publishes: Callable[[float], bool] = lambda _: True
    answers: Callable[[float], State] = lambda _: State.OK
    moved_to: Callable[[float], str] = lambda _: ""
    dated: Callable[[float], bool] = lambda _: True
    pending: list[float] = field(default_factory=list)
    next_item: float = START

    def advance(self, now: float, chance: random.Random) -> None:
        while self.next_item <= now:
            if self.publishes(self.next_item):
                self.pending.append(self.next_item)
            self.next_item += self.gap * chance.uniform(0.5, 1.5)


class Watch(World):
    """Feeds by name; `run` lets time pass in steps, as the daemon would."""

    def __init__(self, folder: Path, feeds: dict[str, Feed], monitor: str = MONITOR, seed: int = 1) -> None:
        self.feeds = feeds
        self.chance = random.Random(seed)
        self.free = 10**12
        super().__init__(folder, "  []", monitor, feeds)

    def write(self, trends: str) -> None:
        """There are none."""

    def run(self, until: float, step: float = 600.0, restart_every: int = 0) -> None:
        number = 0
        while self.now < until:
            self.now += step
            number += 1
            self.step()
            if restart_every and number % restart_every == 0:
                self.restart()

    def step(self) -> None:
        due = self.store.sources.due(self.now, 1000)
        batch = [self.answer(state) for state in due]
        for start in range(0, len(batch), 64):
            self.pipeline.ingest(batch[start : start + 64], now=self.now, spread=lambda: 0.5)
        self.pipeline.watch.look(self.now, free=self.free)

    def answer(self, state: SourceState) -> Polled:
        source = next(one for one in self.config.sources if one.id == state.source_id)
        feed = self.feeds[source.id]
        feed.advance(self.now, self.chance)
        said = feed.answers(self.now)
        fetched: dict[str, Any] = {"moved_to": feed.moved_to(self.now), "status": 200}
        if said is not State.OK:
            fetched = {"reason": f"it is {said}", "status": None}
        got = Fetched(source_id=source.id, state=said, url=source.url, at=self.now, **fetched)
        if said is not State.OK:
            return Polled(source=source, state=state, fetched=got)
        new, feed.pending = feed.pending[-WINDOW:], []
        parsed = Parsed(state=State.OK if new else State.UNCHANGED, known=WINDOW - len(new), whole=False)
        return Polled(
            source=source,
            state=state,
            fetched=got,
            reading=Reading(parsed=parsed, articles=tuple(self.item(source, at, feed) for at in new)),
        )

    def item(self, source: Source, at: float, feed: Feed) -> Article:
        dated = feed.dated(at)
        article = self.article(f"Report {self.numbers} of {source.id}", source.id, at)
        if dated:
            return article
        from dataclasses import replace

        return replace(article, published_at=None, flags=frozenset({"date-missing"}))

    def messages(self) -> list[tuple[float, str]]:
        """Return what the operators are told, the daily lines left out: (hours since the start, title)."""
        return [(at, title) for at, title, kind in self.told_rows() if kind != "heartbeat"]

    def heartbeats(self) -> list[tuple[float, str]]:
        return [(at, title) for at, title, kind in self.told_rows() if kind == "heartbeat"]

    def told_rows(self) -> list[tuple[float, str, str]]:
        rows = self.store._db.rows(
            "SELECT n.at, n.title, n.data ->> '$.kind', d.channel FROM alerts AS n "
            "JOIN deliveries AS d ON d.alert_id = n.id WHERE n.kind = 'system' ORDER BY d.id"
        )
        assert {channel for *_, channel in rows} <= {"pager"}
        return [((at - START) / HOUR, title.removeprefix("monitor: "), kind) for at, title, kind, _ in rows]

    def told_lines(self) -> tuple[int, int]:
        """Return for how many problems the messages stand: those that say they began, and those that say they ended."""
        rows = self.store._db.rows(
            "SELECT data ->> '$.kind' LIKE '% over', title, json_array_length(data, '$.lines'), "
            "instr(data ->> '$.key', ' ') FROM alerts WHERE kind = 'system' AND data ->> '$.kind' <> 'heartbeat'"
        )
        counts = [0, 0]
        for over, _, lines, together in rows:
            counts[over] += lines if together else 1
        return counts[0], counts[1]

    def problems(self) -> list[tuple[Any, ...]]:
        return self.store._db.rows(
            "SELECT kind, key, opened_at, told_at, closed_at, over_at FROM problems ORDER BY number"
        )


def weekday(at: float) -> bool:
    return int((at - START) // DAY) % 7 < 5


def between(start: float, end: float) -> Callable[[float], bool]:
    """Return whether a moment is within these days since the start."""
    return lambda now: start * DAY <= now - START < end * DAY
