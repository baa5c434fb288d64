"""Which article speaks for a story, and what is so of the story as a whole; pure."""

from collections.abc import Iterable, Sequence

from monitor.model import Hit, Member, Novelty, Story
from monitor.story.corroboration import corroborate
from monitor.story.features import numbers_in


def story_of(story_id: str, members: Sequence[Member]) -> Story:
    """Return a story as its members make it; they are given in the order in which they joined, one at least."""
    speaks = speaker(members)
    return Story(
        id=story_id,
        article=speaks.article,
        source=speaks.source,
        hits=tuple(hit for member in members for hit in member.hits),
        novelty=novelty_of(members),
        first_seen=min(member.article.seen_at for member in members),
        members=tuple(members),
        corroboration=corroborate(members),
        numbers=frozenset().union(*(numbers_in(one.article.title, one.article.language) for one in members)),
    )


def speaker(members: Sequence[Member]) -> Member:
    """Return the member that speaks for a story: news before history, the most severe, the most reliable, the first.

    So another one takes its place only where it is more severe or more reliable, not because it came later.
    """
    return min(
        members,
        key=lambda one: (one.novelty is Novelty.HISTORY, -_severity(one.hits), one.source.reliability),
    )


def novelty_of(members: Iterable[Member]) -> Novelty:
    """Return HISTORY where none of the members is news."""
    return Novelty.HISTORY if all(one.novelty is Novelty.HISTORY for one in members) else Novelty.NEW


def _severity(hits: Iterable[Hit]) -> int:
    return max((hit.severity.rank for hit in hits), default=-1)
