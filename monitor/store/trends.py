"""EDGE: tables `trends` and `trend_values`: what trends have told and know; and the hits that they count."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from monitor.model import Occurrence, TrendState
from monitor.store.connection import Connection
from monitor.store.text import storable

_COLUMNS = "trend_id, kind, hash, since, watching_since, checked_at, fired_at, fired, reason, alert_id"
# Hits of these rules, each rule by its own stretch of the index (rule_id, at).
_HITS = "json_each(?) AS j CROSS JOIN hits AS h ON h.rule_id = j.value AND h.at > ? AND h.at <= ? "
_NEWS = "(a.novelty <> 'history' OR h.article_version > 1)"  # an edit of an old article is news


class Trends:
    """The trends."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    # --- state -------------------------------------------------------------------------------------------------------

    def states(self) -> dict[str, TrendState]:
        """Return what is remembered of every trend that was ever live, by its id."""
        rows = self._db.rows(f"SELECT {_COLUMNS} FROM trends")
        names = _COLUMNS.split(", ")
        return {row[0]: TrendState(**dict(zip(names, row, strict=True))) for row in rows}

    def save(self, state: TrendState) -> None:
        """Keep what a trend has become."""
        names = _COLUMNS.split(", ")
        changed = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        values = [getattr(state, name) for name in names]
        with self._db.transaction(durable=True):
            self._db.execute(
                f"INSERT INTO trends ({_COLUMNS}) VALUES ({', '.join('?' * len(names))}) "
                f"ON CONFLICT (trend_id) DO UPDATE SET {changed}",
                [storable(value) if isinstance(value, str) else value for value in values],
            )

    def checked(self, ids: Collection[str], now: float) -> None:
        """Note that these trends were looked at."""
        if ids:
            with self._db.transaction():
                self._db.execute(
                    "UPDATE trends SET checked_at = ? WHERE trend_id IN (SELECT value FROM json_each(?))",
                    (now, json.dumps(list(ids))),
                )

    # --- values ------------------------------------------------------------------------------------------------------

    def told(self, trend_id: str, values: Iterable[str] | None = None) -> dict[str, float]:
        """Return the values that a trend told or knows, each with when; of these only, where some are named."""
        if values is None:
            rows = self._db.rows("SELECT value, at FROM trend_values WHERE trend_id = ?", (trend_id,))
            return dict(rows)
        asked = {storable(value): value for value in values}
        rows = self._db.rows(
            "SELECT v.value, v.at FROM json_each(?) AS j CROSS JOIN trend_values AS v "
            "ON v.trend_id = ? AND v.value = j.value",
            (json.dumps(list(asked), ensure_ascii=False), trend_id),
        )
        return {asked[value]: at for value, at in rows}

    def known(self, trend_id: str) -> int:
        """Return how many values a trend told or knows."""
        return int(self._db.value("SELECT count(*) FROM trend_values WHERE trend_id = ?", (trend_id,)))

    def tell(self, trend_id: str, values: Iterable[str], now: float) -> None:
        """Remember values; those that are known keep their time. The trend has to be saved before."""
        with self._db.transaction(durable=True):
            self._db.execute_many(
                "INSERT INTO trend_values (trend_id, value, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(trend_id, storable(value), now) for value in values],
            )

    def forget(self, trend_id: str, values: Iterable[str] | None = None) -> None:
        """Forget values, or all of them."""
        with self._db.transaction():
            if values is None:
                self._db.execute("DELETE FROM trend_values WHERE trend_id = ?", (trend_id,))
            else:
                self._db.execute_many(
                    "DELETE FROM trend_values WHERE trend_id = ? AND value = ?",
                    [(trend_id, storable(value)) for value in values],
                )

    # --- hits --------------------------------------------------------------------------------------------------------

    def occurrences(
        self, rules: Collection[str], since: float, until: float, *, terms: bool = False, old: bool = False
    ) -> list[Occurrence]:
        """Return the hits of rules found after `since`, until `until`, the oldest first.

        `terms`: with the words of their evidence. `old`: also those that were no news.
        """
        rows = self._db.rows(
            f"SELECT h.article_id, a.source_id, h.rule_id, h.watch, h.at, a.published_at, {_NEWS}, "
            f"{'h.evidence' if terms else 'NULL'} FROM {_HITS} JOIN articles AS a ON a.id = h.article_id "
            f"{'' if old else f'WHERE {_NEWS}'} ORDER BY h.at, h.number",
            (json.dumps(list(rules)), since, until),
        )
        return [_occurrence_of(row) for row in rows]

    def hourly(self, rules: Collection[str], since: float, until: float) -> list[tuple[int, str, int]]:
        """Return how many articles of each source the rules hit in each hour: (hours since 1970, source, number)."""
        return [
            (hour, source, number)
            for hour, source, number in self._db.rows(
                f"SELECT CAST(h.at / 3600 AS INTEGER), a.source_id, count(DISTINCT h.article_id) FROM {_HITS} "
                f"JOIN articles AS a ON a.id = h.article_id WHERE {_NEWS} GROUP BY 1, 2",
                (json.dumps(list(rules)), since, until),
            )
        ]

    def first(self, rules: Collection[str]) -> float | None:
        """Return when the first hit of any of these rules was found that is still there."""
        ask = "SELECT min((SELECT min(at) FROM hits WHERE rule_id = j.value)) FROM json_each(?) AS j"
        found = self._db.value(ask, (json.dumps(list(rules)),))
        return None if found is None else float(found)

    def last(self, rules: Collection[str], until: float) -> Occurrence | None:
        """Return the latest hit of any of these rules that was news."""
        latest: list[Occurrence] = []
        for rule in rules:
            row = self._db.row(
                "SELECT h.article_id, a.source_id, h.rule_id, h.watch, h.at, a.published_at, 1, NULL FROM hits AS h "
                f"JOIN articles AS a ON a.id = h.article_id WHERE h.rule_id = ? AND h.at <= ? AND {_NEWS} "
                "ORDER BY h.at DESC LIMIT 1",
                (rule, until),
            )
            latest += [_occurrence_of(row)] if row else []
        return max(latest, key=lambda one: one.at, default=None)


def _occurrence_of(row: Sequence[Any]) -> Occurrence:
    evidence: Iterable[Mapping[int, str]] = json.loads(row[7]) if row[7] else ()
    return Occurrence(
        article_id=row[0],
        source_id=row[1],
        rule_id=row[2],
        watch=row[3],
        at=row[4],
        published_at=row[5],
        news=bool(row[6]),
        terms=tuple((one[1], one[2]) for one in evidence if one[2]),
    )
