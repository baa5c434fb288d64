"""EDGE: table `counters`: how many passed each gate or stopped at it, per day (UTC)."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from monitor.store.connection import Connection

_ADD = """
    INSERT INTO counters (day, gate, label, n) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET n = n + excluded.n
"""


class Counters:
    """Counts by gate and label."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def add(self, gate: str, label: str, n: int, now: float) -> None:
        """Count `n` more at a gate today."""
        self.add_all({(gate, label): n}, now)

    def add_all(self, counts: Mapping[tuple[str, str], int], now: float) -> None:
        """Count several gates at once; keys are (gate, label)."""
        rows = [(_day(now), gate, label, n) for (gate, label), n in counts.items() if n]
        if rows:
            with self._db.transaction():
                self._db.execute_many(_ADD, rows)

    def day(self, now: float) -> dict[tuple[str, str], int]:
        """Return the counts of the day that holds `now`, by (gate, label)."""
        return _counts(self._db.rows("SELECT gate, label, n FROM counters WHERE day = ? ORDER BY 1, 2", (_day(now),)))

    def total(self) -> dict[tuple[str, str], int]:
        """Return the counts over all days kept, by (gate, label)."""
        return _counts(self._db.rows("SELECT gate, label, sum(n) FROM counters GROUP BY 1, 2 ORDER BY 1, 2"))

    def since(self, since: float) -> dict[tuple[str, str], int]:
        """Return the counts from the day on that holds `since`, by (gate, label)."""
        rows = self._db.rows("SELECT gate, label, sum(n) FROM counters WHERE day >= ? GROUP BY 1, 2", (_day(since),))
        return _counts(rows)

    def days(self, gate: str, since: float, until: float) -> frozenset[int]:
        """Return the days (numbered since 1970, UTC) of that time on which something passed a gate."""
        asked = {_day(number * 86400.0): number for number in range(int(since // 86400), int(until // 86400) + 1)}
        rows = self._db.rows(
            "SELECT j.value FROM json_each(?) AS j "
            "WHERE EXISTS (SELECT 1 FROM counters WHERE day = j.value AND gate = ?)",
            (json.dumps(list(asked)), gate),
        )
        return frozenset(asked[day] for (day,) in rows)

    def of_gate(self, gate: str, since: float) -> dict[str, int]:
        """Return the counts of one gate by label, over the days from the one that holds `since`."""
        ask = "SELECT label, sum(n) FROM counters WHERE day >= ? AND gate = ? GROUP BY label ORDER BY label"
        return dict(self._db.rows(ask, (_day(since), gate)))


def _day(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).date().isoformat()


def _counts(rows: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str], int]:
    return {(gate, label): number for gate, label, number in rows}
