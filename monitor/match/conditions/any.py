"""`any`: at least one of the list holds."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.match.conditions.base import Condition, Found, Told, leaf
from monitor.match.terms import Term
from monitor.match.text import Span, Text

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Any:
    """Terms and conditions of which one must hold; evidence of all that hold."""

    terms: tuple[Term, ...]
    parts: tuple[Condition, ...] = ()
    name: str = "any"
    label: str = ""  # the name of the term set it stands for
    heads: dict[str, tuple[Term, ...]] = field(init=False, compare=False)  # first word -> terms
    others: tuple[Term, ...] = field(init=False, compare=False)  # prefixes and regular expressions

    def __post_init__(self) -> None:
        """Sort the terms by their first word: an article has few of them."""
        heads: dict[str, tuple[Term, ...]] = {}
        for term in self.terms:
            if term.head:
                heads[term.head] = (*heads.get(term.head, ()), term)
        object.__setattr__(self, "heads", heads)
        object.__setattr__(self, "others", tuple(term for term in self.terms if not term.head))

    def look(self, text: Text) -> Found | None:
        """Return all that was found."""
        found: list[Span] = []
        held = False
        for term in self._possible(text):
            found += term.find(text)
        for part in self.parts:
            inner = part.look(text)
            if inner is not None:
                held = True
                found += inner
        return tuple(sorted(set(found))) if found or held else None

    def _possible(self, text: Text) -> Iterable[Term]:
        words = self.heads.keys() & text.where.keys()
        return [*(term for word in words for term in self.heads[word]), *self.others] if words else self.others

    def describe(self) -> str:
        """Name the first few."""
        if self.label:
            return f"any of ${self.label}"
        names = [term.written for term in self.terms] + [part.describe() for part in self.parts]
        if len(names) == 1:
            return names[0]
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        return f"any of {', '.join(names[:SHOWN])}{more}"

    def tell(self, text: Text) -> Told:
        """Tell of the list; conditions in it tell of themselves."""
        told = leaf(self, text)
        return Told(told.words, told.held, told.found, tuple(part.tell(text) for part in self.parts if not told.held))
