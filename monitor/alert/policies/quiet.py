"""In quiet hours a channel hears only the most severe; the rest waits, and comes together when they are over."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from monitor.alert.candidate import Candidate
from monitor.model import Action, Decision, Severity
from monitor.settings import Quiet

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHAINED = 16  # quiet hours that follow each other without a gap, at most


def decide(candidate: Candidate) -> Decision | None:
    """Hold until the quiet hours end."""
    until = ends(candidate.settings.quiet, candidate.story.severity, candidate.zone, candidate.now)
    if until is None:
        return None
    return Decision(Action.HOLD, "quiet", "the channel has quiet hours", until, candidate.thread_digest or "quiet")


def ends(hours: Iterable[Quiet], severity: Severity, zone: tzinfo, now: float) -> float | None:
    """Return when the quiet hours end that hold something of this severity now; None = there are none."""
    holding = [one for one in hours if severity.rank < one.break_through.rank]
    until = now
    for _ in range(CHAINED):
        found = [end for one in holding for begin, end in _around(one, zone, until) if begin <= until < end]
        if not found:
            break
        until = max(found)
    return until if until > now else None


def _around(quiet: Quiet, zone: tzinfo, now: float) -> Iterator[tuple[float, float]]:
    """Yield the quiet hours that begin on the days around a moment."""
    today = datetime.fromtimestamp(now, zone).date()
    for day in (today - timedelta(days=1), today):
        if not quiet.days or DAYS[day.weekday()] in quiet.days:
            over_night = timedelta(days=1) if quiet.to <= quiet.from_ else timedelta()
            yield _begins(day, quiet.from_, zone), _over(day + over_night, quiet.to, zone)


def _begins(day: date, at: str, zone: tzinfo) -> float:
    """Return when a clock shows this, the first time where it does so twice; where it never does, after the jump."""
    return datetime.combine(day, time.fromisoformat(at), zone).timestamp()


def _over(day: date, at: str, zone: tzinfo) -> float:
    """Return when a clock shows this, the last time where it does so twice; where it never does, after the jump."""
    moment = datetime.combine(day, time.fromisoformat(at), zone)
    return max(moment.timestamp(), moment.replace(fold=1).timestamp())
