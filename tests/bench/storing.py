"""Storing articles with their full-text index: one insert-select a transaction against a trigger a row."""

import random
import statistics
import tempfile
import time
from pathlib import Path

from monitor.model import Article, Judged, Novelty, Source
from monitor.store import Store

SOURCES, BATCHES, BATCH, ROUNDS = 100, 20, 300, 5
LETTERS = 488  # of title and summary, as in the measured feeds
TRIGGER = """
    CREATE TRIGGER articles_ai AFTER INSERT ON articles BEGIN
        INSERT INTO articles_fts (rowid, title, summary, body, variants)
        VALUES (new.number, new.title, new.summary, new.body, new.variants);
    END
"""


def batches(seed: int) -> list[list[Judged]]:
    """Return batches of new articles with words as unevenly frequent as in news."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvwz", k=chance.randint(2, 11))) for _ in range(20000)]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    return [
        [_article(batch * BATCH + number, " ".join(chance.choices(words, weights, k=90))) for number in range(BATCH)]
        for batch in range(BATCHES)
    ]


def _article(number: int, text: str) -> Judged:
    url = f"https://paper.example/2026/05/an-article-with-a-usual-name-{number}"
    article = Article(
        id=f"a{number:012}",
        source_id=f"source-{number % SOURCES}",
        identity=url,
        url=url,
        link=url,
        title=text[:80],
        summary=text[81:LETTERS],
        body="",
        seen_at=1_000_000.0 + number,
        published_at=1_000_000.0,
        published_raw="Tue, 10 May 2022 10:00:00 GMT",
        language="en",
        content_hash=f"{number:032x}",
    )
    return Judged(article, Novelty.NEW, "not seen before")


def _load(folder: Path, work: list[list[Judged]], *, trigger: bool) -> tuple[float, float]:
    """Store everything and return rows per second of CPU time (the machine may be shared) and bytes per row."""
    with Store.open(folder / "bench.db") as store:
        store.sources.sync([Source(id=f"source-{n}", url=f"https://paper{n}.example/rss") for n in range(SOURCES)], 0.0)
        if trigger:
            store._db.execute(TRIGGER)
            store._db.before_commit.clear()
        start = time.process_time()
        for batch in work:
            with store.transaction():
                store.articles.add(batch)
        elapsed = time.process_time() - start
        assert len(store.articles.search(text=work[0][0].article.title.split()[0], limit=1)) == 1
    rows = BATCHES * BATCH
    return rows / elapsed, (folder / "bench.db").stat().st_size / rows


def run() -> list[dict[str, object]]:
    """Measure both ways alternately and return a row for each."""
    work = batches(1)
    found: dict[str, list[tuple[float, float]]] = {"insert-select": [], "trigger": []}
    for _ in range(ROUNDS):
        for way, results in found.items():
            with tempfile.TemporaryDirectory() as folder:
                results.append(_load(Path(folder), work, trigger=way == "trigger"))
    speeds = {way: statistics.median(speed for speed, _ in results) for way, results in found.items()}
    return [
        {
            "full-text index by": way,
            "rows per CPU second": round(speeds[way]),
            "bytes/row": round(found[way][0][1]),
            "ratio": f"{speeds[way] / speeds['trigger']:.2f}",
            "goal": ">= 1.7" if way == "insert-select" else "",
        }
        for way in found
    ]
