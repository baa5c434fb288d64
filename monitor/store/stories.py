"""EDGE: tables `stories`, `story_articles` and `stories_apart`: the hits of articles about one event."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from monitor.model import Article, Hit, Member, Novelty, Severity, Source, Story
from monitor.store.articles import SELECTED as ARTICLE_SELECTED
from monitor.store.articles import Articles, Where, article_of
from monitor.store.connection import Connection
from monitor.store.hits import SELECTED as HIT_SELECTED
from monitor.store.hits import Hits, hit_of
from monitor.store.places import Places
from monitor.store.sources import Sources
from monitor.store.text import storable

_AT = "coalesce(nullif(a.published_at, 0), a.seen_at)"  # an article's own time, as the grouping takes it
_COUNTED = """
    SELECT s.id, s.article_id, s.title, s.severity, s.novelty, s.first_seen, s.updated_at, s.merged_into,
        (SELECT count(*) FROM story_articles WHERE story_id = s.id),
        (SELECT count(DISTINCT a.source_id) FROM story_articles AS m JOIN articles AS a ON a.id = m.article_id
            WHERE m.story_id = s.id)
    FROM
"""
_HIT_BY = (  # driven by the index of hits: a rule has few of them, against all stories
    "s.id IN (SELECT m.story_id FROM hits AS h JOIN story_articles AS m ON m.article_id = h.article_id WHERE {} = ?)"
)

_FACETS = """
    WITH m AS (SELECT article_id FROM story_articles WHERE story_id = ?1),
        h AS (SELECT rule_id, watch FROM m CROSS JOIN hits ON hits.article_id = m.article_id),
        a AS (SELECT source_id, language FROM m CROSS JOIN articles ON articles.id = m.article_id)
    INSERT OR IGNORE INTO story_facets (story_id, kind, value)
    SELECT ?1, kind, value FROM (
        SELECT 'rule' AS kind, rule_id AS value FROM h UNION ALL SELECT 'watch', watch FROM h
        UNION ALL SELECT 'source', source_id FROM a UNION ALL SELECT 'language', language FROM a
        UNION ALL SELECT 'country', j.value FROM m CROSS JOIN places AS p ON p.article_id = m.article_id,
            json_each(p.countries) AS j
        UNION ALL SELECT 'place', p.place FROM m CROSS JOIN places AS p ON p.article_id = m.article_id
            WHERE p.kind = 'place'
    ) WHERE value <> ''
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A story as the grouping goes on with it: only what may still be joined."""

    id: str
    first_at: float  # of its first article, also where that is too old to be joined
    articles: tuple[str, ...]  # in the order in which they joined
    apart: frozenset[str]  # stories that a person parted from it


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A story as a list shows it."""

    id: str
    article_id: str  # that speaks for it
    title: str
    severity: Severity
    novelty: Novelty
    first_seen: float
    updated_at: float
    merged_into: str
    articles: int
    sources: int


class Stories:
    """The stories; articles and hits have to be stored before."""

    def __init__(self, db: Connection, *, sources: Sources, articles: Articles, hits: Hits, places: Places) -> None:
        """Work on an open connection, and read what a story consists of through the other tables."""
        self._db = db
        self._sources = sources
        self._articles = articles
        self._hits = hits
        self._places = places

    # --- writing -----------------------------------------------------------------------------------------------------

    def add(self, story: Story) -> bool:
        """Store a story whole, with its articles, or what it has become; return whether it is new."""
        with self._db.transaction(durable=True):
            first_at = min(one.published_at or one.seen_at for one in (story.article, *_articles_of(story)))
            fresh = self.open(story.id, story.article, first_at=first_at, now=story.first_seen)
            for member in _members_of(story):
                self.join(story.id, member)
            self.describe(story, max((hit.at for hit in story.hits), default=story.first_seen))
            return fresh

    def open(self, story_id: str, article: Article, *, first_at: float, now: float) -> bool:
        """Make a story, without articles yet; return whether there was none of this id.

        One that was merged into another begins anew.
        """
        had = self._db.value("SELECT 1 FROM stories WHERE id = ?", (story_id,))
        self._db.execute(
            """
            INSERT INTO stories (id, article_id, title, severity, novelty, first_seen, updated_at, first_at)
            VALUES (?1, ?2, ?3, 'info', 'new', ?4, ?4, ?5) ON CONFLICT (id) DO UPDATE SET merged_into = NULL
            """,
            (story_id, article.id, storable(article.title), now, first_at),
        )
        return not had

    def join(self, story_id: str, member: Member) -> None:
        """Put an article into a story, at its end; one that is in a story stays there."""
        self._db.execute(
            """
            INSERT INTO story_articles (story_id, article_id, place, indexed, novelty, how, alike, shared, at, number)
            VALUES (?1, ?2, (SELECT coalesce(max(place), 0) + 1 FROM story_articles WHERE story_id = ?1),
                (SELECT coalesce(max(indexed), 0) + 1 FROM story_articles), ?3, ?4, ?5, ?6, ?7,
                (SELECT number FROM articles WHERE id = ?2))
            ON CONFLICT DO NOTHING
            """,
            (
                story_id,
                member.article.id,
                member.novelty.value,
                member.join,
                member.like,
                storable(json.dumps(member.shared, ensure_ascii=False)),
                member.at,
            ),
        )

    def edited(self, article_id: str, novelty: Novelty, *, grouped: bool) -> None:
        """Note that an article of a story has another text; not `grouped`: it is too old to be joined.

        `novelty` is that of the text that brought new hits, KNOWN where none did.
        """
        self._db.execute(
            """
            UPDATE story_articles SET novelty = iif(?2 = 'known', novelty, ?2),
                indexed = iif(?3, (SELECT max(indexed) + 1 FROM story_articles), 0)
            WHERE article_id = ?1
            """,
            (article_id, novelty.value, grouped),
        )

    def describe(self, story: Story, now: float, first_at: float | None = None) -> None:
        """Keep what a list shows of a story; `first_at` is the time of its first article, where that has changed."""
        founded = story.corroboration
        self._db.execute(
            "UPDATE stories SET article_id = ?, title = ?, severity = ?, novelty = ?, first_seen = ?, updated_at = ?, "
            "first_at = coalesce(?, first_at), independent = ?, credibility = ? WHERE id = ?",
            (
                story.article.id,
                storable(story.article.title),
                story.severity.value,
                story.novelty.value,
                story.first_seen,
                now,
                first_at,
                founded.independent if founded else 0,
                founded.credibility if founded else 0,
                story.id,
            ),
        )
        self._db.execute("DELETE FROM story_facets WHERE story_id = ?", (story.id,))
        self._db.execute(_FACETS, (story.id,))

    def move(self, articles: Sequence[str], story_id: str, how: str = "") -> None:
        """Put articles at the end of another story, in this order; with `how` they came there in another way."""
        self._db.execute_many(
            """
            UPDATE story_articles SET story_id = ?1, how = iif(?3 = '', how, ?3),
                place = (SELECT coalesce(max(place), 0) + 1 FROM story_articles WHERE story_id = ?1)
            WHERE article_id = ?2
            """,
            [(story_id, article_id, how) for article_id in articles],
        )

    def merge(self, kept: str, gone: str, how: str = "") -> None:
        """Make a story part of another: its articles move (`how`: in another way), and its own row leads there."""
        self.move(self.articles(gone), kept, how)
        self._db.execute("UPDATE stories SET merged_into = ?1 WHERE id = ?2 OR merged_into = ?2", (kept, gone))
        self._db.execute(
            "UPDATE stories SET first_at = min(first_at, (SELECT first_at FROM stories WHERE id = ?2)) WHERE id = ?1",
            (kept, gone),
        )
        self._db.execute("DELETE FROM story_facets WHERE story_id = ?", (gone,))
        others = [one for one in self.apart(gone) if one != kept]
        self._db.execute("DELETE FROM stories_apart WHERE ?1 IN (story_id, other_id)", (gone,))
        for other in others:
            self.part(kept, other)

    def part(self, story_id: str, other_id: str) -> None:
        """Keep that a person parted two stories."""
        self._db.execute_many(
            "INSERT INTO stories_apart (story_id, other_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(story_id, other_id), (other_id, story_id)],
        )

    # --- reading -----------------------------------------------------------------------------------------------------

    def get(self, story_id: str) -> Story | None:
        """Return a story with its members in the order in which they joined; of one that was merged what it is in.

        Its articles have their latest text, and of each rule and article the latest hit.
        """
        story_id = self.current(story_id)
        row = self._db.row("SELECT article_id, novelty, first_seen FROM stories WHERE id = ?", (story_id,))
        members = self.members(story_id) if row else ()
        speaker = next((one for one in members if one.article.id == row[0]), None)
        if not speaker:  # foreign keys see to it that either all of them are there or no story
            return None
        return Story(
            id=story_id,
            article=speaker.article,
            source=speaker.source,
            hits=tuple(hit for member in members for hit in member.hits),
            novelty=Novelty(row[1]),
            first_seen=row[2],
            members=members,
        )

    def members(self, story_id: str) -> tuple[Member, ...]:
        """Return the articles of a story with their hits, in the order in which they joined."""
        rows = self._db.rows(
            f"SELECT m.novelty, m.how, m.alike, m.shared, m.at, {ARTICLE_SELECTED} FROM story_articles AS m "
            "JOIN articles AS a ON a.id = m.article_id WHERE m.story_id = ? ORDER BY m.place, m.article_id",
            (story_id,),
        )
        hits, located = self._hits_of(story_id), self._places.of(self.articles(story_id))
        sources: dict[str, Source | None] = {}
        found = []
        for novelty, how, alike, shared, at, *columns in rows:
            article = article_of(columns)
            if article.source_id not in sources:
                sources[article.source_id] = self._sources.get(article.source_id)
            if source := sources[article.source_id]:
                member = Member(article=article, source=source, hits=tuple(hits.get(article.id, {}).values()))
                member = replace(member, novelty=Novelty(novelty), join=how, like=alike, at=at)
                where = located.get(article.id)
                found.append(replace(member, shared=tuple(json.loads(shared)), located=where))
        return tuple(found)

    def _hits_of(self, story_id: str) -> dict[str, dict[str, Hit]]:
        """Return of each article and rule of a story the latest hit."""
        rows = self._db.rows(
            f"SELECT {HIT_SELECTED} FROM story_articles AS m CROSS JOIN hits AS h ON h.article_id = m.article_id "
            "WHERE m.story_id = ? ORDER BY h.article_version, h.number",
            (story_id,),
        )
        found: dict[str, dict[str, Hit]] = {}
        for hit in map(hit_of, rows):
            found.setdefault(hit.article_id, {})[hit.rule_id] = hit
        return found

    def current(self, story_id: str) -> str:
        """Return the story that a story has become part of, or itself."""
        merged = self._db.value("SELECT merged_into FROM stories WHERE id = ?", (story_id,))
        return str(merged) if merged else story_id

    def merged_into(self, story_id: str) -> list[str]:
        """Return the stories that have become part of this one."""
        return [
            row[0] for row in self._db.rows("SELECT id FROM stories WHERE merged_into = ? ORDER BY id", (story_id,))
        ]

    def apart(self, story_id: str) -> list[str]:
        """Return the stories that a person parted from this one."""
        ask = "SELECT other_id FROM stories_apart WHERE story_id = ? ORDER BY other_id"
        return [row[0] for row in self._db.rows(ask, (story_id,))]

    def articles(self, story_id: str) -> list[str]:
        """Return the ids of a story's articles, in the order in which they joined."""
        ask = "SELECT article_id FROM story_articles WHERE story_id = ? ORDER BY place, article_id"
        return [row[0] for row in self._db.rows(ask, (story_id,))]

    def joined_since(self, since: float) -> list[str]:
        """Return the ids of the stories that an article joined then or later."""
        rows = self._db.rows("SELECT DISTINCT story_id FROM story_articles WHERE at >= ? ORDER BY 1", (since,))
        return [row[0] for row in rows]

    def lately(self, since: float, *, limit: int) -> list[tuple[str, float]]:
        """Return (id, time) of the stories that grew since then, those that grew last first."""
        rows = self._db.rows(
            "SELECT id, updated_at FROM stories WHERE merged_into IS NULL AND updated_at >= ? "
            "ORDER BY updated_at DESC, id LIMIT ?",
            (since, limit),
        )
        return [(story_id, at) for story_id, at in rows]

    def titles(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the headlines of these stories; one query."""
        return dict(
            self._db.rows(
                "SELECT s.id, s.title FROM json_each(?) AS j CROSS JOIN stories AS s ON s.id = j.value",
                (json.dumps(list(ids)),),
            )
        )

    def of_article(self, article_id: str) -> list[str]:
        """Return the ids of the stories that an article belongs to: one, or none."""
        return list(self.of_articles([article_id]).values())

    def of_articles(self, articles: Iterable[str]) -> dict[str, str]:
        """Return the story of each of these articles that has one; one query."""
        rows = self._db.rows(
            "SELECT m.article_id, m.story_id FROM json_each(?) AS j "
            "CROSS JOIN story_articles AS m ON m.article_id = j.value",
            (json.dumps(list(articles)),),
        )
        return dict(rows)

    def first_at(self, story_id: str) -> float:
        """Return the time of a story's first article, by that article's own date; 0 where there is no such story."""
        return float(self._db.value("SELECT first_at FROM stories WHERE id = ?", (story_id,)) or 0.0)

    def window(self, since: float) -> tuple[list[Kept], list[Article]]:
        """Return the stories that may still grow, with their articles from then on in the order they were indexed."""
        rows = self._db.rows(
            f"SELECT s.id, s.first_at, m.place, m.indexed, {ARTICLE_SELECTED} FROM stories AS s "
            "CROSS JOIN story_articles AS m ON m.story_id = s.id JOIN articles AS a ON a.id = m.article_id "
            f"WHERE s.merged_into IS NULL AND s.updated_at >= ?1 AND +m.indexed > 0 AND {_AT} >= ?1 "
            "ORDER BY m.indexed, m.article_id",
            (since,),
        )
        apart: dict[str, set[str]] = {}
        for one, other in self._db.rows("SELECT story_id, other_id FROM stories_apart"):
            apart.setdefault(one, set()).add(other)
        order: dict[str, list[tuple[int, str]]] = {}
        for story_id, _, place, _, article_id, *_ in rows:
            order.setdefault(story_id, []).append((place, article_id))
        first = {row[0]: row[1] for row in rows}
        kept = [
            Kept(
                id=story_id,
                first_at=first[story_id],
                articles=tuple(article_id for _, article_id in sorted(places)),
                apart=frozenset(apart.get(story_id, ())),
            )
            for story_id, places in order.items()
        ]
        return kept, [article_of(row[4:]) for row in rows]

    def search(
        self,
        *,
        since: float | None = None,
        rule: str = "",
        watch: str = "",
        severity: Severity | None = None,
        open_since: float | None = None,
        state: str = "",
        limit: int = 50,
    ) -> list[Listed]:
        """Return the stories for which everything given holds, those that grew last first; none that were merged.

        `severity` is the lowest one wanted; `state` is "open" (it grew since `open_since`), "closed" or "history".
        """
        where = Where()
        where.add("s.updated_at >= ?", since)
        if state:
            where.add("(s.novelty = 'history') = ?", state == "history")
        if state in {"open", "closed"} and open_since is not None:
            where.add("s.updated_at >= ?" if state == "open" else "s.updated_at < ?", open_since)
        where.add(_HIT_BY.format("h.rule_id"), rule)
        where.add(_HIT_BY.format("h.watch"), watch)
        ranks = severity and json.dumps([one.value for one in Severity if one.rank >= severity.rank])
        where.add("s.severity IN (SELECT value FROM json_each(?))", ranks)
        condition = f"{where} AND" if str(where) else "WHERE"
        rows = self._db.rows(  # the inner query chooses first: only the articles of what is shown are counted
            f"{_COUNTED} (SELECT s.* FROM stories AS s {condition} s.merged_into IS NULL "
            "ORDER BY s.updated_at DESC, s.id LIMIT ?) AS s ORDER BY s.updated_at DESC, s.id",
            (*where.values, limit),
        )
        return [listed_of(row) for row in rows]

    def listed(self, story_id: str) -> Listed | None:
        """Return what a list shows of one story, or None; also of one that was merged."""
        row = self._db.row(f"{_COUNTED} stories AS s WHERE s.id = ?", (story_id,))
        return listed_of(row) if row else None


def listed_of(row: Sequence[Any]) -> Listed:
    """Build it from a row of `_COUNTED`."""
    return Listed(
        id=row[0],
        article_id=row[1],
        title=row[2],
        severity=Severity(row[3]),
        novelty=Novelty(row[4]),
        first_seen=row[5],
        updated_at=row[6],
        merged_into=row[7] or "",
        articles=row[8],
        sources=row[9],
    )


def _articles_of(story: Story) -> list[Article]:
    return [member.article for member in story.members]


def _members_of(story: Story) -> Sequence[Member]:
    """Return a story's members; one that names none has the article that speaks for it."""
    if story.members:
        return story.members
    mine: Mapping[str, Any] = {"article": story.article, "source": story.source, "hits": story.hits}
    return (Member(**mine, novelty=story.novelty, at=story.first_seen),)
