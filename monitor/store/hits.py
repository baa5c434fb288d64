"""EDGE: table `hits`: which rule matched which article, with the evidence."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from monitor.model import Article, Evidence, Field, Hit, Severity
from monitor.store.articles import SELECTED as ARTICLE_SELECTED
from monitor.store.articles import Where, article_of
from monitor.store.connection import Connection
from monitor.store.marks import Verdict
from monitor.store.text import storable

_COLUMNS = "article_id, article_version, rule_id, rule_name, rule_hash, watch, severity, evidence, at"
SELECTED = ", ".join(f"h.{name}" for name in _COLUMNS.split(", "))
_VERDICT = "SELECT verdict FROM marks AS m WHERE m.article_id = h.article_id AND m.rule_id = h.rule_id"

_COUNTRIES = "SELECT j.value FROM places AS p, json_each(p.countries) AS j WHERE p.article_id = h.article_id"
_ANY = "SELECT value FROM json_each(?)"
Values = str | Sequence[str]  # one of several is enough; "" and () = anything

# The rules that ever hit, by steps along the index: as many as there are rules, not hits. The last one is NULL.
KNOWN_RULES = """
    WITH RECURSIVE known (id) AS (
        SELECT min(rule_id) FROM hits
        UNION ALL
        SELECT (SELECT min(rule_id) FROM hits WHERE rule_id > known.id) FROM known WHERE known.id IS NOT NULL
    )
"""


class Hits:
    """The hits."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def add(self, hits: Iterable[Hit]) -> int:
        """Store hits and return how many were new: one per article, its version, and rule."""
        rows = [_row_of(hit) for hit in hits]
        if not rows:
            return 0
        with self._db.transaction(durable=True):
            return self._db.execute_many(
                f"INSERT INTO hits ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows
            )

    def of(self, article_id: str) -> list[Hit]:
        """Return the hits of an article in all its versions, in the order they came."""
        ask = f"SELECT {SELECTED} FROM hits AS h WHERE h.article_id = ? ORDER BY h.number"
        return [hit_of(row) for row in self._db.rows(ask, (article_id,))]

    def get(self, number: int) -> Hit | None:
        """Return the hit with this number, or None."""
        row = self._db.row(f"SELECT {SELECTED} FROM hits AS h WHERE h.number = ?", (number,))
        return hit_of(row) if row else None

    def search(
        self,
        *,
        rule: Values = "",
        watch: Values = "",
        severity: Severity | None = None,
        source: Values = "",
        country: Values = "",
        language: Values = "",
        text: str = "",
        since: float | None = None,
        until: float | None = None,
        marked: Verdict | Literal["none"] | None = None,
        limit: int = 50,
        after: int | None = None,
        before: int | None = None,
    ) -> list[tuple[int, Hit, Article]]:
        """Return hits for which everything given holds, each with its number and article, the newest first.

        `severity` is the lowest one wanted; `marked` "none" wants those that nobody marked. With `after` (a hit's
        number; 0 = from the start) only what came later, the oldest first, so that following misses nothing;
        `before` pages backwards.
        """
        where = Where()
        where.text(text, "hits_fts")
        where.add(*_one_of("h.rule_id", rule))
        where.add(*_one_of("h.watch", watch))
        where.add("h.severity IN (SELECT value FROM json_each(?))", _at_least(severity))
        where.add(*_one_of("a.source_id", source))
        where.add(*_one_of("a.language", language))
        where.add(f"EXISTS ({_COUNTRIES} AND j.value IN ({_ANY}))", json.dumps(_listed(country)) if country else None)
        where.add("h.at >= ?", since)
        where.add("h.at < ?", until)
        where.add("h.number > ?", after)
        where.add("h.number < ?", before)
        where.add(f"coalesce(({_VERDICT}), 'none') = ?", marked)
        return self._found(where, f"ORDER BY h.number {'DESC' if after is None else 'ASC'}", limit)

    def _found(self, where: Where, order: str, limit: int) -> list[tuple[int, Hit, Article]]:
        tables = "articles AS a CROSS JOIN hits AS h" if where.source else "hits AS h CROSS JOIN articles AS a"
        found = f"SELECT h.number FROM {where.source}{tables} ON a.id = h.article_id {where} {order} LIMIT ?"
        rows = self._db.rows(  # numbers first: so what is put in order is small
            f"SELECT h.number, {SELECTED}, {ARTICLE_SELECTED} FROM hits AS h CROSS JOIN articles AS a "
            f"ON a.id = h.article_id WHERE h.number IN ({found}) {order}",
            (*where.values, limit),
        )
        return [(row[0], hit_of(row[1:10]), article_of(row[10:])) for row in rows]

    def count(self, since: float | None = None) -> int:
        """Return how many hits there are, or were found since then."""
        return int(self._db.value("SELECT count(*) FROM hits WHERE at >= ?", (-1e300 if since is None else since,)))

    def per_rule(self, since: float | None = None) -> dict[str, int]:
        """Return the number of hits of each rule that has any, the busiest first."""
        rows = self._db.rows(
            f"{KNOWN_RULES} SELECT * FROM (SELECT k.id, "
            "(SELECT count(*) FROM hits AS h WHERE h.rule_id = k.id AND h.at >= ?) AS n FROM known AS k) "
            "WHERE n > 0 ORDER BY n DESC, id",
            (-1e300 if since is None else since,),
        )
        return dict(rows)

    def watches(self) -> set[str]:
        """Return the watches of all hits."""
        return {row[0] for row in self._db.rows("SELECT DISTINCT watch FROM hits")}

    def last_per_rule(self) -> dict[str, float]:
        """Return when each rule that ever hit did so last."""
        rows = self._db.rows(
            f"{KNOWN_RULES} SELECT k.id, (SELECT max(at) FROM hits AS h WHERE h.rule_id = k.id) FROM known AS k "
            "WHERE k.id IS NOT NULL"
        )
        return dict(rows)


def _listed(values: Values) -> list[str]:
    return [values] if isinstance(values, str) else list(values)


def _one_of(column: str, values: Values) -> tuple[str, str | None]:
    """Return the condition that a column has one of these values, and what stands for its placeholder."""
    listed = _listed(values) if values else []
    if len(listed) < 2:
        return f"{column} = ?", listed[0] if listed else None
    return f"{column} IN ({_ANY})", json.dumps(listed)


def _at_least(severity: Severity | None) -> str | None:
    return severity and json.dumps([one.value for one in Severity if one.rank >= severity.rank])


def _row_of(hit: Hit) -> tuple[Any, ...]:
    evidence = [(one.condition, one.term, one.words, one.field.value, one.start, one.end) for one in hit.evidence]
    return (
        hit.article_id,
        hit.article_version,
        hit.rule_id,
        hit.rule_name,
        hit.rule_hash,
        hit.watch,
        hit.severity.value,
        storable(json.dumps(evidence, ensure_ascii=False)),
        hit.at,
    )


def hit_of(row: Sequence[Any]) -> Hit:
    """Build a hit from the columns `SELECTED`."""
    return Hit(
        article_id=row[0],
        article_version=row[1],
        rule_id=row[2],
        rule_name=row[3],
        rule_hash=row[4],
        watch=row[5],
        severity=Severity(row[6]),
        evidence=tuple(Evidence(one[0], one[1], one[2], Field(one[3]), one[4], one[5]) for one in json.loads(row[7])),
        at=row[8],
    )
