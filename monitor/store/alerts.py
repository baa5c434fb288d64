"""EDGE: tables `alerts` and `alert_keys`: what is to be said, queued for each channel in one go."""

import json
from collections.abc import Iterable, Sequence

from monitor.model import Alert, Decision
from monitor.store import decisions
from monitor.store.decisions import Decided
from monitor.store.deliveries import Deliveries, alert_of
from monitor.store.text import storable


class Alerts(Deliveries):
    """The alerts, their deliveries, and the decisions behind them."""

    def add(
        self, alert: Alert, deliveries: Sequence[tuple[str, str]], now: float, hold_until: float | None = None
    ) -> int:
        """Queue an alert for channels, each with its key (channel, key), and return how many deliveries are new.

        An alert that is there already on a channel is not queued there again. A story has to be stored before. `told`
        in the data of a digest says of each key which article and rules it stands for; it is kept beside the key.
        """
        with self._db.transaction(durable=True):
            self._db.execute(
                "INSERT INTO alerts (id, kind, severity, title, story_id, at, data) VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                (
                    alert.id,
                    alert.kind,
                    alert.severity.value,
                    storable(alert.title),
                    alert.story_id or None,
                    alert.at,
                    storable(json.dumps(_without_told(alert), ensure_ascii=False)),
                ),
            )
            self._remember(alert)
            state, due = ("queued", now) if hold_until is None or hold_until <= now else ("held", hold_until)
            return self._db.execute_many(
                "INSERT INTO deliveries (alert_id, channel, key, state, first_queued, next_try) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (alert_id, channel) DO NOTHING",
                [(alert.id, channel, key, state, now, due) for channel, key in deliveries],
            )

    def _remember(self, alert: Alert) -> None:
        keys, told = alert.data.get("keys"), alert.data.get("told")
        if isinstance(told, dict):
            self._db.execute_many(
                "INSERT INTO alert_keys (key, alert_id, article_id, rules) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [(storable(key), alert.id, article, json.dumps(rules)) for key, (article, rules) in told.items()],
            )
        elif isinstance(keys, list | tuple):
            self._db.execute_many(
                "INSERT INTO alert_keys (key, alert_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(storable(str(key)), alert.id) for key in keys],
            )

    def told(self, keys: Iterable[str], since: float) -> list[tuple[str, str, str, tuple[str, ...], float]]:
        """Return what channels have heard since then under any of these keys, or will hear, the oldest first.

        Rows of (key, channel, article id, rule ids, time), from alerts whose data has `keys`, `article_id` and
        `rules`, or of a digest `told` with all of that by key. What was dropped or became a dead letter was not heard.
        """
        asked = {storable(key): key for key in keys}
        rows = self._db.rows(
            """
            SELECT k.key, d.channel, coalesce(k.article_id, n.data ->> '$.article_id', ''), n.at, coalesce(k.rules,
                (SELECT json_group_array(value ->> '$.id') FROM json_each(n.data, '$.rules')))
            FROM json_each(?) AS j
            CROSS JOIN alert_keys AS k ON k.key = j.value
            JOIN alerts AS n ON n.id = k.alert_id AND n.at >= ?
            JOIN deliveries AS d ON d.alert_id = n.id AND d.state NOT IN ('dropped', 'dead')
            ORDER BY n.at, d.id
            """,
            (json.dumps(list(asked), ensure_ascii=False), since),
        )
        return [
            (asked[key], channel, article, tuple(json.loads(rules)), at) for key, channel, article, at, rules in rows
        ]

    def get(self, alert_id: str) -> Alert | None:
        """Return an alert, or None."""
        row = self._db.row("SELECT id, kind, severity, title, story_id, at, data FROM alerts WHERE id = ?", (alert_id,))
        return alert_of(row) if row else None

    def unsent(self, limit: int = 50) -> list[Alert]:
        """Return alerts that were queued for no channel, since there is none or no route leads to it; the newest first.

        They are of trends and of what the operators must hear: a story without a channel becomes no alert.
        """
        rows = self._db.rows(
            "SELECT id, kind, severity, title, story_id, at, data FROM alerts AS n "
            "WHERE NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.alert_id = n.id) "
            "ORDER BY at DESC, rowid DESC LIMIT ?",
            (limit,),
        )
        return [alert_of(row) for row in rows]

    def after(self, number: int) -> list[tuple[int, Alert]]:
        """Return the alerts that were added after the one of this number, with their numbers, in order; 0 = all."""
        rows = self._db.rows(
            "SELECT rowid, id, kind, severity, title, story_id, at, data FROM alerts WHERE rowid > ? ORDER BY rowid",
            (number,),
        )
        return [(row[0], alert_of(row[1:])) for row in rows]

    def decision(self, story_id: str, channel: str, decision: Decision, now: float) -> None:
        """Keep why a story was held or not sent on a channel."""
        with self._db.transaction(durable=True):
            decisions.add(self._db, story_id, channel, decision, now)

    def decisions(self, story_id: str) -> Sequence[Decided]:
        """Return what was decided about a story, in order."""
        return decisions.of_story(self._db, story_id)


def _without_told(alert: Alert) -> dict[str, object]:
    return {key: value for key, value in alert.data.items() if key != "told"}
