"""The JSON Schemas of keys that several kinds of trends have."""

from typing import Any

PATTERN = r"\s*(\d{1,9}(?:\.\d{1,6})?)\s*([smhdw]?)\s*"
DURATION = {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": f"^{PATTERN}$"}]}
DURATION_OR_NONE = {"anyOf": [{"type": "number", "minimum": 0}, DURATION["anyOf"][1]]}
RULES: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
COUNTED: dict[str, Any] = {
    "rule": {"type": "string", "description": "Id of the rule whose hits are counted."},
    "rules": {**RULES, "description": "Ids of the rules whose hits are counted together."},
    "watch": {"type": "string", "description": "Every rule of this watch."},
}
BY = {"enum": ["article", "source"], "default": "article", "description": "What is counted; each once."}
VALUES = ("source", "term", "words", "place")
SET = {"type": "string", "description": "A term set: only its terms count; with `place` a set in it is one place."}


def whole(least: int, most: int = 1_000_000) -> dict[str, Any]:
    """Return the schema of a whole number."""
    return {"type": "integer", "minimum": least, "maximum": most}


def mapping(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    """Return the schema of a mapping with these keys; where it counts rules, it names them in one way."""
    found: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    if "rules" in properties:
        found["oneOf"] = [{"required": [key]} for key in ("rule", "rules", "watch")]
    return found
