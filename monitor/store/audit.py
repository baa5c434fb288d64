"""EDGE: questions over several tables, for `monitor audit`: what was seen, and what came of it."""

import json
from dataclasses import dataclass

from monitor.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Folded:
    """One article that several sources had."""

    article_id: str
    title: str
    sources: tuple[str, ...]


class Audit:
    """Read-only questions; each scans what was seen since a moment."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def articles_by_source(self, since: float) -> dict[str, int]:
        """Return how many articles were stored of each source that had any."""
        return dict(
            self._db.rows("SELECT source_id, count(*) FROM articles WHERE seen_at >= ? GROUP BY 1 ORDER BY 1", (since,))
        )

    def hits_by_source(self, since: float) -> dict[str, int]:
        """Return how many hits there were in each source that had any; one that only repeated an article has none."""
        return dict(
            self._db.rows(
                "SELECT a.source_id, count(*) FROM hits AS h JOIN articles AS a ON a.id = h.article_id "
                "WHERE h.at >= ? GROUP BY 1 ORDER BY 1",
                (since,),
            )
        )

    def firsts_by_source(self, since: float) -> dict[str, int]:
        """Return how many stories each source had before all others."""
        return dict(
            self._db.rows(
                "SELECT a.source_id, count(*) FROM stories AS s JOIN articles AS a ON a.id = s.article_id "
                "WHERE s.first_seen >= ? GROUP BY 1 ORDER BY 1",
                (since,),
            )
        )

    def days_of_source(self, source_id: str, since: float) -> dict[int, int]:
        """Return how many articles of a source were stored on each day (numbered since 1970, UTC) that had any."""
        return dict(
            self._db.rows(
                "SELECT CAST(seen_at / 86400 AS INTEGER), count(*) FROM articles "
                "WHERE source_id = ? AND seen_at >= ? GROUP BY 1 ORDER BY 1",
                (source_id, since),
            )
        )

    def sample(self, since: float, limit: int) -> list[str]:
        """Return the ids of at most `limit` articles, spread evenly over the time since, the newest first."""
        rows = self._db.rows(
            "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY number DESC) - 1 AS place, count(*) OVER () AS n "
            "FROM articles WHERE seen_at >= ?1) "
            "WHERE place * ?2 / max(n, ?2) <> (place - 1) * ?2 / max(n, ?2) OR place = 0 ORDER BY place LIMIT ?2",
            (since, limit),
        )
        return [row[0] for row in rows]

    def folded(self, since: float, limit: int) -> tuple[int, list[Folded]]:
        """Return how many articles several sources had, and those that most sources had."""
        rows = self._db.rows(
            "SELECT s.article_id, a.title, json_group_array(DISTINCT s.source_id), count(DISTINCT s.source_id) AS n, "
            "count(*) OVER () FROM sightings AS s JOIN articles AS a ON a.id = s.article_id "
            "WHERE s.first_seen >= ? GROUP BY 1 HAVING n > 1 ORDER BY n DESC, 1 LIMIT ?",
            (since, limit),
        )
        return (rows[0][4] if rows else 0), [Folded(row[0], row[1], tuple(sorted(_list(row[2])))) for row in rows]


def _list(text: str) -> list[str]:
    return [str(one) for one in json.loads(text)]
