"""`age`: how old the article says it is."""

from dataclasses import dataclass

from monitor.match.conditions.base import Found, Told, leaf
from monitor.match.text import Text


@dataclass(frozen=True, slots=True)
class Age:
    """The article was published (else: first seen) so long ago; seconds."""

    most: float | None
    least: float | None = None
    name: str = "age"

    def look(self, text: Text) -> Found | None:
        """Hold where the age is within the bounds."""
        published = text.article.published_at
        age = text.now - (text.article.seen_at if published is None else published)
        too_old = self.most is not None and age > self.most
        too_young = self.least is not None and age < self.least
        return None if too_old or too_young else ()

    def describe(self) -> str:
        """Say the bounds in hours."""
        bounds = [
            f"at most {self.most / 3600:g} h" if self.most is not None else "",
            f"at least {self.least / 3600:g} h" if self.least is not None else "",
        ]
        return f"{' and '.join(bound for bound in bounds if bound)} old"

    def tell(self, text: Text) -> Told:
        """Tell whether it is."""
        return leaf(self, text)
