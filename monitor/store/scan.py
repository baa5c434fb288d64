"""EDGE: reads all articles of a time in order, range by range, beside a monitor that goes on writing.

Every read is a short transaction of its own, so that the write-ahead log need not grow meanwhile.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from monitor.model import Article, Hit
from monitor.store.articles import SELECTED, article_of
from monitor.store.connection import Connection
from monitor.store.hits import SELECTED as HIT_SELECTED
from monitor.store.hits import hit_of

RANGE = 2_000  # numbers of articles in one range
HELD = 200  # articles read at once
_EVER = (-1e300, 1e300)
_SEEN = "seen_at >= ? AND seen_at < ?"


@dataclass(frozen=True, slots=True)
class Range:
    """Articles by their numbers, both ends included, as far as they were seen in a time."""

    first: int
    last: int
    since: float = _EVER[0]
    until: float = _EVER[1]


class Scan:
    """Reads many articles."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def plan(
        self, *, since: float | None = None, until: float | None = None, limit: int | None = None
    ) -> tuple[list[Range], int]:
        """Return ranges that hold the articles seen in a time (the newest `limit`), and how many these are."""
        seen = (_EVER[0] if since is None else since, _EVER[1] if until is None else until)
        count, first, last = self._db.row(
            f"SELECT count(*), min(number), max(number) FROM articles WHERE {_SEEN}", seen
        )
        if not count:
            return [], 0
        if limit is not None and limit < count:
            ask = f"SELECT number FROM articles WHERE {_SEEN} ORDER BY number DESC LIMIT 1 OFFSET ?"
            first, count = self._db.value(ask, (*seen, limit - 1)), limit
        starts = range(first, last + 1, RANGE)
        return [Range(start, min(start + RANGE - 1, last), *seen) for start in starts], count

    def articles(self, part: Range) -> Iterator[Article]:
        """Yield the articles of a range, the oldest first; only a few are held at once, since bodies may be long."""
        # The + keeps SQLite from using the index of seen_at: the range is by number.
        ask = (
            f"SELECT a.number, {SELECTED} FROM articles AS a WHERE a.number BETWEEN ? AND ? "
            f"AND +a.seen_at >= ? AND +a.seen_at < ? ORDER BY a.number LIMIT {HELD}"
        )
        first = part.first
        while rows := self._db.rows(ask, (first, part.last, part.since, part.until)):
            yield from (article_of(row[1:]) for row in rows)
            first = rows[-1][0] + 1

    def hits(self, part: Range, rules: Collection[str]) -> dict[str, list[Hit]]:
        """Return the recorded hits of some rules on the articles of a range, by article, the newest last."""
        rows = self._db.rows(
            f"SELECT {HIT_SELECTED} FROM articles AS a CROSS JOIN hits AS h ON h.article_id = a.id "
            "WHERE a.number BETWEEN ? AND ? AND h.rule_id IN (SELECT value FROM json_each(?)) ORDER BY h.number",
            (part.first, part.last, json.dumps(list(rules))),
        )
        found: dict[str, list[Hit]] = {}
        for row in rows:
            hit = hit_of(row)
            found.setdefault(hit.article_id, []).append(hit)
        return found
