"""`/deliveries`: what waits, what was sent, what was given up, and why; send again, or let it be."""

from typing import Any

from starlette.responses import Response

from monitor.alert.clean import one_line
from monitor.store import Queue
from monitor.store.deliveries import KEPT, STATES
from monitor.web.ask import Ask
from monitor.web.refusal import Refusal, not_found

PAGE = 40
HELD = 20  # stories held back that are shown
MOST = 1_000_000  # dead letters that are sent again at once


def listing(ask: Ask) -> Response:
    """Show each channel's queue, and the deliveries."""
    state, channel = ask.query.get("state", ""), ask.query.get("channel", "")
    state = state if state in STATES else ""
    queues = ask.store.alerts.queue(ask.now)
    return ask.page(
        "deliveries.html",
        queues=_queues(ask, queues),
        counts={name: sum(getattr(one, name) for one in queues.values()) for name in STATES},
        state=state,
        channel=channel,
        found=ask.store.alerts.list(state=state, channel=channel, limit=PAGE),
        unsent=ask.store.alerts.unsent(20) if not state and not channel else [],
        **_held(ask, channel),
        silences=ask.store.silences.active(ask.now),
        page=PAGE,
    )


def one(ask: Ask) -> Response:
    """Show one delivery, and each time that the service was asked to take it."""
    tracked = ask.store.alerts.of_id(int(ask.path["id"]))
    if tracked is None:
        raise not_found("such delivery")
    return ask.page("delivery.html", one=tracked, attempts=ask.store.alerts.attempts(tracked), most=KEPT)


def _queues(ask: Ask, found: dict[str, Queue]) -> list[tuple[Queue, bool]]:
    """Return the queue of every channel, with whether it is one of the configuration; those without one are empty."""
    configured = ask.config.settings.channels
    known = {target.partition("/")[0] for target in found}
    queues = [*found.values(), *(Queue(channel=name) for name in configured if name not in known)]
    return [(one, one.channel.partition("/")[0] in configured) for one in queues]


def _held(ask: Ask, channel: str) -> dict[str, Any]:
    """Return the stories that policies hold back, the longest held first, with their headlines."""
    held = ask.store.threads.held(channel)
    shown = [one for one in held[:HELD] if one.decision is not None]
    return {"held": shown, "held_count": len(held), "titles": ask.store.stories.titles(one.story_id for one in shown)}


def do(ask: Ask) -> Response:
    """Send again what was given up or waits, or drop it."""
    what, channel = ask.need("do"), str(ask.form.get("channel", ""))
    with ask.writing() as store:
        if what == "retry-dead":
            dead = [one.delivery.id for one in store.alerts.list(state="dead", channel=channel, limit=MOST)]
            said = f"{store.alerts.retry(dead, ask.now)} of {len(dead)} are queued again."
        elif what == "retry":
            said = "It is queued again." if store.alerts.retry(_ids(ask), ask.now) else "It is under way, or was sent."
        elif what == "drop":
            reason = f"dropped on the page by {ask.user.name if ask.user else ''}"
            said = "It is dropped." if store.alerts.drop(_ids(ask), ask.now, one_line(reason)) else "Nothing to drop."
        else:
            raise Refusal(400, "There is no such action.", "Use the buttons of the page.")
    return ask.redirect(ask.back(ask.url("deliveries")), say=said)


def _ids(ask: Ask) -> list[int]:
    return [int(text) for text in map(str, ask.form.getlist("id")) if text.isascii() and text.isdigit()]
