"""Regular expressions that rules wait for, asked many at a time: which of them may match an article?

Each is run on every article otherwise. What is said to match *may* do so: some expression asked with it does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.match.patterns import BadPattern, Together
from monitor.match.terms import Term, readable
from monitor.match.text import Text

MOST = 16  # expressions asked at once: more cost less where none matches, and more where one does


@dataclass(frozen=True, slots=True)
class Gate:
    """Says which regular expressions may match an article."""

    batches: tuple[tuple[Together | None, tuple[Term, ...]], ...] = ()  # None: these are always let through

    @classmethod
    def of(cls, terms: Iterable[Term]) -> "Gate":
        """Make one of terms that are regular expressions, each once."""
        kinds: dict[bool, list[Term]] = {False: [], True: []}
        for term in terms:
            if term.pattern:
                kinds[term.pattern.bounded].append(term)
        cut = [kind[start : start + MOST] for kind in kinds.values() for start in range(0, len(kind), MOST)]
        return cls(tuple(batch for some in cut for batch in _batches(some)))

    def present(self, text: Text) -> set[Term]:
        """Return those that may match."""
        found: set[Term] = set()
        texts = [readable(text, part) for part in text.parts if part.tokens.words] if self.batches else ()
        for together, terms in self.batches:
            if together is None or any(map(together.matches, texts)):
                found.update(terms)
        return found


def _batches(terms: Sequence[Term]) -> list[tuple[Together | None, tuple[Term, ...]]]:
    """Put terms together; where they are too large for one expression, into several."""
    try:
        return [(Together([term.pattern for term in terms if term.pattern]), tuple(terms))]
    except BadPattern:
        half = len(terms) // 2
        return _batches(terms[:half]) + _batches(terms[half:]) if half else [(None, tuple(terms))]
