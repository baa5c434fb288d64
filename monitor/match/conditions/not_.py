"""`not`: nothing in the list holds."""

import typing
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.match.conditions.base import Condition, Piece, Told
from monitor.match.reading import Path, Reader
from monitor.match.text import Area, Found, Text


@dataclass(frozen=True, slots=True, eq=False)
class Not(Condition):
    """A condition that must not hold."""

    name = "not"
    cost = 4  # it seldom decides anything
    part: Condition

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: Reader) -> Condition | None:
        """Read a condition, or a list of which none may hold."""
        part = reader.condition(data, place)
        return cls(part) if part else None

    @staticmethod
    def schema(condition: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """A condition or a list of them."""
        return condition

    @property
    def parts(self) -> tuple[Condition, ...]:
        """What must not hold."""
        return (self.part,)

    @property
    def finds(self) -> bool:
        """It never does: it is about what is not there."""
        return False

    @property
    def monotone(self) -> bool:
        """It never is: what is not in a part may be in the whole."""
        return False

    def look(self, text: Text, area: Area) -> Found | None:
        """Return nothing found where it holds."""
        return () if self.part.look(text, area) is None else None

    def describe(self) -> str:
        """Name what is excluded."""
        said = self.part.describe()
        return f"none of {said.removeprefix('any of ')}" if said.startswith("any of ") else f"without {said}"

    def tell(self, text: Text, area: Area) -> Told:
        """Tell what excluded the article."""
        inner = self.part.tell(text, area)
        note = f"excluded by {inner.found or inner.words}" if inner.held else ""
        return Told(self.describe(), not inner.held, note=note, missing=int(inner.held))

    def evidence(self, text: Text, area: Area) -> Iterable[Piece]:
        """Return nothing: what is absent leaves no words."""
        return ()
