"""EDGE: cheap marks of what the page shows, so that it learns of changes without reading everything again."""

from monitor.store.connection import Connection


class Live:
    """A mark for each topic: another one when something of it has changed."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def marks(self) -> dict[str, str]:
        """Return the mark of each topic: stories, sources (which fail, not when each was polled), deliveries,
        and the watch itself (what is wrong with it)."""
        return {
            "stories": self._joined(
                "SELECT count(*), max(updated_at), (SELECT max(number) FROM handled), (SELECT max(number) FROM notes), "
                "(SELECT max(at) FROM assigned), (SELECT count(*) FROM marks), (SELECT max(at) FROM marks) "
                "FROM stories WHERE merged_into IS NULL"
            ),
            "sources": self._joined(
                "SELECT state, count(*) FROM sources WHERE removed_at IS NULL GROUP BY state ORDER BY state"
            ),
            "watch": self._joined("SELECT count(*), max(number), max(closed_at) FROM problems"),
            "deliveries": self._joined("SELECT state, count(*), max(id) FROM deliveries GROUP BY state ORDER BY state"),
        }

    def _joined(self, sql: str) -> str:
        return repr(self._db.rows(sql))
