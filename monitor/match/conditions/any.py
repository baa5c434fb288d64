"""`any`: at least one of the list holds; a plain list is one, too."""

import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.match.conditions.base import Condition, Piece, Told, say
from monitor.match.reading import Path, Reader
from monitor.match.terms import Term, rarity
from monitor.match.text import Area, Found, Text, in_order, within

SHOWN = 6


@dataclass(frozen=True, slots=True, eq=False)
class Any(Condition):
    """Terms and conditions of which one must hold; all that do are found."""

    name = "any"
    terms: tuple[Term, ...]
    others: tuple[Condition, ...]
    patterns: tuple[Term, ...]  # those of the terms that are regular expressions
    label: str = ""  # the name of the term set it stands for

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: Reader) -> Condition | None:
        """Read a list of terms, term sets and conditions, or one of them."""
        items = reader.items(data, place)
        if items is None:
            return None
        if not items.terms and len(items.parts) == 1:
            return items.parts[0]
        return cls.of(items.terms, items.parts)

    @classmethod
    def of(cls, terms: Sequence[Term], parts: Sequence[Condition] = (), label: str = "") -> "Any":
        """Make one of terms and conditions; each term counts once."""
        different = tuple(dict.fromkeys(terms))
        patterns = tuple(term for term in different if term.pattern)
        return cls(different, tuple(dict.fromkeys(parts)), patterns, label)

    @staticmethod
    def schema(condition: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """A condition or a list of them."""
        return condition

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The conditions in the list."""
        return self.others

    @property
    def finds(self) -> bool:
        """It does where it has terms, or where one of its conditions does."""
        return bool(self.terms) or any(part.finds for part in self.others)

    @property
    def single(self) -> bool:
        """It is where all its conditions are."""
        return all(part.single for part in self.others)

    def look(self, text: Text, area: Area) -> Found | None:
        """Return all that was found, in the order of the article."""
        found = self._own(text)
        if found and area is not text.whole:
            found = within(found, area)
        if not self.others:
            return found or None
        inner = [spans for part in self.others if (spans := part.look(text, area)) is not None]
        if not inner:
            return found or None
        return in_order(dict.fromkeys([*found, *(span for spans in inner for span in spans)]))

    def _own(self, text: Text) -> Found:
        """Return what its own terms find in the whole article; worked out once."""
        known: Found | None = text.memory.get(self)
        if known is None:
            known = text.memory[self] = self._search(text)
        return known

    def _search(self, text: Text) -> Found:
        """Look for those terms only that may stand there."""
        present = text.present
        if not self.patterns and present.isdisjoint(self.terms):
            return ()
        asked = [term for term in self.terms if (term in present or term.pattern) and text.speaks(term.speech)]
        if len(asked) == 1 and not asked[0].pattern:
            return asked[0].find(text)
        return in_order(dict.fromkeys([span for term in asked for span in term.find(text)]))

    def needs(self) -> tuple[tuple[Term, ...], ...]:
        """One of its terms or of what its conditions need; nothing, where one of them can hold without any term."""
        inner = [part.needs() for part in self.others]
        if not all(inner):
            return ()
        rarest = (min(groups, key=rarity) for groups in inner)
        return (tuple(dict.fromkeys([*self.terms, *(term for group in rarest for term in group)])),)

    def describe(self) -> str:
        """Name the first few; a term set within a list by its name alone."""
        if self.label:
            return f"any of ${self.label} ({', '.join(self._names())})"
        names = self._names()
        return names[0] if len(names) == 1 else f"any of {', '.join(names)}"

    def _names(self) -> list[str]:
        sets = [f"${part.label}" for part in self.others if isinstance(part, Any) and part.label]
        others = [part.describe() for part in self.others if not (isinstance(part, Any) and part.label)]
        names = sets + [term.written for term in self.terms] + others
        return names if len(names) <= SHOWN + 1 else [*names[:SHOWN], f"... {len(names)} in all"]

    def tell(self, text: Text, area: Area) -> Told:
        """Tell what was found; where nothing was, conditions in the list tell of themselves."""
        found = self.look(text, area)
        # A term set with terms of its own is said by its name: the few conditions in it would hide the rest.
        wanted = () if self.label and self.terms else self.others
        shown = [part for part in wanted if not (isinstance(part, Any) and not part.others)]
        parts = tuple(part.tell(text, area) for part in shown) if found is None or not found else ()
        least = min((part.missing for part in parts), default=1)
        missing = 0 if found is not None else 1 if self.terms else least
        words = self._brief() + ":" * bool(parts) if len(shown) > 1 else self.describe()
        return Told(words, found is not None, say(found or (), text), missing=missing, parts=parts, either=True)

    def _brief(self) -> str:
        """Name terms and sets, and only count the conditions, which stand below or would be too long."""
        plain = [part for part in self.others if isinstance(part, Any) and part.label]
        names = [f"${part.label}" for part in plain if isinstance(part, Any)] + [term.written for term in self.terms]
        named = ", ".join([*names[:SHOWN], *(["..."] if len(names) > SHOWN else [])])
        count = f"{len(self.others) - len(plain)} conditions"
        return f"any of {named}, or one of {count}" if named else f"one of {count}"

    def evidence(self, text: Text, area: Area) -> Iterable[Piece]:
        """Return what speaks for the conditions in it, then its own terms."""
        inner = [piece for part in self.others for piece in part.evidence(text, area)]
        return inner + [Piece(self.name, span) for span in within(self._own(text), area)]
