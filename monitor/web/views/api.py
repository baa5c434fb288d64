"""`/api/…`: stories and hits as JSON, with the filters of the page; a program shows a token of `web.tokens`.

Reading needs the scope `read`; what people do about a story is a POST of simple fields and needs `triage`.
"""

from typing import Any

from starlette.responses import Response

from monitor.alert.record import stamp
from monitor.errors import UsageError
from monitor.web import filters
from monitor.web.ask import Ask
from monitor.web.listed import told
from monitor.web.openapi import HIT_FILTERS, LIMIT, description
from monitor.web.refusal import not_found
from monitor.web.story_facts import facts_of, listed_facts
from monitor.web.views.story_actions import ACTIONS, done
from monitor.web.views.story_export import base_of


def openapi(ask: Ask) -> Response:
    """Describe this API."""
    return ask.json(description(base_of(ask), ACTIONS))


def stories(ask: Ask) -> Response:
    """List stories; `next` is the address of those that follow."""
    given, limit = filters.given(ask.query), _limit(ask)
    after = filters.key_of(ask.query.get("after", ""))
    rows = ask.store.listing.page(filters.wanted(given, ask.now), ask.now, limit=limit + 1, after=after)
    more = {**given, "limit": limit, "after": filters.written_key(rows[limit - 1].key)} if len(rows) > limit else None
    base = base_of(ask)
    found = listed_facts(told(ask.store, rows[:limit], ask.now), base=base)
    return ask.json({"stories": found, "next": base + ask.url("api-stories", **more) if more else None})


def story(ask: Ask) -> Response:
    """Tell everything that is known of a story; one that was merged is told as what it is part of."""
    facts = facts_of(ask.store, ask.path["id"], ask.now, base=base_of(ask))
    if facts is None:
        raise not_found(f"story “{ask.path['id']}”")
    return ask.json(facts)


def act(ask: Ask) -> Response:
    """Do something about a story."""
    story_id, said = done(ask, ask.path["action"])
    return ask.json({"story": story_id, "said": said})


def hits(ask: Ask) -> Response:
    """List hits, the newest first; `next` is the address of those that follow."""
    given, limit = filters.given(ask.query), _limit(ask)
    if strange := [name for name in given if name not in HIT_FILTERS]:
        raise UsageError(f"hits have no filter {strange[0]!r}; there are: {', '.join(HIT_FILTERS)}")
    before = ask.query.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 16):
        raise UsageError("before: that is no number of a hit")
    wanted = {name: filters.FILTERS[name].read(values, ask.now) for name, values in given.items()}
    named = {"text" if name == "q" else name: value for name, value in wanted.items()}
    rows = ask.store.hits.search(**named, before=int(before) if before else None, limit=limit + 1)
    more = {**given, "limit": limit, "before": rows[limit - 1][0]} if len(rows) > limit else None
    found = [_hit(*row) for row in rows[:limit]]
    return ask.json({"hits": found, "next": base_of(ask) + ask.url("api-hits", **more) if more else None})


def _limit(ask: Ask) -> int:
    text = ask.query.get("limit", str(LIMIT[1]))
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= LIMIT[2]):
        raise UsageError(f"limit is a number from {LIMIT[0]} to {LIMIT[2]}")
    return int(text)


def _hit(number: int, hit: Any, article: Any) -> dict[str, Any]:
    return {
        "number": number,
        "article": article.id,
        "version": hit.article_version,
        "title": article.title,
        "url": article.url or article.link,
        "source": article.source_id,
        "language": article.language,
        "published": stamp(article.published_at),
        "rule": hit.rule_id,
        "rule_name": hit.rule_name,
        "watch": hit.watch,
        "severity": hit.severity.value,
        "at": stamp(hit.at),
        "evidence": [
            {"term": one.term, "words": one.words, "field": one.field.value, "start": one.start, "end": one.end}
            for one in hit.evidence
        ],
    }
