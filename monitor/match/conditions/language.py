"""`language`: which language the article is in."""

import typing
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.match.conditions.base import Condition, Piece, Told
from monitor.match.reading import Path, Reader
from monitor.match.text import Area, Found, Text


@dataclass(frozen=True, slots=True, eq=False)
class LanguageIs(Condition):
    """The article's language must be one of these."""

    name = "language"
    cost = 0
    codes: tuple[str, ...]

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: Reader) -> Condition | None:
        """Read one code, or a list of them."""
        codes = reader.languages(data, place)
        return cls(codes) if codes else None

    @staticmethod
    def schema(condition: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """One code, or a list of them."""
        code = {"type": "string", "pattern": "^[a-z]{2,3}$"}
        return {"anyOf": [code, {"type": "array", "items": code, "minItems": 1}]}

    def look(self, text: Text, area: Area) -> Found | None:
        """Hold where the article's language is one of them."""
        return () if text.article.language in self.codes else None

    def describe(self) -> str:
        """Name the languages."""
        return f"in language {' or '.join(self.codes)}"

    def tell(self, text: Text, area: Area) -> Told:
        """Tell which language it is."""
        held = text.article.language in self.codes
        return Told(self.describe(), held, note=f"it is {text.article.language or 'unknown'}", missing=int(not held))

    def evidence(self, text: Text, area: Area) -> Iterable[Piece]:
        """Return the fact."""
        return [Piece(self.name, fact=self.describe())]
