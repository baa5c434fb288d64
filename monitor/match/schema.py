"""The JSON Schema of a rules file, for editors."""

from typing import Any

from monitor.match.conditions.source import KEYS
from monitor.model import Severity


def json_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12)."""
    condition = {"$ref": "#/$defs/condition"}
    scoped = {"title": condition, "lead": condition, "body": condition}
    texts = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    mapping = {
        "any": condition,
        "all": {"type": "array", "items": condition, "minItems": 1},
        "not": condition,
        "at_least": {
            "type": "object",
            "properties": {"n": {"type": "integer", "minimum": 1}, "of": {"type": "array", "items": condition}},
            "required": ["n", "of"],
            "additionalProperties": False,
        },
        "near": {
            "type": "object",
            "properties": {
                "within": {"anyOf": [{"type": "integer", "minimum": 0}, {"enum": ["sentence", "paragraph"]}]},
                "ordered": {"type": "boolean"},
                "of": {"type": "array", "items": condition, "minItems": 2},
            },
            "required": ["within", "of"],
            "additionalProperties": False,
        },
        **scoped,
        "source": {"type": "object", "properties": {key: texts for key in KEYS}, "additionalProperties": False},
        "language": texts,
        "age": {
            "anyOf": [
                {"type": "string"},
                {"type": "object", "properties": {"max": {}, "min": {}}, "additionalProperties": False},
            ]
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "monitor rules",
        "type": "object",
        "properties": {
            "watch": {"type": "string", "description": "Groups the rules of this file."},
            "terms": {"type": "object", "description": "Named term sets, usable in every rules file as $name."},
            "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
        },
        "additionalProperties": False,
        "$defs": {
            "condition": {
                "anyOf": [
                    {"type": ["string", "number"]},
                    {"type": "array", "items": condition, "minItems": 1},
                    {"type": "object", "properties": mapping, "additionalProperties": False, "minProperties": 1},
                ]
            },
            "rule": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"},
                    "name": {"type": "string"},
                    "description": {"type": "string"},
                    "severity": {"enum": [one.value for one in Severity]},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "enabled": {"type": "boolean"},
                    "match": condition,
                    "examples": {
                        "type": "object",
                        "properties": {"match": {"type": "array"}, "ignore": {"type": "array"}},
                        "additionalProperties": False,
                    },
                },
                "required": ["id", "match"],
                "additionalProperties": False,
            },
        },
    }
