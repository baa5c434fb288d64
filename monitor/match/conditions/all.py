"""`all`: everything in the list holds; a mapping with several keys is one, too."""

import typing
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.match.conditions.base import Condition, Piece, Told, by_turns, named
from monitor.match.reading import Path, Reader
from monitor.match.terms import Term
from monitor.match.text import Area, Found, Text


@dataclass(frozen=True, slots=True, eq=False)
class All(Condition):
    """Conditions that must all hold."""

    name = "all"
    cost = 2
    members: tuple[Condition, ...]
    in_turn: tuple[Condition, ...]  # the same, the cheapest first

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: Reader) -> Condition | None:
        """Read a list of conditions."""
        members = reader.members(data, place)
        return cls.made_of(members) if members else None

    @classmethod
    def made_of(cls, parts: tuple[Condition, ...]) -> "All":
        """Make one of its parts."""
        return cls(parts, tuple(sorted(parts, key=lambda part: part.cost)))

    @staticmethod
    def schema(condition: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """A list of conditions."""
        return {"type": "array", "items": condition, "minItems": 1}

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The conditions in the list."""
        return self.members

    def look(self, text: Text, area: Area) -> Found | None:
        """Return what all of them found, or None at the first that does not hold."""
        found: Found = ()
        for part in self.in_turn:
            inner = part.look(text, area)
            if inner is None:
                return None
            found += inner
        return tuple(sorted(set(found))) if len(found) > 1 else found

    def needs(self) -> tuple[tuple[Term, ...], ...]:
        """All that its members need."""
        return tuple(group for member in self.members for group in member.needs())

    def describe(self) -> str:
        """Name the parts."""
        return ", and ".join(part.describe() for part in self.members)

    def tell(self, text: Text, area: Area) -> Told:
        """Tell of every part."""
        parts = tuple(part.tell(text, area) for part in self.members)
        missing = sum(part.missing for part in parts)
        return Told("all of:", all(part.held for part in parts), missing=missing, parts=parts)

    def evidence(self, text: Text, area: Area) -> Iterable[Piece]:
        """Return what speaks for the parts, by turns."""
        return named(by_turns(part.evidence(text, area) for part in self.members), self.name)
