"""EDGE: table `problems`: what is wrong now, and what was: dead sources, dead channels, broken rules."""

from dataclasses import dataclass

from monitor.store.connection import Connection
from monitor.store.text import storable


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """Something that is wrong now."""

    kind: str  # for example "source", "channel", "rule"
    key: str  # which one
    message: str
    opened_at: float


class Problems:
    """Problems, each open at most once."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def open(self, kind: str, key: str, message: str, now: float) -> bool:
        """Note a problem; True the first time, False while it stays open (its message is kept up to date)."""
        with self._db.transaction():
            had = self._db.execute(
                "UPDATE problems SET message = ? WHERE kind = ? AND key = ? AND closed_at IS NULL",
                (storable(message), kind, key),
            )
            if not had:
                self._db.execute(
                    "INSERT INTO problems (kind, key, message, opened_at) VALUES (?, ?, ?, ?)",
                    (kind, key, storable(message), now),
                )
            return not had

    def close(self, kind: str, key: str, now: float) -> bool:
        """Note that a problem is over; True if it was open."""
        if not self._db.row("SELECT 1 FROM problems WHERE kind = ? AND key = ? AND closed_at IS NULL", (kind, key)):
            return False  # the usual case, and no write
        with self._db.transaction():
            closed = self._db.execute(
                "UPDATE problems SET closed_at = ? WHERE kind = ? AND key = ? AND closed_at IS NULL", (now, kind, key)
            )
        return closed > 0

    def current(self, kind: str = "") -> list[OpenProblem]:
        """Return what is open now, of one kind or all, the oldest first."""
        rows = self._db.rows(
            "SELECT kind, key, message, opened_at FROM problems "
            "WHERE closed_at IS NULL AND (?1 = '' OR kind = ?1) ORDER BY opened_at, number",
            (kind,),
        )
        return [OpenProblem(*row) for row in rows]
