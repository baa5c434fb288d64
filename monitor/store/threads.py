"""EDGE: table `threads`: what each channel knows of each story, and what is held back from it until when."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.model import Action, Decision, Severity, Thread
from monitor.store.connection import Connection
from monitor.store.text import storable

_COLUMNS = (
    "story_id, channel, opened, told, times, facts, heard, watches, alert_id, "
    "action, policy, reason, due, digest, since, escalate_at, escalation, last_told"
)
# What became of a story on a channel: it waits, something of it was told, or nothing was.
_OUTCOME = "CASE WHEN t.action = 'hold' THEN 'held' WHEN t.told > 0 THEN 'told' ELSE 'left' END"
_GROWN = "s.merged_into IS NULL AND s.updated_at >= ?1"
_KEPT = 64  # times of messages that are remembered of a thread


@dataclass(frozen=True, slots=True)
class Grown:
    """A story that grew lately."""

    id: str
    title: str
    severity: Severity
    at: float  # when an article joined it last


class Threads:
    """The threads; a story has to be stored before."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def save(self, threads: Iterable[Thread]) -> None:
        """Store threads, or what they have become."""
        with self._db.transaction(durable=True):
            self._db.execute_many(
                f"INSERT OR REPLACE INTO threads ({_COLUMNS}) VALUES ({', '.join(['?'] * 18)})", map(_row_of, threads)
            )

    def get(self, story_id: str, channel: str) -> Thread | None:
        """Return what a channel knows of a story, or None."""
        return next(iter(self._where("story_id = ? AND channel = ?", story_id, channel)), None)

    def of_story(self, story_id: str) -> dict[str, Thread]:
        """Return what is known of a story, by channel."""
        return {one.channel: one for one in self._where("story_id = ?", story_id)}

    def due(self, now: float) -> list[Thread]:
        """Return what is held and is to be looked at again, the longest held first."""
        return self._where("action = 'hold' AND due <= ?", now, order="since, story_id, channel")

    def held(self, channel: str = "") -> list[Thread]:
        """Return what is held back, from one channel or all, the longest held first."""
        return self._where("action = 'hold' AND (?1 = '' OR channel = ?1)", channel, order="since, story_id, channel")

    def count_held(self, channel: str = "") -> int:
        """Return how many stories are held back from one channel, or all."""
        return int(
            self._db.value(
                "SELECT count(*) FROM threads WHERE action = 'hold' AND (?1 = '' OR channel = ?1)", (channel,)
            )
        )

    def next_due(self) -> float | None:
        """Return when something is to be looked at next, or None."""
        found = self._db.value(
            "SELECT min(at) FROM (SELECT min(due) AS at FROM threads WHERE action = 'hold' "
            "UNION ALL SELECT min(escalate_at) FROM threads WHERE escalate_at IS NOT NULL)"
        )
        return None if found is None else float(found)

    def unanswered(self, now: float) -> list[Thread]:
        """Return what was told and is to be told elsewhere, unless somebody has done something about it."""
        return self._where("escalate_at <= ?", now, order="escalate_at, story_id, channel")

    def told_since(self, channel: str, since: float) -> list[Thread]:
        """Return what a channel was told of later than this, the last first."""
        return self._where("channel = ? AND last_told > ?", channel, since, order="last_told DESC, story_id")

    def dropped_since(self, channel: str, policy: str, since: float) -> list[Thread]:
        """Return what a policy has dropped on a channel later than this, the first first."""
        return self._where(
            "channel = ? AND action = 'drop' AND policy = ? AND since > ?", channel, policy, since, order="since"
        )

    def forget(self, story_ids: Collection[str]) -> None:
        """Delete the threads of stories that have become part of others."""
        with self._db.transaction(durable=True):
            self._db.execute(
                "DELETE FROM threads WHERE story_id IN (SELECT value FROM json_each(?))", (json.dumps(list(story_ids)),)
            )

    def shift(self, step: float, since: float) -> None:
        """Move what was told after `since` or is held along with a clock that jumped by so many seconds.

        What waits for a time of day keeps it.
        """
        with self._db.transaction(durable=True):
            self._db.execute(
                """
                UPDATE threads SET opened = opened + ?1, since = since + ?1, escalate_at = escalate_at + ?1,
                    last_told = last_told + ?1,
                    times = (SELECT json_group_array(j.value + ?1) FROM json_each(times) AS j),
                    due = CASE WHEN policy IN ('quiet', 'digest') THEN due ELSE due + ?1 END
                WHERE action = 'hold' OR escalate_at IS NOT NULL OR last_told > ?2
                """,
                (step, since),
            )

    def spent(self, channel: str, since: float) -> list[float]:
        """Return when messages about news went to a channel, or will go at a set time, later than this, in order.

        What went to several recipients of a channel is one message.
        """
        rows = self._db.rows(
            """
            SELECT max(CASE d.state WHEN 'held' THEN d.next_try ELSE d.first_queued END) AS due
            FROM deliveries AS d JOIN alerts AS n ON n.id = d.alert_id
            WHERE (d.channel = ?1 OR d.channel >= ?1 || '/' AND d.channel < ?1 || '0')
                AND n.kind <> 'system' AND (d.first_queued > ?2 OR d.state = 'held')
            GROUP BY d.alert_id HAVING due > ?2 ORDER BY due
            """,
            (channel, since),
        )
        return [float(row[0]) for row in rows]

    def messages(self, since: float, until: float) -> dict[str, Counter[str]]:
        """Return how many messages about news went to each channel, by kind; several recipients count once."""
        rows = self._db.rows(
            """
            SELECT channel, kind, count(*) FROM (
                SELECT DISTINCT n.id, n.kind,
                    substr(d.channel || '/', 1, instr(d.channel || '/', '/') - 1) AS channel
                FROM deliveries AS d JOIN alerts AS n ON n.id = d.alert_id
                WHERE n.kind <> 'system' AND d.state <> 'dropped'
                    AND CASE d.state WHEN 'held' THEN d.next_try ELSE d.first_queued END BETWEEN ? AND ?
            ) GROUP BY 1, 2 ORDER BY 1, 2
            """,
            (since, until),
        )
        found: dict[str, Counter[str]] = {}
        for channel, kind, number in rows:
            found.setdefault(channel, Counter())[kind] = number
        return found

    # --- what became of stories --------------------------------------------------------------------------------------

    def outcomes(self, since: float) -> list[tuple[str, str, str, int]]:
        """Return (channel, outcome, policy, stories) of the stories that grew since then.

        An outcome is "told", "held" or "left" (nothing was told); the policy is the one that decided last, "" of what
        was told.
        """
        rows = self._db.rows(
            f"SELECT t.channel, {_OUTCOME} AS outcome, CASE {_OUTCOME} WHEN 'told' THEN '' ELSE t.policy END, count(*) "
            f"FROM stories AS s CROSS JOIN threads AS t ON t.story_id = s.id WHERE {_GROWN} "
            "GROUP BY 1, 2, 3 ORDER BY 1, 2, 4 DESC, 3",
            (since,),
        )
        return [(channel, outcome, policy, number) for channel, outcome, policy, number in rows]

    def grown(
        self, since: float, *, channel: str = "", outcome: str = "", policy: str = "", limit: int = 50, skip: int = 0
    ) -> list[Grown]:
        """Return the stories that grew since then and have such a thread, those that grew last first."""
        chosen = (
            "EXISTS (SELECT 1 FROM threads AS t WHERE t.story_id = s.id AND ?2 IN ('', t.channel) "
            f"AND ?3 IN ('', {_OUTCOME}) AND ?4 IN ('', t.policy))"
        )
        rows = self._db.rows(
            f"SELECT s.id, s.title, s.severity, s.updated_at FROM stories AS s WHERE {_GROWN} "
            f"AND (?2 || ?3 || ?4 = '' OR {chosen}) ORDER BY s.updated_at DESC, s.id LIMIT ?5 OFFSET ?6",
            (since, channel, outcome, policy, limit, skip),
        )
        return [Grown(story_id, title, Severity(severity), at) for story_id, title, severity, at in rows]

    def of_stories(self, ids: Collection[str]) -> dict[str, list[Thread]]:
        """Return what is known of each of these stories, by channel."""
        found: dict[str, list[Thread]] = {story_id: [] for story_id in ids}
        condition = "story_id IN (SELECT value FROM json_each(?))"
        for one in self._where(condition, json.dumps(list(ids)), order="channel"):
            found[one.story_id].append(one)
        return found

    def _where(self, condition: str, *values: Any, order: str = "story_id, channel") -> list[Thread]:
        rows = self._db.rows(f"SELECT {_COLUMNS} FROM threads WHERE {condition} ORDER BY {order}", values)
        return [_thread_of(row) for row in rows]


def _row_of(one: Thread) -> tuple[Any, ...]:
    decision = one.decision or Decision(Action.DROP, "", "")
    return (
        one.story_id,
        one.channel,
        one.opened,
        one.told,
        json.dumps(one.times[-_KEPT:]),
        storable(json.dumps(dict(one.facts), ensure_ascii=False)),
        json.dumps(sorted(one.heard)),
        storable(json.dumps(sorted(one.watches), ensure_ascii=False)),
        one.alert_id,
        decision.action.value,
        decision.policy,
        storable(decision.reason),
        decision.until,
        storable(decision.digest),
        one.since,
        one.escalate_at,
        storable(one.escalation),
        one.last_told,
    )


def _thread_of(row: Sequence[Any]) -> Thread:
    return Thread(
        story_id=row[0],
        channel=row[1],
        opened=row[2],
        told=row[3],
        times=tuple(json.loads(row[4])),
        facts=json.loads(row[5]),
        heard=frozenset(json.loads(row[6])),
        watches=frozenset(json.loads(row[7])),
        alert_id=row[8],
        decision=Decision(Action(row[9]), row[10], row[11], row[12], row[13]) if row[10] else None,
        since=row[14],
        escalate_at=row[15],
        escalation=row[16],
    )
