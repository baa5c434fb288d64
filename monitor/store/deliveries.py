"""EDGE: table `deliveries`: the durable outbox, one row per alert and channel.

    queued -> leased -> sent               held (until a time) counts as queued from then on
                     -> queued again       after a failure, not before `next_try`
                     -> dead               given up: a dead letter; `retry` queues it anew
    queued, held     -> dropped            on request, for example when its channel is gone

Within a channel deliveries are handed out in the order they were queued: one that waits for its next attempt, or is
leased, keeps back all behind it. One that is held, dead or dropped does not.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.model import Alert, Delivery, Severity
from monitor.store import holder
from monitor.store.connection import Connection
from monitor.store.text import storable

STATES = ("queued", "held", "leased", "sent", "dead", "dropped")
_PENDING = "state IN ('queued', 'held', 'leased')"  # word for word the condition of index deliveries_pending
_SELECTED = (
    "d.id, d.channel, d.key, d.attempts, d.first_queued, d.next_try, d.last_error, d.state, d.answer, d.sent_at, "
    "n.id, n.kind, n.severity, n.title, n.story_id, n.at, n.data"
)
_FROM = "FROM deliveries AS d JOIN alerts AS n ON n.id = d.alert_id"
_FREE = "leased_until = NULL, holder = NULL"
KEPT = 100  # attempts of a delivery that are remembered, the newest: in 48 hours there are about 60


@dataclass(frozen=True, slots=True)
class Tracked:
    """A delivery and what has become of it."""

    delivery: Delivery
    state: str  # one of STATES
    answer: str  # the service's own words
    sent_at: float | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One time that a service was asked to take a delivery, and its answer."""

    at: float
    outcome: str  # "failed", "dead" (the last one, after which it was given up) or "sent"
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What is in one channel's outbox."""

    channel: str
    queued: int = 0
    held: int = 0
    leased: int = 0
    sent: int = 0
    dead: int = 0
    dropped: int = 0
    waiting: float = 0.0  # seconds that the oldest unsent one has been queued
    next_try: float | None = None  # of the one that is next in order
    last_error: str = ""  # of the one that is next in order, else of the newest dead letter


class Deliveries:
    """The outbox."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection; leases are taken in this process's name."""
        self._db = db
        self._holder = holder.own()

    def lease(
        self,
        now: float,
        seconds: float,
        limit: int = 100,
        channels: Collection[str] | None = None,
        per_channel: int = 20,
    ) -> list[Delivery]:
        """Take deliveries to send, in order, for so many seconds; after that they are anybody's again.

        Of each channel (of `channels`, or all) at most `per_channel`, and none while one of the channel is leased or
        waits for its next attempt. Mark each as `sent`, `failed` or `dead`, or give it back by `release`.
        """
        if not self._waiting_channels(channels):
            return []  # the usual case: no write lock is taken
        with self._db.transaction(durable=True):
            ids: list[int] = []
            for channel in self._waiting_channels(channels):
                ids += self._ready(channel, now, min(per_channel, limit - len(ids)))
            self._db.execute_many(
                "UPDATE deliveries SET state = 'leased', leased_until = ?, holder = ? WHERE id = ?",
                [(now + seconds, self._holder, number) for number in ids],
            )
        taken = self._tracked("WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY d.id", [json.dumps(ids)])
        return [one.delivery for one in taken]

    def _waiting_channels(self, channels: Collection[str] | None) -> list[str]:
        rows = self._db.rows(f"SELECT channel FROM deliveries WHERE {_PENDING} GROUP BY channel ORDER BY min(id)")
        return [row[0] for row in rows if channels is None or row[0] in channels]

    def _ready(self, channel: str, now: float, limit: int) -> list[int]:
        rows = self._db.rows(
            f"""
            SELECT id FROM deliveries
            WHERE channel = :channel AND {_PENDING}
                AND id < coalesce((
                    SELECT id FROM deliveries WHERE channel = :channel AND {_PENDING}
                        AND (state = 'leased' AND leased_until > :now
                             OR state = 'queued' AND attempts > 0 AND next_try > :now)
                    ORDER BY id LIMIT 1), 9223372036854775807)
                AND (state = 'leased' OR next_try <= :now)
            ORDER BY id LIMIT :limit
            """,
            {"channel": channel, "now": now, "limit": max(0, limit)},
        )
        return [row[0] for row in rows]

    # --- outcomes ----------------------------------------------------------------------------------------------------

    def sent(self, delivery_id: int, now: float, answer: str = "") -> bool:
        """Mark a delivery as made, with the service's answer; False if it is no longer pending."""
        return self._end(
            f"state = 'sent', attempts = attempts + 1, sent_at = ?, answer = ?, last_error = '', {_FREE}",
            (now, storable(answer), delivery_id),
        )

    def failed(self, delivery_id: int, now: float, error: str, next_try: float) -> bool:
        """Queue a delivery again, not before `next_try`; False if it is no longer pending. `now` is when it failed."""
        changes = f"state = 'queued', attempts = attempts + 1, next_try = ?, last_error = ?, {_FREE}"
        return self._not_taken("failed", delivery_id, now, error, changes, max(now, next_try))

    def dead(self, delivery_id: int, now: float, error: str) -> bool:
        """Give a delivery up as a dead letter, at `now`; False if it is no longer pending."""
        changes = f"state = 'dead', attempts = attempts + 1, next_try = ?, last_error = ?, {_FREE}"
        return self._not_taken("dead", delivery_id, now, error, changes, now)

    def _not_taken(self, outcome: str, delivery_id: int, now: float, error: str, changes: str, next_try: float) -> bool:
        """Change a delivery that the service did not take, and remember its answer of this time."""
        said = storable(error)
        with self._db.transaction(durable=True):
            if not self._end(changes, (next_try, said, delivery_id)):
                return False
            self._db.execute(
                "INSERT INTO attempts (delivery_id, at, outcome, answer) VALUES (?, ?, ?, ?)",
                (delivery_id, now, outcome, said),
            )
            self._db.execute(
                "DELETE FROM attempts WHERE delivery_id = ?1 AND number <= (SELECT number FROM attempts "
                "WHERE delivery_id = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
                (delivery_id, KEPT),
            )
            return True

    def _end(self, changes: str, values: Sequence[Any]) -> bool:
        with self._db.transaction(durable=True):
            return self._db.execute(f"UPDATE deliveries SET {changes} WHERE id = ? AND {_PENDING}", values) == 1

    def release(self, ids: Collection[int] | None = None) -> int:
        """Give leases back unsent; without ids, those of processes that have ended. Return how many.

        Call it at the start without ids: what a dead process had leased is handed out again at once.
        """
        if ids is None:
            ids = self._orphaned()
        with self._db.transaction(durable=True):
            return self._db.execute(
                f"UPDATE deliveries SET state = 'queued', {_FREE} "
                "WHERE state = 'leased' AND id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )

    def _orphaned(self) -> list[int]:
        rows = self._db.rows("SELECT id, holder FROM deliveries WHERE state = 'leased'")
        gone = {name: holder.is_gone(name or "") for name in {row[1] for row in rows}}
        return [row[0] for row in rows if gone[row[1]]]

    def retry(self, ids: Collection[int], now: float) -> int:
        """Queue dead letters anew, or try waiting ones at once; return how many."""
        with self._db.transaction(durable=True):
            return self._db.execute(
                "UPDATE deliveries SET next_try = ?1, attempts = CASE state WHEN 'dead' THEN 0 ELSE attempts END, "
                "first_queued = CASE state WHEN 'dead' THEN ?1 ELSE first_queued END, state = 'queued' "
                "WHERE state IN ('queued', 'held', 'dead') AND id IN (SELECT value FROM json_each(?2))",
                (now, json.dumps(list(ids))),
            )

    def drop(self, ids: Collection[int], now: float, reason: str) -> int:
        """Take deliveries that are queued, held or dead out of the outbox, with a reason; return how many."""
        with self._db.transaction(durable=True):
            return self._db.execute(
                "UPDATE deliveries SET state = 'dropped', next_try = ?, last_error = ? "
                "WHERE state IN ('queued', 'held', 'dead') AND id IN (SELECT value FROM json_each(?))",
                (now, storable(reason), json.dumps(list(ids))),
            )

    def shift(self, step: float) -> None:
        """Move next attempts and ends of leases by so many seconds, after the clock jumped by them."""
        with self._db.transaction(durable=True):
            self._db.execute(
                "UPDATE deliveries SET next_try = next_try + ?1, leased_until = leased_until + ?1 "
                f"WHERE {_PENDING} AND state <> 'held'",
                (step,),
            )

    # --- looking -----------------------------------------------------------------------------------------------------

    def queue(self, now: float) -> dict[str, Queue]:
        """Return what is in the outbox, by channel."""
        facts: dict[str, dict[str, Any]] = {}
        for channel, state, number in self._db.rows("SELECT channel, state, count(*) FROM deliveries GROUP BY 1, 2"):
            facts.setdefault(channel, {"channel": channel})[state] = number
        return {channel: Queue(**facts[channel], **self._front(channel, now)) for channel in sorted(facts)}

    def _front(self, channel: str, now: float) -> dict[str, Any]:
        first = self._db.row(
            "SELECT first_queued, next_try, last_error FROM deliveries "
            f"WHERE channel = ? AND {_PENDING} ORDER BY id LIMIT 1",
            (channel,),
        )
        if first:
            return {"waiting": max(0.0, now - first[0]), "next_try": first[1], "last_error": first[2]}
        error = self._db.value(
            "SELECT last_error FROM deliveries WHERE state = 'dead' AND channel = ? ORDER BY id DESC LIMIT 1",
            (channel,),
        )
        return {"last_error": error or ""}

    def next_try(self, channels: Collection[str] | None = None) -> float | None:
        """Return when `lease` next has something to give, a lease's end included, or None for an empty outbox."""
        times = [self._next_try(channel) for channel in self._waiting_channels(channels)]
        return min((time for time in times if time is not None), default=None)

    def _next_try(self, channel: str) -> float | None:
        # What stands behind a leased one, or behind one that failed, waits for it.
        found = self._db.value(
            f"""
            SELECT min(CASE state WHEN 'leased' THEN leased_until ELSE next_try END) FROM deliveries
            WHERE channel = :channel AND {_PENDING} AND id <= coalesce((
                SELECT id FROM deliveries WHERE channel = :channel AND {_PENDING}
                    AND (state = 'leased' OR state = 'queued' AND attempts > 0)
                ORDER BY id LIMIT 1), 9223372036854775807)
            """,
            {"channel": channel},
        )
        return None if found is None else float(found)

    def of_story(self, story_id: str) -> list[Tracked]:
        """Return every delivery about a story, in the order they were queued."""
        return self._tracked("WHERE n.story_id = ? ORDER BY d.id", [story_id])

    def of_alert(self, alert_id: str) -> list[Tracked]:
        """Return every delivery of an alert, in the order they were queued."""
        return self._tracked("WHERE n.id = ? ORDER BY d.id", [alert_id])

    def of_id(self, delivery_id: int) -> Tracked | None:
        """Return one delivery, or None."""
        return next(iter(self._tracked("WHERE d.id = ?", [delivery_id])), None)

    def attempts(self, one: Tracked) -> Sequence[Attempt]:
        """Return every attempt of a delivery that is remembered, the first one first."""
        rows = self._db.rows(
            "SELECT at, outcome, answer FROM attempts WHERE delivery_id = ? ORDER BY number", (one.delivery.id,)
        )
        found = [Attempt(*row) for row in rows]
        return found if one.sent_at is None else [*found, Attempt(one.sent_at, "sent", one.answer)]

    def _tracked(self, where: str, values: Sequence[Any]) -> list[Tracked]:
        return [_tracked_of(row) for row in self._db.rows(f"SELECT {_SELECTED} {_FROM} {where}", values)]

    def list(self, *, state: str = "", channel: str = "", since: float | None = None, limit: int = 50) -> list[Tracked]:
        """Return deliveries for which everything given holds, the newest first; `since` bounds when queued."""
        return self._tracked(
            "WHERE (?1 = '' OR d.state = ?1) AND (?2 = '' OR d.channel = ?2) AND d.first_queued >= ?3 "
            "ORDER BY d.id DESC LIMIT ?4",
            [state, channel, -1e300 if since is None else since, limit],
        )


def _tracked_of(row: Sequence[Any]) -> Tracked:
    delivery = Delivery(
        id=row[0],
        channel=row[1],
        key=row[2],
        attempts=row[3],
        first_queued=row[4],
        next_try=row[5],
        last_error=row[6],
        alert=alert_of(row[10:]),
    )
    return Tracked(delivery, state=row[7], answer=row[8], sent_at=row[9])


def alert_of(row: Sequence[Any]) -> Alert:
    """Build an alert from its id, kind, severity, title, story, time and data."""
    return Alert(
        id=row[0],
        kind=row[1],
        severity=Severity(row[2]),
        title=row[3],
        story_id=row[4] or "",
        at=row[5],
        data=json.loads(row[6]),
    )
