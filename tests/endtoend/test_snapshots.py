"""Three real poll sequences, replayed as RSS: no article twice, every edit a version, every returning link known."""

import gzip
import json
import os
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from monitor.config import Config
from monitor.match.rulebook import RuleBook
from monitor.model import Fetched, Job, Source, State
from monitor.pipeline import Pipeline, Polled
from monitor.reading import read
from monitor.settings import Settings
from monitor.store import Store

CORPUS = os.environ.get("MONITOR_CORPUS")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS, reason="MONITOR_CORPUS is not set: the corpus of real feeds is not here"),
]
Item = dict[str, str]


def polls(name: str) -> list[tuple[float, list[Item]]]:
    with gzip.open(Path(str(CORPUS)) / "feeds" / "snapshots" / f"{name}.jsonl.gz", "rt") as file:
        lines = [json.loads(line) for line in file]
    return [(datetime.fromisoformat(line["polled"]).timestamp(), line["items"]) for line in lines]


def document(items: list[Item]) -> bytes:
    def entry(item: Item) -> str:
        date = format_datetime(datetime.fromisoformat(item["published"])) if item.get("published") else ""
        return (
            f"<item><title>{escape(item.get('title') or '')}</title><link>{escape(item.get('link') or '')}</link>"
            f"<pubDate>{date}</pubDate>"
            f"<description>{escape(escape(item.get('description') or ''))}</description></item>"
        )

    body = "".join(entry(item) for item in items)
    head = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>S</title>"
    return f"{head}{body}</channel></rss>".encode()


def replay(name: str, store: Store) -> dict[str, int]:
    """Poll after poll through read and ingest; return what the store says of each gate."""
    source = Source(id="replay", url="http://replay.example/feed")
    config = Config(
        folder=Path("."), settings=Settings(), sources=(source,), rules=RuleBook.compile([])[0], problems=(), files=()
    )
    store.sources.sync([source], 0.0)
    pipeline = Pipeline(config=config, store=store)
    gates: dict[str, int] = {}
    for now, items in polls(name):
        state = store.sources.state("replay")
        body = document(items)
        job = Job(
            source=source,
            body=body,
            url=source.url,
            content_type="application/rss+xml",
            known=state.items,
            entries_limit=2000,
            now=now,
        )
        fetched = Fetched(source_id="replay", state=State.OK, url=source.url, status=200, body=body, at=now)
        report = pipeline.ingest(
            [Polled(source=source, state=state, fetched=fetched, reading=read(job))], now=now, spread=lambda: 0.5
        )
        for (gate, label), number in report.gates.items():
            gates[f"{gate}:{label}"] = gates.get(f"{gate}:{label}", 0) + number
    return gates


def returning(name: str) -> int:
    """Count how often a link comes back after it had left."""
    seen: set[str] = set()
    before: set[str] = set()
    count = 0
    for _, items in polls(name):
        links = {item.get("link") or "" for item in items}
        count += len((links & seen) - before)
        seen |= links
        before = links
    return count


@pytest.mark.parametrize("name", ["bbc-news-2020", "top-ru-2020", "newsriver-7days"])
def test_a_real_week_gives_no_article_twice(name: str, tmp_path: Path) -> None:
    store = Store.open(tmp_path / "monitor.db")
    gates = replay(name, store)
    fresh = gates.get("articles:new", 0) + gates.get("articles:history", 0)
    links = {item.get("link") for _, items in polls(name) for item in items}
    titles = {(item.get("link"), item.get("title")) for _, items in polls(name) for item in items}
    print(
        f"{name}: {len(polls(name))} polls, {len(links)} links, {len(titles)} link+title, "
        f"{returning(name)} returns: {gates}"
    )
    store.close()
    # Several links can name one article (tracking, mobile hosts), but never the other way round.
    assert fresh <= len(links)
    assert fresh >= 0.97 * len(links)
    assert gates.get("articles:edited", 0) >= len(titles) - len(links) - (len(links) - fresh)
