"""A configuration folder with rules and a database of articles that its pipeline took in, for the rules' commands."""

import itertools
import shutil
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from monitor.config import load
from monitor.model import Article, Fetched, Parsed, Reading, State
from monitor.pipeline import Pipeline, Polled
from monitor.store import Store, Verdict
from tests import fresh

SOURCES = """\
sources:
  - {id: kestrel, url: "https://kestrel.example/rss", country: PL, reliability: B}
  - {id: harbour, url: "https://harbour.example/rss", country: BY}
"""
RULES = """\
watch: Border
terms:
  forces: [troops, soldiers]
rules:
  - id: border
    match: {all: [$forces, [border, frontier]]}
  - id: exercise
    severity: high
    match: [exercise*]
"""
DAY = 86400.0


def world(folder: Path, texts: Sequence[str], *, rules: str = RULES, age: float = DAY) -> Path:
    """Write a configuration and take articles in, one an hour, the last one `age` seconds old."""
    shutil.copytree(_made(tuple(texts), rules, age), folder, dirs_exist_ok=True)
    return folder


@cache
def _made(texts: tuple[str, ...], rules: str, age: float) -> Path:
    """Make such a folder once; the minutes until the tests have ended do not count."""
    folder = Path(tempfile.mkdtemp(dir=fresh.folder().name))
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    (folder / "monitor.yaml").write_text("{}\n")
    (folder / "sources.yaml").write_text(SOURCES)
    (folder / "rules" / "border.yaml").write_text(rules)
    take(folder, texts, first=time.time() - age - 3600 * (len(texts) - 1))
    return folder


def take(folder: Path, texts: Sequence[str], *, first: float, start: int = 0, **article: Any) -> None:
    """Let the pipeline match and store articles; its clock goes on by a millisecond whenever it is read."""
    config = load(folder)
    ticks = itertools.count()
    with fresh.store(folder / "monitor.db") as store:
        store.sources.sync(list(config.sources), 0.0)
        pipeline = Pipeline(config=config, store=store, backfill=True, clock=lambda: next(ticks) * 0.001)
        for number, text in enumerate(texts, start):
            at = first + 3600 * (number - start)
            source = config.sources[number % 2]
            reading = Reading(parsed=Parsed(state=State.OK), articles=(made(number, text, source.id, at, **article),))
            fetched = Fetched(source_id=source.id, state=State.OK, at=at)
            state = store.sources.states()[source.id]
            polled = Polled(source=source, state=state, fetched=fetched, reading=reading)
            pipeline.ingest([polled], now=at, spread=lambda: 0.5)


def made(number: int, text: str, source: str, at: float, **values: Any) -> Article:
    """Return an article; the first line of its text is the title."""
    title, _, rest = text.partition("\n")
    given: dict[str, Any] = {
        "id": f"a{number:012}",
        "source_id": source,
        "identity": f"item-{number}",
        "url": f"https://{source}.example/{number}",
        "link": f"https://{source}.example/{number}",
        "title": title,
        "summary": rest,
        "body": "",
        "language": "en",
        "published_at": at,
        "seen_at": at,
        "content_hash": f"hash-{number}",
    }
    return Article(**{**given, **values})


def mark(folder: Path, rule: str, verdicts: dict[int, str]) -> None:
    """Mark hits of a rule, by the numbers of their articles."""
    with Store.open(folder / "monitor.db") as store:
        for number, verdict in verdicts.items():
            store.marks.set(f"a{number:012}", rule, Verdict(verdict), time.time())
