"""Says routes, channels and the other policies of a configuration in plain words, as they are taken in force; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.alert.route import INHERITED, own_options
from monitor.alert.spans import span
from monitor.model import Severity
from monitor.settings import UPDATES, Alerts, Channel, Inhibit, Places, Quiet, Route, Schedule, Settings

NEWS = {
    "severity": "a higher severity",
    "rules": "new rules",
    "sources": "more independent sources",
    "credibility": "another credibility",
    "places": "new places",
    "numbers": "new numbers",
}
SAME = {"watch": "of the same watch", "rule": "of the same rule", "country": "of the same country", "all": ""}


@dataclass(frozen=True, slots=True)
class Step:
    """A route in words, with those in it."""

    label: str  # as decisions name it: "2", "2.1"
    fits: str  # what it takes
    channels: tuple[str, ...]  # to which what it takes goes; empty: only to those of the routes in it
    policies: tuple[str, ...]  # how it is told there
    then: str  # what happens with the routes below
    inner: tuple["Step", ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A channel, a digest or an inhibition in words."""

    name: str
    policies: tuple[str, ...]


def steps(settings: Settings) -> tuple[Step, ...]:
    """Return the routes in the order in which a hit walks them."""
    return _steps(settings.routes, settings, {}, "")


def _steps(routes: Sequence[Route], settings: Settings, outer: Mapping[str, Any], prefix: str) -> tuple[Step, ...]:
    found = []
    for number, route in enumerate(routes, start=1):
        options, label = {**outer, **own_options(route, settings.digests)}, f"{prefix}{number}"
        channels = tuple(options.get("channels", ()))
        found.append(
            Step(
                label,
                fits(route),
                channels,
                policies(options, settings.alerts) if channels else (),
                "then the routes below are looked at, too" if route.continue_ else "",
                _steps(route.routes, settings, options, f"{label}."),
            )
        )
    return tuple(found)


def fits(route: Route) -> str:
    """Return what a route takes: "high or more severe, of rule a or b, in BY"."""
    parts = [f"{route.severity} or more severe"] if route.severity.rank > Severity.INFO.rank else []
    parts += [f"of rule {_or(route.rules)}"] if route.rules else []
    parts += [f"of watch {_or(route.watches)}"] if route.watches else []
    parts += [f"from source {_or(route.sources)}"] if route.sources else []
    parts += [f"from a source tagged {_or(route.tags)}"] if route.tags else []
    parts += [f"from a source of reliability {route.reliability} or better"] if route.reliability else []
    parts += [f"in the language {_or(route.languages)}"] if route.languages else []
    parts += [f"in {_or(route.countries)}"] if route.countries else []
    parts += [_place(route.places)] if route.places else []
    return ", ".join(parts) or "everything"


def _place(places: Places) -> str:
    near = ""
    if len(places.border) == 1:
        near = f"within {places.km:g} km of a border of {places.border[0]}"
    elif places.border:
        near = f"within {places.km:g} km of a border between {_and(places.border)}"
    return " ".join(filter(None, [f"in {_or(places.country)}" if places.country else "", near])) or "at any place"


def policies(options: Mapping[str, Any], alerts: Alerts) -> tuple[str, ...]:
    """Return how a story is told by a way with these options, what no route says by `alerts`."""
    said = {key: options.get(key) for key in INHERITED}
    found = []
    if one := said["corroboration"]:
        also = f", or one of reliability {one.or_reliability} or better" if one.or_reliability else ""
        found.append(
            f"held until {one.independent} independent sources tell it{also}; dropped after {span(one.give_up)}"
        )
    if said["digest"]:
        found.append(f"told in the digest {said['digest']}")
    else:
        found += _waits(said["group_wait"], said["group_interval"], alerts)
    found.append(_updates(alerts.updates if said["updates"] is None else said["updates"], alerts))
    repeat = said["repeat"] or alerts.repeat
    found.append(f"{_times(repeat.most, 'update')} in {span(repeat.every)} at most")
    if one := said["escalate"]:
        found.append(
            f"{one.severity} or more severe and not acknowledged within {span(one.after)}: told on {_and(one.to)}, too"
        )
    return tuple(found)


def _waits(wait: float | None, interval: float | None, alerts: Alerts) -> list[str]:
    first = alerts.group_wait if wait is None else wait
    critical = "; critical at once" if wait is None and first else ""
    between = alerts.group_interval if interval is None else interval
    return [
        f"the first message after {span(first)}{critical}" if first else "the first message at once",
        f"{span(between)} between messages" if between else "updates at once",
    ]


def _updates(kinds: Sequence[str], alerts: Alerts) -> str:
    if not kinds:
        return "no updates"
    counts = f" ({', '.join(map(str, alerts.thresholds))})" if "sources" in kinds and alerts.thresholds else ""
    if set(kinds) == set(UPDATES):
        return f"updates for anything new; sources at their numbers{counts}"
    return f"updates for {_and([NEWS[kind] + (counts if kind == 'sources' else '') for kind in kinds])}"


# --- channels, digests, inhibition -----------------------------------------------------------------------------------


def channels(settings: Settings) -> tuple[Line, ...]:
    """Return what each channel can take; no part of its URL but the service."""
    return tuple(Line(name, _channel(one)) for name, one in settings.channels.items())


def _channel(channel: Channel) -> tuple[str, ...]:
    found = [] if channel.enabled else ["disabled: nothing new is told here"]
    found += [f"{_times(channel.budget, 'message')} in any 60 minutes"] if channel.budget else []
    found += [_quiet(hours) for hours in channel.quiet]
    found.append(f"more than {channel.digest_above} alerts at one moment are one message")
    if channel.updates is not None:
        kinds = _and([NEWS[kind] for kind in channel.updates])
        found.append(f"where no route says it: updates for {kinds}" if kinds else "where no route says it: no updates")
    return tuple(found)


def _quiet(hours: Quiet) -> str:
    days = f" on {', '.join(hours.days)}" if hours.days else ""
    return f"quiet {hours.from_}–{hours.to}{days}: only {_least(hours.break_through)} is told"


def _least(severity: Severity) -> str:
    return "what is critical" if severity is Severity.CRITICAL else f"what is {severity} or more severe"


def digests(settings: Settings) -> tuple[Line, ...]:
    """Return when each digest is sent, and to whom."""
    return tuple(Line(name, _digest(one)) for name, one in settings.digests.items())


def _digest(schedule: Schedule) -> tuple[str, ...]:
    whose = f"to {_and(schedule.channels)}" if schedule.channels else "to the channels of its routes"
    return (f"at {schedule.cron} (minute, hour, day, month, weekday)", whose)


def inhibitions(settings: Settings) -> tuple[str, ...]:
    """Return which stories mute others."""
    return tuple(map(_inhibits, settings.inhibit))


def _inhibits(one: Inhibit) -> str:
    what = f"{one.mutes} or less severe" if one.mutes is not Severity.INFO else "info"
    holds = f"A story that is {one.severity}{'' if one.severity is Severity.CRITICAL else ' or more severe'} holds"
    return " ".join(filter(None, [holds, f"what is {what}", SAME[one.same], f"for {span(one.for_)}"]))


# --- words -----------------------------------------------------------------------------------------------------------


def _times(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _or(names: Iterable[str]) -> str:
    return _listed(list(names), "or")


def _and(names: Iterable[str]) -> str:
    return _listed(list(names), "and")


def _listed(names: list[str], word: str) -> str:
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)
