"""EDGE: table `marks`: what a person said of a hit, right or wrong; it stays when the article is matched again."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from monitor.store.connection import Connection
from monitor.store.text import storable

_SET = """
    INSERT INTO marks (article_id, rule_id, verdict, note, at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET verdict = excluded.verdict, note = excluded.note, at = excluded.at
"""
_COLUMNS = "article_id, rule_id, verdict, note, at"
Pair = tuple[str, str]  # article id, rule id


class Verdict(StrEnum):
    """What a person thinks of a hit."""

    RIGHT = "right"  # the rule should have found this article
    WRONG = "wrong"  # it should not


@dataclass(frozen=True, slots=True, kw_only=True)
class HitMark:
    """One person's word about one rule's hit on one article."""

    article_id: str
    rule_id: str
    verdict: Verdict
    note: str
    at: float


class Marks:
    """The marks on hits."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def set(self, article_id: str, rule_id: str, verdict: Verdict, now: float, *, note: str = "") -> None:
        """Mark a hit; an earlier mark is replaced. StoreError if there is no such article."""
        with self._db.transaction(durable=True):
            self._db.execute(_SET, (article_id, rule_id, verdict.value, storable(note), now))

    def clear(self, article_id: str, rule_id: str) -> bool:
        """Take a mark away; tell whether there was one."""
        with self._db.transaction(durable=True):
            gone = self._db.execute("DELETE FROM marks WHERE article_id = ? AND rule_id = ?", (article_id, rule_id))
        return gone > 0

    def of(self, pairs: Iterable[Pair]) -> dict[Pair, HitMark]:
        """Return the marks of these hits (article id, rule id); those without one are left out."""
        rows = self._db.rows(
            "SELECT m.article_id, m.rule_id, m.verdict, m.note, m.at FROM json_each(?) AS j CROSS JOIN marks AS m "
            "ON m.article_id = j.value ->> 0 AND m.rule_id = j.value ->> 1",
            (json.dumps(list(pairs)),),
        )
        return {(row[0], row[1]): _mark_of(row) for row in rows}

    def of_rule(self, rule_id: str) -> list[HitMark]:
        """Return all marks on hits of a rule, the newest first."""
        ask = f"SELECT {_COLUMNS} FROM marks WHERE rule_id = ? ORDER BY at DESC, article_id"
        return [_mark_of(row) for row in self._db.rows(ask, (rule_id,))]

    def counts(self) -> dict[str, dict[Verdict, int]]:
        """Return how many hits of each rule are marked right and wrong; rules without marks are left out."""
        found: dict[str, dict[Verdict, int]] = {}
        for rule_id, verdict, number in self._db.rows("SELECT rule_id, verdict, count(*) FROM marks GROUP BY 1, 2"):
            found.setdefault(rule_id, {})[Verdict(verdict)] = number
        return found


def _mark_of(row: tuple[str, str, str, str, float]) -> HitMark:
    return HitMark(article_id=row[0], rule_id=row[1], verdict=Verdict(row[2]), note=row[3], at=row[4])
