"""EDGE: table `waiting`: articles that rules hit and that are in no story yet, since they were no news."""

from collections.abc import Iterable

from monitor.model import Article, Hit
from monitor.store.articles import Articles
from monitor.store.connection import Connection
from monitor.store.hits import Hits


class Waiting:
    """What is put into stories when there is time for it, at the latest before the next news is."""

    def __init__(self, db: Connection, *, articles: Articles, hits: Hits) -> None:
        """Work on an open connection, and read what waits through the other tables."""
        self._db = db
        self._articles = articles
        self._hits = hits

    def add(self, articles: Iterable[str]) -> None:
        """Let articles wait, by id; they have to be stored before."""
        self._db.execute_many(
            "INSERT INTO waiting (article_id) VALUES (?) ON CONFLICT DO NOTHING", [(one,) for one in articles]
        )

    def any(self) -> bool:
        """Tell whether any article waits."""
        return self._db.value("SELECT 1 FROM waiting LIMIT 1") is not None

    def take(self, most: int) -> dict[Article, list[Hit]]:
        """Return the articles that wait longest, with their hits, and let them wait no more."""
        rows = self._db.rows("SELECT number, article_id FROM waiting ORDER BY number LIMIT ?", (most,))
        if rows:
            self._db.execute("DELETE FROM waiting WHERE number <= ?", (rows[-1][0],))
        found = [article for _, article_id in rows if (article := self._articles.get(article_id))]
        return {article: self._hits.of(article.id) for article in found}
