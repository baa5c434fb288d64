"""Says of two terms whether one stands wherever the other does; pure comparison, no article is looked at.

What is not plain from the letters counts as "no": two regular expressions are compared by their writing only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.match.terms import SHORTEST, Term, Word
from monitor.match.text import NOT_LATIN

MIXED = frozenset("az bs ku sh sr tk uz".split())  # languages that are written in Latin and in Cyrillic letters


def covers(term: Term, other: Term) -> bool:
    """Tell whether a term is found in every text in which another one is, at the same words."""
    if term is other:
        return True
    if not _tried_where(term, other):
        return False
    if term.pattern or other.pattern:
        return bool(term.pattern and other.pattern) and term.written == other.written
    return any(_at(term, other, start) for start in range(len(other.words) - len(term.words) + 1))


def same(term: Term, other: Term) -> bool:
    """Tell whether two terms find the same."""
    return covers(term, other) and covers(other, term)


def speaks(term: Term, language: str) -> bool:
    """Tell whether a term can be meant for articles of a language."""
    own, script = term.speech
    if not script or own == language or language in MIXED:
        return True
    if script == "LATIN":
        return not own
    return language in NOT_LATIN


def _tried_where(term: Term, other: Term) -> bool:
    """Tell whether a term is tried on every article on which another one is; see `Text.speaks`."""
    own, script = term.speech
    return not own or own == other.speech[0] or script != "LATIN"


def _at(term: Term, other: Term, start: int) -> bool:
    """Tell whether the words of a term are those of another one from a number on."""
    pairs = list(zip(term.words, other.words[start:], strict=False))
    joined = all(theirs.joined for mine, theirs in pairs[1:] if mine.joined)
    return joined and all(_covers_word(mine, theirs) for mine, theirs in pairs)


def _covers_word(mine: Word, theirs: Word) -> bool:
    if mine.exact:
        return mine.exact == theirs.exact
    if mine.capitals and not (theirs.capitals or (theirs.exact and theirs.exact.isupper())):
        return False
    if mine.prefix:
        return theirs.folded.startswith(mine.folded)
    return not theirs.prefix and theirs.folded == mine.folded


@dataclass(slots=True)
class Cover:
    """Many terms by their first words, to ask at once whether one of them covers another term."""

    words: dict[str, list[Term]] = field(default_factory=dict)  # by the first word
    prefixes: dict[str, list[Term]] = field(default_factory=dict)  # by the first letters of a first word that is open
    patterns: dict[str, Term] = field(default_factory=dict)  # by what is written

    @classmethod
    def of(cls, terms: Iterable[Term]) -> "Cover":
        """Make one of terms."""
        made = cls()
        for term in terms:
            if term.pattern:
                made.patterns.setdefault(term.written, term)
            elif term.words[0].prefix:
                made.prefixes.setdefault(term.words[0].folded[:SHORTEST], []).append(term)
            else:
                made.words.setdefault(term.words[0].folded, []).append(term)
        return made

    def __bool__(self) -> bool:
        """Whether there is any term."""
        return bool(self.words or self.prefixes or self.patterns)

    def of_term(self, other: Term, *, but: Term | None = None) -> Term | None:
        """Return a term that covers another one, not counting itself, or None."""
        return next((term for term in self._near(other) if term is not but and covers(term, other)), None)

    def _near(self, other: Term) -> Iterable[Term]:
        if other.pattern:
            return [self.patterns[other.written]] if other.written in self.patterns else []
        return [
            term
            for word in other.words
            for term in (*self.words.get(word.folded, ()), *self.prefixes.get(word.folded[:SHORTEST], ()))
        ]
