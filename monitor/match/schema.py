"""The JSON Schema (draft 2020-12) of a rules file, made from the conditions there are, for editors."""

from typing import Any

from monitor.match.conditions import CONDITIONS
from monitor.match.conditions.source import KEYS
from monitor.match.trends import TRENDS
from monitor.model import Severity

_CONDITION = {"$ref": "#/$defs/condition"}
_TERMS = {"$ref": "#/$defs/terms"}
_TEXTS: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


def json_schema() -> dict[str, Any]:
    """Return the schema of a rules file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rules",
        "type": ["object", "null"],
        "properties": {
            "watch": {"type": ["string", "null"], "description": "Groups the rules of this file."},
            "terms": {
                "type": ["object", "null"],
                "description": "Named term sets, usable in every rules file as $name.",
                "propertyNames": {"pattern": "^[A-Za-z0-9][A-Za-z0-9_-]*$"},
                "additionalProperties": _TERMS,
            },
            "labels": {
                "type": ["object", "null"],
                "description": "Labels of articles, each with the rules that answer for it, for `monitor rules score`.",
                "additionalProperties": {"anyOf": [{"type": "string"}, {**_TEXTS["anyOf"][1], "minItems": 1}]},
            },
            "rules": {"type": ["array", "null"], "items": {"$ref": "#/$defs/rule"}},
            "trends": {
                "type": ["array", "null"],
                "items": {"$ref": "#/$defs/trend"},
                "description": "How often rules hit, and what that means.",
            },
        },
        "additionalProperties": False,
        "$defs": {
            "condition": _condition(),
            "terms": _terms(),
            "rule": _rule(),
            "example": _example(),
            "trend": _trend(),
        },
    }


def _condition() -> dict[str, Any]:
    kinds = {
        name: {"description": (kind.__doc__ or "").split("\n")[0], **_inside(kind.schema(_CONDITION))}
        for name, kind in CONDITIONS.items()
    }
    mapping = {"type": "object", "properties": kinds, "additionalProperties": False, "minProperties": 1}
    terms = {"type": ["string", "integer"], "description": "A term, or $set."}
    return {"anyOf": [terms, {"type": "array", "items": _CONDITION, "minItems": 1}, mapping]}


def _inside(schema: dict[str, Any]) -> dict[str, Any]:
    return {"allOf": [schema]} if "$ref" in schema else schema


def _terms() -> dict[str, Any]:
    term = {"type": ["string", "integer"]}
    terms = {"anyOf": [term, {"type": "array", "items": term, "minItems": 1}]}
    languages = {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z]{2,3}$"},
        "additionalProperties": terms,
        "minProperties": 1,
    }
    return {"anyOf": [terms["anyOf"][1], languages], "description": "A list of terms, or lists under languages."}


def _rule() -> dict[str, Any]:
    examples = {"type": "array", "items": {"$ref": "#/$defs/example"}}
    return {
        "type": "object",
        "properties": {
            **_head(),
            "match": {**_inside(_CONDITION), "description": "What the rule looks for."},
            "examples": {
                "type": "object",
                "properties": {"match": examples, "ignore": examples},
                "additionalProperties": False,
                "description": "Texts that the rule must match, and must ignore; `monitor check` tries them.",
            },
        },
        "required": ["id", "match"],
        "additionalProperties": False,
    }


def _head() -> dict[str, Any]:
    """Return the keys that rules and trends share."""
    return {
        "id": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$", "description": "Stable and unique."},
        "name": {"type": "string", "description": "What an alert is headed with."},
        "description": {"type": "string"},
        "severity": {"enum": [one.value for one in Severity], "default": Severity.MEDIUM.value},
        "tags": _TEXTS,
        "enabled": {"type": "boolean", "default": True},
    }


def _trend() -> dict[str, Any]:
    kinds = {
        name: {**kind.schema(), "description": (kind.__doc__ or "").split("\n")[0]} for name, kind in TRENDS.items()
    }
    return {
        "type": "object",
        "properties": {**_head(), **kinds},
        "required": ["id"],
        "oneOf": [{"required": [name]} for name in TRENDS],
        "additionalProperties": False,
    }


def _example() -> dict[str, Any]:
    source = {"type": "object", "properties": dict.fromkeys(KEYS, _TEXTS), "additionalProperties": False}
    keys: dict[str, Any] = {"title": {"type": "string"}, "text": {"type": "string"}, "language": {"type": "string"}}
    keys["source"] = {"anyOf": [{"type": "string"}, source]}
    mapping = {"type": "object", "properties": keys, "additionalProperties": False, "minProperties": 1}
    return {"anyOf": [{"type": "string"}, mapping]}
