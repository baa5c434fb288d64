"""EDGE: table `pulses`: what each source's past says of its usual life, so that silence and failure can be told."""

import json
from collections.abc import Iterable, Mapping

from monitor.model import Pulse, SourceState, State
from monitor.store.connection import Connection

_COLUMNS = (
    "source_id, since, arrivals, usual, longest, last_new, failing_since, failed, good_since, failed_for, dated, "
    "undated, missed, certificate, certificate_near"
)
_NUMBER = len(_COLUMNS.split(", "))
_PULSE = ", ".join(f"p.{name}" for name in _COLUMNS.split(", "))


class Pulses:
    """One row a source that was ever polled."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def of(self, source_ids: Iterable[str]) -> dict[str, Pulse]:
        """Return what is known of these sources, by id."""
        rows = self._db.rows(
            f"SELECT {_PULSE} FROM json_each(?) AS j CROSS JOIN pulses AS p ON p.source_id = j.value",
            (json.dumps(list(source_ids)),),
        )
        return {row[0]: _pulse_of(row) for row in rows}

    def save(self, pulses: Iterable[Pulse]) -> None:
        """Write pulses back."""
        rows = [tuple(getattr(pulse, name) for name in _COLUMNS.split(", ")) for pulse in pulses]
        if rows:
            with self._db.transaction():
                self._db.execute_many(
                    f"INSERT OR REPLACE INTO pulses ({_COLUMNS}) VALUES ({', '.join('?' * len(rows[0]))})", rows
                )

    def watched(self) -> Mapping[str, tuple[Pulse, SourceState]]:
        """Return pulse and state of every source that is polled and was; the state without validators and items."""
        rows = self._db.rows(
            f"SELECT {_PULSE}, s.state, s.reason, s.status, s.learnt_url, s.moved_to, s.last_polled, s.last_success, "
            "s.interval, s.floor FROM sources AS s JOIN pulses AS p ON p.source_id = s.id "
            "WHERE s.enabled = 1 AND s.removed_at IS NULL AND s.state <> 'new' ORDER BY s.id"
        )
        return {row[0]: (_pulse_of(row[:_NUMBER]), _state_of(row[0], row[_NUMBER:])) for row in rows}

    def shift(self, step: float) -> None:
        """Move every point in time by so many seconds, after the clock jumped by them."""
        with self._db.transaction():
            self._db.execute(
                "UPDATE pulses SET since = since + ?1, last_new = last_new + ?1, "
                "failing_since = failing_since + ?1, good_since = good_since + ?1",
                (step,),
            )


def _pulse_of(row: tuple[object, ...]) -> Pulse:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    return Pulse(**{**values, "dated": bool(values["dated"])})  # type: ignore[arg-type]


def _state_of(source_id: str, row: tuple[object, ...]) -> SourceState:
    names = ("reason", "status", "url", "moved_to", "last_polled", "last_success", "interval", "floor")
    values = dict(zip(names, row[1:], strict=True))
    return SourceState(source_id=source_id, state=State(row[0]), **values)  # type: ignore[arg-type]
