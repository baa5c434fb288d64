"""All terms of a rule book by their first words, so that an article's words call up the few that may stand in it.

What is called up *may* stand there: its first words do. Whether the whole term stands there, in its language and
letters, is looked at only when a rule asks for it. Nothing that stands there is ever left out.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise

from monitor.match.terms import Term
from monitor.match.text import Text

LETTERS = 4  # of a prefix that are looked up at once
MOST = 20_000  # words of which is remembered what they call up: most words of an article were in others, too


@dataclass(frozen=True, slots=True)
class _Prefixes:
    """Prefixes that have their first letters in common."""

    terms: dict[str, list[Term]] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)  # of these prefixes, each once

    def add(self, term: Term) -> None:
        """Take one more term."""
        prefix = term.words[0].folded
        self.terms.setdefault(prefix, []).append(term)
        if len(prefix) not in self.lengths:
            self.lengths.append(len(prefix))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Says which terms of a rule book may stand in an article; regular expressions are not among them."""

    words: Mapping[str, list[Term]]  # by their only word, or the first one where the second is a prefix
    pairs: Mapping[str, Mapping[str, list[Term]]]  # phrases by their first word, and by the second one
    prefixes: Mapping[int, Mapping[str, _Prefixes]]  # by the first letters of a prefix; how many
    known: dict[str, tuple[Term, ...]] = field(default_factory=dict)  # word -> what it calls up; see `MOST`

    @classmethod
    def of(cls, terms: Iterable[Term]) -> "Lexicon":
        """Make one of terms, each once."""
        words: dict[str, list[Term]] = {}
        pairs: dict[str, dict[str, list[Term]]] = {}
        prefixes: dict[int, dict[str, _Prefixes]] = {}
        for term in terms:
            if not term.words:
                continue
            first, second = term.words[0], term.words[1] if len(term.words) > 1 else None
            if first.prefix:
                letters = first.folded[:LETTERS]
                prefixes.setdefault(len(letters), {}).setdefault(letters, _Prefixes()).add(term)
            elif second is None or second.prefix:
                words.setdefault(first.folded, []).append(term)
            else:
                pairs.setdefault(first.folded, {}).setdefault(second.folded, []).append(term)
        return cls(words, pairs, prefixes)

    def present(self, text: Text) -> AbstractSet[Term]:
        """Return the terms whose first words stand in an article."""
        different, known = text.different, self.known
        if len(known) > MOST:
            known.clear()
        known.update({word: self._called_by(word) for word in different.difference(known)})
        found = set[Term]().union(*[terms for word in different if (terms := known[word])])
        if firsts := self.pairs.keys() & different:
            for first, second in pairwise(text.words):
                if first in firsts:
                    found.update(self.pairs[first].get(second, ()))
        return found

    def _called_by(self, word: str) -> tuple[Term, ...]:
        """Return the terms that a word alone calls up."""
        found = list(self.words.get(word, ()))
        for letters, listed in self.prefixes.items():
            if alike := listed.get(word[:letters]):
                for length in alike.lengths:
                    found += alike.terms.get(word[:length], ())
        return tuple(found)
