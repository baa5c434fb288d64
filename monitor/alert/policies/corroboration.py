"""A story waits until enough independent sources, or a reliable one, tell it; one that never gets there is given up."""

from monitor.alert.candidate import Candidate
from monitor.alert.spans import span
from monitor.model import Action, Decision, Story
from monitor.settings import Corroborate


def decide(candidate: Candidate) -> Decision | None:
    """Hold a first message until the story is founded as its route wants, and drop it after `give_up`."""
    asked = candidate.way.corroboration if candidate.way else None
    if asked is None or candidate.thread.told or candidate.thread.escalation:
        return None
    independent, best = independent_of(candidate.story), best_of(candidate.story)
    if independent >= asked.independent or (asked.or_reliability and best <= asked.or_reliability):
        return None
    has = f"{independent} independent source{'s' if independent != 1 else ''}, the best of reliability {best}"
    until = candidate.thread.opened + asked.give_up
    if candidate.now >= until:
        why = f"after {span(asked.give_up)} it has {has}; {_wants(asked)}"
        return Decision(Action.DROP, "corroboration", why)
    return Decision(Action.HOLD, "corroboration", f"it has {has}; {_wants(asked)}", until)


def independent_of(story: Story) -> int:
    """Return how many independent sources tell a story; of one that nobody has judged, one."""
    return story.corroboration.independent if story.corroboration else 1


def best_of(story: Story) -> str:
    """Return the reliability of its best source."""
    return min([story.source.reliability, *(member.source.reliability for member in story.members)])


def _wants(asked: Corroborate) -> str:
    alone = f", or one of reliability {asked.or_reliability}" if asked.or_reliability else ""
    return f"its route asks for {asked.independent}{alone}"
