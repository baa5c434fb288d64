"""`at_least`: so many of the list hold."""

import typing
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.match.conditions.base import Condition, Piece, Told, by_turns, named
from monitor.match.reading import Path, Reader
from monitor.match.terms import Term, rarity
from monitor.match.text import Area, Found, Text


@dataclass(frozen=True, slots=True, eq=False)
class AtLeast(Condition):
    """`n` of the members must hold."""

    name = "at_least"
    cost = 2
    n: int
    members: tuple[Condition, ...]

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: Reader) -> Condition | None:
        """Read `n` and `of`."""
        if not reader.keys(data, place, ("n", "of"), ("n", "of")):
            return None
        members = reader.members(data["of"], (*place, "of"))
        number, most = data["n"], len(data["of"]) if isinstance(data["of"], list) else 1
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= max(most, 1):
            hint = f"write a number from 1 to {most}, so many members 'of' has"
            reader.complain((*place, "n"), f"{number!r} can never be reached, or is no number", hint)
            return None
        return cls(number, members) if members else None

    @staticmethod
    def schema(condition: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """`n` and `of`."""
        number = {"type": "integer", "minimum": 1, "description": "How many must hold."}
        return {
            "type": "object",
            "properties": {"n": number, "of": {"type": "array", "items": condition, "minItems": 1}},
            "required": ["n", "of"],
            "additionalProperties": False,
        }

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The conditions in the list."""
        return self.members

    def look(self, text: Text, area: Area) -> Found | None:
        """Return what those that hold found."""
        held = [found for part in self.members if (found := part.look(text, area)) is not None]
        return tuple(sorted({span for found in held for span in found})) if len(held) >= self.n else None

    def needs(self) -> tuple[tuple[Term, ...], ...]:
        """One of what `len - n + 1` members need: all but so many hold, so one of any such choice does."""
        groups = [min(found, key=rarity) for member in self.members if (found := member.needs())]
        enough = len(self.members) - self.n + 1
        if len(groups) < enough:
            return ()
        chosen = sorted(groups, key=rarity)[:enough]
        return (tuple(dict.fromkeys(term for group in chosen for term in group)),)

    def describe(self) -> str:
        """Name number and members."""
        return f"at least {self.n} of: {'; '.join(part.describe() for part in self.members)}"

    def tell(self, text: Text, area: Area) -> Told:
        """Tell of every member."""
        parts = tuple(part.tell(text, area) for part in self.members)
        held = sum(part.held for part in parts)
        note = "" if held >= self.n else f"only {held}" if held else "none"
        return Told(f"at least {self.n} of:", held >= self.n, note=note, missing=max(0, self.n - held), parts=parts)

    def evidence(self, text: Text, area: Area) -> Iterable[Piece]:
        """Return what speaks for those that hold, by turns."""
        held = (part for part in self.members if part.look(text, area) is not None)
        return named(by_turns(part.evidence(text, area) for part in held), self.name)
