"""EDGE: table `handled`: what people did about stories, in order; nothing is overwritten."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from monitor.model import Handled, Severity
from monitor.store.connection import Connection
from monitor.store.text import storable


class HandledStories:
    """What people did about stories."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def add(self, one: Handled) -> None:
        """Keep what a person did; StoreError if there is no such story."""
        with self._db.transaction(durable=True):
            self._db.execute(
                "INSERT INTO handled (story_id, what, by, at, note, until, severity) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    one.story_id,
                    one.what,
                    storable(one.by),
                    one.at,
                    storable(one.note),
                    one.until,
                    one.severity.value,
                ),
            )

    def of(self, story_id: str) -> tuple[Handled, ...]:
        """Return what was done about a story, the oldest first."""
        return self.of_stories([story_id]).get(story_id, ())

    def of_stories(self, stories: Iterable[str]) -> dict[str, tuple[Handled, ...]]:
        """Return what was done about each of these stories, the oldest first; one query.

        What was done about a story counts for the one that it has become part of, too.
        """
        rows = self._db.rows(
            """
            SELECT j.value, h.story_id, h.what, h.by, h.at, h.note, h.until, h.severity FROM json_each(?) AS j
            CROSS JOIN stories AS s ON s.id = j.value OR s.merged_into = j.value
            CROSS JOIN handled AS h ON h.story_id = s.id ORDER BY h.number
            """,
            (json.dumps(list(stories)),),
        )
        found: dict[str, tuple[Handled, ...]] = {}
        for asked, *row in rows:
            found[asked] = (*found.get(asked, ()), _handled_of(row))
        return found


def _handled_of(row: Sequence[Any]) -> Handled:
    return Handled(
        story_id=row[0],
        what=row[1],
        by=row[2],
        at=row[3],
        note=row[4],
        until=row[5],
        severity=Severity(row[6]),
    )
