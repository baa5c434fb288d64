"""EDGE: table `meta`: single values, such as the last tick or the hash of the configuration."""

import secrets

from monitor.store.connection import Connection
from monitor.store.text import storable


class Meta:
    """Named texts."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def get(self, key: str, default: str = "") -> str:
        """Return a value, or the default."""
        found = self._db.value("SELECT value FROM meta WHERE key = ?", (key,))
        return default if found is None else str(found)

    def set(self, key: str, value: str) -> None:
        """Keep a value."""
        with self._db.transaction():
            self._db.execute(
                "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                (key, storable(value)),
            )

    def secret(self, key: str) -> str:
        """Return a secret, 64 hexadecimal digits that nobody can guess: made when it is asked for first, then kept."""
        if not (had := self.get(key)):
            with self._db.transaction(durable=True):
                self._db.execute(
                    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING", (key, secrets.token_hex(32))
                )
            had = self.get(key)
        return had

    def all(self) -> dict[str, str]:
        """Return every value by its key."""
        return dict(self._db.rows("SELECT key, value FROM meta ORDER BY key"))
