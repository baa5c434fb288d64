"""A channel hears of a story only if a route sends it there."""

from monitor.alert.candidate import Candidate
from monitor.alert.route import reasons_for
from monitor.model import Action, Decision


def decide(candidate: Candidate) -> Decision | None:
    """Drop a story that no route sends to the channel."""
    if reason(candidate):
        return None
    return Decision(Action.DROP, "route", f"no route sends it to channel {candidate.channel}")


def reason(candidate: Candidate) -> str:
    """Say which route sends the story to the channel; "" = none does."""
    return reasons_for(candidate.story, candidate.routes, [candidate.channel]).get(candidate.channel, "")
