"""A route may tell its stories in a digest at a set time, instead of each alone."""

from monitor.alert import cron
from monitor.alert.candidate import Candidate
from monitor.model import Action, Decision


def decide(candidate: Candidate) -> Decision | None:
    """Hold a story for the digest of its route until that is due."""
    name = candidate.way.digest if candidate.way else ""
    schedule = candidate.digests.get(name)
    if schedule is None or candidate.thread.escalation:
        return None
    if candidate.released and candidate.thread_digest == name:
        return None
    until = cron.next_time(schedule.cron, after=candidate.now, zone=candidate.zone)
    return Decision(Action.HOLD, "digest", f"it waits for the digest {name}", until, name)
