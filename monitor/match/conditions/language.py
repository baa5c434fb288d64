"""`language`: which language the article is in."""

import typing
from dataclasses import dataclass

from monitor.match.conditions.base import Condition, Fact
from monitor.match.reading import Path, Reader
from monitor.match.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class LanguageIs(Fact):
    """The article's language must be one of these."""

    name = "language"
    codes: tuple[str, ...]

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: Reader) -> Condition | None:
        """Read one code, or a list of them."""
        codes = reader.languages(data, place)
        return cls(codes) if codes else None

    @staticmethod
    def schema(_condition: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """One code, or a list of them."""
        code = {"type": "string", "pattern": "^[a-z]{2,3}$"}
        return {"anyOf": [code, {"type": "array", "items": code, "minItems": 1}]}

    def holds(self, text: Text) -> bool:
        """Tell whether the article's language is one of them."""
        return text.article.language in self.codes

    def describe(self) -> str:
        """Name the languages."""
        return f"in language {' or '.join(self.codes)}"

    def told(self, text: Text) -> str:
        """Say which language it is."""
        return f"it is {text.article.language or 'unknown'}"
