"""Which channels hear of a story.

Every hit walks the routes from the top and takes the first that fits it (and those below, while they say
`continue`); the story goes to the channels of all its hits. So a critical hit reaches its channel also when a lesser
one of the same article took another route.
"""

from collections.abc import Iterable, Mapping, Sequence

from monitor.model import Hit, Source, Story
from monitor.settings import Route


def channels_for(story: Story, routes: Sequence[Route], channels: Iterable[str]) -> tuple[str, ...]:
    """Return the channels that hear of a story, in the order in which they are configured."""
    return tuple(reasons_for(story, routes, channels))


def reasons_for(story: Story, routes: Sequence[Route], channels: Iterable[str]) -> dict[str, str]:
    """Return the channels that hear of a story, each with the route that leads there, in words."""
    sources = {member.article.id: member.source for member in story.members}
    return reasons_of(story.hits, story.source, routes, channels, sources)


def reasons_of(
    hits: Iterable[Hit],
    source: Source,
    routes: Sequence[Route],
    channels: Iterable[str],
    sources: Mapping[str, Source] | None = None,
) -> dict[str, str]:
    """Return the channels that hear of hits, each with the route that leads there, in words.

    `source` is that of hits whose article has none in `sources`.
    """
    if not routes:
        return dict.fromkeys(channels, "there are no routes: every channel hears everything")
    taken: dict[str, str] = {}
    for hit in hits:
        for number, route in _walk(hit, (sources or {}).get(hit.article_id, source), routes):
            for channel in route.channels:
                taken.setdefault(channel, f"route {number} takes {hit.severity} hits of rule {hit.rule_id}")
    return {channel: taken[channel] for channel in channels if channel in taken}


def _walk(hit: Hit, source: Source, routes: Sequence[Route]) -> list[tuple[int, Route]]:
    found = []
    for number, route in enumerate(routes, start=1):
        if fits(route, hit, source):
            found.append((number, route))
            if not route.continue_:
                break
    return found


def fits(route: Route, hit: Hit, source: Source) -> bool:
    """Tell whether a route takes a hit; what the route does not name does not matter."""
    return (
        hit.severity.rank >= route.severity.rank
        and (not route.rules or hit.rule_id in route.rules)
        and (not route.watches or hit.watch in route.watches)
        and (not route.tags or not source.tags.isdisjoint(route.tags))
    )
