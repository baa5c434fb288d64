"""`/stories/{id}/export.{kind}`: a story as one file to take along."""

from starlette.responses import Response

from monitor.web.ask import Ask
from monitor.web.exports import EXPORTS
from monitor.web.refusal import not_found
from monitor.web.story_facts import facts_of


def export(ask: Ask) -> Response:
    """Hand out a story in one of the formats of `EXPORTS`."""
    kind = ask.path["kind"]
    if kind not in EXPORTS:
        raise not_found(f"format “{kind}”")
    facts = facts_of(ask.store, ask.path["id"], ask.now, base=base_of(ask))
    if facts is None:
        raise not_found(f"story “{ask.path['id']}”")
    text = EXPORTS[kind].function()(facts)
    headers = {"Content-Disposition": f'attachment; filename="{facts["id"]}.{kind}"'}
    body = text.encode("utf-8", "replace")
    return Response(body, headers=headers, media_type=EXPORTS[kind].media_type)


def base_of(ask: Ask) -> str:
    """Return the address of the page, without a slash at its end; what the browser asked for where none is set."""
    known = ask.config.settings.web.url.rstrip("/")
    return known or f"{ask.request.url.scheme}://{ask.request.url.netloc}"
