"""What somebody has in hand, has called wrong or does not want to hear of, is not told.

What is acknowledged is told again when it gets worse, what is wrong when it has a hit that nobody has marked.
"""

from datetime import datetime, tzinfo

from monitor.alert.candidate import Candidate
from monitor.alert.handling import standing
from monitor.model import Action, Decision, Handled


def decide(candidate: Candidate) -> Decision | None:
    """Drop what is muted, and what is acknowledged and not more severe than it was then or than was told here."""
    done = standing(candidate.handled, candidate.now)
    if done.muted:
        until = f" until {when(done.muted.until, candidate.zone)}" if done.muted.until else ""
        return Decision(Action.DROP, "handled", f"muted{until} by {_who(done.muted)}")
    if candidate.wrong:
        return Decision(Action.DROP, "handled", "every hit of it is marked wrong")
    if done.acknowledged and not _is_worse(candidate, done.acknowledged):
        why = f"acknowledged by {_who(done.acknowledged)}, and no more severe since"
        return Decision(Action.DROP, "handled", why)
    return None


def _is_worse(candidate: Candidate, acknowledged: Handled) -> bool:
    bar = acknowledged.severity.rank
    if candidate.thread.told:
        bar = max(bar, candidate.known.severity.rank)
    return candidate.story.severity.rank > bar


def _who(done: Handled) -> str:
    return f"{done.by}: {done.note}" if done.note else done.by


def when(at: float, zone: tzinfo) -> str:
    """Say a point in time as reasons have it."""
    return datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M")
