"""EDGE: table `problems`: what is wrong now, and what was: dead sources, dead channels, broken rules."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from monitor.model import Severity
from monitor.store.connection import Connection
from monitor.store.text import storable

_COLUMNS = "kind, key, message, opened_at, title, advice, severity, number, closed_at, told_at"
# Word for word the conditions of the indexes problems_untold and problems_over.
_UNTOLD = "told_at IS NULL AND closed_at IS NULL"
_OVER = "told_at IS NOT NULL AND closed_at IS NOT NULL AND over_at IS NULL"


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """Something that is wrong now, or was and that it is over is still to be told."""

    kind: str  # for example "source", "channel", "rule"
    key: str  # which one
    message: str
    opened_at: float
    title: str = ""
    advice: str = ""
    severity: Severity = Severity.HIGH
    number: int = 0
    closed_at: float | None = None
    told_at: float | None = None  # when the operators were told; None = it waits for others


class Problems:
    """Problems, each open at most once."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def open(
        self,
        kind: str,
        key: str,
        message: str,
        now: float,
        *,
        title: str = "",
        advice: str = "",
        severity: Severity = Severity.HIGH,
        told: bool = True,
    ) -> bool:
        """Note a problem; True the first time, False while it stays open (its message is kept up to date).

        `told`: the caller tells the operators; else it waits in `untold`.
        """
        texts = (storable(message), storable(title), storable(advice), severity.value)
        with self._db.transaction():
            had = self._db.execute(
                "UPDATE problems SET message = ?, title = ?, advice = ?, severity = ? "
                "WHERE kind = ? AND key = ? AND closed_at IS NULL",
                (*texts, kind, key),
            )
            if not had:
                self._db.execute(
                    "INSERT INTO problems (message, title, advice, severity, kind, key, opened_at, told_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (*texts, kind, key, now, now if told else None),
                )
            return not had

    def close(self, kind: str, key: str, now: float, *, told: bool = True) -> bool:
        """Note that a problem is over; True if it was open.

        `told`: the caller tells the operators, or nobody need hear of it; else it waits in `over`.
        """
        if not self._db.row("SELECT 1 FROM problems WHERE kind = ? AND key = ? AND closed_at IS NULL", (kind, key)):
            return False  # the usual case, and no write
        with self._db.transaction():
            closed = self._db.execute(
                "UPDATE problems SET closed_at = ?, over_at = ? WHERE kind = ? AND key = ? AND closed_at IS NULL",
                (now, now if told else None, kind, key),
            )
        return closed > 0

    def current(self, kind: str = "") -> list[OpenProblem]:
        """Return what is open now, of one kind or all, the oldest first."""
        return self._where("closed_at IS NULL AND (?1 = '' OR kind = ?1)", kind)

    def past(self, key: str, limit: int) -> list[OpenProblem]:
        """Return what was or is wrong with one thing, the newest first."""
        return self._where("key = ? ", key)[::-1][:limit]

    def get(self, kind: str, key: str) -> OpenProblem | None:
        """Return one problem that is open now, or None."""
        return next(iter(self._where("closed_at IS NULL AND kind = ? AND key = ?", kind, key)), None)

    def untold(self) -> list[OpenProblem]:
        """Return what is open and was not told, the oldest first."""
        return self._where(_UNTOLD)

    def over(self) -> list[OpenProblem]:
        """Return what was told and is over, but that was not told, the oldest first."""
        return self._where(_OVER)

    def tell(self, numbers: Collection[int], now: float) -> None:
        """Note that the operators are told of these: that they began, or for those that are closed, that they ended."""
        with self._db.transaction():
            self._db.execute_many(
                "UPDATE problems SET over_at = CASE WHEN closed_at IS NULL THEN over_at ELSE ?1 END, "
                "told_at = coalesce(told_at, ?1) WHERE number = ?2",
                [(now, number) for number in numbers],
            )

    def _where(self, condition: str, *values: str) -> list[OpenProblem]:
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM problems WHERE {condition} ORDER BY opened_at, number",
            values,
        )
        return [_problem_of(row) for row in rows]


def _problem_of(row: tuple[Any, ...]) -> OpenProblem:
    kind, key, message, opened_at, title, advice, severity, number, closed_at, told_at = row
    return OpenProblem(kind, key, message, opened_at, title, advice, Severity(severity), number, closed_at, told_at)
