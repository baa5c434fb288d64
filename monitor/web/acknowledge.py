"""`/ack/TOKEN`: the link in a message. Only the form acknowledges: scanners and previews open links, they do not post.

The token is the right to do it (`alert/acknowledging.py`), so there is no login here, and nothing else can be done.
"""

import logging
from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from monitor.alert.acknowledging import BadToken, Ticket, ticket_of
from monitor.alert.clean import one_line, web_link
from monitor.alert.handling import standing
from monitor.model import Handled, Severity, Story
from monitor.web.site import Site

log = logging.getLogger("monitor.web")
SHOWN = 8  # sources that the page names
NAME, NOTE = 60, 500  # longest, in characters


def routes(site: Site) -> list[Route]:
    """Return the routes of this page."""

    async def look(request: Request) -> Response:
        return await run_in_threadpool(_with_story, site, request.path_params["token"], _page)

    async def acknowledge(request: Request) -> Response:
        form = parse_qs((await request.body()).decode(errors="replace"), max_num_fields=10)
        name = one_line(" ".join(form.get("name", [])))[:NAME]
        note = one_line(" ".join(form.get("note", [])))[:NOTE]

        def done(site: Site, ticket: Ticket, story: Story) -> Response:
            _acknowledge(site, ticket, story, name, note)
            return RedirectResponse(request.url.path, status_code=303)  # so that reloading does not post again

        return await run_in_threadpool(_with_story, site, request.path_params["token"], done)

    return [Route("/ack/{token}", look, methods=["GET"]), Route("/ack/{token}", acknowledge, methods=["POST"])]


def _with_story(site: Site, token: str, answer: Callable[[Site, Ticket, Story], Response]) -> Response:
    """Answer with the story that a token names, or say why there is none."""
    try:
        ticket = ticket_of(token, site.key)
    except BadToken:
        return site.message("This link is not right", "It was damaged, or was not made by this monitor.", status=403)
    if ticket.is_over(site.clock()):
        return site.message("This link is too old", "Its time is over; nothing was acknowledged.", status=410)
    story = site.store.stories.get(ticket.story_id)
    if story is None:
        return site.message("This story is gone", "It is no longer in the database.", status=410)
    return answer(site, ticket, story)


def _acknowledge(site: Site, ticket: Ticket, story: Story, name: str, note: str) -> None:
    """Keep the acknowledgement, once."""
    now = site.clock()
    with site.store.transaction(durable=True):
        if standing(site.store.handled.of(story.id), now).acknowledged:
            return
        by = f"{name} ({ticket.channel})" if name else f"a reader of {ticket.channel}"
        done = Handled(story_id=story.id, what="acknowledged", by=by, at=now, note=note, severity=story.severity)
        site.store.handled.add(done)
    log.info("story %s was acknowledged by %s", story.id, by)


def _page(site: Site, _: Ticket, story: Story) -> HTMLResponse:
    members = story.members or ()
    sources = list(dict.fromkeys(member.source.name for member in members)) or [story.source.name]
    hits = sorted(story.hits, key=lambda hit: -hit.severity.rank)
    return site.pages.answer(
        "ack.html",
        headline=one_line(story.article.title) or "(without a title)",
        link=web_link(story.article.link) or web_link(story.article.url),
        severity=Severity(story.severity).value,
        rules=list(dict.fromkeys(one_line(hit.rule_name) for hit in hits)),
        sources=[one_line(name) for name in sources[:SHOWN]],
        more=max(0, len(sources) - SHOWN),
        first_seen=story.first_seen,
        story_id=story.id,
        standing=standing(site.store.handled.of(story.id), site.clock()),
        name_length=NAME,
        note_length=NOTE,
    )
