"""Stories become decisions, and decisions become messages that are sent once.

    story | POLICIES (send, hold or drop, each with a reason) | message | render | send

`outbox.py` keeps the sending under way; what is queued lies in the store.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from monitor.alert.candidate import WINDOW, Candidate, Recent, Told, keys_of
from monitor.alert.policies import disabled, duplicate, edited, history
from monitor.alert.policies import route as routed
from monitor.model import Action, Decision, Story
from monitor.settings import Channel, Route

__all__ = ["POLICIES", "WINDOW", "Candidate", "Recent", "Told", "decide", "decide_all", "keys_of"]

Policy = Callable[[Candidate], Decision | None]

# Asked in this order; the first that has an opinion decides. None has one: the story is sent.
POLICIES: dict[str, Policy] = {
    "route": routed.decide,
    "disabled": disabled.decide,
    "history": history.decide,
    "edited": edited.decide,
    "duplicate": duplicate.decide,
}


def decide(
    story: Story,
    *,
    routes: Sequence[Route],
    channels: Mapping[str, Channel],
    now: float,
    recent: Recent,
    backfill: bool = False,
) -> dict[str, Decision]:
    """Return what happens to a story on every channel, and why; "" stands for "there is no channel"."""
    if not channels:
        return {"": Decision(Action.DROP, "route", "there was no channel; the hit is kept")}
    return {
        name: _first_opinion(
            Candidate(
                story=story, channel=name, settings=channel, routes=routes, recent=recent, now=now, backfill=backfill
            )
        )
        for name, channel in channels.items()
    }


def _first_opinion(candidate: Candidate) -> Decision:
    for policy in POLICIES.values():
        if decision := policy(candidate):
            return decision
    return Decision(Action.SEND, "route", routed.reason(candidate))


def decide_all(
    stories: Iterable[Story],
    *,
    routes: Sequence[Route],
    channels: Mapping[str, Channel],
    now: float,
    recent: Recent,
    backfill: bool = False,
) -> tuple[dict[str, Decision], ...]:
    """Decide on a batch, in its order; what an earlier story tells a channel counts for the later ones."""
    decided: list[dict[str, Decision]] = []
    for story in stories:
        decisions = decide(story, routes=routes, channels=channels, now=now, recent=recent, backfill=backfill)
        told = [channel for channel, decision in decisions.items() if decision.action is not Action.DROP]
        recent = recent.plus(story, told, now=now)
        decided.append(decisions)
    return tuple(decided)
