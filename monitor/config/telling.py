"""Checks of how alerts are told: routes within routes, digests, quiet hours, escalation; no effects."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from monitor.config import suggest
from monitor.config.yaml import Located, Path_
from monitor.errors import Problem
from monitor.match.rulebook import RuleBook
from monitor.model import Severity, Source
from monitor.settings import Quiet, Route, Settings

Names = Collection[str]
# What a route may ask for by name -> what one of them is called.
NAMED = {"rules": "rule", "watches": "watch", "tags": "source tag", "sources": "source"}


def problems(settings: Settings, located: Located, *, channels: Names) -> Iterator[Problem]:
    """Say what does not fit; `channels` are the names in the file, also of broken ones."""
    wanted: list[tuple[Path_, str]] = [(("operators", number), name) for number, name in enumerate(settings.operators)]
    wanted += _wanted_by_routes(settings.routes)
    for name, schedule in settings.digests.items():
        wanted += [(("digests", name, "channels", number), one) for number, one in enumerate(schedule.channels)]
    for path, name in wanted:
        if name not in channels:
            yield located.problem(path, f"there is no channel {name!r}", suggest.hint(name, channels, what="channels"))
    yield from _routes(settings, located)
    yield from _digests(settings, located)
    yield from _quiet(settings, located)


def walk(routes: Sequence[Route], outer: Path_ = ()) -> Iterator[tuple[Path_, Route]]:
    """Yield every route with where it stands, those within others after them."""
    for number, route in enumerate(routes):
        path = (*outer, "routes", number)
        yield path, route
        yield from walk(route.routes, path)


def _wanted_by_routes(routes: Sequence[Route]) -> list[tuple[Path_, str]]:
    found: list[tuple[Path_, str]] = []
    for path, route in walk(routes):
        found += [((*path, "channels", number), name) for number, name in enumerate(route.channels)]
        to = route.escalate.to if route.escalate else ()
        found += [((*path, "escalate", "to", number), name) for number, name in enumerate(to)]
    return found


def _routes(settings: Settings, located: Located) -> Iterator[Problem]:
    """Say which routes lead nowhere, and which name a digest that is not there."""
    yield from _leading_nowhere(settings.routes, settings, located, (), inherited=False)
    for path, route in walk(settings.routes):
        if route.digest and route.digest not in settings.digests:
            hint = suggest.hint(route.digest, settings.digests, what="digests")
            yield located.problem((*path, "digest"), f"there is no digest {route.digest!r}", hint)
        if route.escalate and not route.escalate.to:
            yield located.problem((*path, "escalate"), "this escalation goes to no channel", "name one under 'to'")


def _leading_nowhere(
    routes: Sequence[Route], settings: Settings, located: Located, outer: Path_, *, inherited: bool
) -> Iterator[Problem]:
    for number, route in enumerate(routes):
        path = (*outer, "routes", number)
        of_digest = route.digest in settings.digests and bool(settings.digests[route.digest].channels)
        own = bool(route.channels) or ("channels" not in route.model_fields_set and (inherited or of_digest))
        if not own and not route.routes:
            yield located.problem(path, "this route goes to no channel", "name one under 'channels'")
        yield from _leading_nowhere(route.routes, settings, located, path, inherited=own)


def _digests(settings: Settings, located: Located) -> Iterator[Problem]:
    """Say which digests have no time, and warn of those to which nothing goes."""
    from monitor.alert import cron  # few users have digests; the others need not wait for it

    used = {route.digest for _, route in walk(settings.routes)}
    for name, schedule in settings.digests.items():
        if wrong := cron.check(schedule.cron):
            yield located.problem(("digests", name, "cron"), wrong, "see docs/alerts.md")
        if name not in used:
            hint = f"write `digest: {name}` into a route"
            yield located.problem(("digests", name), f"no route goes to digest {name!r}", hint, warning=True, key=True)


def _quiet(settings: Settings, located: Located) -> Iterator[Problem]:
    """Say which quiet hours have no length."""
    for name, channel in settings.channels.items():
        for number, hours in enumerate(channel.quiet):
            if hours.from_ == hours.to:
                message = f"the quiet hours of channel {name!r} begin when they end, at {hours.to}"
                hint = "for a channel that is never told anything write `enabled: false`"
                yield located.problem(("channels", name, "quiet", number, "to"), message, hint)

        if channel.quiet and all(one.from_ != one.to for one in channel.quiet) and _never_ends(channel.quiet):
            message = f"the quiet hours of channel {name!r} never end: together they cover the whole week"
            yield located.problem(("channels", name, "quiet"), message, "leave some time in which it may be told")


def _never_ends(hours: Sequence[Quiet]) -> bool:
    """Tell whether no end of any of these hours in a week lies outside of all others."""
    from monitor.alert.policies import quiet  # few users have quiet hours

    days = [datetime(2024, 1, day, tzinfo=UTC).timestamp() for day in range(8, 15)]
    ends = [day + 3600 * int(one.to[:2]) + 60 * int(one.to[3:]) for day in days for one in hours]
    return all(quiet.ends(hours, Severity.INFO, UTC, end) is not None for end in ends)


def route_problems(
    settings: Settings, located: Located, *, rules: RuleBook, sources: Collection[Source], broken: Collection[str] = ()
) -> Iterator[Problem]:
    """Warn of routes that wait for a rule, watch, tag or source that does not exist (it may come later).

    `broken` are the ids and watches of rules that are told to be wrong, and exist all the same.
    """
    known: Mapping[str, Names] = {
        "rules": {rule.id for rule in rules.rules} | {trend.id for trend in rules.trends},
        "watches": ({rule.watch for rule in rules.rules} | {trend.watch for trend in rules.trends}) - {""},
        "tags": {tag for source in sources for tag in source.tags},
        "sources": {source.id for source in sources},
    }
    for path, route in walk(settings.routes):
        for key, what in NAMED.items():
            for number, name in enumerate(getattr(route, key)):
                if name not in known[key] and (key in {"tags", "sources"} or name not in broken):
                    hint = suggest.hint(name, known[key], what=key)
                    yield located.problem((*path, key, number), f"no {what} is called {name!r}", hint, warning=True)
