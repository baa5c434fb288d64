"""While a severe story runs, the lesser ones of its kind wait, and come together afterwards."""

from monitor.alert.candidate import Candidate
from monitor.alert.facts import Facts
from monitor.model import Action, Decision, Thread
from monitor.settings import Inhibit


def decide(candidate: Candidate) -> Decision | None:
    """Hold a story while the channel was lately told of a severe one that mutes it."""
    if candidate.thread.escalation:
        return None
    found: list[tuple[float, str]] = []
    for inhibit in candidate.inhibit:
        for other in candidate.lately:
            until = (other.last_told or 0.0) + inhibit.for_
            if other.story_id != candidate.story.id and until > candidate.now and _mutes(inhibit, other, candidate):
                found.append((until, f"story {other.story_id} mutes it: {inhibit.severity}, {_common(inhibit)}"))
    if not found:
        return None
    until, why = max(found)
    return Decision(Action.HOLD, "inhibition", why, until, candidate.thread_digest or "inhibition")


def _mutes(inhibit: Inhibit, other: Thread, candidate: Candidate) -> bool:
    severe = Facts.from_json(other.facts)
    return (
        severe.severity.rank >= inhibit.severity.rank
        and candidate.story.severity.rank <= min(inhibit.mutes.rank, severe.severity.rank - 1)
        and _have_in_common(inhibit, other, severe, candidate)
    )


def _have_in_common(inhibit: Inhibit, other: Thread, severe: Facts, candidate: Candidate) -> bool:
    if inhibit.same == "watch":
        return not candidate.watches.isdisjoint(other.watches)
    if inhibit.same == "rule":
        return not candidate.rules.isdisjoint(severe.rules)
    return inhibit.same == "all" or not set(candidate.facts.countries).isdisjoint(severe.countries)


def _common(inhibit: Inhibit) -> str:
    return "which mutes all others" if inhibit.same == "all" else f"of the same {inhibit.same}"
