"""Short ways to make the values that the store's tests need."""

from typing import Any

from monitor.model import Alert, Article, Evidence, Field, Hit, Judged, Novelty, Severity, Source, Story

NOW = 1_790_000_000.0


def source(number: int = 1, **values: Any) -> Source:
    given = {"id": f"source-{number}", "url": f"https://paper{number}.example/rss", "title": f"Paper {number}"}
    return Source(**{**given, **values})


def article(number: int = 1, **values: Any) -> Article:
    given: dict[str, Any] = {
        "id": f"a{number:012}",
        "source_id": "source-1",
        "identity": f"tag:paper.example,{number}",
        "url": f"https://paper.example/{number}",
        "link": f"https://paper.example/{number}?utm_source=rss",
        "title": f"Article {number}",
        "summary": "",
        "body": "",
        "seen_at": NOW + number,
        "content_hash": f"hash-{number}",
    }
    return Article(**{**given, **values})


def judged(number: int = 1, novelty: Novelty = Novelty.NEW, reason: str = "not seen before", **values: Any) -> Judged:
    return Judged(article(number, **values), novelty, reason)


def hit(number: int = 1, rule: str = "border", **values: Any) -> Hit:
    given: dict[str, Any] = {
        "article_id": f"a{number:012}",
        "rule_id": rule,
        "rule_name": f"Rule {rule}",
        "watch": "Belarus border",
        "severity": Severity.HIGH,
        "evidence": (Evidence("any", "troops", "Troops", Field.TITLE, 0, 6),),
        "rule_hash": "r1",
        "at": NOW + number,
    }
    return Hit(**{**given, **values})


def story(number: int = 1, **values: Any) -> Story:
    given: dict[str, Any] = {
        "id": f"s{number:012}",
        "article": article(number),
        "source": source(1),
        "hits": (hit(number),),
        "novelty": Novelty.NEW,
        "first_seen": NOW + number,
    }
    return Story(**{**given, **values})


def alert(number: int = 1, **values: Any) -> Alert:
    given: dict[str, Any] = {
        "id": f"n{number:012}",
        "kind": "system",
        "severity": Severity.HIGH,
        "title": f"Alert {number}",
        "at": NOW,
        "data": {"words": ["танк", "<b>"], "n": number},
    }
    return Alert(**{**given, **values})
