"""STIX 2.1: a bundle of a report, who made it, and one note for each article; ids are the same each time.

An article is what somebody wrote, not something that was observed on a machine: a note on the report fits, with the
address as its reference and the SHA-256 of the text. Places are locations, named by the report.
"""

import json
import uuid
from typing import Any, Final

from monitor.alert.clean import one_line

NAMES: Final = uuid.UUID("6c9a3f0e-2b7d-5d41-8f5e-0a1b9c7d3e52")  # of the ids that are made here
EPOCH: Final = "1970-01-01T00:00:00.000Z"
Object = dict[str, Any]


def render(facts: dict[str, Any]) -> str:
    """Write a bundle."""
    by = _identity()
    notes = [_note(facts, article, by["id"]) for article in facts["articles"]]
    places = _locations(facts, by["id"])
    report = _report(facts, by["id"], [one["id"] for one in (*notes, *places)])
    for note in notes:
        note["object_refs"] = [report["id"]]
    report["object_refs"] = [by["id"], *[one["id"] for one in places]]
    objects = [by, report, *notes, *places]
    bundle = {"type": "bundle", "id": _id("bundle", f"{facts['id']} {facts['updated']}"), "objects": objects}
    return json.dumps(bundle, ensure_ascii=False, indent=2) + "\n"


def _id(kind: str, text: str) -> str:
    return f"{kind}--{uuid.uuid5(NAMES, f'{kind} {text}')}"


def _time(stamp: str | None) -> str:
    """Return a time with milliseconds, as STIX wants it."""
    return f"{stamp[:23]}Z" if stamp else EPOCH


def _common(kind: str, text: str, created: str | None, modified: str | None, by: str = "") -> Object:
    at = _time(created)
    found = {
        "type": kind,
        "spec_version": "2.1",
        "id": _id(kind, text),
        "created": at,
        "modified": max(at, _time(modified)),
    }
    return {**found, "created_by_ref": by} if by else found


def _identity() -> Object:
    common = _common("identity", "monitor", None, None)
    return {
        **common,
        "name": "monitor",
        "description": "A program that watches news feeds.",
        "identity_class": "system",
    }


def _report(facts: dict[str, Any], by: str, refs: list[str]) -> Object:
    founded = facts["corroboration"]
    said = [f"Severity {facts['severity']}."]
    if founded:
        said.append(f"{founded['independent']} independent of {founded['sources']} sources.")
        said.append(f"Credibility (Admiralty code): {founded['credibility_in_words']}. {founded['reason']}")
    said.append("Rules: " + "; ".join(rule["name"] or rule["id"] for rule in facts["rules"]))
    report = {
        **_common("report", facts["id"], facts["first_seen"], facts["updated"], by),
        "name": one_line(facts["headline"]) or "(without a title)",
        "description": one_line(" ".join(said)),
        "published": _time(facts["first_seen"]),
        "labels": [f"severity:{facts['severity']}", *[one_line(name) for name in _watches(facts)]],
        "object_refs": refs,
        "external_references": [_reference("monitor", facts["address"], facts["id"])],
    }
    if founded and founded["credibility"] in _CONFIDENCE:
        report["confidence"] = _CONFIDENCE[founded["credibility"]]
    return report


# Credibility to confidence, as appendix A of the standard has it; 6 (cannot be judged) has none.
_CONFIDENCE: Final = {1: 90, 2: 70, 3: 50, 4: 30, 5: 10}


def _watches(facts: dict[str, Any]) -> list[str]:
    return [f"watch:{watch}" for watch in dict.fromkeys(rule["watch"] for rule in facts["rules"]) if watch]


def _reference(source: str, url: str, external_id: str = "") -> Object:
    found = {"source_name": one_line(source) or "unknown"}
    if url:
        found["url"] = one_line(url)
    return {**found, "external_id": external_id} if external_id else found


def _note(facts: dict[str, Any], article: dict[str, Any], by: str) -> Object:
    source = article["source"]
    reference = _reference(source["name"], article["url"], article["id"])
    if article["url"]:
        reference["description"] = f"SHA-256 of title, summary and body, each ended by a NUL: {article['sha256']}"
    note = {
        **_common("note", f"{facts['id']} {article['id']}", article["seen"], _last(article), by),
        "abstract": one_line(article["title"]) or "(without a title)",
        "content": (article["summary"] or article["body"] or article["title"] or "(without text)").strip(),
        "external_references": [reference],
    }
    if article["author"]:
        note["authors"] = [one_line(article["author"])]
    if len(article["language"]) == 2:
        note["lang"] = article["language"]
    return note


def _last(article: dict[str, Any]) -> str | None:
    """Return when the newest wording was seen."""
    versions = article["versions"]
    seen: str | None = versions[-1]["seen"] if versions else article["seen"]
    return seen


def _locations(facts: dict[str, Any], by: str) -> list[Object]:
    found: dict[str, Object] = {}
    for article in facts["articles"]:
        where = article["located"]
        if not where or not where["countries"]:
            continue
        country = where["countries"][0]
        name = f"{where['place']}, {country}" if where["place"] else country
        location = {**_common("location", name, facts["first_seen"], None, by), "name": name, "country": country}
        if where["lat"] is not None and where["lon"] is not None:
            location |= {"latitude": where["lat"], "longitude": where["lon"]}
        found.setdefault(name, location)
    return list(found.values())
