"""`/stories.atom`: the list of stories for a feed reader, with the filters of the page.

A program says who it is by `Authorization: Bearer TOKEN`; there is no token in the address, which ends in logs. Most
feed readers know HTTP Basic only: for them the token is the password. Who shows neither is asked for it, and not led
to the page of the login, which no reader can read.
"""

import hashlib
from urllib.parse import urlencode

from starlette.responses import Response

from monitor.web import filters
from monitor.web.ask import Ask
from monitor.web.atom import Entry, feed
from monitor.web.listed import Told, told
from monitor.web.views.story_export import base_of

PAGE = 50  # entries
_TYPE = "application/atom+xml; charset=utf-8"


def stories(ask: Ask) -> Response:
    """Answer with the feed; 304 to a reader that has it."""
    given = filters.given(ask.query)
    wanted = filters.wanted(given, ask.now)
    after = filters.key_of(ask.query.get("after", ""))
    rows = ask.store.listing.page(wanted, ask.now, limit=PAGE + 1, after=after)
    more = {"after": filters.written_key(rows[PAGE - 1].key)} if len(rows) > PAGE else None
    base = base_of(ask)
    text = feed(
        [_entry(one, base) for one in told(ask.store, rows[:PAGE], ask.now)],
        title="Stories" + (f": {urlencode(given, doseq=True)}" if given else ""),
        address=base + ask.here,
        page=base + ask.url("stories", **given),
        following=base + ask.url("stories-atom", **given, **more) if more else "",
    )
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    if tag in [one.strip().removeprefix("W/") for one in ask.request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(text.encode(), headers={"ETag": tag}, media_type=_TYPE)


def _entry(one: Told, base: str) -> Entry:
    row = one.row
    why = "; ".join(f"{name}: {words}" if words else name for name, words in one.why)
    where = f" Where: {'; '.join(one.places)}." if one.places else ""
    sources = f"{row.independent} independent {'source' if row.independent == 1 else 'sources'}"
    watches = dict.fromkeys(("watch", reason.watch) for reason in one.reasons)
    return Entry(
        id=row.id,
        title=row.title,
        address=f"{base}/stories/{row.id}",
        published=row.first_seen,
        updated=row.updated_at,
        author="monitor",
        summary=f"{row.severity.value}, {sources}.{where} Why: {why}",
        categories=(("severity", row.severity.value), *watches),
    )
