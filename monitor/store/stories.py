"""EDGE: tables `stories` and `story_articles`: the hits of articles about one event."""

from collections.abc import Mapping

from monitor.model import Hit, Novelty, Story
from monitor.store.articles import Articles
from monitor.store.connection import Connection
from monitor.store.hits import Hits
from monitor.store.sources import Sources
from monitor.store.text import storable


class Stories:
    """The stories; articles and hits have to be stored before."""

    def __init__(self, db: Connection, *, sources: Sources, articles: Articles, hits: Hits) -> None:
        """Work on an open connection, and read what a story consists of through the other tables."""
        self._db = db
        self._sources = sources
        self._articles = articles
        self._hits = hits

    def add(self, story: Story) -> bool:
        """Store a story, or what it has become; return whether it is new."""
        with self._db.transaction(durable=True):
            had = self._db.value("SELECT 1 FROM stories WHERE id = ?", (story.id,))
            self._db.execute(
                """
                INSERT INTO stories (id, article_id, title, severity, novelty, first_seen, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET article_id = excluded.article_id, title = excluded.title,
                    severity = excluded.severity, novelty = excluded.novelty, updated_at = excluded.updated_at
                """,
                (
                    story.id,
                    story.article.id,
                    storable(story.article.title),
                    story.severity.value,
                    story.novelty.value,
                    story.first_seen,
                    max((hit.at for hit in story.hits), default=story.first_seen),
                ),
            )
            ids = dict.fromkeys([story.article.id, *(hit.article_id for hit in story.hits)])
            self._db.execute_many(
                "INSERT INTO story_articles (story_id, article_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(story.id, article_id) for article_id in ids],
            )
            return not had

    def get(self, story_id: str) -> Story | None:
        """Return a story with its article in the latest text, and of each rule and article the latest hit."""
        row = self._db.row("SELECT article_id, novelty, first_seen FROM stories WHERE id = ?", (story_id,))
        article = self._articles.get(row[0]) if row else None
        source = self._sources.get(article.source_id) if article else None
        if not article or not source:  # foreign keys see to it that either all of them are there or no story
            return None
        return Story(
            id=story_id,
            article=article,
            source=source,
            hits=tuple(hit for member in self.articles(story_id) for hit in _latest(self._hits.of(member)).values()),
            novelty=Novelty(row[1]),
            first_seen=row[2],
        )

    def articles(self, story_id: str) -> list[str]:
        """Return the ids of a story's articles, in the order they were stored."""
        rows = self._db.rows(
            "SELECT s.article_id FROM story_articles AS s JOIN articles AS a ON a.id = s.article_id "
            "WHERE s.story_id = ? ORDER BY a.number",
            (story_id,),
        )
        return [row[0] for row in rows]

    def of_article(self, article_id: str) -> list[str]:
        """Return the ids of the stories that an article belongs to."""
        rows = self._db.rows("SELECT story_id FROM story_articles WHERE article_id = ? ORDER BY 1", (article_id,))
        return [row[0] for row in rows]


def _latest(hits: list[Hit]) -> Mapping[str, Hit]:
    return {hit.rule_id: hit for hit in sorted(hits, key=lambda hit: hit.article_version)}
