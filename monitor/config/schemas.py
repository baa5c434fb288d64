"""The JSON Schemas of the files, for editors: what `monitor schema` prints; no effects."""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from monitor import settings
from monitor.match import schema as rules_schema
from monitor.settings import Settings, SourcesFile

Schema = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _of(model: type[BaseModel], title: str) -> Schema:
    made = model.model_json_schema(by_alias=True)
    told = {name: dict(texts) for name, texts in _docstrings()}
    made["$defs"] = {name: _told(part, told.get(name, {})) for name, part in made["$defs"].items()}
    return {"$schema": _DRAFT, **_with_empty(_told(made, told[model.__name__])), "title": title}


def _docstrings() -> Iterator[tuple[str, Iterator[tuple[str, str]]]]:
    """Return of each class of the settings the text below each of its keys.

    pydantic can do that, but does it whenever the settings are imported, which costs each command 20 ms.
    """
    for part in ast.parse(inspect.getsource(settings)).body:
        if isinstance(part, ast.ClassDef):
            yield part.name, _texts(part)


def _texts(part: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for key, text in pairwise(part.body):
        match key, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                yield name.removesuffix("_"), inspect.cleandoc(said)


def _told(schema: Schema, texts: Mapping[str, str]) -> Schema:
    """Add what is said of its keys to a schema."""
    for key, part in schema.get("properties", {}).items():
        if key in texts:
            part["description"] = texts[key]
    return schema


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
