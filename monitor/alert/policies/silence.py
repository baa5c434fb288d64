"""What a person has silenced for a while is not told; the reason says who, why, and until when."""

from monitor.alert.candidate import Candidate
from monitor.alert.policies.handled import when
from monitor.alert.silencing import is_silent
from monitor.model import Action, Decision


def decide(candidate: Candidate) -> Decision | None:
    """Drop a story that a silence is about; of several the one that ends last speaks."""
    found = [one for one in candidate.silences if is_silent(one, candidate.story, candidate.channel, candidate.now)]
    if not found:
        return None
    last = max(found, key=lambda one: (one.end, one.id))
    until = when(last.end, candidate.zone)
    return Decision(
        Action.DROP, "silence", f"silenced until {until} by {last.author}: {last.reason} (silence {last.id})"
    )
