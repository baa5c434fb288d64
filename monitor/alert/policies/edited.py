"""A story is told once for each rule: a further article, an edit or a second sighting only if it brings a new rule."""

from monitor.alert.candidate import Candidate, article_key, story_key
from monitor.model import Action, Decision


def decide(candidate: Candidate) -> Decision | None:
    """Drop a story of which the channel has already heard for all these rules, however long ago."""
    story, recent = candidate.story, candidate.recent
    articles = [member.article for member in story.members] or [story.article]
    keys = (story_key(story), *map(article_key, articles))
    told = [one for key in keys for one in recent.of_key(key, candidate.channel, since=float("-inf"))]
    if not told:
        return None
    heard = frozenset[str]().union(*(one.rules for one in told))
    new, grown = sorted(candidate.rules - heard), len(articles) > 1
    if not new:
        what = "a further article of the story, or an edit," if grown else "an edit or another sighting"
        return Decision(Action.DROP, "edited", f"already alerted: {what} that brings no new rule")
    what = "a further article of the story, or an edit," if grown else "an edit"
    return Decision(Action.SEND, "edited", f"{what} that brings a new rule: {', '.join(new)}")
