"""A channel hears of a story only if a route sends it there, or a person has not answered elsewhere."""

from monitor.alert.candidate import Candidate
from monitor.model import Action, Decision


def decide(candidate: Candidate) -> Decision | None:
    """Drop a story that no route sends to the channel."""
    if candidate.way or candidate.thread.escalation:
        return None
    return Decision(Action.DROP, "route", f"no route sends it to channel {candidate.channel}")
