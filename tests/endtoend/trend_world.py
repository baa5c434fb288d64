"""A watch in which time is passed in: a real configuration, store and pipeline; only the network is left out."""

from collections.abc import Iterable
from pathlib import Path

from monitor.config import load
from monitor.model import Article, Fetched, Finding, Parsed, Reading, State
from monitor.pipeline import Pipeline, Polled, Report
from tests import fresh

START = 1_790_035_200.0 - 1_790_035_200.0 % 86400  # midnight, UTC
HOUR, DAY = 3600.0, 86400.0
MONITOR = """
network: {allow: [127.0.0.1]}
channels:
  desk: {url: "json://127.0.0.1:9/desk"}
  pager: {url: "json://127.0.0.1:9/pager"}
routes:
  - {severity: critical, channels: pager, continue: true}
  - {channels: desk}
alerts: {group_wait: 0}
"""
RULES = """
watch: North
terms:
  places: [$brest, Grodno, Lida]
  brest: {en: [Brest], ru: ["Брест*"]}
rules:
  - {id: border, match: {near: {within: sentence, of: [troops, {any: [$places, border]}]}}}
  - {id: exercise, match: {near: {within: sentence, of: [exercise*, {any: [$places, range]}]}}}
"""


class World:
    """One folder with its database; `poll` and `tick` are what the daemon does."""

    def __init__(
        self, folder: Path, trends: str, monitor: str = MONITOR, sources: Iterable[str] = ("kestrel", "plover")
    ) -> None:
        self.folder = folder
        self.now = START
        self.numbers = 0
        self.told: list[tuple[float, Finding]] = []
        (folder / "rules").mkdir(exist_ok=True)
        (folder / "monitor.yaml").write_text(monitor)
        lines = "".join(
            f"  - {{id: {name}, title: {name.title()}, url: 'https://{name}.example/feed', tags: [{name}-tag]}}\n"
            for name in sources
        )
        (folder / "sources.yaml").write_text(f"sources:\n{lines}")
        (folder / "rules" / "rules.yaml").write_text(RULES)
        self.write(trends)
        self.open()

    def write(self, trends: str) -> None:
        (self.folder / "rules" / "trends.yaml").write_text(f"trends:\n{trends}")

    def open(self) -> None:
        """Start the monitor: read the files, open the database."""
        self.config = load(self.folder)
        assert [str(one) for one in self.config.problems if not one.warning] == []
        self.store = fresh.store(self.folder / "monitor.db")
        self.store.sources.sync(list(self.config.sources), self.now)
        self.adopt()

    def adopt(self) -> None:
        """Put a configuration into use."""
        self.pipeline = Pipeline(config=self.config, store=self.store)
        self.pipeline.trends.begin(self.now)

    def reload(self) -> None:
        self.config = load(self.folder)
        self.adopt()

    def restart(self) -> None:
        self.store.close()
        self.open()

    def poll(self, *titles: str, source: str = "kestrel", published: float | None = None) -> Report:
        """Let a source bring articles at this moment."""
        polled = self.polled(titles, source, published)
        report = self.pipeline.ingest([polled], now=self.now, spread=lambda: 0.5)
        self.told += [(self.now, finding) for finding in report.trends]
        return report

    def polled(self, titles: Iterable[str], source: str, published: float | None = None) -> Polled:
        articles = tuple(self.article(title, source, published) for title in titles)
        given = next(one for one in self.config.sources if one.id == source)
        return Polled(
            source=given,
            state=self.store.sources.state(source),
            fetched=Fetched(source_id=source, state=State.OK, url=given.url, status=200, at=self.now),
            reading=Reading(parsed=Parsed(state=State.OK), articles=articles),
        )

    def article(self, title: str, source: str, published: float | None) -> Article:
        self.numbers += 1
        return Article(
            id=f"a{self.numbers:012}",
            source_id=source,
            identity=f"tag:{source},{self.numbers}",
            url=f"https://{source}.example/{self.numbers}",
            link=f"https://{source}.example/{self.numbers}",
            title=title,
            summary="",
            body="",
            published_at=self.now - 60 if published is None else published,
            seen_at=self.now,
            language="en",
            content_hash=f"h{self.numbers}",
        )

    def tick(self) -> list[Finding]:
        """Look at what time alone changes."""
        told = self.pipeline.trends.on_time(self.now)
        self.told += [(self.now, finding) for finding in told]
        return told

    def prime(self) -> None:
        """Make the first poll of every source, whose articles are history."""
        for source in self.config.sources:
            self.poll("Harvest begins", source=source.id)

    def deliveries(self) -> list[tuple[str, str, str]]:
        """Return what is queued of trends: (channel, trend, alert id)."""
        rows = self.store._db.rows(
            "SELECT d.channel, n.data ->> '$.rules[0].id', n.id FROM deliveries AS d "
            "JOIN alerts AS n ON n.id = d.alert_id WHERE n.kind = 'trend' ORDER BY d.id"
        )
        return [tuple(row) for row in rows]
