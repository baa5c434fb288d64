"""`all`: everything in the list holds."""

from dataclasses import dataclass

from monitor.match.conditions.base import Condition, Found, Told
from monitor.match.text import Span, Text


@dataclass(frozen=True, slots=True)
class All:
    """Conditions that must all hold."""

    parts: tuple[Condition, ...]
    name: str = "all"

    def look(self, text: Text) -> Found | None:
        """Return what all of them found, or None at the first that does not hold."""
        found: list[Span] = []
        for part in self.parts:
            inner = part.look(text)
            if inner is None:
                return None
            found += inner
        return tuple(found)

    def describe(self) -> str:
        """Name the parts."""
        return " and ".join(part.describe() for part in self.parts)

    def tell(self, text: Text) -> Told:
        """Tell of every part."""
        return Told("all of:", self.look(text) is not None, "", tuple(part.tell(text) for part in self.parts))
