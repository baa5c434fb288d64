"""Updates of one story keep a distance, so that what comes in a row is one message."""

from monitor.alert.candidate import Candidate
from monitor.alert.spans import span
from monitor.model import Action, Decision


def decide(candidate: Candidate) -> Decision | None:
    """Hold an update until the last message is old enough; what has become critical does not wait."""
    last = candidate.thread.last_told
    if last is None or candidate.thread.escalation or candidate.released or candidate.is_critical:
        return None
    said = candidate.way.group_interval if candidate.way else None
    interval = candidate.alerts.group_interval if said is None else said
    if candidate.now >= last + interval:
        return None
    return Decision(
        Action.HOLD, "group_interval", f"the last message about it is less than {span(interval)} old", last + interval
    )
