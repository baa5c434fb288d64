"""An article is told once for each rule: an edit, or a second sighting, only if it brings a rule that is new."""

from monitor.alert.candidate import Candidate, article_key
from monitor.model import Action, Decision


def decide(candidate: Candidate) -> Decision | None:
    """Drop an article of which the channel has already heard for all these rules, however long ago."""
    told = candidate.recent.of_key(article_key(candidate.story.article), candidate.channel, since=float("-inf"))
    if not told:
        return None
    heard = frozenset[str]().union(*(one.rules for one in told))
    new = sorted(candidate.rules - heard)
    if not new:
        return Decision(Action.DROP, "edited", "already alerted: an edit or another sighting that brings no new rule")
    return Decision(Action.SEND, "edited", f"an edit that brings a new rule: {', '.join(new)}")
