"""The JSON Schemas of the files, for editors: what `monitor schema` prints; no effects."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from monitor.match import schema as rules_schema
from monitor.settings import Settings, SourcesFile

Schema = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _of(model: type[BaseModel], title: str) -> Schema:
    made = _with_empty(model.model_json_schema(by_alias=True))
    return {"$schema": _DRAFT, **made, "title": title}


def _with_empty(schema: Schema) -> Schema:
    """Allow `key:` without a value wherever a key may be absent, as the loader does."""
    parts = {name: _with_empty(part) for name, part in schema.get("$defs", {}).items()}
    required = schema.get("required", [])
    properties = {
        name: part if name in required else {"anyOf": [part, {"type": "null"}], **_described(part)}
        for name, part in schema.get("properties", {}).items()
    }
    return {**schema, **({"properties": properties} if properties else {}), **({"$defs": parts} if parts else {})}


def _described(part: Schema) -> Schema:
    return {key: part[key] for key in ("title", "description", "default") if key in part}


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "monitor": lambda: _of(Settings, "monitor.yaml"),
    "sources": lambda: _of(SourcesFile, "sources.yaml"),
    "rules": lambda: {"$schema": _DRAFT, **rules_schema.json_schema()},
}
