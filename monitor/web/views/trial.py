"""`/deliveries/trial`: changed policies, played over the stored stories beside those in force; nothing is written.

One trial runs at a time, in its own thread, in a database of its own, and is broken off when its time is over: the page
says how far it came.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from monitor.charts.multiples import Multiples, Series
from monitor.config.policies import are_alike, policies_text, tried
from monitor.previewing import Changed, Trial
from monitor.previewing import tried as played
from monitor.rehearsal import Past
from monitor.settings import Settings
from monitor.web.ask import Ask
from monitor.web.one_trial import alone, days_of, typed
from monitor.web.panels import FULL, Easel, Panel
from monitor.web.period import midnights
from monitor.web.views.preview import in_words

DAYS = (1, 7, 30)
USUAL = 7
MOST = 3_000  # stories
SECONDS = 30.0  # that a trial may take, for both
LONGEST = 60_000  # characters
SHOWN = 15  # stories of each kind of change
DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Total:
    """The messages of a channel in the time that was played."""

    channel: str
    before: int | None  # None: there is no such channel
    after: int | None


def form(ask: Ask) -> Response:
    """Show the policies in force, to be changed."""
    return _page(ask, policies_text(ask.config), USUAL)


def try_(ask: Ask) -> Response:
    """Try what was typed."""
    text, days = _text(ask), days_of(ask, DAYS, USUAL)
    settings, problems = tried(text, ask.config)
    if settings is None:
        return _page(ask, text, days, problems=problems)
    unchanged = are_alike(ask.config.settings, settings)
    found = {} if unchanged else _tried(ask, settings, days)
    return _page(ask, text, days, remarks=problems, unchanged=unchanged, **found)


def save(ask: Ask) -> Response:
    """Give what was typed as a file; it is kept nowhere."""
    headers = {"Content-Disposition": 'attachment; filename="policies.yaml"'}
    return Response(_text(ask), media_type="application/yaml", headers=headers)


def _text(ask: Ask) -> str:
    return typed(ask, LONGEST, nothing="there are no policies in the form", name="the policies")


def _page(ask: Ask, text: str, days: int, **found: Any) -> Response:
    """Fill in the template; what is not `found` is empty."""
    nothing: dict[str, Any] = {"problems": (), "remarks": (), "unchanged": False, "trial": None}
    status = 400 if found.get("problems") else 200
    return ask.page("trial.html", status=status, text=text, days=days, choices=DAYS, most=MOST, **{**nothing, **found})


# --- trying ----------------------------------------------------------------------------------------------------------


def _tried(ask: Ask, settings: Settings, days: int) -> dict[str, Any]:
    """Play both over the last days; Refusal while somebody else tries something."""
    zone = ZoneInfo(settings.timezone)
    with alone(), tempfile.TemporaryDirectory(prefix="monitor-trial-") as folder:
        past = Past(ask.store, ask.now - days * DAY, ask.now, MOST)
        edges = midnights(past.since, past.until, zone)
        trial = played(past, ask.config, replace(ask.config, settings=settings), Path(folder), edges, SECONDS)
    shown = {name: getattr(trial.differences, name)[:SHOWN] for name in ("gained", "lost", "otherwise")}
    return {
        "trial": trial,
        "is_cut": past.is_cut,
        "totals": _totals(trial, ask.config.settings.channels, settings.channels),
        "tempo": _tempo(Easel(zone), trial),
        "by_day": [
            (datetime.fromtimestamp(day.start, zone).date(), _sum(day.before), _sum(day.after)) for day in trial.days
        ],
        "shown": shown,
        "titles": ask.store.stories.titles(_ids(shown.values())),
        **in_words(settings),
    }


def _ids(groups: Iterable[Iterable[Changed]]) -> set[str]:
    return {one.story_id for group in groups for one in group}


def _sum(messages: Any) -> int:
    return sum(messages.values())


def _totals(trial: Trial, before: Iterable[str], after: Iterable[str]) -> list[Total]:
    """Return what each channel got, those of either configuration in its order."""
    had, have = set(before), set(after)
    return [
        Total(
            channel,
            sum(day.before.get(channel, 0) for day in trial.days) if channel in had else None,
            sum(day.after.get(channel, 0) for day in trial.days) if channel in have else None,
        )
        for channel in dict.fromkeys([*before, *after])
    ]


def _tempo(easel: Easel, trial: Trial) -> Panel | None:
    """Draw the messages of each day, now and changed, on one scale; None for a single day."""
    if len(trial.days) < 2:
        return None
    series = tuple(
        Series(name, tuple(_sum(getattr(day, which)) for day in trial.days))
        for name, which in (("as it is", "before"), ("changed", "after"))
    )
    data = Multiples(series, trial.days[0].start, DAY, noun="message")
    return easel.panel("multiples", "tempo", "Messages by day", data, width=FULL)
