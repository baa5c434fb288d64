"""`/ack/TOKEN`: the link in a message. Only the form acknowledges: scanners and previews open links, they do not post.

The token is the right to do it (`alert/acknowledging.py`), so there is no login here, and nothing else can be done.
"""

import logging

from starlette.responses import Response

from monitor.alert.acknowledging import BadToken, Ticket, ticket_of
from monitor.alert.clean import one_line, web_link
from monitor.alert.handling import standing
from monitor.model import Handled, Severity, Story
from monitor.web.ask import Ask

log = logging.getLogger("monitor.web")
SHOWN = 8  # sources that the page names
NAME, NOTE = 60, 500  # longest, in characters


def look(ask: Ask) -> Response:
    """Show the story that a token names, and the form."""
    found = _story(ask)
    return found if isinstance(found, Response) else _page(ask, found[1])


def acknowledge(ask: Ask) -> Response:
    """Keep that somebody has the story in hand."""
    found = _story(ask)
    if isinstance(found, Response):
        return found
    name = one_line(" ".join(map(str, ask.form.getlist("name"))))[:NAME]
    note = one_line(" ".join(map(str, ask.form.getlist("note"))))[:NOTE]
    _keep(ask, *found, name, note)
    return ask.redirect(ask.request.url.path)  # so that reloading does not post again


def _story(ask: Ask) -> tuple[Ticket, Story] | Response:
    """Return the story that the token names, or the page that says why there is none."""
    try:
        ticket = ticket_of(ask.path["token"], ask.site.key)
    except BadToken:
        text = "It was damaged, or was not made by this monitor."
        return ask.site.message("This link is not right", text, status=403)
    if ticket.is_over(ask.now):
        return ask.site.message("This link is too old", "Its time is over; nothing was acknowledged.", status=410)
    story = ask.store.stories.get(ticket.story_id)
    if story is None:
        return ask.site.message("This story is gone", "It is no longer in the database.", status=410)
    return ticket, story


def _keep(ask: Ask, ticket: Ticket, story: Story, name: str, note: str) -> None:
    """Keep the acknowledgement, once."""
    with ask.writing() as store, store.transaction(durable=True):
        if standing(store.handled.of(story.id), ask.now).acknowledged:
            return
        by = f"{name} ({ticket.channel})" if name else f"a reader of {ticket.channel}"
        done = Handled(story_id=story.id, what="acknowledged", by=by, at=ask.now, note=note, severity=story.severity)
        store.handled.add(done)
    log.info("story %s was acknowledged by %s", story.id, by)


def _page(ask: Ask, story: Story) -> Response:
    members = story.members or ()
    sources = list(dict.fromkeys(member.source.name for member in members)) or [story.source.name]
    hits = sorted(story.hits, key=lambda hit: -hit.severity.rank)
    return ask.site.pages.answer(
        "ack.html",
        headline=one_line(story.article.title) or "(without a title)",
        link=web_link(story.article.link) or web_link(story.article.url),
        level=Severity(story.severity).value,
        rules=list(dict.fromkeys(one_line(hit.rule_name) for hit in hits)),
        sources=[one_line(name) for name in sources[:SHOWN]],
        more=max(0, len(sources) - SHOWN),
        first_seen=story.first_seen,
        story_id=story.id,
        standing=standing(ask.store.handled.of(story.id), ask.now),
        name_length=NAME,
        note_length=NOTE,
    )
