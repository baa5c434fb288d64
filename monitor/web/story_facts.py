"""EDGE: everything that is known of a story as plain JSON: what the API answers, and what exports are made of."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from monitor.alert.facts import credibility_words
from monitor.alert.handling import standing
from monitor.model import Hit, Member, Story
from monitor.store import Store
from monitor.story.telling import story_of

Facts = dict[str, Any]


def facts_of(store: Store, story_id: str, now: float, *, base: str = "") -> Facts | None:
    """Return what is known of a story as it stands, or None where there is none; `base` is the address of the page."""
    current = store.stories.current(story_id)
    members = store.stories.members(current)
    listed = store.stories.listed(current)
    if not members or listed is None:
        return None
    story = story_of(current, members)
    parts = [current, *store.stories.merged_into(current)]
    counts = standing(store.handled.of(current), now)
    assigned = store.notes.assigned(current)
    return {
        "id": current,
        "address": f"{base}/stories/{current}" if base else "",
        "headline": story.article.title,
        "severity": story.severity.value if story.hits else "info",
        "novelty": story.novelty.value,
        "first_seen": stamp(story.first_seen),
        "updated": stamp(listed.updated_at),
        "made": stamp(now),
        "merged": parts[1:],
        "acknowledged": _done(counts.acknowledged),
        "muted": _done(counts.muted),
        "assigned": assigned.name if assigned else "",
        "corroboration": _founded(story),
        "rules": _rules(story),
        "articles": [_article(store, one) for one in sorted(members, key=lambda one: (_time(one), one.at))],
        "claims": _claims(story),
        "decisions": [_decision(one) for part in parts for one in store.alerts.decisions(part)],
        "deliveries": [_delivery(one) for part in parts for one in store.alerts.of_story(part)],
        "handled": [_done(one) for one in store.handled.of(current)],
        "notes": [{"by": one.by, "at": stamp(one.at), "text": one.text} for one in store.notes.of(current)],
    }


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


def _time(member: Member) -> float:
    return member.article.published_at or member.article.seen_at


def _article(store: Store, member: Member) -> Facts:
    article, source = member.article, member.source
    return {
        "id": article.id,
        "url": article.url or article.link,
        "link": article.link,
        "title": article.title,
        "summary": article.summary,
        "body": article.body,
        "author": article.author,
        "language": article.language,
        "published": stamp(article.published_at),
        "published_as_written": article.published_raw,
        "seen": stamp(article.seen_at),
        "version": article.version,
        "sha256": digest(article.title, article.summary, article.body),
        "source": {
            "id": source.id,
            "name": source.name,
            "publisher": source.publisher,
            "country": source.country,
            "reliability": source.reliability,
        },
        "joined": stamp(member.at),
        "how": member.join,
        "like": member.like,
        "shared": [term.lstrip("~") for term in member.shared],
        "novelty": member.novelty.value,
        "located": _located(member),
        "hits": [_hit(one) for one in member.hits],
        "versions": _versions(store, member),
    }


def _hit(hit: Hit) -> Facts:
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


def _versions(store: Store, member: Member) -> list[Facts]:
    if member.article.version < 2:
        return []
    return [
        {
            "version": one.version,
            "seen": stamp(one.seen_at),
            "title": one.title,
            "summary": one.summary,
            "sha256": digest(one.title, one.summary, one.body),
        }
        for one in store.articles.versions(member.article.id)
    ]


def _located(member: Member) -> Facts | None:
    where = member.located
    return {"place": where.place, **where.plain()} if where else None


def _rules(story: Story) -> list[Facts]:
    found: dict[str, Facts] = {}
    for hit in sorted(story.hits, key=lambda hit: -hit.severity.rank):
        rule = {"id": hit.rule_id, "name": hit.rule_name, "watch": hit.watch, "severity": hit.severity.value}
        found.setdefault(hit.rule_id, rule)
    return list(found.values())


def _founded(story: Story) -> Facts | None:
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


def _claims(story: Story) -> list[Facts]:
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


def _decision(one: Any) -> Facts:
    said = one.decision
    return {
        "channel": one.channel,
        "action": said.action.value,
        "policy": said.policy,
        "reason": said.reason,
        "until": stamp(said.until),
        "at": stamp(one.at),
    }


def _delivery(one: Any) -> Facts:
    return {
        "alert": one.delivery.alert.id,
        "kind": one.delivery.alert.kind,
        "channel": one.delivery.channel,
        "state": one.state,
        "queued": stamp(one.delivery.first_queued),
        "sent": stamp(one.sent_at),
    }


def _done(one: Any) -> Facts | None:
    if one is None:
        return None
    return {"what": one.what, "by": one.by, "at": stamp(one.at), "until": stamp(one.until), "note": one.note}


def listed_facts(rows: Sequence[Any], *, base: str = "") -> list[Facts]:
    """Return stories of a list (`views.stories.Told`) as the API gives them."""
    return [
        {
            "id": one.row.id,
            "address": f"{base}/stories/{one.row.id}",
            "headline": one.row.title,
            "severity": one.row.severity.value,
            "state": one.state,
            "novelty": one.row.novelty.value,
            "first_seen": stamp(one.row.first_seen),
            "updated": stamp(one.row.updated_at),
            "articles": one.row.articles,
            "sources": one.row.sources,
            "independent": one.row.independent,
            "credibility": one.row.credibility,
            "places": list(one.places),
            "why": [
                {"rule": reason.rule_id, "name": reason.rule_name, "watch": reason.watch, "words": words}
                for reason, (_, words) in zip(one.reasons, one.why, strict=True)
            ],
        }
        for one in rows
    ]
