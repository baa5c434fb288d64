"""A channel hears of one story only so many times in a while."""

from monitor.alert.candidate import Candidate
from monitor.alert.spans import span
from monitor.model import Action, Decision


def decide(candidate: Candidate) -> Decision | None:
    """Hold an update while there were too many; what has become critical does not wait."""
    thread = candidate.thread
    if not thread.told or thread.escalation or candidate.released or candidate.is_critical:
        return None
    repeat = (candidate.way.repeat if candidate.way else None) or candidate.alerts.repeat
    # The first message is none of the updates; it is known to be among these while all of them are.
    updates = thread.times[1:] if thread.told == len(thread.times) else thread.times
    if len(updates) < repeat.most or candidate.now >= (until := updates[-repeat.most] + repeat.every):
        return None
    had = f"{repeat.most} update{'s' if repeat.most > 1 else ''} of it within {span(repeat.every)}"
    return Decision(Action.HOLD, "repeat", f"the channel had {had}", until)
