"""`/deliveries/preview`: what is told where and when in plain words; what became of stories, and by which policy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from starlette.responses import Response

from monitor.alert import outline
from monitor.alerting import Alerting
from monitor.model import Action, Decision, Thread
from monitor.store.threads import Grown
from monitor.web.ask import Ask
from monitor.web.refusal import not_found

PERIODS = {"1d": ("day", 86400.0), "7d": ("week", 7 * 86400.0)}
USUAL = "1d"
OUTCOMES = ("told", "held", "left")
PAGE = 30
# Of each outcome: the word, the sign.
WORDS = {"told": ("told", "good"), "held": ("held", "warn"), "left": ("left out", "calm")}


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a story on a channel."""

    channel: str
    outcome: str  # one of OUTCOMES
    times: tuple[float, ...]  # of the messages
    decision: Decision | None  # the last one


@dataclass(frozen=True, slots=True)
class Row:
    """A story and what became of it."""

    story: Grown
    became: tuple[Became, ...]
    unrouted: tuple[str, ...]  # channels to which no route leads


@dataclass(slots=True)
class Counted:
    """The stories of a channel by outcome, and by policy what held them or left them out."""

    told: int = 0
    held: int = 0
    left: int = 0
    policies: list[tuple[str, str, int]] = field(default_factory=list)  # (outcome, policy, stories)


def preview(ask: Ask) -> Response:
    """Show the policies in force, and the stories of the last day or week with what became of them."""
    period = ask.query.get("since", USUAL)
    period = period if period in PERIODS else USUAL
    since = ask.now - PERIODS[period][1]
    chosen = _chosen(ask)
    skip = _whole(ask.query.get("from", ""))
    found = ask.store.threads.grown(since, **chosen, limit=PAGE + 1, skip=skip)
    return ask.page(
        "preview.html",
        period=period,
        periods=[(name, words) for name, (words, _) in PERIODS.items()],
        chosen={"since": period if period != USUAL else "", **chosen},
        counts=_counts(ask.store.threads.outcomes(since)),
        rows=_rows(ask, found[:PAGE]),
        later=skip + PAGE if len(found) > PAGE else 0,
        earlier=max(0, skip - PAGE) if skip else None,
        words=WORDS,
        **in_words(ask.config.settings),
    )


def in_words(settings: Any) -> dict[str, Any]:
    """Return the policies of settings in plain words, as `policies.html` shows them."""
    return {
        "steps": outline.steps(settings),
        "channels": outline.channels(settings),
        "digests": outline.digests(settings),
        "inhibitions": outline.inhibitions(settings),
        "general": outline.policies({}, settings.alerts),
    }


def _chosen(ask: Ask) -> dict[str, str]:
    outcome = ask.query.get("outcome", "")
    return {
        "channel": ask.query.get("channel", ""),
        "outcome": outcome if outcome in OUTCOMES else "",
        "policy": ask.query.get("policy", ""),
    }


def _whole(text: str) -> int:
    return min(int(text), 1_000_000) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _counts(rows: Sequence[tuple[str, str, str, int]]) -> dict[str, Counted]:
    """Return the figures of each channel; those to which no route leads stand among its policies, as all do."""
    found: dict[str, Counted] = {}
    for channel, outcome, policy, number in rows:
        one = found.setdefault(channel, Counted())
        setattr(one, outcome, getattr(one, outcome) + number)
        if policy:
            one.policies.append((outcome, policy, number))
    return found


def _rows(ask: Ask, stories: Sequence[Grown]) -> list[Row]:
    threads = ask.store.threads.of_stories([story.id for story in stories])
    return [_row(story, threads[story.id]) for story in stories]


def _row(story: Grown, threads: Sequence[Thread]) -> Row:
    unrouted = tuple(one.channel for one in threads if _is_unrouted(one))
    became = [_became(one) for one in threads if not _is_unrouted(one)]
    became.sort(key=lambda one: OUTCOMES.index(one.outcome))
    return Row(story, tuple(became), tuple(name for name, _ in groupby(unrouted)))


def _is_unrouted(thread: Thread) -> bool:
    return (
        thread.told == 0 and thread.decision is not None and thread.decision.policy == "route" and thread.channel != ""
    )


def _became(thread: Thread) -> Became:
    outcome = "held" if thread.is_held else "told" if thread.told else "left"
    return Became(thread.channel, outcome, thread.times, thread.decision)


# --- one story -------------------------------------------------------------------------------------------------------


def story(ask: Ask) -> Response:
    """Show what each policy says of one story on each channel at this moment."""
    found = ask.store.stories.get(ask.path["id"])
    if found is None:
        raise not_found(f"story {ask.path['id']}")
    alerting = Alerting(config=ask.config, store=ask.store, load=ask.store.stories.get)
    return ask.page(
        "preview_story.html",
        story=found,
        outlooks=alerting.outlooks(found, ask.now),
        send=Action.SEND,
        words={
            Action.SEND: ("would be told", "good"),
            Action.HOLD: ("held", "warn"),
            Action.DROP: ("left out", "calm"),
        },
    )
