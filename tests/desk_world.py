"""A monitor whose articles are handed to it: a real configuration, store and pipeline; only the network is left out."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from monitor.config import load
from monitor.desk import Desk
from monitor.model import Article, Fetched, Parsed, Reading, SourceState, State
from monitor.pipeline import Pipeline, Polled, Report
from monitor.store import Store
from tests import fresh

START = 1_790_000_000.0
HOUR = 3600.0
SOURCES = """\
sources:
  - {id: kestrel, url: "https://kestrel.example/rss", title: Kestrel Wire, reliability: C}
  - {id: plover, url: "https://plover.example/rss", title: Plover Post, reliability: B}
  - {id: wader, url: "https://wader.example/rss", title: Wader Daily, reliability: B}
"""
RULES = """\
watch: Disasters
rules:
  - {id: ferry, severity: high, match: {any: [ferry, Aurelia, Kotor, паром, Аурелия]}}
  - {id: fire, severity: medium, match: {any: [fire, smoke, Zenica]}}
  - {id: captain, severity: critical, match: [captain]}
"""
CHANNEL = 'channels: {desk: {url: "json://127.0.0.1:9/desk"}}\nalerts: {group_wait: 0, updates: [severity, rules]}\n'
SINKS = ("Ferry Aurelia sinks in the Bay of Kotor", "Divers search for two deckhands.")
SANK = ("Kotor: divers search for deckhands of ferry Aurelia", "The ferry sank in the Bay of Kotor.")
HELD = ("Captain of ferry Aurelia held in Kotor", "Divers search on in the bay where the ferry sank.")
FIRE = ("Fire at Zenica steelworks", "Blast furnace stands still.")
SMOKE = ("Smoke above Zenica: school closed", "Children were sent home.")


class World:
    """One folder with its database, and the time."""

    def __init__(self, folder: Path, *, rules: str = RULES, monitor: str = CHANNEL) -> None:
        """Write the configuration and start."""
        self.folder = folder
        self.now = START
        (folder / "rules").mkdir(parents=True, exist_ok=True)
        (folder / "monitor.yaml").write_text(monitor)
        (folder / "sources.yaml").write_text(SOURCES)
        (folder / "rules" / "rules.yaml").write_text(rules)
        self.config = load(folder)
        assert [str(one) for one in self.config.problems if not one.warning] == []
        self.store = fresh.store(folder / "monitor.db")
        self.store.sources.sync(list(self.config.sources), self.now)
        self.begin()

    def begin(self) -> None:
        """Begin to work; the sample of all articles is small enough to be changed by a few of them."""
        self.pipeline = Pipeline(config=self.config, store=self.store)
        self.pipeline.desk = Desk(self.store, one_in=2, most=3)

    def restart(self) -> None:
        """Stop and start: what was only remembered is gone."""
        self.store.close()
        self.store = Store.open(self.folder / "monitor.db")
        self.begin()

    def later(self, hours: float) -> "World":
        """Let time pass."""
        self.now += hours * HOUR
        return self

    def poll(self, *articles: Article, primed: bool = True) -> Report:
        """Let the sources of these articles bring them; not `primed`: at their first poll."""
        polls = [
            Polled(
                source=self.pipeline.sources[source_id],
                state=SourceState(source_id=source_id, primed=primed),
                fetched=Fetched(source_id=source_id, state=State.OK, status=200, at=self.now),
                reading=Reading(
                    parsed=Parsed(state=State.OK, whole=False),
                    articles=tuple(one for one in articles if one.source_id == source_id),
                ),
            )
            for source_id in dict.fromkeys(one.source_id for one in articles)
        ]
        return self.pipeline.ingest(polls, now=self.now, spread=lambda: 0.5)

    def article(self, name: str, text: Sequence[str], source: str = "kestrel", **values: Any) -> Article:
        """Make an article that is published now; of the same name and source it is an edit of the first one."""
        title, summary = text
        given: dict[str, Any] = {
            "id": f"a{name}",
            "source_id": source,
            "identity": name,
            "url": f"https://{source}.example/{name}",
            "link": f"https://{source}.example/{name}",
            "title": title,
            "summary": summary,
            "body": "",
            "language": "en",
            "published_at": self.now,
            "seen_at": self.now,
            "content_hash": hashlib.sha256(f"{title}\0{summary}".encode()).hexdigest(),
        }
        return Article(**{**given, **values})

    def stories(self) -> set[frozenset[str]]:
        """Return which articles are together."""
        listed = self.store.stories.search(limit=1000)
        return {frozenset(self.store.stories.articles(one.id)) for one in listed}

    def alerts(self) -> list[tuple[str, str]]:
        """Return what was queued: (kind, headline), in order."""
        return [(one.kind, str(one.data["headline"])) for _, one in self.store.alerts.after(0)]
