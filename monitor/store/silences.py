"""EDGE: table `silences`: what people do not want to hear of for a while, also what is over."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from monitor.model import Severity, Silence
from monitor.store.connection import Connection
from monitor.store.text import storable

_SELECTED = "id, author, reason, start, end, matcher, ended_by"
_LISTS = ("rules", "watches", "sources", "countries", "words", "channels")


class Silences:
    """The silences."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def add(self, silence: Silence) -> Silence:
        """Store a silence and return it with its number; that of the one given does not count."""
        matcher: dict[str, object] = {name: getattr(silence, name) for name in _LISTS if getattr(silence, name)}
        if silence.below:
            matcher["below"] = silence.below.value
        with self._db.transaction(durable=True):
            self._db.execute(
                "INSERT INTO silences (author, reason, start, end, matcher) VALUES (?, ?, ?, ?, ?)",
                (
                    storable(silence.author),
                    storable(silence.reason),
                    silence.start,
                    silence.end,
                    storable(json.dumps(matcher, ensure_ascii=False)),
                ),
            )
            number = self._db.value("SELECT last_insert_rowid()")
        return replace(silence, id=int(number))

    def get(self, number: int) -> Silence | None:
        """Return a silence, also one that is over."""
        row = self._db.row(f"SELECT {_SELECTED} FROM silences WHERE id = ?", (number,))
        return _silence_of(row) if row else None

    def active(self, now: float) -> tuple[Silence, ...]:
        """Return the silences in force, the oldest first."""
        ask = f"SELECT {_SELECTED} FROM silences WHERE end > ?1 AND start <= ?1 ORDER BY id"
        return tuple(_silence_of(row) for row in self._db.rows(ask, (now,)))

    def all(self) -> list[Silence]:
        """Return every silence, the newest first."""
        return [_silence_of(row) for row in self._db.rows(f"SELECT {_SELECTED} FROM silences ORDER BY id DESC")]

    def newest(self, limit: int) -> list[Silence]:
        """Return so many silences, the newest first."""
        ask = f"SELECT {_SELECTED} FROM silences ORDER BY id DESC LIMIT ?"
        return [_silence_of(row) for row in self._db.rows(ask, (limit,))]

    def expire(self, number: int, by: str, now: float) -> bool:
        """End a silence now; return whether it was in force. Its row stays."""
        with self._db.transaction(durable=True):
            changed = self._db.execute(
                "UPDATE silences SET end = ?, ended_by = ? WHERE id = ? AND end > ?", (now, storable(by), number, now)
            )
        return changed == 1


def _silence_of(row: Sequence[Any]) -> Silence:
    matcher = json.loads(row[5])
    return Silence(
        id=row[0],
        author=row[1],
        reason=row[2],
        start=row[3],
        end=row[4],
        ended_by=row[6],
        below=Severity(matcher["below"]) if "below" in matcher else None,
        **{name: tuple(matcher.get(name, ())) for name in _LISTS},
    )
