"""`source`: who published it."""

import typing
from dataclasses import dataclass

from monitor.match.conditions.base import Condition, Fact
from monitor.match.reading import Path, Reader
from monitor.match.text import Text
from monitor.model import Source

KEYS = ("id", "tag", "country", "publisher", "family", "reliability", "language")
RELIABILITIES = ("A", "B", "C", "D", "E", "F")


@dataclass(frozen=True, slots=True, eq=False)
class SourceIs(Fact):
    """Each named property of the source must be one of the values; case does not count."""

    name = "source"
    wanted: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: Reader) -> Condition | None:
        """Read properties, each with a value or a list of them."""
        if not reader.keys(data, place, KEYS):
            return None
        wanted = [(str(key), _values(str(key), values, (*place, key), reader)) for key, values in data.items()]
        return cls(tuple((key, values) for key, values in wanted if values)) if all(v for _, v in wanted) else None

    @staticmethod
    def schema(_condition: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """Properties, each with a value or a list of them."""
        texts = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
        properties = {key: texts for key in KEYS}
        one = {"enum": list(RELIABILITIES)}
        properties["reliability"] = {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
        return {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1}

    def holds(self, text: Text) -> bool:
        """Tell whether every property fits."""
        return all(fits(text.source, key, values) for key, values in self.wanted)

    def describe(self) -> str:
        """Name properties and values."""
        return "source with " + " and ".join(f"{key} {' or '.join(values)}" for key, values in self.wanted)

    def told(self, text: Text) -> str:
        """Say what the source is."""
        has = ", ".join(f"{key} {_property(text.source, key) or 'unknown'}" for key, _ in self.wanted)
        return f"{text.source.id} has {has}"


def fits(source: Source, key: str, values: tuple[str, ...]) -> bool:
    """Tell whether a property of a source is one of the values."""
    had = source.tags if key == "tag" else {str(getattr(source, key))}
    return not {one.casefold() for one in had}.isdisjoint(value.casefold() for value in values)


def _property(source: Source, key: str) -> str:
    return ", ".join(sorted(source.tags)) if key == "tag" else str(getattr(source, key))


def _values(key: str, data: typing.Any, place: Path, reader: Reader) -> tuple[str, ...] | None:
    if key == "language":
        return reader.languages(data, place)
    values = reader.texts(data, place)
    for value in values or ():
        if key == "reliability" and value.upper() not in RELIABILITIES:
            reader.complain(place, f"{value!r} is no reliability", "write A (completely reliable) to E, or F (unknown)")
            return None
        if key == "country" and not (len(value) == 2 and value.isalpha()):
            reader.complain(place, f"{value!r} is no country", "write its ISO 3166-1 code, for example PL")
            return None
    return values
