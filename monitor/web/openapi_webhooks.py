"""The webhooks in the description of the API: what `monitor/alert/payload.py` writes, type by type; pure."""

from typing import Any, Final

from monitor.alert.payload import LARGEST, TYPES, VERSION
from monitor.model import Severity

Part = dict[str, Any]
TEXT: Final[Part] = {"type": "string"}
MAYBE: Final[Part] = {"type": ["string", "null"]}
COUNT: Final[Part] = {"type": "integer", "minimum": 0}
SEVERITY: Final[Part] = {"type": "string", "enum": [one.value for one in Severity]}
_YES_NO: Final[Part] = {"type": "boolean"}
_NUMBER: Final[Part] = {"type": ["number", "null"]}


def object_of(properties: Part) -> Part:
    """Return the schema of an object that has all of these properties, and no others."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def list_of(of: Part) -> Part:
    """Return the schema of a list."""
    return {"type": "array", "items": of}


# --- a story, which the API tells too --------------------------------------------------------------------------------


EVIDENCE: Final = object_of({"term": TEXT, "words": TEXT, "field": TEXT, "start": COUNT, "end": COUNT})
_HIT: Final = object_of(
    {
        "rule": TEXT,
        "rule_hash": TEXT,
        "version": COUNT,
        "severity": SEVERITY,
        "at": MAYBE,
        "evidence": list_of(EVIDENCE),
    }
)
_WHERE: Final = {
    **dict.fromkeys(("place", "kind", "sure", "why"), TEXT),
    "countries": list_of(TEXT),
    **dict.fromkeys(("lat", "lon"), _NUMBER),
}
_SOURCE: Final = object_of(dict.fromkeys(("id", "name", "publisher", "country", "reliability"), TEXT))
ARTICLE: Final[Part] = {  # properties
    **dict.fromkeys(("id", "url", "link", "title", "summary", "author", "language"), TEXT),
    **dict.fromkeys(("published", "seen", "joined"), MAYBE),
    "published_as_written": TEXT,
    "version": COUNT,
    "sha256": TEXT,
    "source": _SOURCE,
    **dict.fromkeys(("how", "like", "novelty"), TEXT),
    "shared": list_of(TEXT),
    "located": {"oneOf": [{"type": "null"}, object_of(_WHERE)]},
    "hits": list_of(_HIT),
}
_VOICE: Final = object_of({"name": TEXT, "sources": list_of(TEXT), "articles": list_of(TEXT)})
_FOUNDED: Final = object_of(
    {
        **dict.fromkeys(("independent", "sources", "credibility"), COUNT),
        **dict.fromkeys(("credibility_in_words", "reason", "first"), TEXT),
        "voices": list_of(_VOICE),
    }
)
_CLAIM: Final = object_of({**dict.fromkeys(("article", "party", "words", "sentence"), TEXT), "evident": _YES_NO})
_RULE: Final = object_of({"id": TEXT, "name": TEXT, "watch": TEXT, "severity": SEVERITY})
STORY: Final[Part] = {  # properties
    **dict.fromkeys(("id", "address", "headline"), TEXT),
    "severity": SEVERITY,
    "novelty": TEXT,
    "first_seen": MAYBE,
    "corroboration": {"oneOf": [{"type": "null"}, _FOUNDED]},
    "rules": list_of(_RULE),
    "articles": list_of(object_of(ARTICLE)),
    "claims": list_of(_CLAIM),
}


# --- what is in a message --------------------------------------------------------------------------------------------


_OF_STORY: Final = object_of(
    {"story": object_of(STORY), "news": list_of(TEXT), "escalation": TEXT, "acknowledge": TEXT}
)
_ENTRY: Final = object_of(
    {
        **dict.fromkeys(("id", "headline", "watch", "source", "url", "why"), TEXT),
        "severity": SEVERITY,
        "first_seen": MAYBE,
        **dict.fromkeys(("rules", "countries"), list_of(TEXT)),
        **dict.fromkeys(("independent", "credibility"), COUNT),
        "told": _YES_NO,
    }
)
_DIGEST: Final = object_of(
    {"name": TEXT, "start": MAYBE, "end": MAYBE, "stories": list_of(_ENTRY), "left": list_of(_ENTRY)}
)
_ITEM: Final = object_of({**dict.fromkeys(("id", "headline", "source", "url"), TEXT), "at": MAYBE})
_TREND: Final = object_of(
    {
        **dict.fromkeys(("trend", "name", "kind", "watch", "headline"), TEXT),
        **dict.fromkeys(("number", "threshold", "baseline"), _NUMBER),
        **dict.fromkeys(("start", "end"), MAYBE),
        **dict.fromkeys(("rules", "values"), list_of(TEXT)),
        "groups": list_of(object_of({"label": TEXT, "count": COUNT, "articles": list_of(_ITEM)})),
    }
)
_NOTICE: Final = object_of({**dict.fromkeys(("kind", "key", "headline", "advice"), TEXT), "lines": list_of(TEXT)})
DATA: Final[dict[str, Part]] = {  # by the first word of a type
    "story": _OF_STORY,
    "stories": _DIGEST,
    "trend": _TREND,
    "monitor": _NOTICE,
}
_HEADERS: Final = {
    "webhook-id": "The same for each attempt to send this message: who has seen it has it already.",
    "webhook-timestamp": "When this attempt was made, in seconds since the epoch.",
    "webhook-signature": "`v1,` and base64 of HMAC-SHA256 of `id.timestamp.body`; several with blanks between them.",
}


def message_of(kind: str) -> Part:
    """Return the schema of a message of a type."""
    return object_of(
        {
            "type": {"const": kind},
            "version": {"const": VERSION},
            "timestamp": {"type": "string", "description": "When it happened."},
            "alert": {"type": "string", "description": "What `monitor alert list` calls it."},
            "severity": SEVERITY,
            "title": TEXT,
            "data": DATA[kind.partition(".")[0]],
            "shortened": {"type": "boolean", "description": f"Left out was what has no room in {LARGEST} bytes."},
        }
    )


def webhooks() -> Part:
    """Return the part `webhooks` of the description."""
    return {kind: {"post": _post(kind, words)} for kind, words in TYPES.items()}


def _post(kind: str, words: str) -> Part:
    headers = [
        {"name": name, "in": "header", "required": True, "description": said, "schema": TEXT}
        for name, said in _HEADERS.items()
    ]
    return {
        "operationId": kind.replace(".", "-"),
        "summary": words,
        "security": [],
        "parameters": headers,
        "requestBody": {"required": True, "content": {"application/json": {"schema": message_of(kind)}}},
        "responses": {
            "2XX": {"description": "It is taken."},
            "410": {"description": "No more of this: as 400, 413 and 422, given up after three tries."},
            "default": {"description": "It is sent again later; `Retry-After` is kept to."},
        },
    }
