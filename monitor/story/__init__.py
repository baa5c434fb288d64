"""Hits become stories: what is one event is told once.

In this version of the pipeline a story is one article with its hits. `grouping` puts articles together; it is not
in the pipeline yet. The id already belongs to the event and not to a message.
"""

from collections.abc import Iterable, Mapping, Sequence

from monitor.model import Hit, Judged, Source, Story
from monitor.story.naming import story_id

__all__ = ["group", "story_id"]


def group(
    judged: Iterable[Judged], hits: Mapping[str, Sequence[Hit]], sources: Mapping[str, Source]
) -> tuple[Story, ...]:
    """Make one story of each text that some rule hit; `hits` is by article id, each belongs to one version."""
    stories: dict[tuple[str, int], Story] = {}
    for one in judged:
        article = one.article
        own = tuple(hit for hit in hits.get(article.id, ()) if hit.article_version == article.version)
        if own and (article.id, article.version) not in stories:
            stories[article.id, article.version] = Story(
                id=story_id(article.id),
                article=article,
                source=sources[article.source_id],
                hits=own,
                novelty=one.novelty,
                first_seen=article.seen_at,
            )
    return tuple(stories.values())
