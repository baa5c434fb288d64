"""A channel gets so many messages in any hour; what is above waits, and comes together when there is room.

The last fifth is kept for what is critical.
"""

from collections.abc import Sequence

from monitor.alert.candidate import Candidate
from monitor.model import Action, Decision, Severity

HOUR = 3600.0
KEPT = 5  # one message in so many is kept for what is critical


def decide(candidate: Candidate) -> Decision | None:
    """Hold what is above the budget until there is room for one message more."""
    budget = candidate.settings.budget
    until = room(budget, candidate.story.severity, candidate.spent, candidate.now)
    if until is None:
        return None
    why = f"the channel had its messages for this hour (budget {budget}/h)"
    return Decision(Action.HOLD, "budget", why, until, candidate.thread_digest or "budget")


def room(budget: int | None, severity: Severity, spent: Sequence[float], now: float) -> float | None:
    """Return when there may be room for one more message; None = there is room now.

    What is to go at a set time within the hour after counts, too: no hour around this message then has too many.
    """
    if budget is None:
        return None
    most = budget if severity is Severity.CRITICAL else budget - budget // KEPT
    near = sorted(at for at in spent if now - HOUR < at < now + HOUR)
    if len(near) < most:
        return None
    until = near[-most] + HOUR
    return until if until > now else None
