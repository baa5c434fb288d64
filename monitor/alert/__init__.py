"""Stories become decisions, and decisions become messages that are sent once.

    story | POLICIES (send, hold or drop, each with a reason) | message | render | send

`outbox.py` keeps the sending under way; what is queued lies in the store.
"""

from collections.abc import Callable
from dataclasses import replace

from monitor.alert.candidate import WINDOW, Candidate, Recent, Told, keys_of
from monitor.alert.policies import (
    budget,
    change,
    corroboration,
    disabled,
    group_interval,
    group_wait,
    handled,
    history,
    inhibition,
    quiet,
    repeat,
    silence,
)
from monitor.alert.policies import digest as scheduled  # by its own name it would hide the module that writes them
from monitor.alert.policies import route as routed
from monitor.model import Action, Decision

__all__ = ["POLICIES", "WINDOW", "Candidate", "Recent", "Told", "decide", "keys_of"]

Policy = Callable[[Candidate], Decision | None]

# Asked in this order; the first that has an opinion decides. None has one: the story is sent. First those that drop for
# good, so that nothing waits in vain; then what the story itself has to wait for; then what its messages have to keep;
# last what the channel can take, so that only what is really about to go is held by quiet hours and counts in a budget.
POLICIES: dict[str, Policy] = {
    "route": routed.decide,
    "disabled": disabled.decide,
    "history": history.decide,
    "change": change.decide,
    "handled": handled.decide,
    "silence": silence.decide,
    "corroboration": corroboration.decide,
    "inhibition": inhibition.decide,
    "digest": scheduled.decide,
    "group_wait": group_wait.decide,
    "group_interval": group_interval.decide,
    "repeat": repeat.decide,
    "quiet": quiet.decide,
    "budget": budget.decide,
}


BRIEF = frozenset({"group_wait", "group_interval"})  # it need not be said that it waited for these


def decide(candidate: Candidate) -> Decision:
    """Return what happens to a story on a channel, and why."""
    for policy in POLICIES.values():
        if decision := policy(candidate):
            return decision
    return _send(candidate)


def _send(candidate: Candidate) -> Decision:
    """Say why it is told: what is new, or which route leads there; and what has held it until now."""
    thread = candidate.thread
    if thread.escalation:
        return Decision(Action.SEND, "escalation", thread.escalation)
    news = change.reason(candidate)
    way = candidate.way.reason if candidate.way else ""
    said = Decision(Action.SEND, "change" if news else "route", news or way)
    if thread.is_held and thread.decision and thread.decision.policy not in BRIEF:
        return replace(said, reason=f"{said.reason}; it was held: {thread.decision.reason}")
    return said
