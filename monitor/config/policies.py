"""The part of monitor.yaml that says what is told where and when, as a text to be changed and tried."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from monitor.config import checks, telling
from monitor.config.load import MONITOR, Config
from monitor.config.rules_text import settings_text
from monitor.config.validate import validate
from monitor.config.yaml import Located, completed, load_located, parse
from monitor.errors import Problem
from monitor.settings import Channel, Settings

FILE = "policies.yaml"  # how problems name the text
KEYS = ("timezone", "alerts", "channels", "routes", "digests", "inhibit")
CHANNEL = ("enabled", "budget", "quiet", "updates", "digest_above")  # what of a channel is a policy
ELSEWHERE = "json://preview.invalid/"  # stands for the URL of a channel that is not configured yet
MOST, HOURS, FEW = 200, 20, 20  # channels that can be tried, quiet hours of each, problems that are told at a time
HEAD = (
    "What is told where and when: put it into monitor.yaml in place of what stands there.",
    "The urls and templates of the channels are not shown here: keep yours.",
)


def policies_text(config: Config) -> str:
    """Return what stands in monitor.yaml, without urls; written anew, so without comments.

    As its durations are written there, if the file still says what is loaded; else in seconds.
    """
    located = load_located(config.folder / MONITOR)
    settings, _, problems = validate(Settings, located)
    if settings is None or problems or not are_alike(settings, config.settings):
        located = replace(located, data=config.settings.model_dump(mode="json", by_alias=True, exclude_unset=True))
    said: Any = located.data or {}
    found = {key: said[key] for key in KEYS if said.get(key)}
    if isinstance(found.get("channels"), Mapping):
        found["channels"] = {name: _policies_of(one) for name, one in found["channels"].items()}
    return settings_text(found, comments=HEAD)


def are_alike(one: Settings, other: Settings) -> bool:
    """Tell whether settings say the same of what is told where and when."""
    return all(getattr(one, key) == getattr(other, key) for key in KEYS)


def _policies_of(channel: Any) -> dict[str, Any]:
    return {key: channel[key] for key in CHANNEL if key in channel}


def tried(text: str, config: Config) -> tuple[Settings | None, tuple[Problem, ...]]:
    """Return the settings as they would be with what the text says, None where it cannot be used; and all problems.

    Keys that the text does not have stay as they are. A channel keeps its url; one that is new needs none.
    """
    located = parse(text, file=FILE)
    if located.problems or not located.readable:
        return None, located.problems
    if much := _too_much(located):
        return None, (much,)
    said, located, problems = validate(Settings, _with_urls(located, config))
    if said is None or problems:
        return None, problems[:FEW]
    given = located.data if isinstance(located.data, Mapping) else {}
    changed = {key: getattr(said, key) for key in KEYS if key in given}
    if "channels" in changed:
        changed["channels"] = {name: _as_live(one, name, config) for name, one in said.channels.items()}
    settings = config.settings.model_copy(update={**changed, "operators": ()})
    problems = tuple(_problems(settings, located, config))
    return (None if any(not one.warning for one in problems) else settings), problems


def _as_live(channel: Channel, name: str, config: Config) -> Channel:
    """Return a channel with all that is no policy as it is in force."""
    live = config.settings.channels.get(name)
    others = {key: getattr(live, key) for key in Channel.model_fields if key not in CHANNEL} if live else {}
    return channel.model_copy(update=others)


def _with_urls(located: Located, config: Config) -> Located:
    """Give every channel the url that it has, or one that leads nowhere."""
    channels = located.data.get("channels") if isinstance(located.data, Mapping) else None
    for name, said in channels.items() if isinstance(channels, Mapping) else ():
        if said is None or isinstance(said, Mapping):
            live = config.settings.channels.get(name)
            located = completed(located, ("channels", name), {"url": live.url if live else ELSEWHERE})
    return located


def _too_much(located: Located) -> Problem | None:
    """Say where a text asks for more than can be looked at in the time of one answer."""
    data = located.data if isinstance(located.data, Mapping) else {}
    channels = data.get("channels")
    if not isinstance(channels, Mapping):
        return None
    if len(channels) > MOST:
        return located.problem(("channels",), f"there are more than {MOST} channels", "try fewer at a time")
    for name, channel in channels.items():
        quiet = channel.get("quiet") if isinstance(channel, Mapping) else None
        if isinstance(quiet, list) and len(quiet) > HOURS:
            return located.problem(
                ("channels", name, "quiet"), f"there are more than {HOURS} quiet hours", "name fewer"
            )
    return None


def _problems(settings: Settings, located: Located, config: Config) -> list[Problem]:
    """Return what does not fit: errors of all kinds; where there are none, warnings of routes and digests.

    A few of many: each is searched for a name that is like the wrong one.
    """
    checked = checks.settings_problems(settings, located, channels=settings.channels)
    found = list(islice((one for one in checked if not one.warning), FEW))
    if not found:
        told = telling.problems(settings, located, channels=settings.channels)
        broken = {one.rule_id for one in config.problems}
        routed = telling.route_problems(settings, located, rules=config.rules, sources=config.sources, broken=broken)
        found = list(islice(chain(told, routed), FEW))
    return sorted({replace(one, file=FILE) for one in found})
