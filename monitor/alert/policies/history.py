"""What was there before the source was watched is stored and matched, but not told."""

from monitor.alert.candidate import Candidate
from monitor.model import Action, Decision, Novelty


def decide(candidate: Candidate) -> Decision | None:
    """Drop history, unless alerting on it was asked for."""
    if candidate.story.novelty is not Novelty.HISTORY or candidate.backfill:
        return None
    return Decision(Action.DROP, "history", "it was already in the feed, or old, when it was first seen")
