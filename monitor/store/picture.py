"""EDGE: what the picture of a watch is made of: hits by time, place, source and headline; every question is bounded.

Hits are found rule by rule in the index (rule_id, at, article_id), so that a question costs what its own time holds,
however many articles and other hits there are.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.model import Article, Hit
from monitor.store.articles import SELECTED as ARTICLE_SELECTED
from monitor.store.articles import article_of
from monitor.store.connection import Connection
from monitor.store.hits import KNOWN_RULES, hit_of
from monitor.store.hits import SELECTED as HIT_SELECTED

_RULES = "json_each(?) AS j CROSS JOIN hits AS h ON h.rule_id = j.value AND h.at >= ? AND h.at < ? "
_NEWS = "(a.novelty <> 'history' OR h.article_version > 1)"  # an edit of an old article is news
_KNOWN = f"""
    {KNOWN_RULES}
    SELECT h.rule_id, h.rule_name, h.watch FROM known AS k CROSS JOIN hits AS h ON h.number =
        (SELECT number FROM hits WHERE rule_id = k.id ORDER BY at DESC LIMIT 1)
"""


@dataclass(frozen=True, slots=True)
class Spotted:
    """A place and the hits there."""

    name: str
    country: str  # ISO 3166-1 alpha-2; "" where none is known
    lat: float
    lon: float
    count: int


class Picture:
    """Counts of hits, of some rules and a time."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def rules(self) -> dict[str, tuple[str, str]]:
        """Return every rule that ever hit: its name and watch at its latest hit."""
        return {rule: (name, watch) for rule, name, watch in self._db.rows(_KNOWN)}

    def counts(self, rules: Collection[str], edges: Sequence[float]) -> dict[str, list[int]]:
        """Return how many hits each rule had between each two neighbours of `edges` (ascending, epoch seconds)."""
        found = {rule: [0] * (len(edges) - 1) for rule in rules}
        if not found or len(edges) < 2:
            return found
        rows = self._db.rows(
            "SELECT r.value, e.key, (SELECT count(*) FROM hits AS h WHERE h.rule_id = r.value "
            "AND h.at >= e.value ->> 0 AND h.at < e.value ->> 1) FROM json_each(?) AS r CROSS JOIN json_each(?) AS e",
            (json.dumps(list(rules)), json.dumps(list(pairwise(edges)))),
        )
        for rule, place, number in rows:
            found[rule][place] = number
        return found

    def rhythm(self, edges: Sequence[float]) -> dict[str, list[int]]:
        """Return how many articles each source that had any stored between each two neighbours of `edges`."""
        found: dict[str, list[int]] = {}
        rows = self._db.rows(
            "SELECT a.source_id, e.key, count(*) FROM json_each(?) AS e CROSS JOIN articles AS a "
            "ON a.seen_at >= e.value ->> 0 AND a.seen_at < e.value ->> 1 GROUP BY 1, 2",
            (json.dumps(list(pairwise(edges))),),
        )
        for source, place, number in rows:
            found.setdefault(source, [0] * (len(edges) - 1))[place] = number
        return found

    def countries(self, rules: Collection[str], since: float, until: float) -> list[tuple[str, int]]:
        """Return the countries that hits are about, by code, those with most hits first."""
        ask = (
            f"SELECT c.value, count(*) AS n FROM {_RULES} JOIN places AS p ON p.article_id = h.article_id "
            "CROSS JOIN json_each(p.countries) AS c GROUP BY 1 ORDER BY n DESC, 1"
        )
        return [(code, number) for code, number in self._db.rows(ask, (json.dumps(list(rules)), since, until))]

    def places(self, rules: Collection[str], since: float, until: float, limit: int) -> list[Spotted]:
        """Return the places (not whole countries or regions) of hits, those with most hits first."""
        ask = (
            "SELECT p.place, coalesce(p.countries ->> 0, ''), p.lat, p.lon, count(*) AS n "
            f"FROM {_RULES} JOIN places AS p ON p.article_id = h.article_id "
            "WHERE p.kind = 'place' AND p.lat IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY n DESC, 1 LIMIT ?"
        )
        return [Spotted(*row) for row in self._db.rows(ask, (json.dumps(list(rules)), since, until, limit))]

    def sources(self, rules: Collection[str], since: float, until: float) -> list[tuple[str, int]]:
        """Return how many hits each source had, those with most first."""
        ask = (
            f"SELECT a.source_id, count(*) AS n FROM {_RULES} JOIN articles AS a ON a.id = h.article_id "
            "GROUP BY 1 ORDER BY n DESC, 1"
        )
        return [(source, number) for source, number in self._db.rows(ask, (json.dumps(list(rules)), since, until))]

    def headlines(self, rules: Collection[str], since: float, until: float, limit: int) -> list[tuple[str, str, str]]:
        """Return (article, source, headline) of articles with hits, the newest `limit` hits."""
        rows = self._db.rows(
            f"SELECT n.article_id, a.source_id, a.title FROM (SELECT h.article_id, h.at FROM {_RULES} "
            "ORDER BY h.at DESC LIMIT ?) AS n JOIN articles AS a ON a.id = n.article_id ORDER BY n.at DESC",
            (json.dumps(list(rules)), since, until, limit),
        )
        return list(dict.fromkeys(rows))

    def recent(self, rule: str, limit: int) -> list[tuple[int, Hit, Article]]:
        """Return the newest hits of a rule, each with its number and article."""
        rows = self._db.rows(
            f"SELECT h.number, {HIT_SELECTED}, {ARTICLE_SELECTED} FROM hits AS h "
            "JOIN articles AS a ON a.id = h.article_id WHERE h.rule_id = ? ORDER BY h.at DESC LIMIT ?",
            (rule, limit),
        )
        return [(row[0], hit_of(row[1:10]), article_of(row[10:])) for row in rows]

    def hourly(self, rules: Collection[str], since: float, until: float) -> dict[str, list[tuple[int, str, int]]]:
        """Return of each rule how many articles of each source it hit in each hour, as `Trends.hourly` does of one."""
        found: dict[str, list[tuple[int, str, int]]] = {rule: [] for rule in rules}
        rows = self._db.rows(
            "SELECT h.rule_id, CAST(h.at / 3600 AS INTEGER), a.source_id, count(DISTINCT h.article_id) "
            f"FROM {_RULES} JOIN articles AS a ON a.id = h.article_id WHERE {_NEWS} GROUP BY 1, 2, 3",
            (json.dumps(list(rules)), since, until),
        )
        for rule, hour, source, number in rows:
            found[rule].append((hour, source, number))
        return found
