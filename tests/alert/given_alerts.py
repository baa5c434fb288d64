"""A source, an article, and what is made of them."""

from dataclasses import replace
from typing import Any

from monitor.model import Article, Evidence, Field, Hit, Novelty, Severity, Source, Story

NOW = 1_763_900_000.0
SOURCE = Source(
    id="kestrel",
    url="https://kestrel.example/feed",
    title="Kestrel Wire",
    country="PL",
    reliability="B",
    tags=frozenset({"wire"}),
)
ARTICLE = Article(
    id="akestrel00001",
    source_id="kestrel",
    identity="tag:kestrel,1",
    url="https://kestrel.example/2022/border",
    link="https://kestrel.example/2022/border?utm_source=feed",
    title="Belarus sends special forces toward its southern border",
    summary="The week began quietly. Belarus is sending special forces to three areas close to its border. All slept.",
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
        id=f"s{article.id}",
        article=article,
        source=source,
        hits=hits or (hit(article),),
        novelty=novelty,
        first_seen=NOW,
    )
