"""MISP: an event (the core format, RFC draft) with an attribute for each article's address, text and hash."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from monitor.alert.clean import one_line

NAMES: Final = uuid.UUID("0e1d7c52-94af-5b06-b1d3-7f6a28c4e913")  # of the ids that are made here
_LEVELS: Final = {"critical": "1", "high": "1", "medium": "2", "low": "3", "info": "4"}  # 1 high ... 4 undefined
Object = dict[str, Any]


def render(facts: dict[str, Any]) -> str:
    """Write an event; it is of our own organisation only (distribution 0), and not published."""
    event = {
        "uuid": _uuid("event", facts["id"]),
        "info": one_line(facts["headline"]) or "(without a title)",
        "date": (facts["first_seen"] or "1970-01-01")[:10],
        "timestamp": _seconds(facts["updated"]),
        "threat_level_id": _LEVELS[facts["severity"]],
        "analysis": "2" if facts["acknowledged"] else "0",
        "distribution": "0",
        "published": False,
        "Orgc": {"name": "monitor", "uuid": str(uuid.uuid5(NAMES, "organisation"))},
        "Tag": [{"name": name} for name in _tags(facts)],
        "Attribute": _attributes(facts),
    }
    return json.dumps({"Event": event}, ensure_ascii=False, indent=2) + "\n"


def _uuid(kind: str, text: str) -> str:
    return str(uuid.uuid5(NAMES, f"{kind} {text}"))


def _seconds(stamp: str | None) -> str:
    return str(int(datetime.fromisoformat(stamp).timestamp())) if stamp else "0"


def _tags(facts: dict[str, Any]) -> list[str]:
    names = [f'monitor:severity="{facts["severity"]}"']
    names += [f'monitor:rule="{_quoted(rule["id"])}"' for rule in facts["rules"]]
    founded = facts["corroboration"]
    if founded and founded["credibility"]:
        names.append(f'admiralty-scale:information-credibility="{founded["credibility"]}"')
    names.append("type:OSINT")
    return names


def _quoted(text: str) -> str:
    return one_line(text).replace('"', "'")


def _attributes(facts: dict[str, Any]) -> list[Object]:
    found: list[Object] = []
    if facts["address"]:
        found.append(_attribute(facts, "link", "Internal reference", facts["address"], "the story", facts["updated"]))
    for article in facts["articles"]:
        who = f"{one_line(article['source']['name'])}, reliability {article['source']['reliability']}"
        for kind, category, value, comment in _of_article(article, who):
            found.append(_attribute(facts, kind, category, value, comment, article["seen"], article["id"]))
    return found


def _of_article(article: dict[str, Any], who: str) -> Sequence[tuple[str, str, str, str]]:
    rows = [("link", "External analysis", one_line(article["url"]), who)]
    rows.append(("text", "External analysis", "\n\n".join(filter(None, (article["title"], article["summary"]))), who))
    rows.append(("sha256", "External analysis", article["sha256"], "of title, summary and body, each ended by a NUL"))
    where = article["located"]
    if where and where["countries"]:
        place = ", ".join(filter(None, (where["place"], where["countries"][0])))
        rows.append(("text", "Other", place, f"where it is: {where['sure']}"))
    return [row for row in rows if row[2].strip()]


def _attribute(
    facts: dict[str, Any], kind: str, category: str, value: str, comment: str, at: str | None, subject: str = ""
) -> Object:
    return {
        "uuid": _uuid("attribute", f"{facts['id']} {subject} {kind} {category} {comment[:20]}"),
        "type": kind,
        "category": category,
        "value": value.strip(),
        "comment": one_line(comment),
        "to_ids": False,
        "distribution": "5",  # as the event
        "timestamp": _seconds(at),
    }
