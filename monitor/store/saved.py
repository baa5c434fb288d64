"""EDGE: table `views`: filters of the list of stories under a name, for everybody who reads the page."""

from dataclasses import dataclass

from monitor.store.connection import Connection
from monitor.store.text import storable


@dataclass(frozen=True, slots=True)
class SavedView:
    """Filters with a name."""

    name: str
    query: str  # as it stands behind the `?` of an address
    by: str
    at: float


class SavedViews:
    """The named views."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def all(self) -> list[SavedView]:
        """Return the views by name."""
        return [SavedView(*row) for row in self._db.rows("SELECT name, query, by, at FROM views ORDER BY name")]

    def put(self, view: SavedView) -> None:
        """Keep a view; one of the same name is replaced."""
        with self._db.transaction(durable=True):
            self._db.execute(
                "INSERT OR REPLACE INTO views (name, query, by, at) VALUES (?, ?, ?, ?)",
                (storable(view.name), storable(view.query), storable(view.by), view.at),
            )

    def remove(self, name: str) -> bool:
        """Forget a view; return whether there was one of this name."""
        with self._db.transaction(durable=True):
            return self._db.execute("DELETE FROM views WHERE name = ?", (storable(name),)) > 0
