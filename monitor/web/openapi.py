"""The description of the API (OpenAPI 3.1), written from the same map of filters that reads them; pure."""

from collections.abc import Iterable
from typing import Any, Final

from monitor import __version__
from monitor.web import openapi_webhooks as hooks
from monitor.web.filters import FILTERS, LONGEST, MOST

HIT_FILTERS: Final = ("q", "severity", "watch", "rule", "country", "source", "language", "since", "until")
LIMIT: Final = (1, 50, 200)  # least, usual, most rows of an answer
FIELDS: Final = {  # of a form that says what to do about a story
    "note": "What to remember about it.",
    "for": "Of a mute: how long, such as 30m, 2h, 3d; without it for good.",
    "rule": "Of a mark: the id of the rule that is meant; without it all rules.",
    "article": "Of a mark: the id of the article that is meant; of a split: the articles, several times.",
    "other": "Of a merge: the id of the other story.",
    "text": "Of a note: what it says.",
    "name": "Of assign: who looks after it; empty, or `none`, for nobody.",
}
_TEXT, _MAYBE, _COUNT = hooks.TEXT, hooks.MAYBE, hooks.COUNT
Part = dict[str, Any]


def description(base: str, actions: Iterable[str]) -> Part:
    """Return the whole description; `base` is the address of the page, `actions` what can be done about a story."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "monitor",
            "version": __version__,
            "description": "Stories and hits, with the filters of the page. A token of the scope `read` reads; what is "
            "done about a story needs `triage`.",
        },
        "servers": [{"url": base}],
        "security": [{"token": []}],
        "paths": {
            "/api/stories": {"get": _stories()},
            "/api/stories/{id}": {"get": _story()},
            "/api/stories/{id}/{action}": {"post": _act(list(actions))},
            "/api/hits": {"get": _hits()},
        },
        "webhooks": hooks.webhooks(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
            "responses": {"Refused": _refused()},
        },
    }


def _stories() -> Part:
    after = _query("after", "Where to go on, from the `next` of an answer.")
    filters = [_filter(name) for name in FILTERS]
    parameters = [*filters, _limit(), after]
    return _get("stories", "List stories, the newest and most severe first.", parameters, _list("stories", "Listed"))


def _hits() -> Part:
    before = _query("before", "Only hits before the one of this number.", {"type": "integer", "minimum": 1})
    parameters = [*[_filter(name) for name in HIT_FILTERS], _limit(), before]
    return _get("hits", "List hits, the newest first.", parameters, _list("hits", "Hit"))


def _story() -> Part:
    said = "Tell everything that is known of a story; one that was merged is told as what it is part of."
    return _get("story", said, [_path("id", "The id of a story.")], {"$ref": "#/components/schemas/Story"})


def _act(actions: list[str]) -> Part:
    properties: Part = {name: {"type": "string", "description": words} for name, words in FIELDS.items()}
    properties["article"] = {"type": "array", "items": _TEXT, "description": FIELDS["article"]}
    form = {"schema": {"type": "object", "properties": properties}, "encoding": {"article": {"explode": True}}}
    answer = {"type": "object", "properties": {"story": _TEXT, "said": _TEXT}, "required": ["story", "said"]}
    return {
        "operationId": "act",
        "summary": "Do something about a story; needs the scope `triage`.",
        "parameters": [
            _path("id", "The id of a story."),
            {**_path("action", "What to do."), "schema": {"type": "string", "enum": actions}},
        ],
        "requestBody": {"required": False, "content": {"application/x-www-form-urlencoded": form}},
        "responses": _responses(answer),
    }


# --- parts -----------------------------------------------------------------------------------------------------------


def _get(name: str, summary: str, parameters: list[Part], answer: Part) -> Part:
    return {"operationId": name, "summary": summary, "parameters": parameters, "responses": _responses(answer)}


def _responses(answer: Part) -> Part:
    refused = {"$ref": "#/components/responses/Refused"}
    good = {"description": "The answer.", "content": {"application/json": {"schema": answer}}}
    return {"200": good, **{str(status): refused for status in (400, 401, 403, 404, 503)}}


def _refused() -> Part:
    error = {"type": "object", "properties": {"error": _TEXT, "advice": _TEXT}, "required": ["error", "advice"]}
    return {"description": "What is wrong, and what to do.", "content": {"application/json": {"schema": error}}}


def _filter(name: str) -> Part:
    one = FILTERS[name]
    value: Part = {"type": "string", "maxLength": LONGEST, **({"enum": list(one.values)} if one.values else {})}
    if one.many:
        value = {"type": "array", "items": value, "maxItems": MOST}
    return _query(name, one.help, value)


def _query(name: str, words: str, schema: Part | None = None) -> Part:
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema or _TEXT}


def _path(name: str, words: str) -> Part:
    return {"name": name, "in": "path", "required": True, "description": words, "schema": _TEXT}


def _limit() -> Part:
    least, usual, most = LIMIT
    schema = {"type": "integer", "minimum": least, "maximum": most, "default": usual}
    return _query("limit", "How many rows, at most.", schema)


def _list(name: str, of: str) -> Part:
    rows = {"type": "array", "items": {"$ref": f"#/components/schemas/{of}"}}
    return {"type": "object", "properties": {name: rows, "next": _MAYBE}, "required": [name, "next"]}


def _schemas() -> Part:
    severity, object_of = hooks.SEVERITY, hooks.object_of
    reason = object_of({"rule": _TEXT, "name": _TEXT, "watch": _TEXT, "words": _TEXT})
    shared = {"id": _TEXT, "address": _TEXT, "headline": _TEXT, "severity": severity, "novelty": _TEXT}
    shared |= {"first_seen": _MAYBE, "updated": _MAYBE}
    things: Part = {"type": "array", "items": {"type": "object"}}
    thing: Part = {"type": ["object", "null"]}
    listed = {
        **shared,
        "state": {"type": "string", "enum": list(FILTERS["state"].values)},
        "assigned": _TEXT,
        **dict.fromkeys(("articles", "sources", "independent", "credibility"), _COUNT),
        "places": {"type": "array", "items": _TEXT},
        "why": {"type": "array", "items": reason},
    }
    version = {"version": _COUNT, "seen": _MAYBE, "title": _TEXT, "summary": _TEXT, "sha256": _TEXT}
    story = {
        **hooks.STORY,
        "articles": hooks.list_of(
            object_of({**hooks.ARTICLE, "body": _TEXT, "versions": hooks.list_of(object_of(version))})
        ),
        "updated": _MAYBE,
        "made": _TEXT,
        "merged": {"type": "array", "items": _TEXT},
        **dict.fromkeys(("acknowledged", "muted"), thing),
        "assigned": _TEXT,
        **dict.fromkeys(("decisions", "deliveries", "handled", "notes"), things),
    }
    hit = {
        **dict.fromkeys(("article", "title", "url", "source", "language", "rule", "rule_name", "watch"), _TEXT),
        **dict.fromkeys(("number", "version"), _COUNT),
        **dict.fromkeys(("published", "at"), _MAYBE),
        "severity": severity,
        "evidence": {"type": "array", "items": hooks.EVIDENCE},
    }
    return {"Listed": object_of(listed), "Story": object_of(story), "Hit": object_of(hit)}
