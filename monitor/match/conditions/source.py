"""`source`: who published it."""

from dataclasses import dataclass

from monitor.match.conditions.base import Found, Told, leaf
from monitor.match.text import Text

KEYS = ("id", "tag", "country", "publisher", "family", "reliability", "language")


@dataclass(frozen=True, slots=True)
class SourceIs:
    """Each named property of the source must be one of the values."""

    wanted: tuple[tuple[str, tuple[str, ...]], ...]
    name: str = "source"

    def look(self, text: Text) -> Found | None:
        """Hold where every property fits."""
        return () if all(self._fits(text, key, values) for key, values in self.wanted) else None

    def _fits(self, text: Text, key: str, values: tuple[str, ...]) -> bool:
        had = text.source.tags if key == "tag" else {str(getattr(text.source, key))}
        return not {one.casefold() for one in had}.isdisjoint(values)

    def describe(self) -> str:
        """Name properties and values."""
        return "source with " + " and ".join(f"{key} {' or '.join(values)}" for key, values in self.wanted)

    def tell(self, text: Text) -> Told:
        """Tell what the source is."""
        return leaf(self, text)
