"""EDGE: everything that is known of a story as plain JSON: what the API answers, and what exports are made of."""

from collections.abc import Sequence
from typing import Any, Final

from monitor.alert.handling import standing
from monitor.alert.record import digest, record_of, stamp
from monitor.model import Member
from monitor.store import Store
from monitor.story.telling import story_of

Facts = dict[str, Any]
_HEAD: Final = ("id", "address", "headline", "severity", "novelty", "first_seen")  # stand before all else


def facts_of(store: Store, story_id: str, now: float, *, base: str = "") -> Facts | None:
    """Return what is known of a story as it stands, or None where there is none; `base` is the address of the page."""
    current = store.stories.current(story_id)
    members = store.stories.members(current)
    listed = store.stories.listed(current)
    if not members or listed is None:
        return None
    story = story_of(current, members)
    by_id = {member.article.id: member for member in members}
    parts = [current, *store.stories.merged_into(current)]
    counts = standing(store.handled.of(current), now)
    assigned = store.notes.assigned(current)
    known = record_of(story, base=base)
    return {
        **{name: known[name] for name in _HEAD},
        "updated": stamp(listed.updated_at),
        "made": stamp(now),
        "merged": parts[1:],
        "acknowledged": _done(counts.acknowledged),
        "muted": _done(counts.muted),
        "assigned": assigned.name if assigned else "",
        **{name: one for name, one in known.items() if name not in _HEAD},
        "articles": [_whole(store, one, by_id[one["id"]]) for one in known["articles"]],
        "decisions": [_decision(one) for part in parts for one in store.alerts.decisions(part)],
        "deliveries": [_delivery(one) for part in parts for one in store.alerts.of_story(part)],
        "handled": [_done(one) for one in store.handled.of(current)],
        "notes": [{"by": one.by, "at": stamp(one.at), "text": one.text} for one in store.notes.of(current)],
    }


def _whole(store: Store, article: Facts, member: Member) -> Facts:
    """Return an article with what only the database has room for."""
    return {**article, "body": member.article.body, "versions": _versions(store, member)}


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
            "assigned": one.assigned,
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
