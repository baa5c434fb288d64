"""What `title`, `lead` and `body` share: a condition on one part of the article."""

import typing
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from monitor.match.conditions.base import Condition, Piece, Told, named
from monitor.match.reading import Path, Reader
from monitor.match.terms import Term
from monitor.match.text import Area, Found, Text, meet


@dataclass(frozen=True, slots=True, eq=False)
class Scope(Condition):
    """A condition that must hold in a part of the article."""

    part: Condition

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: Reader) -> Self | None:
        """Read the condition."""
        part = reader.condition(data, place)
        return cls(part) if part else None

    @staticmethod
    def schema(condition: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """A condition or a list of them."""
        return condition

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The condition itself."""
        return (self.part,)

    @property
    def single(self) -> bool:
        """It is where the condition is."""
        return self.part.single

    def look(self, text: Text, area: Area) -> Found | None:
        """Return what the condition finds there."""
        return self.part.look(text, meet(area, text.scope(self.name)))

    def needs(self) -> tuple[tuple[Term, ...], ...]:
        """What the condition needs."""
        return self.part.needs()

    def describe(self) -> str:
        """Say where and what."""
        return f"in the {self.name}: {self.part.describe()}"

    def tell(self, text: Text, area: Area) -> Told:
        """Tell what the condition found there."""
        inner = self.part.tell(text, meet(area, text.scope(self.name)))
        return Told(
            f"in the {self.name}: {inner.words}", inner.held, inner.found, inner.note, inner.missing, inner.parts
        )

    def evidence(self, text: Text, area: Area) -> Iterable[Piece]:
        """Return what speaks for the condition there."""
        return named(self.part.evidence(text, meet(area, text.scope(self.name))), self.name)
