"""`/events`: tells a page which topics have changed, by server-sent events; its script then fetches what it shows."""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from monitor.errors import StoreError
from monitor.web.ask import Ask
from monitor.web.live import Listener
from monitor.web.refusal import Refusal

HEARTBEAT = 15.0  # seconds; a proxy closes what says nothing for a minute
LONGEST = 1800.0  # seconds; then the browser asks again, and has to be logged in still


async def events(ask: Ask) -> Response:
    """Stream the names of topics as they change."""
    listener = ask.site.hub.join(ask.user.name if ask.user else "")
    if listener is None:
        raise Refusal(503, "Too many pages listen already.", "Close some.", headers={"Retry-After": "60"})
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(ask, listener), media_type="text/event-stream", headers=headers)


def _may_stay(ask: Ask) -> bool:
    """Say whether who listens is logged in still; while the database cannot be read, they stay."""
    try:
        with ask.site.readers.reading(ask.view.slow) as store:
            return ask.site.access.who(ask.request, store, ask.site.clock()) is not None
    except StoreError:
        return True


async def _stream(ask: Ask, listener: Listener) -> AsyncIterator[str]:
    until = asyncio.get_running_loop().time() + LONGEST
    try:
        yield "retry: 5000\n\n"
        while not listener.over and asyncio.get_running_loop().time() < until:
            try:
                await asyncio.wait_for(listener.woken.wait(), HEARTBEAT)
            except TimeoutError:
                if not await run_in_threadpool(_may_stay, ask):
                    return
                yield ": still here\n\n"
                continue
            listener.woken.clear()
            topics, listener.changed = sorted(listener.changed), set()
            if topics:
                yield f"event: change\ndata: {json.dumps(topics)}\n\n"
    finally:
        ask.site.hub.leave(listener)
