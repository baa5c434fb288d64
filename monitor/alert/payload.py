"""What a webhook says: an alert as JSON for a program of the user's own; pure.

Who changes what stands in it raises VERSION, and says so in docs/webhooks.md and in the OpenAPI document
(`monitor/web/openapi.py`). More keys are no other version.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from monitor.alert.record import LETTERS, MOST, bounded, stamp
from monitor.model import Alert

VERSION: Final = 1
LARGEST = 64 * 1024  # bytes of a message
# How much is said, tried from the top until it fits: (values of a list, letters of a text)
LEVELS: Final = ((MOST, LETTERS), (50, 400), (20, 400), (10, 200), (4, 200), (2, 100), (0, 100))
TYPES: Final[Mapping[str, str]] = {
    "story.told": "A story is told for the first time.",
    "story.updated": "Something is new of a story that was told.",
    "story.escalated": "Nobody has acknowledged a story in time, and it is told here too.",
    "stories.digest": "Stories that were held back, or gathered until a time of day, in one message.",
    "trend.found": "A rule about numbers, such as a spike, has found something.",
    "monitor.problem": "Something is wrong with the monitor itself, or with what it polls.",
    "monitor.over": "Something that was wrong is not so any more.",
    "monitor.heartbeat": "The monitor lives; once a day.",
    "monitor.test": "Somebody tries the channel: `monitor alert test`.",
}
Part = dict[str, Any]


def payload(alert: Alert) -> str:
    """Return the message, the same for each attempt to send it; LARGEST bytes at most."""
    whole = {
        "type": type_of(alert),
        "version": VERSION,
        "timestamp": stamp(alert.at),
        "alert": alert.id,
        "severity": alert.severity.value,
        "title": alert.title,
        "data": _DATA.get(alert.kind, _notice)(alert),
    }
    text = _written({**whole, "shortened": bool(alert.data.get("shortened"))})
    for most, letters in LEVELS:
        if len(text.encode()) <= LARGEST:
            break
        text = _written({**bounded(whole, most, letters), "shortened": True})
    return text


def type_of(alert: Alert) -> str:
    """Return of which of TYPES an alert is."""
    if alert.kind in {"story", "update"} and alert.data.get("escalation"):
        return "story.escalated"
    if alert.kind in _TYPES:
        return _TYPES[alert.kind]
    kind = str(alert.data.get("kind", ""))
    if kind in {"test", "heartbeat"}:
        return f"monitor.{kind}"
    return "monitor.over" if kind.endswith(" over") else "monitor.problem"


def _written(data: Part) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.encode(errors="replace").decode()  # a lone surrogate of a feed is no UTF-8


# --- data ------------------------------------------------------------------------------------------------------------


def _story(alert: Alert) -> Part:
    data = alert.data
    return {
        "story": data.get("record") or _sketch(alert),
        "news": _list(data.get("news")),
        "escalation": str(data.get("escalation", "")),
        "acknowledge": str(data.get("acknowledge", "")),
    }


def _sketch(alert: Alert) -> Part:
    """Return as much of a record as people are told, where none was kept: the channel was no webhook then."""
    data = alert.data
    return {
        "id": alert.story_id,
        "address": "",
        "headline": data.get("headline", ""),
        "severity": alert.severity.value,
        "novelty": "edited" if data.get("edited") else "new",
        "first_seen": stamp(_number(data.get("seen"))),
        "corroboration": None,
        "rules": _list(data.get("rules")),
        "articles": [],
        "claims": [],
    }


def _digest(alert: Alert) -> Part:
    data = alert.data
    return {
        "name": str(data.get("name", "")),
        "start": stamp(_number(data.get("start"))),
        "end": stamp(_number(data.get("end"))),
        "stories": [_entry(one) for one in _list(data.get("entries"))],
        "left": [_entry(one) for one in _list(data.get("left"))],
    }


def _entry(one: Mapping[str, Any]) -> Part:
    return {
        "id": one["story_id"],
        "headline": one["headline"],
        "severity": one["severity"],
        "first_seen": stamp(one["first_seen"]),
        "rules": list(one["rules"]),
        "watch": one["watch"],
        "independent": one["independent"],
        "credibility": one["credibility"],
        "countries": list(one["countries"]),
        "source": one["source"],
        "url": one["link"],
        "why": one["why"],
        "told": one["told"],
    }


def _trend(alert: Alert) -> Part:
    data = alert.data
    rules = _list(data.get("rules"))
    return {
        "trend": str(rules[0]["id"]) if rules else "",
        "name": str(rules[0]["name"]) if rules else "",
        "kind": str(data.get("trend", "")),
        "watch": next(iter(_list(data.get("watches"))), ""),
        "headline": str(data.get("headline", "")),
        **{name: data.get(name) for name in ("number", "threshold", "baseline")},
        "start": stamp(_number(data.get("start"))),
        "end": stamp(_number(data.get("end"))),
        "rules": _list(data.get("counted")),
        "values": _list(data.get("values")),
        "groups": [_group(one) for one in _list(data.get("groups"))],
    }


def _group(one: Mapping[str, Any]) -> Part:
    return {
        "label": one["rule"],
        "count": one["count"],
        "articles": [
            {
                "id": item["article_id"],
                "headline": item["headline"],
                "source": item["source"],
                "at": stamp(item.get("at")),
                "url": item["link"],
            }
            for item in one["items"]
        ],
    }


def _notice(alert: Alert) -> Part:
    data = alert.data
    return {
        "kind": str(data.get("kind", "")).removesuffix(" over"),
        "key": str(data.get("key", "")),
        "headline": str(data.get("headline", "")),
        "lines": _list(data.get("lines")),
        "advice": str(data.get("advice", "")),
    }


_TYPES: Final = {"story": "story.told", "update": "story.updated", "digest": "stories.digest", "trend": "trend.found"}
_DATA: Final[Mapping[str, Callable[[Alert], Part]]] = {
    "story": _story,
    "update": _story,
    "digest": _digest,
    "trend": _trend,
    "system": _notice,
}


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str | Mapping) else []


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
