"""A channel that is switched off gets nothing."""

from monitor.alert.candidate import Candidate
from monitor.model import Action, Decision


def decide(candidate: Candidate) -> Decision | None:
    """Drop what would go to a disabled channel."""
    if candidate.settings.enabled:
        return None
    return Decision(Action.DROP, "disabled", f"channel {candidate.channel} is disabled")
