"""Says what an alert says, as data that any template can show; ids are stable, so that adding twice adds once."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from monitor.alert import background, evidence, targets
from monitor.alert.candidate import keys_of
from monitor.alert.clean import cut, one_line, web_link
from monitor.alert.facts import Facts, differences, facts_of
from monitor.model import Alert, Delivery, Hit, Novelty, Severity, Source, Story
from monitor.settings import Channel, Settings

TITLE = 200  # characters of a message's title, at most
RELIABILITY = {  # the Admiralty code, in words
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
DATE_FLAGS = {
    "date-future": "the feed gave a time in the future",
    "date-absurd": "the feed gave an absurd date",
    "date-missing": "the feed gave no date",
}


def alert_id(kind: str, subject: str, reason: str) -> str:
    """Return the public id of an alert: "n" and 12 letters of base32 of what it is about and why."""
    digest = hashlib.sha256(f"alert\0{kind}\0{subject}\0{reason}".encode(errors="replace")).digest()
    return "n" + base64.b32encode(digest)[:12].decode().lower()


def delivery_key(alert: str, target: str) -> str:
    """Return the key of an alert on a target, hex; the same over repeats, so that a receiver can tell them."""
    return hashlib.sha256(f"{alert}\0{target}".encode(errors="replace")).hexdigest()


def deliveries(alert: Alert, names: Iterable[str], channels: Mapping[str, Channel]) -> list[tuple[str, str]]:
    """Return (target, key) for everybody behind these channels."""
    return [
        (target, delivery_key(alert.id, target))
        for name in names
        if name in channels
        for target in targets.names(name, channels[name])
    ]


# --- stories ---------------------------------------------------------------------------------------------------------


def alert_of(story: Story, *, now: float, acknowledge: str = "") -> Alert:
    """Return what is to be said about a story; the same story with the same rules has the same id.

    `acknowledge` is a link by which the reader says that somebody takes care of it.
    """
    rules = sorted({hit.rule_id for hit in story.hits})
    kind = "update" if story.novelty is Novelty.EDITED else "story"
    data = _data_of(story, acknowledge)
    return Alert(
        id=alert_id(kind, story.id, " ".join(rules)),
        kind=kind,
        severity=story.severity,
        title=cut(f"{story.severity.upper()}: {_first_rule(data)} – {data['headline']}", TITLE),
        story_id=story.id,
        at=now,
        data=data,
    )


def update_of(story: Story, before: Facts, *, now: float, acknowledge: str = "") -> Alert:
    """Return what is new of a story against what was told `before`, first; the same news has the same id."""
    facts = facts_of(story)
    news = list(differences(before, facts)) or [_more_articles(before, facts)]
    data = {**_data_of(story, acknowledge), "news": news, "edited": False}
    return Alert(
        id=alert_id("update", story.id, json.dumps([before.to_json(), news], sort_keys=True)),
        kind="update",
        severity=story.severity,
        title=cut(f"{story.severity.upper()} update: {news[0]} – {data['headline']}", TITLE),
        story_id=story.id,
        at=now,
        data=data,
    )


def _more_articles(before: Facts, now: Facts) -> str:
    more = now.articles - before.articles
    return f"{more} more article{'' if more == 1 else 's'}" if more > 0 else "told again"


def _first_rule(data: Mapping[str, object]) -> str:
    return str(data["rules"][0]["name"]) if isinstance(data["rules"], list) else ""


def _data_of(story: Story, acknowledge: str) -> dict[str, object]:
    """Return what the templates show, as plain JSON."""
    article = story.article
    hits = sorted(story.hits, key=lambda hit: (-hit.severity.rank, hit.rule_id))
    # The offsets of other articles' evidence mean nothing in the text of this one.
    found = [one for hit in hits if hit.article_id == article.id for one in hit.evidence]
    return {
        **background.NOTHING,
        **background.of(story),
        "severity": story.severity.value,
        "rules": _rules_of(hits),
        "watches": sorted({one_line(hit.watch) for hit in hits if hit.watch}),
        "headline": one_line(article.title) or "(without a title)",
        "headline_parts": evidence.headline(article, found) or [["(without a title)", False]],
        "evidence": evidence.sentences(article, found),
        "source": _source_of(story.source),
        "language": article.language,
        "author": one_line(article.author),
        "published": article.published_at,
        "published_note": "; ".join(words for flag, words in DATE_FLAGS.items() if flag in article.flags),
        "seen": article.seen_at or story.first_seen,
        "link": web_link(article.link) or web_link(article.url),
        "article_id": article.id,
        "version": article.version,
        "edited": story.novelty is Novelty.EDITED,
        "explain": f"monitor explain {story.id if len(story.members) > 1 else article.id}",
        "acknowledge": web_link(acknowledge),
        "keys": list(keys_of(story)),
    }


def _rules_of(hits: Iterable[Hit]) -> list[dict[str, object]]:
    """Return each rule once, in the order of the hits."""
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.rule_id, hit)
    return [_rule_of(hit) for hit in first.values()]


def _rule_of(hit: Hit) -> dict[str, object]:
    return {
        "id": hit.rule_id,
        "name": one_line(hit.rule_name) or hit.rule_id,
        "severity": hit.severity.value,
        "watch": one_line(hit.watch),
    }


def _source_of(source: Source) -> dict[str, object]:
    return {
        "id": source.id,
        "name": one_line(source.name),
        "publisher": one_line(source.publisher),
        "country": source.country,
        "reliability": source.reliability,
        "reliability_words": RELIABILITY.get(source.reliability, RELIABILITY["F"]),
        "tags": sorted(source.tags),
    }


# --- many at once ----------------------------------------------------------------------------------------------------


def digest_of(waiting: Sequence[Delivery]) -> Alert:
    """Return one alert that lists many, by rule; those of the monitor itself and the most severe come first."""
    alerts = [delivery.alert for delivery in waiting]
    severity = max((alert.severity for alert in alerts), key=lambda severity: severity.rank)
    groups: dict[tuple[str, str], list[dict[str, object]]] = {}
    for alert in alerts:
        groups.setdefault(_group_of(alert), []).append(_item_of(alert))
    ordered = sorted(groups.items(), key=lambda group: (group[0][1] != "", -Severity(group[0][0]).rank, group[0][1]))
    return Alert(
        id=alert_id("digest", waiting[0].channel, " ".join(sorted(delivery.key for delivery in waiting))),
        kind="digest",
        severity=severity,
        title=f"{severity.upper()}: {len(alerts)} alerts at once",
        at=max(alert.at for alert in alerts),
        data={
            "severity": severity.value,
            "count": len(alerts),
            "groups": [
                {"rule": rule or "monitor itself", "severity": grade, "count": len(items), "items": items}
                for (grade, rule), items in ordered
            ],
        },
    )


def _group_of(alert: Alert) -> tuple[str, str]:
    """Return severity and name of the first rule; alerts of the monitor itself have no rule."""
    rules = alert.data.get("rules")
    name = str(rules[0].get("name", "")) if isinstance(rules, list) and rules else ""
    return alert.severity.value, name


def _item_of(alert: Alert) -> dict[str, object]:
    source = alert.data.get("source")
    return {
        "headline": alert.data.get("headline") or alert.title,
        "source": source.get("name", "") if isinstance(source, dict) else "",
        "link": alert.data.get("link", ""),
        "article_id": alert.data.get("article_id", ""),
    }


# --- the monitor itself ----------------------------------------------------------------------------------------------


def system_alert(
    kind: str,
    key: str,
    *,
    title: str,
    text: str = "",
    advice: str = "",
    at: float,
    severity: Severity = Severity.HIGH,
) -> Alert:
    """Return an alert about the monitor itself; `kind`, `key` and the time it began make its id."""
    return Alert(
        id=alert_id("system", f"{kind}\0{key}", str(int(at))),
        kind="system",
        severity=severity,
        title=cut(f"monitor: {one_line(title)}", TITLE),
        at=at,
        data={
            "severity": severity.value,
            "headline": one_line(title),
            "lines": [line for line in (one_line(line) for line in text.splitlines()) if line][:30],
            "advice": one_line(advice),
            "kind": kind,
            "key": key,
        },
    )


def trial_alert(channel: str, *, now: float) -> Alert:
    """Return the message of `monitor alert test`."""
    return system_alert(
        "test",
        channel,
        title=f"Test message for channel {channel}",
        text="If you can read this, alerts of this monitor reach you here.",
        at=now,
        severity=Severity.INFO,
    )


def operators(settings: Settings, *, but: str = "") -> tuple[str, ...]:
    """Return the channels that hear about the monitor itself, all enabled ones if none is named, without `but`."""
    named = settings.operators or tuple(settings.channels)
    known = [name for name in named if name in settings.channels and settings.channels[name].enabled]
    return tuple(name for name in known if name != targets.channel_of(but))
