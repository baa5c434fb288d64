"""EDGE: tables `people` and `sessions`: who may log in to the page, and who has.

A session is kept by the SHA-256 of its token: whoever reads the database, or a backup of it, cannot use it to log in.
"""

import hashlib
from dataclasses import dataclass

from monitor.model import Person, Role
from monitor.store.connection import Connection

_SEEN_EVERY = 600.0  # seconds between two notes of when a session was last used


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in."""

    name: str
    role: Role
    since: float
    seen_at: float


class People:
    """Local accounts of the page and their sessions."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    # --- accounts ----------------------------------------------------------------------------------------------------

    def all(self) -> list[Person]:
        """Return every account, by name."""
        rows = self._db.rows("SELECT name, role, password, since FROM people ORDER BY name")
        return [Person(name=row[0], role=Role(row[1]), password=row[2], since=row[3]) for row in rows]

    def get(self, name: str) -> Person | None:
        """Return one account, or None."""
        row = self._db.row("SELECT name, role, password, since FROM people WHERE name = ?", (name,))
        return Person(name=row[0], role=Role(row[1]), password=row[2], since=row[3]) if row else None

    def any(self) -> bool:
        """Say whether there is an account at all."""
        return bool(self._db.value("SELECT EXISTS (SELECT 1 FROM people)"))

    def put(self, person: Person) -> None:
        """Add an account, or give the one of this name another password and role; its sessions end."""
        with self._db.transaction(durable=True):
            self._db.execute("DELETE FROM sessions WHERE name = ?", (person.name,))
            self._db.execute(
                "INSERT INTO people (name, role, password, since) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET role = excluded.role, password = excluded.password",
                (person.name, person.role.value, person.password, person.since),
            )

    def remove(self, name: str) -> bool:
        """Remove an account and end its sessions; False where there is none."""
        with self._db.transaction(durable=True):
            return self._db.execute("DELETE FROM people WHERE name = ?", (name,)) == 1

    # --- sessions ----------------------------------------------------------------------------------------------------

    def begin(self, token: str, name: str, now: float, *, lasts: float) -> None:
        """Remember that the holder of this token is logged in; sessions that lasted too long are forgotten."""
        with self._db.transaction(durable=True):
            self._db.execute("DELETE FROM sessions WHERE seen_at < ?", (now - lasts,))
            self._db.execute(
                "INSERT INTO sessions (token_hash, name, since, seen_at) VALUES (?, ?, ?, ?)",
                (_hash(token), name, now, now),
            )

    def session(self, token: str, now: float, *, lasts: float) -> Session | None:
        """Return whose token this is, unless it was not used for `lasts` seconds."""
        row = self._db.row(
            "SELECT s.name, p.role, s.since, s.seen_at FROM sessions AS s JOIN people AS p ON p.name = s.name "
            "WHERE s.token_hash = ? AND s.seen_at >= ?",
            (_hash(token), now - lasts),
        )
        return Session(row[0], Role(row[1]), row[2], row[3]) if row else None

    def seen(self, token: str, now: float) -> None:
        """Note that a session is used."""
        self._db.execute("UPDATE sessions SET seen_at = ? WHERE token_hash = ?", (now, _hash(token)))

    @staticmethod
    def is_note_due(session: Session, now: float, *, lasts: float) -> bool:
        """Say whether it is time to note again that a session is used; not at every look, that would be a write."""
        return now - session.seen_at > min(_SEEN_EVERY, lasts / 10)

    def end(self, token: str) -> None:
        """Forget a session."""
        with self._db.transaction(durable=True):
            self._db.execute("DELETE FROM sessions WHERE token_hash = ?", (_hash(token),))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
