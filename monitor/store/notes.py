"""EDGE: tables `notes` and `assigned`: what people write about a story, and who looks after it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.store.connection import Connection
from monitor.store.text import storable

_PARTS = "SELECT id FROM stories WHERE id = ?1 OR merged_into = ?1"  # what was merged into a story counts for it


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote about a story; it is never changed."""

    by: str
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who looks after a story, and who said so."""

    name: str
    by: str
    at: float


class Notes:
    """The notes, and who looks after what."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def add(self, story_id: str, note: Note) -> None:
        """Keep a note; StoreError if there is no such story."""
        with self._db.transaction(durable=True):
            self._db.execute(
                "INSERT INTO notes (story_id, by, at, text) VALUES (?, ?, ?, ?)",
                (story_id, storable(note.by), note.at, storable(note.text)),
            )

    def of(self, story_id: str) -> list[Note]:
        """Return the notes on a story, the oldest first."""
        ask = f"SELECT by, at, text FROM notes WHERE story_id IN ({_PARTS}) ORDER BY number"
        return [Note(*row) for row in self._db.rows(ask, (story_id,))]

    def assign(self, story_id: str, assigned: Assigned) -> None:
        """Say who looks after a story; the name "" = nobody any more. StoreError if there is no such story."""
        with self._db.transaction(durable=True):
            self._db.execute("DELETE FROM assigned WHERE story_id IN (" + _PARTS + ")", (story_id,))
            if assigned.name:
                self._db.execute(
                    "INSERT INTO assigned (story_id, name, by, at) VALUES (?, ?, ?, ?)",
                    (story_id, storable(assigned.name), storable(assigned.by), assigned.at),
                )

    def assigned(self, story_id: str) -> Assigned | None:
        """Return who looks after a story, as it was said last, or None."""
        ask = f"SELECT name, by, at FROM assigned WHERE story_id IN ({_PARTS}) ORDER BY at DESC LIMIT 1"
        row = self._db.row(ask, (story_id,))
        return Assigned(*row) if row else None

    def assigned_of(self, stories: Iterable[str]) -> dict[str, str]:
        """Return who looks after each of these stories after which somebody does; one query."""
        rows = self._db.rows(
            "SELECT j.value, a.name FROM json_each(?) AS j CROSS JOIN stories AS s ON s.id = j.value "
            "OR s.merged_into = j.value CROSS JOIN assigned AS a ON a.story_id = s.id ORDER BY a.at",
            (json.dumps(list(stories)),),
        )
        return dict(rows)
