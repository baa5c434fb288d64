"""Spikes in five weeks of real news: the days that were news are found, and little else is told."""

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rule_builders import compiled

from monitor.match.trends import History, Trend
from monitor.match.trends.spike import Spike
from monitor.model import Occurrence

CORPUS = os.environ.get("MONITOR_CORPUS", "")
NEWS = Path(CORPUS or "/nowhere") / "news" / "2022-04-15_2022-05-20.jsonl.gz"
WORDS = ("ukraine", "sanction", "missile", "troops", "mariupol", "finland", "inflation", "musk", "shooting")
pytestmark = pytest.mark.skipif(not NEWS.exists(), reason="MONITOR_CORPUS names no corpus with news/")


@pytest.fixture(scope="module")
def hits() -> dict[str, list[Occurrence]]:
    """When each word was in the news."""
    found: dict[str, list[Occurrence]] = {word: [] for word in WORDS}
    with gzip.open(NEWS, "rt") as file:
        for item in map(json.loads, file):
            text = f"{item.get('title')} {item.get('text')}".casefold()
            at = datetime.fromisoformat(item["date"].replace("Z", "+00:00")).timestamp()
            for word in WORDS:
                if word in text:
                    found[word].append(Occurrence(article_id=item["id"], source_id="s", rule_id=word, at=at))
    return {word: sorted(listed, key=lambda hit: hit.at) for word, listed in found.items()}


def trend_of(word: str, **values: Any) -> Trend:
    book, problems = compiled(
        {"rules": [{"id": word, "match": word}], "trends": [{"id": "trend", "spike": {"rule": word, **values}}]}
    )
    assert problems == ()
    return book.trends[0]


def told(trend: Trend, hits: list[Occurrence]) -> Iterator[float]:
    """Look every quarter of an hour, as the daemon does every minute; give the moments at which it is told."""
    assert isinstance(trend.kind, Spike)
    start, end = hits[0].at // 86400 * 86400, hits[-1].at
    hours = Counter(int(hit.at // 3600) for hit in hits)
    said: dict[str, float] = {}
    first, now = 0, start
    while now < end:
        now += 900
        while hits[first].at < now - trend.kind.span:
            first += 1
        recent = tuple(hit for hit in hits[first : first + 500] if hit.at <= now)
        history = History(hits=recent, told=said, since=start, watching_since=start)
        if trend.kind.wants_baseline(history, now):
            past = tuple((hour, "s", number) for hour, number in hours.items() if hour <= now // 3600)
            finding = trend.look(History(hits=recent, told=said, since=start, watching_since=start, hours=past), now)
            if finding.over:
                said = {}
            if finding.fresh:
                said = {"": now}
                yield now


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("musk", "2022-04-25"),  # a company is bought
        ("inflation", "2022-05-12"),  # figures are published
        ("finland", "2022-05-12"),  # a country asks to join an alliance
        ("shooting", "2022-05-15"),  # the day after one
    ],
)
def test_a_day_that_was_news_is_told(word: str, day: str, hits: dict[str, list[Occurrence]]) -> None:
    days = {f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}" for at in told(trend_of(word, within="6h"), hits[word])}
    assert day in days


def test_little_else_is_told(hits: dict[str, list[Occurrence]]) -> None:
    numbers = {
        (word, window): len(list(told(trend_of(word, within=window), hits[word])))
        for word in WORDS
        for window in ("1h", "6h")
    }
    print(numbers)
    assert max(numbers.values()) <= 6  # in five weeks
    assert sum(numbers.values()) / len(numbers) <= 2
