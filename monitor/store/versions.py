"""EDGE: table `versions`: every text of an article that was edited; one that never was stands in `articles` only."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.store.connection import Connection

_COLUMNS = "article_id, version, title, summary, body, content_hash, seen_at, reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text of an article."""

    article_id: str
    version: int
    title: str
    summary: str
    body: str
    content_hash: str
    seen_at: float
    reason: str  # why it was stored, one sentence


def keep(db: Connection, article_id: str) -> None:
    """Copy the text that an article has now."""
    db.execute(
        f"INSERT INTO versions ({_COLUMNS}) "
        "SELECT id, version, title, summary, body, content_hash, seen_at, reason FROM articles WHERE id = ? "
        "ON CONFLICT DO NOTHING",
        (article_id,),
    )


def add(db: Connection, row: Sequence[object]) -> None:
    """Store a new text, given in the order of the columns."""
    db.execute(f"INSERT INTO versions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


def of_article(db: Connection, article_id: str) -> list[Version]:
    """Return every text of an article, the oldest first."""
    rows = db.rows(f"SELECT {_COLUMNS} FROM versions WHERE article_id = ? ORDER BY version", (article_id,))
    rows = rows or db.rows(
        "SELECT id, version, title, summary, body, content_hash, seen_at, reason FROM articles WHERE id = ?",
        (article_id,),
    )
    names = _COLUMNS.split(", ")
    return [Version(**dict(zip(names, row, strict=True))) for row in rows]
