"""EDGE: `monitor alert preview`: how many messages each channel would have got, before and after a change."""

import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console
from monitor.wording import counted

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.previewing import Changed, Differences
    from monitor.rehearsal import Past, Tally

DAY = 86400.0
NAME, NUMBER = 8, 7  # characters of a column
KINDS = {"story": "first of a story", "update": "updates", "digest": "digests", "trend": "trends"}
Tallies = Mapping[str, "Tally"]


def preview(
    config: console.ConfigOption = None,
    days: Annotated[float, typer.Option("--days", help="How far back.", min=0.01, max=3650)] = 7.0,
    other: Annotated[
        str | None, typer.Option("--other", metavar="DIR", help="Another configuration to compare with.")
    ] = None,
    as_json: console.JsonOption = False,
) -> None:
    """Play routes and policies over the stories of the last days: how many messages each channel would have got.

    Nothing is sent. What was really sent stands beside it; with --other also what another configuration would send.
    """
    loaded = console.load_config(config)
    compared = {"now": loaded} | ({"other": console.load_config(other)} if other else {})
    now = time.time()
    past, sent, tallies, changes = _played(loaded, compared, now - days * DAY, now)
    if as_json:
        console.print_json(_data(past, sent, tallies) | ({"stories_changed": _changes(changes)} if changes else {}))
    else:
        _show(past, sent, tallies, days)
        if changes:
            console.say(f"\nStories by channel: {_gained_and_lost(changes)}; --json names them, with reasons.")


def _played(
    loaded: "Config", compared: Mapping[str, "Config"], since: float, until: float
) -> tuple["Past", dict[str, Counter[str]], dict[str, Tallies], "Differences | None"]:
    """Read the past once, and play each configuration over it, in a folder that is deleted afterwards."""
    from monitor.cli.db import steps
    from monitor.previewing import differences
    from monitor.rehearsal import Past, Rehearsal

    with console.open_store(loaded) as store:
        past = Past(store, since, until)
        sent = past.sent(store)
    found: dict[str, Rehearsal] = {}
    with tempfile.TemporaryDirectory(prefix="monitor-preview-") as folder, ExitStack() as opened:
        for name, one in compared.items():
            found[name] = opened.enter_context(Rehearsal(past, replace(one, sources=()), Path(folder), name))
            with steps(f"playing {name}") as step:
                found[name].play(step or (lambda _done, _all: None))
        tallies: dict[str, Tallies] = {name: one.tallies() for name, one in found.items()}
        heard = [one.heard(until) for one in found.values()]
        return past, sent, tallies, differences(*heard) if len(heard) == 2 else None


def _data(past: "Past", sent: Mapping[str, Counter[str]], tallies: Mapping[str, Tallies]) -> dict[str, Any]:
    channels = dict.fromkeys([*sent, *(channel for one in tallies.values() for channel in one)])
    return {
        "since": past.since,
        "until": past.until,
        "stories": len(past.stories),
        "channels": {
            channel: {
                "sent": dict(sent.get(channel, {})),
                **{name: _tally(one[channel]) for name, one in tallies.items() if channel in one},
            }
            for channel in channels
        },
    }


def _tally(tally: "Tally") -> dict[str, Any]:
    return {
        "messages": tally.total,
        "by_kind": dict(tally.messages),
        "held": dict(tally.held),
        "dropped": dict(tally.dropped),
        "waiting": tally.waiting,
    }


def _changes(changes: "Differences") -> dict[str, Any]:
    return {
        "kept": changes.kept,
        "gained": _named(changes.gained),
        "lost": _named(changes.lost),
        "otherwise": _named(changes.otherwise),
    }


def _named(changed: Sequence["Changed"]) -> list[dict[str, Any]]:
    """Return each story with why it is told, or not, by either configuration."""
    return [
        {
            "story": one.story_id,
            "channel": one.channel,
            "now": one.before.why if one.before else "",
            "other": one.after.why if one.after else "",
        }
        for one in changed
    ]


def _gained_and_lost(changes: "Differences") -> str:
    return (
        f"{changes.kept} told with both, {len(changes.gained)} gained, {len(changes.lost)} lost, "
        f"{len(changes.otherwise)} told otherwise"
    )


def _show(past: "Past", sent: Mapping[str, Counter[str]], tallies: Mapping[str, Tallies], days: float) -> None:
    last = "day" if days == 1 else f"{days:g} days"
    console.say(f"{counted(len(past.stories), 'story', 'stories')} with new articles in the last {last}.")
    channels = dict.fromkeys([*sent, *(channel for one in tallies.values() for channel in one)])
    for channel in channels:
        console.say(f"\n{channel}")
        _line("was sent", sent.get(channel, Counter()))
        for name, one in tallies.items():
            if channel not in one:
                console.say(f"  {name:<{NAME}} there is no such channel")
                continue
            tally = one[channel]
            _line(name, tally.messages)
            for what, counts in (("held", tally.held), ("not told", tally.dropped)):
                if counts:
                    console.say(f"  {'':<{NAME + NUMBER}} {what}: {_listed(counts)}")
            if tally.waiting:
                console.say(f"  {'':<{NAME + NUMBER}} still held: {counted(tally.waiting, 'story', 'stories')}")
    if not channels:
        console.say("There is no channel.")


def _line(name: str, kinds: Counter[str]) -> None:
    said = _listed(Counter({KINDS.get(kind, kind): number for kind, number in kinds.items()}))
    total = sum(kinds.values())
    unit = "message" if total == 1 else "messages"
    console.say(f"  {name:<{NAME}} {total:>{NUMBER},} {f'{unit}: {said}' if said else unit}")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.most_common())
