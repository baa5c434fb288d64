"""EDGE: table `places`: where each article is that rules hit, as far as its words say."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from monitor.model import Located
from monitor.store.connection import Connection
from monitor.store.text import storable

COLUMNS = "article_id, countries, place, kind, lat, lon, sure, borders, why, words"


class Places:
    """One row an article that names a place or a country."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def add(self, located: Mapping[str, Located]) -> None:
        """Keep where articles are, by their ids; one that is nowhere any more, since it was edited, is forgotten."""
        if not located:
            return
        rows = [_row_of(article_id, one) for article_id, one in located.items() if one.countries]
        nowhere = [article_id for article_id, one in located.items() if not one.countries]
        with self._db.transaction():
            self._db.execute(
                "DELETE FROM places WHERE article_id IN (SELECT value FROM json_each(?))", (json.dumps(nowhere),)
            )
            self._db.execute_many(
                f"INSERT OR REPLACE INTO places ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )

    def of(self, article_ids: Iterable[str]) -> dict[str, Located]:
        """Return where these articles are, by id; those that are nowhere are left out."""
        columns = ", ".join(f"p.{name}" for name in COLUMNS.split(", "))
        rows = self._db.rows(
            f"SELECT {columns} FROM json_each(?) AS j CROSS JOIN places AS p ON p.article_id = j.value",
            (json.dumps(list(article_ids)),),
        )
        return {row[0]: located_of(row) for row in rows}


def _row_of(article_id: str, one: Located) -> tuple[Any, ...]:
    return (
        article_id,
        json.dumps(one.countries),
        one.place,
        one.kind,
        one.lat,
        one.lon,
        one.sure,
        json.dumps(dict(one.borders)),
        storable(one.why),
        storable(json.dumps(one.words, ensure_ascii=False)),
    )


def located_of(row: tuple[Any, ...]) -> Located:
    """Build it from the columns `COLUMNS`."""
    return Located(
        countries=tuple(json.loads(row[1])),
        place=row[2],
        kind=row[3],
        lat=row[4],
        lon=row[5],
        sure=row[6],
        borders=json.loads(row[7]),
        why=row[8],
        words=tuple(json.loads(row[9])),
    )
