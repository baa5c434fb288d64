"""`language`: the article's language."""

from dataclasses import dataclass

from monitor.match.conditions.base import Found, Told, leaf
from monitor.match.text import Text


@dataclass(frozen=True, slots=True)
class LanguageIs:
    """The article is in one of these languages (ISO 639-1)."""

    languages: tuple[str, ...]
    name: str = "language"

    def look(self, text: Text) -> Found | None:
        """Hold where the language is one of them."""
        return () if text.article.language in self.languages else None

    def describe(self) -> str:
        """Name the languages."""
        return f"in language {' or '.join(self.languages)}"

    def tell(self, text: Text) -> Told:
        """Tell whether it is."""
        return leaf(self, text)
