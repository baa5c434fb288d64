"""EDGE: table `sightings`: which items were seen in which source; this memory outlives the articles themselves."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.model import Article, Known
from monitor.store.connection import Connection
from monitor.store.text import storable

# Days matter for how long ids are kept, seconds do not: writing each poll would cost more than the poll.
_TOUCH_AFTER = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An article as one source lists it."""

    source_id: str
    identity: str
    article_id: str
    first_seen: float
    last_seen: float  # to the day
    url: str
    content_hash: str


def known(db: Connection, source_id: str, identities: Iterable[str]) -> dict[str, Known]:
    """Return what is stored of these items of one source, by identity; one query."""
    asked = {storable(identity): identity for identity in identities}
    rows = db.rows(
        """
        SELECT s.identity, s.article_id, s.content_hash, coalesce(s.url, a.url, ''), a.version
        FROM json_each(?) AS j
        CROSS JOIN sightings AS s ON s.source_id = ? AND s.identity = j.value
        LEFT JOIN articles AS a ON a.id = s.article_id
        """,
        (json.dumps(list(asked), ensure_ascii=False), source_id),
    )
    return {
        asked[row[0]]: Known(
            article_id=row[1],
            source_id=source_id,
            identity=asked[row[0]],
            content_hash=row[2],
            url=row[3],
            version=row[4] or 1,
        )
        for row in rows
    }


def record(db: Connection, articles: Iterable[Article]) -> None:
    """Note that these articles were seen in their sources, with the text they have there now."""
    db.execute_many(
        """
        INSERT INTO sightings (source_id, identity, article_id, first_seen, last_seen, url, content_hash)
        VALUES (?1, ?2, ?3, ?4, ?4, nullif(?5, (SELECT url FROM articles WHERE id = ?3)), ?6)
        ON CONFLICT DO UPDATE SET
            article_id = excluded.article_id, url = excluded.url, content_hash = excluded.content_hash,
            last_seen = max(last_seen, excluded.last_seen)
        """,
        [(a.source_id, storable(a.identity), a.id, a.seen_at, storable(a.url), a.content_hash) for a in articles],
    )


def touch(db: Connection, seen: Sequence[tuple[str, str, float]]) -> None:
    """Note that items (source, identity) were listed again at a time."""
    db.execute_many(
        "UPDATE sightings SET last_seen = ?3 WHERE source_id = ?1 AND identity = ?2 AND last_seen < ?3 - ?4",
        [(source_id, storable(identity), now, _TOUCH_AFTER) for source_id, identity, now in seen],
    )


def of_article(db: Connection, article_id: str) -> list[Sighting]:
    """Return where an article was seen, the first source first."""
    rows = db.rows(
        "SELECT s.source_id, s.identity, s.article_id, s.first_seen, s.last_seen, coalesce(s.url, a.url, ''), "
        "s.content_hash FROM sightings AS s LEFT JOIN articles AS a ON a.id = s.article_id "
        "WHERE s.article_id = ? ORDER BY s.first_seen, s.source_id, s.identity",
        (article_id,),
    )
    names = ("source_id", "identity", "article_id", "first_seen", "last_seen", "url", "content_hash")
    return [Sighting(**dict(zip(names, row, strict=True))) for row in rows]
