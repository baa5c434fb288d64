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
    why = f"the channel had its {budget} messages an hour"
    return Decision(Action.HOLD, "budget", why, until, candidate.thread_digest or "budget")


def room(budget: int | None, severity: Severity, spent: Sequence[float], now: float) -> float | None:
    """Return when there is room for one more message; None = now. What is still to go at a set time counts, too."""
    if budget is None:
        return None
    most = budget if severity is Severity.CRITICAL else budget - budget // KEPT
    if len(spent) < most:
        return None
    until = sorted(spent)[-most] + HOUR
    return until if until > now else None
