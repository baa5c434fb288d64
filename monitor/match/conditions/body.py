"""`body`: a condition on the article's body alone."""

from dataclasses import dataclass

from monitor.match.conditions.base import Condition, Found, Told
from monitor.match.conditions.scope import look_inside, tell_inside
from monitor.match.text import Text


@dataclass(frozen=True, slots=True)
class Body:
    """What the condition finds must stand in the body."""

    part: Condition
    name: str = "body"

    def look(self, text: Text) -> Found | None:
        """Return what was found in the body."""
        return look_inside(self.part, text, self.name)

    def describe(self) -> str:
        """Say where and what."""
        return f"in the {self.name}: {self.part.describe()}"

    def tell(self, text: Text) -> Told:
        """Tell what was found there."""
        return tell_inside(self.part, text, self.name)
