"""What every condition can do: look at an article, say what it found, and say itself in words."""

from dataclasses import dataclass, field
from typing import Protocol

from monitor.match.text import Span, Text

Found = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a condition has to say about one article: for people."""

    words: str
    held: bool
    found: str = ""
    parts: "tuple[Told, ...]" = field(default=())

    @property
    def missing(self) -> int:
        """How many smallest parts would have to hold as well."""
        if self.held:
            return 0
        return sum(part.missing for part in self.parts if not part.held) or 1


class Condition(Protocol):
    """One node of a rule."""

    @property
    def name(self) -> str:
        """The key in YAML."""

    def look(self, text: Text) -> Found | None:
        """Return what was found (nothing at all may be needed), or None where the condition does not hold."""

    def describe(self) -> str:
        """Say the condition in words."""

    def tell(self, text: Text) -> Told:
        """Say what it found in an article, or what is missing."""


def leaf(condition: Condition, text: Text) -> Told:
    """Tell of a condition that has no parts."""
    found = condition.look(text)
    if found is None:
        return Told(condition.describe(), False)
    words = dict.fromkeys(text.evidence(condition.name, span).words for span in found[:5])
    return Told(condition.describe(), True, ", ".join(words))
