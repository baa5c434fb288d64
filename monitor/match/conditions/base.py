"""What every condition can do: read itself, look at an area of an article, say itself and what it found in words."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from monitor.match.reading import Path, Reader
from monitor.match.terms import Term
from monitor.match.text import Area, Found, Span, Text

SHOWN = 5  # finds that an explanation names


@dataclass(frozen=True, slots=True)
class Told:
    """What a condition has to say about one article: for people."""

    words: str  # the condition in words
    held: bool
    found: str = ""  # which words, where
    note: str = ""  # why it does not hold, where that is not plain from its parts
    missing: int = 0  # how many smallest parts would have to hold as well
    parts: "tuple[Told, ...]" = ()
    either: bool = False  # one of the parts is enough


class Piece(NamedTuple):
    """Something that speaks for a hit: words (`span`), or a fact about the article (`fact`)."""

    condition: str
    span: Span | None = None
    fact: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Condition(ABC):
    """One node of a rule. It holds in an area of an article or not, and finds words there or not."""

    name: ClassVar[str]  # the key in YAML
    cost: ClassVar[int] = 1  # the cheap are asked first

    @classmethod
    @abstractmethod
    def read(cls, data: Any, place: Path, reader: Reader) -> "Condition | None":
        """Read the value of its key; None where that is wrong, and then the reader has heard why."""

    @staticmethod
    @abstractmethod
    def schema(condition: dict[str, Any]) -> dict[str, Any]:
        """Return the JSON Schema of its value; `condition` is the one of any condition."""

    @abstractmethod
    def look(self, text: Text, area: Area) -> Found | None:
        """Return what it found (perhaps nothing, where it needs no words), or None where it does not hold."""

    @abstractmethod
    def describe(self) -> str:
        """Say the condition in words."""

    @classmethod
    def made_of(cls, parts: "tuple[Condition, ...]") -> "Condition":
        """Make it of its parts; `all` can."""
        raise NotImplementedError(f"{cls.name} is not made of parts alone")

    @property
    def parts(self) -> "tuple[Condition, ...]":
        """The conditions in it."""
        return ()

    @property
    def finds(self) -> bool:
        """Whether it looks for words, so that it can stand near something."""
        return any(part.finds for part in self.parts)

    @property
    def monotone(self) -> bool:
        """Whether it holds in the whole wherever it holds in a part."""
        return all(part.monotone for part in self.parts)

    @property
    def single(self) -> bool:
        """Whether each of its finds alone makes it hold."""
        return False

    def needs(self) -> tuple[tuple[Term, ...], ...]:
        """Return groups of terms: where it holds, one term of each at least occurs. None = it may need no term."""
        return ()

    def tell(self, text: Text, area: Area) -> Told:
        """Say what it found in an area, or what is missing."""
        found = self.look(text, area)
        return Told(self.describe(), found is not None, say(found or (), text), missing=int(found is None))

    def evidence(self, text: Text, area: Area) -> Iterable[Piece]:
        """Return what speaks for it where it holds, the most telling first."""
        return [Piece(self.name, leaf) for span in self.look(text, area) or () for leaf in span.leaves]


@dataclass(frozen=True, slots=True, eq=False)
class Fact(Condition):
    """A condition about the article as a whole and not about its words."""

    cost = 0

    @abstractmethod
    def holds(self, text: Text) -> bool:
        """Tell whether it is so."""

    @abstractmethod
    def told(self, text: Text) -> str:
        """Say what is so."""

    def look(self, text: Text, area: Area) -> Found | None:
        """Return nothing found where it holds."""
        return () if self.holds(text) else None

    def tell(self, text: Text, area: Area) -> Told:
        """Say what is so."""
        held = self.holds(text)
        return Told(self.describe(), held, note=self.told(text), missing=int(not held))

    def evidence(self, text: Text, area: Area) -> Iterable[Piece]:
        """Return the fact."""
        return [Piece(self.name, fact=self.describe())]


@dataclass(frozen=True, slots=True, eq=False)
class Searched(Condition):
    """A condition that is dear to look for: what it finds in an area of an article is remembered with that."""

    @abstractmethod
    def search(self, text: Text, area: Area) -> Found | None:
        """Do what `look` says, anew."""

    def look(self, text: Text, area: Area) -> Found | None:
        """Return what it found; worked out once for each area."""
        key = (self, area)
        if key not in text.memory:
            text.memory[key] = self.search(text, area)
        known: Found | None = text.memory[key]
        return known


def say(found: Found, text: Text) -> str:
    """Name the words of the first finds, and where they stand; of a text that is its own title those of the title."""
    said = []
    if text.article.summary == text.article.title:
        found = tuple(span for span in found if text.part_of(span.first) is text.parts[0]) or found
    for span in found[: SHOWN * 3]:
        said.append(f"{text.words_of(span)!r} ({where(span, text)})")
    said = list(dict.fromkeys(said))
    return ", ".join(said[:SHOWN]) + (", ..." if len(said) > SHOWN else "")


def where(span: Span, text: Text) -> str:
    """Name the field of a find, and outside of the title its sentence, counted in its field from 1."""
    part = text.part_of(span.first)
    if part is text.parts[0]:
        return "title"
    sentence = text.unit_number("sentence", span.first) - text.unit_number("sentence", part.first) + 1
    return f"{part.field}, sentence {sentence}"


def named(pieces: Iterable[Piece], name: str) -> list[Piece]:
    """Return pieces of plain lists under the name of the condition that they stand in."""
    return [Piece(name, one.span, one.fact) if one.condition == "any" else one for one in pieces]


def by_turns(lists: Iterable[Iterable[Piece]]) -> list[Piece]:
    """Return the first pieces of every list, then the second ones, and so on."""
    waiting = [list(pieces) for pieces in lists]
    longest = max((len(pieces) for pieces in waiting), default=0)
    return [pieces[turn] for turn in range(longest) for pieces in waiting if turn < len(pieces)]
