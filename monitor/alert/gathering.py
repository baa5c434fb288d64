"""Puts the stories that were held from a channel together in one digest; pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from monitor.alert.candidate import articles_of, keys_of, title_key, url_key
from monitor.alert.clean import one_line, web_link
from monitor.alert.digest import digest_message, ranked
from monitor.alert.facts import facts_of
from monitor.model import Alert, Digest, DigestEntry, Story, Thread

HOURLY = 3 * 86400.0  # seconds: a longer period is counted by day
HOUR = 3600.0
DAY = 86400.0


def entry_of(story: Story, thread: Thread, why: str) -> DigestEntry:
    """Return what a digest says of a story; `thread` is what the channel knew of it before."""
    facts = facts_of(story)
    article = story.article
    hits = sorted(story.hits, key=lambda hit: (-hit.severity.rank, hit.rule_id))
    return DigestEntry(
        story_id=story.id,
        headline=one_line(article.title) or "(without a title)",
        severity=story.severity,
        rules=tuple(dict.fromkeys(one_line(hit.rule_name) or hit.rule_id for hit in hits)),
        watch=one_line(hits[0].watch),
        independent=facts.independent,
        credibility=facts.credibility,
        countries=facts.countries,
        first_seen=story.first_seen,
        link=web_link(article.link) or web_link(article.url),
        why=one_line(why),
        source=one_line(story.source.name),
        told=thread.told > 0,
    )


def digest_of(
    name: str,
    channel: str,
    entries: Iterable[DigestEntry],
    *,
    left: Iterable[DigestEntry] = (),
    start: float,
    zone: tzinfo,
    now: float,
) -> Digest:
    """Return a digest of the period from `start` to now, the most severe first, then the best founded."""
    ordered = tuple(ranked(entries))
    step = HOUR if now - start <= HOURLY else DAY
    return Digest(
        name=name,
        channel=channel,
        start=start,
        end=now,
        entries=ordered,
        left=tuple(ranked(left)),
        counts=_counts([entry.first_seen for entry in ordered], start, now, step, zone),
        step=step,
    )


def _counts(
    times: Sequence[float], start: float, end: float, step: float, zone: tzinfo
) -> tuple[tuple[float, int], ...]:
    """Count times by the hour or the local day in which they are, from start to end, empty ones too."""
    found = Counter(_bucket(max(at, start), step, zone) for at in times if at <= end)
    buckets, at = [], _bucket(start, step, zone)
    while at <= end:
        buckets.append(at)
        at = _bucket(at + step * 1.5, step, zone)  # a day has 23 to 25 hours
    return tuple((bucket, found[bucket]) for bucket in buckets)


def _bucket(at: float, step: float, zone: tzinfo) -> float:
    if step < DAY:
        return at // step * step
    return datetime.fromtimestamp(at, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()


def told_by(stories: Iterable[Story]) -> dict[str, list[object]]:
    """Return what a digest tells, as alerts are asked for it: each key of its stories with article and rules."""
    found: dict[str, list[object]] = {}
    for story in stories:
        rules = sorted({hit.rule_id for hit in story.hits})
        for article in articles_of(story, history=True):
            own = sorted({hit.rule_id for hit in story.hits if hit.article_id == article.id})
            keys = {f"article:{article.id}": own, url_key(article): own, title_key(article): own}
            found |= {key: [article.id, said or rules] for key, said in keys.items() if key}
        found |= {key: [story.article.id, rules] for key in keys_of(story) if key not in found}
    return found


def alert_of(digest: Digest, stories: Sequence[Story]) -> Alert | None:
    """Return the message of a digest, which remembers what it told; None where it has nothing to say."""
    said = digest_message(digest, empty=False)
    told = told_by(stories)
    return said and replace(said, data={**said.data, "told": told})
