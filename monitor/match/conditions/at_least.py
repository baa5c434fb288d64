"""`at_least`: so many of the list hold."""

from dataclasses import dataclass

from monitor.match.conditions.base import Condition, Found, Told
from monitor.match.text import Span, Text


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`n` of the parts must hold."""

    n: int
    parts: tuple[Condition, ...]
    name: str = "at_least"

    def look(self, text: Text) -> Found | None:
        """Return what those that hold found."""
        held = [found for part in self.parts if (found := part.look(text)) is not None]
        spans: list[Span] = [span for found in held for span in found]
        return tuple(spans) if len(held) >= self.n else None

    def describe(self) -> str:
        """Name number and parts."""
        return f"at least {self.n} of: {'; '.join(part.describe() for part in self.parts)}"

    def tell(self, text: Text) -> Told:
        """Tell of every part."""
        return Told(
            f"at least {self.n} of:", self.look(text) is not None, "", tuple(part.tell(text) for part in self.parts)
        )
