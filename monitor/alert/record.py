"""A story as plain JSON, for programs: what a webhook carries, and what the API answers with more beside it; pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from monitor.alert.clean import cut
from monitor.alert.facts import credibility_words
from monitor.alert.message import alert_id
from monitor.model import Alert, Article, Hit, Member, Story

Record = dict[str, Any]
MOST, LETTERS = 50, 2000  # values of a list, and characters of a text, that a message carries
_SHORT = 200  # what is not text of a feed, such as an address, is shorter than LETTERS or left out
_OF_SOURCE = ("id", "name", "publisher", "country", "reliability")


def record_of(story: Story, *, base: str = "") -> Record:
    """Return what is known of a story by itself, whole; `base` is the address of the page."""
    members = sorted(members_of(story), key=lambda one: (_time(one.article), one.at))
    return {
        "id": story.id,
        "address": f"{base}/stories/{story.id}" if base else "",
        "headline": story.article.title,
        "severity": story.severity.value if story.hits else "info",
        "novelty": story.novelty.value,
        "first_seen": stamp(story.first_seen),
        "corroboration": _founded(story),
        "rules": _rules(story),
        "articles": [article_record(one) for one in members],
        "claims": _claims(story),
    }


def carrying(alert: Alert, story: Story, *, base: str = "") -> Alert:
    """Return the alert with the record of its story, as it stands, for a program that is told of it.

    It is another alert than the one that people are told: what is stored of that has no record.
    """
    whole = record_of(story, base=base)
    kept = bounded(whole, MOST, LETTERS)
    data = {**alert.data, "record": kept, "shortened": kept != whole}
    return replace(alert, id=alert_id(alert.kind, alert.id, "record"), data=data)


def bounded(value: Any, most: int, letters: int) -> Any:
    """Return JSON of which each list has `most` values, its first and its last ones, and each text so many letters.

    Of an address nothing is cut: it is whole, or empty.
    """
    if isinstance(value, str):
        if value.startswith(("https://", "http://")) and " " not in value:
            return value if len(value) <= max(letters, _SHORT) else ""
        return cut(value, letters)
    if isinstance(value, Mapping):
        return {key: bounded(one, most, letters) for key, one in value.items()}
    if isinstance(value, list | tuple):
        kept = value if len(value) <= most else [*value[: most // 2], *value[len(value) - (most - most // 2) :]]
        return [bounded(one, most, letters) for one in kept]
    return value


def members_of(story: Story) -> tuple[Member, ...]:
    """Return the members of a story; of one that has none yet, the article that speaks for it."""
    alone = Member(article=story.article, source=story.source, hits=story.hits, at=story.first_seen)
    return story.members or (replace(alone, novelty=story.novelty),)


# --- parts -----------------------------------------------------------------------------------------------------------


def stamp(at: float | None) -> str | None:
    """Return a point in time as RFC 3339 in UTC, or None."""
    if at is None:
        return None
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    except (OverflowError, ValueError, OSError):
        return None


def digest(*texts: str) -> str:
    """Return the SHA-256 of texts, each in UTF-8 and ended by a NUL, so that none can run into the next."""
    whole = hashlib.sha256()
    for text in texts:
        whole.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return whole.hexdigest()


def _time(article: Article) -> float:
    return article.published_at or article.seen_at


def article_record(member: Member) -> Record:
    """Return what is known of an article of a story, without its body."""
    article = member.article
    return {
        "id": article.id,
        "url": article.url or article.link,
        "link": article.link,
        "title": article.title,
        "summary": article.summary,
        "author": article.author,
        "language": article.language,
        "published": stamp(article.published_at),
        "published_as_written": article.published_raw,
        "seen": stamp(article.seen_at),
        "version": article.version,
        "sha256": digest(article.title, article.summary, article.body),
        "source": {name: getattr(member.source, name) for name in _OF_SOURCE},
        "joined": stamp(member.at),
        "how": member.join,
        "like": member.like,
        "shared": [term.lstrip("~") for term in member.shared],
        "novelty": member.novelty.value,
        "located": _located(member),
        "hits": [_hit(one) for one in member.hits],
    }


def _hit(hit: Hit) -> Record:
    return {
        "rule": hit.rule_id,
        "rule_hash": hit.rule_hash,
        "version": hit.article_version,
        "severity": hit.severity.value,
        "at": stamp(hit.at),
        "evidence": [
            {"term": one.term, "words": one.words, "field": one.field.value, "start": one.start, "end": one.end}
            for one in hit.evidence
        ],
    }


def _located(member: Member) -> Record | None:
    where = member.located
    return {"place": where.place, **where.plain()} if where else None


def _rules(story: Story) -> list[Record]:
    found: dict[str, Record] = {}
    for hit in sorted(story.hits, key=lambda hit: -hit.severity.rank):
        rule = {"id": hit.rule_id, "name": hit.rule_name, "watch": hit.watch, "severity": hit.severity.value}
        found.setdefault(hit.rule_id, rule)
    return list(found.values())


def _founded(story: Story) -> Record | None:
    founded = story.corroboration
    if founded is None:
        return None
    return {
        "independent": founded.independent,
        "sources": founded.sources,
        "credibility": founded.credibility,
        "credibility_in_words": credibility_words(founded.credibility),
        "reason": founded.reason,
        "first": founded.first,
        "voices": [
            {"name": voice.name, "sources": list(voice.sources), "articles": list(voice.articles)}
            for voice in founded.voices
        ],
    }


def _claims(story: Story) -> list[Record]:
    texts = {member.article.id: member.article for member in story.members}
    claims = story.corroboration.claims if story.corroboration else ()
    return [
        {
            "article": one.article_id,
            "party": one.party,
            "words": one.words,
            "sentence": texts[one.article_id].text(one.field)[one.start : one.end],
            "evident": one.evident,
        }
        for one in claims
        if one.article_id in texts
    ]
