"""EDGE: what a channel was told of lately: the stories, their rules and their hits, for the charts of a digest."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from monitor.store.connection import Connection


@dataclass(frozen=True, slots=True)
class ToldHit:
    """A hit of a story that was told."""

    rule_id: str
    rule_name: str
    at: float
    article_id: str
    source_id: str
    countries: tuple[str, ...]  # the most certain first
    place: str  # "" where only a country or a region is known
    lat: float | None
    lon: float | None


class ToldStories:
    """What channels were told of."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def stories(self, channel: str, since: float) -> list[str]:
        """Return the stories that a channel was told of then or later."""
        rows = self._db.rows("SELECT story_id FROM threads WHERE channel = ? AND last_told >= ?", (channel, since))
        return [row[0] for row in rows]

    def rules(self, stories: Collection[str]) -> set[str]:
        """Return the ids of the rules that hit these stories."""
        rows = self._db.rows(
            "SELECT DISTINCT f.value FROM json_each(?) AS j CROSS JOIN story_facets AS f "
            "ON f.story_id = j.value AND f.kind = 'rule'",
            (json.dumps(list(stories)),),
        )
        return {row[0] for row in rows}

    def hits(self, stories: Collection[str], since: float, until: float, limit: int) -> list[ToldHit]:
        """Return the hits of stories from then to then, one for each article and rule; the newest `limit`."""
        rows = self._db.rows(
            "SELECT h.rule_id, h.rule_name, max(h.at) AS at, h.article_id, a.source_id, p.countries, "
            "CASE p.kind WHEN 'place' THEN p.place END, p.lat, p.lon "
            "FROM json_each(?) AS j CROSS JOIN story_articles AS m ON m.story_id = j.value "
            "CROSS JOIN hits AS h ON h.article_id = m.article_id AND h.at >= ? AND h.at <= ? "
            "JOIN articles AS a ON a.id = h.article_id LEFT JOIN places AS p ON p.article_id = h.article_id "
            "GROUP BY h.article_id, h.rule_id ORDER BY at DESC, h.article_id, h.rule_id LIMIT ?",
            (json.dumps(list(stories)), since, until, limit),
        )
        return [
            ToldHit(rule, name, at, article, source, tuple(json.loads(countries or "[]")), place or "", lat, lon)
            for rule, name, at, article, source, countries, place, lat, lon in rows
        ]
