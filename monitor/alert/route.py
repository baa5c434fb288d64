"""Which channels hear of a story, and how.

Every hit walks the routes from the top and takes the first that fits it (and those below, while they say `continue`);
the story goes to the channels of all its hits. So a critical hit reaches its channel also when a lesser one of the
same article took another route. Within a route that fits the hit walks the routes in there in the same way; where none
of them fits, the route itself is taken. What a hit's own article does not have (a place, a language) does not fit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.model import Article, Hit, Located, Severity, Source, Story
from monitor.settings import Alerts, Corroborate, Escalate, Places, Repeat, Route, Schedule

# What a route within another takes from it where it does not say it itself.
INHERITED = (
    "channels",
    "corroboration",
    "group_wait",
    "group_interval",
    "repeat",
    "updates",
    "digest",
    "escalate",
)
EVERYTHING = "there are no routes: every channel hears everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a story goes to one channel: by which route, and what that route wants."""

    reason: str  # which route leads there, in words
    corroboration: Corroborate | None = None
    group_wait: float | None = None  # None = no route says it
    group_interval: float | None = None
    repeat: Repeat | None = None
    updates: tuple[str, ...] | None = None
    digest: str = ""
    escalate: Escalate | None = None


@dataclass(frozen=True, slots=True)
class Walker:
    """A hit with what its own article has."""

    hit: Hit
    source: Source
    article: Article | None = None  # None: a trend
    located: Located | None = None


Options = Mapping[str, Any]


def channels_for(story: Story, routes: Sequence[Route], channels: Iterable[str]) -> tuple[str, ...]:
    """Return the channels that hear of a story, in the order in which they are configured."""
    return tuple(ways_for(story, routes, channels))


def ways_for(
    story: Story, routes: Sequence[Route], channels: Iterable[str], digests: Mapping[str, Schedule] | None = None
) -> dict[str, Way]:
    """Return the channels that hear of a story, each with the way there; that of the most severe hit goes first."""
    return _ways(_walkers(story), routes, channels, digests or {})


def reasons_of(hits: Iterable[Hit], source: Source, routes: Sequence[Route], channels: Iterable[str]) -> dict[str, str]:
    """Return the channels that hear of hits that have no article, each with the route that leads there, in words."""
    walkers = [Walker(hit, source) for hit in hits]
    return {channel: way.reason for channel, way in _ways(walkers, routes, channels, {}).items()}


def _walkers(story: Story) -> list[Walker]:
    members = {member.article.id: member for member in story.members}
    found = []
    for hit in sorted(story.hits, key=lambda hit: -hit.severity.rank):
        member = members.get(hit.article_id)
        if member:
            found.append(Walker(hit, member.source, member.article, member.located))
        else:
            found.append(Walker(hit, story.source, story.article))
    return found


def _ways(
    walkers: Iterable[Walker], routes: Sequence[Route], channels: Iterable[str], digests: Mapping[str, Schedule]
) -> dict[str, Way]:
    if not routes:
        return {channel: Way(reason=EVERYTHING) for channel in channels}
    taken: dict[str, Way] = {}
    for walker in walkers:
        for label, options in _walk(walker, routes, {}, "", digests):
            for channel in options["channels"]:
                if channel not in taken:
                    taken[channel] = _way(walker.hit, label, options)
    return {channel: taken[channel] for channel in channels if channel in taken}


def _walk(
    walker: Walker, routes: Sequence[Route], outer: Options, prefix: str, digests: Mapping[str, Schedule]
) -> list[tuple[str, Options]]:
    found = []
    for number, route in enumerate(routes, start=1):
        if not fits(route, walker):
            continue
        options, label = {**outer, **own_options(route, digests)}, f"{prefix}{number}"
        taken = _walk(walker, route.routes, options, f"{label}.", digests)
        if not taken and options.get("channels"):
            taken = [(label, options)]
        found += taken
        if taken and not route.continue_:  # a mere group, none of whose routes fits, leaves it to those below
            break
    return found


def own_options(route: Route, digests: Mapping[str, Schedule]) -> dict[str, Any]:
    """Return what a route says itself; one that names a digest and no channel means the channels of the digest."""
    own = {key: getattr(route, key) for key in INHERITED if key in route.model_fields_set}
    schedule = digests.get(route.digest)
    if schedule and schedule.channels and "channels" not in own:
        own["channels"] = schedule.channels
    return own


def _way(hit: Hit, label: str, options: Options) -> Way:
    wanted = {key: value for key, value in options.items() if key != "channels"}
    return Way(reason=f"route {label} takes {hit.severity} hits of rule {hit.rule_id}", **wanted)


# --- conditions ------------------------------------------------------------------------------------------------------


def fits(route: Route, walker: Walker) -> bool:
    """Tell whether a route takes a hit; what the route does not name does not matter."""
    return _fits_hit(route, walker.hit) and _fits_source(route, walker.source) and _fits_article(route, walker)


def _fits_hit(route: Route, hit: Hit) -> bool:
    return (
        hit.severity.rank >= route.severity.rank
        and (not route.rules or hit.rule_id in route.rules)
        and (not route.watches or hit.watch in route.watches)
    )


def _fits_source(route: Route, source: Source) -> bool:
    return (
        (not route.tags or not source.tags.isdisjoint(route.tags))
        and (not route.sources or source.id in route.sources)
        and (route.reliability is None or source.reliability <= route.reliability)
    )


def _fits_article(route: Route, walker: Walker) -> bool:
    located = walker.located
    return (
        (not route.languages or (walker.article is not None and walker.article.language in route.languages))
        and (not route.countries or (located is not None and not set(route.countries).isdisjoint(located.countries)))
        and (route.places is None or (located is not None and _is_at(route.places, located)))
    )


def _is_at(places: Places, located: Located) -> bool:
    """Tell whether an event is in one of the countries and near one of the borders that are asked for."""
    if places.country and set(places.country).isdisjoint(located.countries):
        return False
    return not places.border or _is_near(places, located)


def _is_near(places: Places, located: Located) -> bool:
    """Tell whether an event is near any border of the one country asked for, or near one between two of several."""
    home = located.countries[0] if located.countries else ""
    near = {neighbour for neighbour, km in located.borders.items() if km <= places.km}
    asked = set(places.border)
    if len(asked) == 1:
        return bool(near) if home in asked else not near.isdisjoint(asked)
    return home in asked and not near.isdisjoint(asked - {home})


# --- what goes for a story where its route says nothing ---------------------------------------------------------------


def wait_of(way: Way, alerts: Alerts, severity: Severity) -> float:
    """Return the seconds before the first message; critical ones wait only where a route says so."""
    if way.group_wait is not None:
        return way.group_wait
    return 0.0 if severity is Severity.CRITICAL else alerts.group_wait
