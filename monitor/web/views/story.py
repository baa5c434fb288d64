"""`/stories/{id}`: one story whole: its articles, why, how well it is founded, what was told and what was done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.responses import Response

from monitor import charts
from monitor.alert import evidence
from monitor.alert.clean import one_line
from monitor.alert.handling import standing
from monitor.charts.map import Area, Map, Spot
from monitor.charts.timeline import Item, Timeline
from monitor.model import Article, Corroboration, Hit, Member, Story
from monitor.store import Decided, HitMark, Store, Tracked, Version
from monitor.story.telling import story_of
from monitor.web.ask import Ask
from monitor.web.diff import Piece, words_changed
from monitor.web.exports import EXPORTS
from monitor.web.panels import SLIM
from monitor.web.refusal import not_found
from monitor.web.views.story_actions import NAME, NOTE

MOST = 60  # articles that the page shows; `?all=1` shows every one
CLAIMS, EDITS = 20, 12  # shown, at most
HOW = {
    "opens": "opened the story",
    "copy": "copies",
    "same": "same event as",
    "development": "development after",
    "hand": "put here by hand",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An article of a story, as its page shows it."""

    member: Member
    at: float  # by its own date
    how: str
    like: str  # name of the source of the article that it was found to be like
    headline: evidence.Stretches
    sentences: Sequence[Mapping[str, Any]]
    hits: Sequence[tuple[Hit, HitMark | None]]
    is_older: bool  # a rule found an earlier wording of it


@dataclass(frozen=True, slots=True)
class Edit:
    """Two wordings of an article, one after the other."""

    source: str
    at: float
    title: Sequence[Piece]
    summary: Sequence[Piece]


def one(ask: Ask) -> Response:
    """Show a story; one that was merged leads to the one that it is part of."""
    story_id = ask.store.stories.current(ask.path["id"])
    if story_id != ask.path["id"]:
        return ask.redirect(ask.url("story", id=story_id), say=f"{ask.path['id']} has become part of this story.")
    members = ask.store.stories.members(story_id)
    if not members:
        raise not_found(f"story “{ask.path['id']}”")
    story = story_of(story_id, members)
    listed = ask.store.stories.listed(story_id)
    parts = [story_id, *ask.store.stories.merged_into(story_id)]
    everything = ask.query.get("all", "") == "1"
    ordered = sorted(members, key=lambda member: (time_of(member.article), member.at))
    return ask.page(
        "story.html",
        story=story,
        founded=story.corroboration,
        updated_at=listed.updated_at if listed else story.first_seen,
        shown=_shown(ask.store, ordered if everything else ordered[:MOST]),
        left=0 if everything else max(0, len(ordered) - MOST),
        timeline=_timeline(ask, ordered),
        map=_map(ask, members),
        places=places_of(members),
        edits=_edits(ask.store, members),
        claims=claims_of(story)[:CLAIMS],
        rules=_rules(story, ask.store.marks.of((hit.article_id, hit.rule_id) for hit in story.hits)),
        merged=parts[1:],
        apart=ask.store.stories.apart(story_id),
        told=together(told_of(ask.store, parts)),
        handled=ask.store.handled.of(story_id),
        standing=standing(ask.store.handled.of(story_id), ask.now),
        notes=ask.store.notes.of(story_id),
        assigned=ask.store.notes.assigned(story_id),
        exports=EXPORTS,
        name_length=NAME,
        note_length=NOTE,
    )


def time_of(article: Article) -> float:
    """Return an article's own time, as the grouping takes it."""
    return article.published_at or article.seen_at


# --- articles --------------------------------------------------------------------------------------------------------


def _shown(store: Store, members: Sequence[Member]) -> list[Shown]:
    marks = store.marks.of((hit.article_id, hit.rule_id) for member in members for hit in member.hits)
    names = {member.article.id: member.source.name for member in members}
    return [_article(member, names, marks) for member in members]


def _article(member: Member, names: Mapping[str, str], marks: Mapping[tuple[str, str], HitMark]) -> Shown:
    article = member.article
    current = [hit for hit in member.hits if hit.article_version == article.version]
    found = [one for hit in current for one in hit.evidence]
    return Shown(
        member=member,
        at=time_of(article),
        how=HOW.get(member.join, member.join),
        like=names.get(member.like, member.like),
        headline=evidence.headline(article, found),
        sentences=evidence.sentences(article, found),
        hits=[(hit, marks.get((hit.article_id, hit.rule_id))) for hit in member.hits],
        is_older=len(current) < len(member.hits),
    )


def _timeline(ask: Ask, members: Sequence[Member]) -> Markup:
    """Draw who had it first, and who copied whom."""
    items = [
        Item(
            id=one.article.id,
            source=one_line(one.source.name),
            title=one_line(one.article.title) or "(without a title)",
            at=time_of(one.article),
            copy_of=one.like if one.join == "copy" else "",
            href=f"#{one.article.id}",
        )
        for one in members
    ]
    frame = charts.Frame(title="Articles by source", id="timeline", zone=ZoneInfo(ask.zone))
    return Markup(charts.fitting("timeline", Timeline(tuple(items)), frame, slim=ask.is_slim))  # noqa: S704 - escaped


def _rules(story: Story, marks: Mapping[tuple[str, str], HitMark]) -> list[tuple[Hit, int, int, int]]:
    """Return of each rule its most severe hit, and how many hits it has, marked right, and wrong."""
    found: dict[str, list[Hit]] = {}
    for hit in sorted(story.hits, key=lambda hit: -hit.severity.rank):
        found.setdefault(hit.rule_id, []).append(hit)
    rows = []
    for hits in found.values():
        said = [marks[pair].verdict.value for hit in hits if (pair := (hit.article_id, hit.rule_id)) in marks]
        rows.append((hits[0], len(hits), said.count("right"), said.count("wrong")))
    return rows


# --- what it tells ---------------------------------------------------------------------------------------------------


def claims_of(story: Story) -> list[tuple[str, str, str, bool]]:
    """Return who says what: party, the words that attribute it, the sentence, and whether a rule found it there."""
    texts = {member.article.id: member.article for member in story.members}
    founded: Corroboration | None = story.corroboration
    claims = founded.claims if founded else ()
    found = [
        (one.party, one.words, one_line(texts[one.article_id].text(one.field)[one.start : one.end]), one.evident)
        for one in sorted(claims, key=lambda one: not one.evident)
        if one.article_id in texts
    ]
    return list(dict.fromkeys(found))


def places_of(members: Sequence[Member]) -> list[tuple[Member, Any]]:
    """Return where its articles are, each place once, with the first article that says so."""
    found: dict[tuple[str, tuple[str, ...]], tuple[Member, Any]] = {}
    for member in members:
        if (where := member.located) and where.countries:
            found.setdefault((where.place, where.countries), (member, where))
    return list(found.values())


def _map(ask: Ask, members: Sequence[Member]) -> Markup | None:
    """Draw the places that have a point on the map."""
    spots: dict[tuple[str, float, float], int] = {}
    for member in members:
        where = member.located
        if where and where.lat is not None and where.lon is not None and where.place:
            key = (one_line(where.place), where.lat, where.lon)
            spots[key] = spots.get(key, 0) + 1
    if not spots:
        return None
    lands = Counter(member.located.countries[0] for member in members if member.located and member.located.countries)
    data = Map(
        tuple(Spot(name, lat, lon, count) for (name, lat, lon), count in spots.items()),
        tuple(Area(code, count) for code, count in lands.items()),
        noun="article",
    )
    frame = charts.Frame(title="Places", id="map", width=SLIM, zone=ZoneInfo(ask.zone))
    return Markup(charts.fitting("map", data, frame, slim=ask.is_slim))  # noqa: S704 - it escapes its data


def _edits(store: Store, members: Sequence[Member]) -> list[Edit]:
    """Return what has changed in articles that were edited, the newest first."""
    found = []
    for member in members:
        if member.article.version > 1:
            versions = store.articles.versions(member.article.id)
            found += [_edit(member.source.name, *pair) for pair in pairwise(versions)]
    return sorted(found, key=lambda edit: -edit.at)[:EDITS]


def _edit(source: str, before: Version, after: Version) -> Edit:
    changed = before.summary != after.summary
    summary = words_changed(one_line(before.summary), one_line(after.summary)) if changed else []
    return Edit(source, after.seen_at, words_changed(one_line(before.title), one_line(after.title)), summary)


def told_of(store: Store, parts: Sequence[str]) -> list[tuple[float, str, Decided | Tracked]]:
    """Return what was decided about a story and those that became part of it, and what was sent, in order of time."""
    found: list[tuple[float, str, Decided | Tracked]] = []
    for part in parts:
        found += [(one.at, "decision", one) for one in store.alerts.decisions(part)]
        found += [(one.delivery.first_queued, "delivery", one) for one in store.alerts.of_story(part)]
    return sorted(found, key=lambda row: (row[0], row[1]))


def together(rows: Sequence[tuple[float, str, Decided | Tracked]]) -> list[tuple[float, str, Decided | Tracked, str]]:
    """Return what was told and decided with the names of its channels: the same of several is one row."""
    found = []
    ordered = sorted(rows, key=lambda row: (int(row[0] // 60), row[1], _same(row[2])))
    for _, alike in groupby(ordered, key=lambda row: (int(row[0] // 60), row[1], _same(row[2]))):
        group = list(alike)
        names = dict.fromkeys(_channel(one) for _, _, one in group)
        found.append((*group[0], ", ".join(name for name in names if name)))
    return sorted(found, key=lambda row: (row[0], row[1]))


def _same(one: Decided | Tracked) -> tuple[str, ...]:
    """Return what has to be alike of two rows that are shown as one."""
    if isinstance(one, Tracked):
        return (one.delivery.alert.kind, one.state, one.answer or one.delivery.last_error or "")
    decision = one.decision
    until = f"{decision.until // 60:.0f}" if decision.until else ""
    return (decision.action.value, decision.policy, decision.reason, until, "" if one.channel else "nobody")


def _channel(one: Decided | Tracked) -> str:
    return one_line(one.delivery.channel if isinstance(one, Tracked) else one.channel)
