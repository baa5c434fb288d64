"""EDGE: table `sources`: what is polled, what is remembered of it between polls, and when it is due."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from monitor.errors import StoreError
from monitor.model import Source, SourceState, State
from monitor.store.connection import Connection

_STATE = (
    "state, reason, status, etag, last_modified, body_hash, items, moved_to, moved_count, learnt_url, next_due, "
    "last_polled, last_success, last_new, last_whole, failures, interval, rhythm, floor, primed, id"
)
_SOURCE = "id, url, kind, title, publisher, family, country, language, reliability, fixed_interval, tags, enabled"
_SAVE = f"UPDATE sources SET ({_STATE.removesuffix(', id')}) = ({', '.join('?' * 20)}) WHERE id = ?"
# Another address is another document: what was remembered of the old one (validators, hashes, failures) is void.
_SYNC = f"""
    INSERT INTO sources ({_SOURCE}) VALUES ({", ".join("?" * 12)})
    ON CONFLICT (id) DO UPDATE SET
        ({_SOURCE.removeprefix("id, ")}) = ({", ".join("excluded." + name for name in _SOURCE.split(", ")[1:])}),
        removed_at = NULL,
        state = CASE WHEN url = excluded.url THEN state ELSE 'new' END,
        reason = CASE WHEN url = excluded.url THEN reason ELSE '' END,
        etag = CASE WHEN url = excluded.url THEN etag END,
        last_modified = CASE WHEN url = excluded.url THEN last_modified END,
        body_hash = CASE WHEN url = excluded.url THEN body_hash ELSE '' END,
        items = CASE WHEN url = excluded.url THEN items ELSE x'' END,
        moved_to = CASE WHEN url = excluded.url THEN moved_to ELSE '' END,
        moved_count = CASE WHEN url = excluded.url THEN moved_count ELSE 0 END,
        learnt_url = CASE WHEN url = excluded.url THEN learnt_url ELSE '' END,
        failures = CASE WHEN url = excluded.url THEN failures ELSE 0 END,
        next_due = CASE WHEN url = excluded.url THEN next_due ELSE 0 END
"""
_DUE = "enabled = 1 AND state <> 'gone'"  # word for word the condition of index sources_due


@dataclass(frozen=True, slots=True)
class Look:
    """How one source is doing, as a list shows it; quicker to read than its whole state."""

    id: str
    title: str
    url: str
    tags: tuple[str, ...]
    enabled: bool
    state: State
    reason: str
    last_polled: float | None
    last_success: float | None
    last_new: float | None
    next_due: float
    interval: float
    rhythm: float | None  # smoothed seconds between new entries


@dataclass(frozen=True, slots=True)
class PastState:
    """What polls of a source came to from a moment on."""

    at: float
    state: State
    reason: str
    status: int | None  # of HTTP


class Sources:
    """What is polled, and its state."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def sync(self, sources: Sequence[Source], now: float) -> None:
        """Make the table hold these sources; others stay, with their articles, but are polled no more.

        A new source is due at once. A source with another URL than before starts afresh, but knows its old items.
        """
        ids = json.dumps([source.id for source in sources])
        with self._db.transaction():
            self._db.execute_many(_SYNC, map(_row_of, sources))
            self._db.execute(
                "UPDATE sources SET enabled = 0, removed_at = ? "
                "WHERE removed_at IS NULL AND id NOT IN (SELECT value FROM json_each(?))",
                (now, ids),
            )

    def due(self, now: float, limit: int = 64, exclude: Collection[str] = ()) -> list[SourceState]:
        """Return at most `limit` sources whose time has come, the longest overdue first, without `exclude`."""
        rows = self._db.rows(
            f"SELECT {_STATE} FROM sources WHERE {_DUE} AND next_due <= ? "
            "AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY next_due LIMIT ?",
            (now, json.dumps(list(exclude)), limit),
        )
        return [_state_of(row) for row in rows]

    def next_due(self, exclude: Collection[str] = ()) -> float | None:
        """Return when the next source is due, or None when there is none to poll."""
        found = self._db.value(
            f"SELECT next_due FROM sources WHERE {_DUE} "
            "AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY next_due LIMIT 1",
            (json.dumps(list(exclude)),),
        )
        return None if found is None else float(found)

    def states(self) -> dict[str, SourceState]:
        """Return the state of every source that is configured, disabled ones too, by id."""
        rows = self._db.rows(f"SELECT {_STATE} FROM sources WHERE removed_at IS NULL ORDER BY id")
        return {row[-1]: _state_of(row) for row in rows}

    def looks(self) -> list[Look]:
        """Return how every configured source is doing, by id."""
        rows = self._db.rows(
            "SELECT id, title, url, tags, enabled, state, reason, last_polled, last_success, last_new, next_due, "
            "coalesce(nullif(fixed_interval, 0), interval), rhythm FROM sources WHERE removed_at IS NULL ORDER BY id"
        )
        return [_look_of(row) for row in rows]

    def counts(self) -> dict[State, int]:
        """Return how many configured and enabled sources there are in each state; much cheaper than `states`."""
        rows = self._db.rows("SELECT state, count(*) FROM sources WHERE removed_at IS NULL AND enabled = 1 GROUP BY 1")
        return {State(state): number for state, number in rows}

    def state(self, source_id: str) -> SourceState | None:
        """Return the state of one source, or None if it was never configured."""
        row = self._db.row(f"SELECT {_STATE} FROM sources WHERE id = ?", (source_id,))
        return _state_of(row) if row else None

    def past(self, source_id: str) -> list[PastState]:
        """Return the last changes of a source's state, 20 at most, the newest first; `ok` and `unchanged` are one."""
        rows = self._db.rows(
            "SELECT at, state, reason, status FROM source_states WHERE source_id = ? ORDER BY number DESC", (source_id,)
        )
        return [PastState(at, State(state), reason, status) for at, state, reason, status in rows]

    def save(self, states: Iterable[SourceState]) -> None:
        """Write states back; StoreError if a source was never configured (`sync` comes first)."""
        rows = [_values_of(state) for state in states]
        with self._db.transaction():
            if rows and self._db.execute_many(_SAVE, rows) != len(rows):
                raise StoreError(f"a state was to be saved for a source that is not in {self._db.path}")

    def poll_now(self, source_ids: Iterable[str], now: float = 0.0) -> int:
        """Make sources due at once, also those given up as gone; returns how many there were."""
        with self._db.transaction():
            return self._db.execute(
                "UPDATE sources SET next_due = ?, state = CASE state WHEN 'gone' THEN 'new' ELSE state END "
                "WHERE enabled = 1 AND id IN (SELECT value FROM json_each(?))",
                (now, json.dumps(list(source_ids))),
            )

    def poll_refused(self) -> int:
        """Make due what the address guard refused, for when it allows more than before; return how many."""
        with self._db.transaction():
            return self._db.execute(
                "UPDATE sources SET next_due = 0 WHERE enabled = 1 AND state = ?", (State.REFUSED_ADDRESS.value,)
            )

    def shift(self, step: float) -> None:
        """Move every due time by so many seconds, after the clock jumped by them; intervals keep their length."""
        with self._db.transaction():
            self._db.execute("UPDATE sources SET next_due = next_due + ?", (step,))

    def get(self, source_id: str) -> Source | None:
        """Return a source as it was configured last, without headers and proxy: those may hold secrets."""
        row = self._db.row(f"SELECT {_SOURCE} FROM sources WHERE id = ?", (source_id,))
        return _source_of(row) if row else None

    def all(self, *, removed: bool = False) -> list[Source]:
        """Return every configured source, and with `removed` also those that no longer are."""
        where = "" if removed else "WHERE removed_at IS NULL"
        return [_source_of(row) for row in self._db.rows(f"SELECT {_SOURCE} FROM sources {where} ORDER BY id")]


def _look_of(row: Sequence[Any]) -> Look:
    id, title, url, tags, enabled, state, *rest = row
    return Look(id, title, url, tuple(json.loads(tags)), bool(enabled), State(state), *rest)


def _without_password(url: str) -> str:
    parts = urlsplit(url) if "@" in url else None
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if parts else url


def _row_of(source: Source) -> tuple[Any, ...]:
    tags = json.dumps(sorted(source.tags), ensure_ascii=False)
    return (
        source.id,
        _without_password(source.url),
        source.kind,
        source.title,
        source.publisher,
        source.family,
        source.country,
        source.language,
        source.reliability,
        source.interval,
        tags,
        int(source.enabled),
    )


def _source_of(row: Sequence[Any]) -> Source:
    return Source(
        id=row[0],
        url=row[1],
        kind=row[2],
        title=row[3],
        publisher=row[4],
        family=row[5],
        country=row[6],
        language=row[7],
        reliability=row[8],
        interval=row[9],
        tags=frozenset(json.loads(row[10])),
        enabled=bool(row[11]),
    )


def _values_of(state: SourceState) -> tuple[Any, ...]:
    return (
        state.state.value,
        state.reason,
        state.status,
        state.etag,
        state.last_modified,
        state.body_hash,
        state.items,
        state.moved_to,
        state.moved_count,
        state.url,
        state.next_due,
        state.last_polled,
        state.last_success,
        state.last_new,
        state.last_whole,
        state.failures,
        state.interval,
        state.rhythm,
        state.floor,
        int(state.primed),
        state.source_id,
    )


def _state_of(row: Sequence[Any]) -> SourceState:
    return SourceState(
        state=State(row[0]),
        reason=row[1],
        status=row[2],
        etag=row[3],
        last_modified=row[4],
        body_hash=row[5],
        items=row[6],
        moved_to=row[7],
        moved_count=row[8],
        url=row[9],
        next_due=row[10],
        last_polled=row[11],
        last_success=row[12],
        last_new=row[13],
        last_whole=row[14],
        failures=row[15],
        interval=row[16],
        rhythm=row[17],
        floor=row[18],
        primed=bool(row[19]),
        source_id=row[20],
    )
