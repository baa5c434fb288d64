"""The first message about a story waits a little, so that it can say what the next articles bring."""

from monitor.alert.candidate import Candidate
from monitor.alert.route import wait_of
from monitor.alert.spans import span
from monitor.model import Action, Decision


def decide(candidate: Candidate) -> Decision | None:
    """Hold a story that the channel has not heard of until it has waited for others."""
    thread = candidate.thread
    if thread.told or thread.escalation or candidate.way is None or candidate.released or candidate.settled:
        return None
    wait = wait_of(candidate.way, candidate.alerts, candidate.story.severity)
    if candidate.now >= thread.opened + wait:
        return None
    return Decision(Action.HOLD, "group_wait", f"it waits {span(wait)} for more about it", thread.opened + wait)
