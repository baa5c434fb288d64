"""EDGE: table `decisions`: why a story was held or not sent on a channel."""

from dataclasses import dataclass

from monitor.model import Action, Decision
from monitor.store.connection import Connection
from monitor.store.text import storable


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about one story on one channel."""

    story_id: str
    channel: str
    decision: Decision
    at: float


def add(db: Connection, story_id: str, channel: str, decision: Decision, now: float) -> None:
    """Keep a decision; the story has to be stored before."""
    db.execute(
        "INSERT INTO decisions (story_id, channel, action, policy, reason, until, digest, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            story_id,
            channel,
            decision.action.value,
            decision.policy,
            storable(decision.reason),
            decision.until,
            storable(decision.digest),
            now,
        ),
    )


def of_story(db: Connection, story_id: str) -> list[Decided]:
    """Return what was decided about a story, in order."""
    rows = db.rows(
        "SELECT channel, action, policy, reason, until, digest, at FROM decisions WHERE story_id = ? ORDER BY number",
        (story_id,),
    )
    return [
        Decided(story_id, channel, Decision(Action(action), policy, reason, until, digest), at)
        for channel, action, policy, reason, until, digest, at in rows
    ]
