"""The values of a hit that trends tell apart: its source, its terms, its words, its places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.match.conditions import Condition
from monitor.match.conditions.any import Any as AnyOf
from monitor.model import Occurrence


@dataclass(frozen=True, slots=True)
class Values:
    """Which values of a hit are meant: `source`, `term`, `words`, `place`, `watch`, or "" for none."""

    of: str
    set: str = ""  # name of the term set
    names: Mapping[str, str] | None = None  # term of the set, as written -> what stands for it

    def __call__(self, hit: Occurrence) -> tuple[str, ...]:
        """Return the values of a hit, each once; "" stands for the hit as such."""
        if self.of == "source":
            return (hit.source_id,)
        if self.of == "watch":
            return (hit.watch,)
        if not self.of:
            return ("",)
        meant = (one for one in hit.terms if self.names is None or one[0] in self.names)
        return tuple(dict.fromkeys(self._value(*one) for one in meant))

    def _value(self, term: str, words: str) -> str:
        if self.of == "place" and self.names:
            return self.names[term]
        return " ".join(words.casefold().split()) if self.of == "words" else term

    @property
    def worded(self) -> bool:
        """Whether the words of the evidence are needed."""
        return self.of in {"term", "words", "place"}

    @property
    def noun(self) -> str:
        """What one value is called."""
        return {"words": "wording"}.get(self.of, self.of)


def names_of(condition: Condition) -> dict[str, str]:
    """Return every term of a set as written, with what stands for it: the set within the set, or the term itself."""
    names = {written: written for written in _own(condition)}
    for part in condition.parts:
        label = part.label if isinstance(part, AnyOf) else ""
        for written in written_in([part]):
            names.setdefault(written, label or written)
    return names


def written_in(conditions: Iterable[Condition]) -> set[str]:
    """Return all terms of conditions and of what is in them, as they are written."""
    found: set[str] = set()
    waiting, seen = list(conditions), set()
    while waiting:
        condition = waiting.pop()
        if condition not in seen:
            seen.add(condition)
            waiting += condition.parts
            found.update(_own(condition))
    return found


def _own(condition: Condition) -> list[str]:
    return [term.written for term in condition.terms] if isinstance(condition, AnyOf) else []
