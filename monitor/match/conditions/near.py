"""`near`: one find of each member, close together."""

from dataclasses import dataclass
from itertools import pairwise

from monitor.match.conditions.base import Condition, Found, Told
from monitor.match.text import Span, Text

MOST = 64  # windows reported for one article


@dataclass(frozen=True, slots=True)
class Near:
    """Members that stand in one sentence, one paragraph, or within so many words."""

    within: int | str
    parts: tuple[Condition, ...]
    ordered: bool = False
    name: str = "near"

    def look(self, text: Text) -> Found | None:
        """Return the finds that stand close together."""
        lists = []
        for part in self.parts:
            found = part.look(text)
            if not found:
                return None
            lists.append(sorted(found))
        groups = self._by_unit(lists, text) if isinstance(self.within, str) else self._by_words(lists, text)
        return tuple(dict.fromkeys(span for group in groups for span in group)) or None

    def _by_unit(self, lists: list[list[Span]], text: Text) -> list[list[Span]]:
        units = text.sentences if self.within == "sentence" else text.paragraphs
        by_unit = [_grouped(spans, units) for spans in lists]
        shared = set(by_unit[0]).intersection(*by_unit[1:])
        chosen = ([one[unit] for one in by_unit] for unit in sorted(shared))
        groups = (self._pick(lists_of_unit) for lists_of_unit in chosen)
        return [group for group in groups if group][:MOST]

    def _by_words(self, lists: list[list[Span]], text: Text) -> list[list[Span]]:
        """Slide over all finds in order: the last find of each member before a place is its best partner."""
        assert isinstance(self.within, int)
        events = sorted((span, number) for number, spans in enumerate(lists) for span in spans)
        latest: list[Span | None] = [None] * len(lists)
        groups: list[list[Span]] = []
        for span, number in events:
            latest[number] = span
            group = self._pick([[one] if one else [] for one in latest])
            if group and _gap(group, text) <= self.within * (len(group) - 1):
                groups.append(group)
        return groups[:MOST]

    def _pick(self, lists: list[list[Span]]) -> list[Span]:
        """Choose one find a member, no two on the same words, in order where that is asked."""
        chosen: list[Span] = []
        for spans in lists:
            after = chosen[-1].last if chosen and self.ordered else -1
            free = [one for one in spans if one.first > after and not any(_overlap(one, had) for had in chosen)]
            if not free:
                return []
            chosen.append(free[0])
        return chosen

    def describe(self) -> str:
        """Say the distance and the members."""
        distance = f"one {self.within}" if isinstance(self.within, str) else f"{self.within} words"
        order = ", in this order" if self.ordered else ""
        return f"within {distance}{order}: {'; and '.join(part.describe() for part in self.parts)}"

    def tell(self, text: Text) -> Told:
        """Tell of the members, and whether they stand close together."""
        found = self.look(text)
        parts = tuple(part.tell(text) for part in self.parts)
        distance = f"one {self.within}" if isinstance(self.within, str) else f"{self.within} words"
        note = "" if found or not all(part.held for part in parts) else "all are there, but not close together"
        words = ", ".join(dict.fromkeys(text.evidence(self.name, span).words for span in (found or ())[:6]))
        return Told(f"within {distance}:", found is not None, words or note, parts)


def _grouped(spans: list[Span], units: list[int]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    for span in spans:
        if units[span.first] == units[span.last]:
            found.setdefault(units[span.first], []).append(span)
    return found


def _overlap(one: Span, other: Span) -> bool:
    return one.first <= other.last and other.first <= one.last


def _gap(group: list[Span], text: Text) -> int:
    """Return the words between the finds of a group."""
    ordered = sorted(group)
    return sum(text.positions[b.first] - text.positions[a.last] - 1 for a, b in pairwise(ordered))
