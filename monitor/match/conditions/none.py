"""`not`: nothing in the list holds."""

from dataclasses import dataclass

from monitor.match.conditions.base import Condition, Found, Told
from monitor.match.text import Text


@dataclass(frozen=True, slots=True)
class Not:
    """A condition that must not hold."""

    part: Condition
    name: str = "not"

    def look(self, text: Text) -> Found | None:
        """Return nothing found where it holds: what is absent leaves no evidence."""
        return () if self.part.look(text) is None else None

    def describe(self) -> str:
        """Name what is excluded."""
        return f"not {self.part.describe()}"

    def tell(self, text: Text) -> Told:
        """Tell what excluded the article."""
        inner = self.part.tell(text)
        return Told(self.describe(), not inner.held, f"but found: {inner.found}" if inner.held else "")
