"""Stories, alerts and deliveries to begin with."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor.alert import message
from monitor.model import Alert, Article, Evidence, Field, Hit, Judged, Novelty, Severity, Source, Story
from monitor.store import Store

NOW = 1_763_900_000.0
SOURCE = Source(
    id="kestrel", url="https://kestrel.example/feed", title="Kestrel Wire", country="PL", reliability="B", tags=frozenset({"wire"})
)
ARTICLE = Article(
    id="akestrel00001",
    source_id="kestrel",
    identity="tag:kestrel,1",
    url="https://kestrel.example/2022/border",
    link="https://kestrel.example/2022/border?utm_source=feed",
    title="Belarus sends special forces toward its southern border",
    summary="The week began quietly. Belarus is sending special forces to three areas close to its border. Markets slept.",
    body="",
    published_at=NOW - 600,
    seen_at=NOW,
    language="en",
)


def evidence(article: Article, words: str, field: Field = Field.SUMMARY) -> Evidence:
    """Return evidence for words where they first stand in a field."""
    start = article.text(field).index(words)
    return Evidence("any", words, words, field, start, start + len(words))


def hit(article: Article = ARTICLE, rule: str = "border-deployment", **changes: Any) -> Hit:
    """Return a hit of an article."""
    found = Hit(
        article_id=article.id,
        rule_id=rule,
        rule_name=f"Rule {rule}",
        watch="Belarus border",
        severity=Severity.HIGH,
        evidence=(),
        at=NOW,
    )
    return replace(found, **changes)


def story(article: Article = ARTICLE, *hits: Hit, novelty: Novelty = Novelty.NEW, source: Source = SOURCE) -> Story:
    """Return the story of one article."""
    return Story(
        id=f"s{article.id}", article=article, source=source, hits=hits or (hit(article),), novelty=novelty, first_seen=NOW
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "monitor.db") as opened:
        opened.sources.sync([SOURCE], NOW)
        yield opened


@pytest.fixture
def queue(store: Store) -> Callable[..., list[Alert]]:
    """Store stories and queue their alerts for channels, as the pipeline does."""

    def add(count: int, channels: dict[str, Any], *, now: float = NOW, first: int = 0, **changes: Any) -> list[Alert]:
        alerts = []
        for number in range(first, first + count):
            article = replace(
                ARTICLE, id=f"a{number:012}", identity=f"i{number}", url=f"https://kestrel.example/{number}",
                title=f"Number {number}: special forces near the border", **changes
            )
            one = story(article)
            alert = message.alert_of(one, now=now)
            with store.transaction(durable=True):
                store.articles.add([Judged(article, Novelty.NEW, "new")])
                store.stories.add(one)
                store.alerts.add(alert, message.deliveries(alert, channels, channels), now)
            alerts.append(alert)
        return alerts

    return add
