"""All terms of a rule book by their first words, so that an article's words call up the few that can stand in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.match.terms import Term
from monitor.match.text import Found, Span, Text, in_order

LETTERS = 4  # of a prefix that are looked up at once
Owners = tuple[object, ...]  # the lists that hold a term


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Looks for every term of a rule book once, and hands each list of terms what its own ones found."""

    words: Mapping[str, tuple[tuple[Term, Owners], ...]]  # by their first word
    prefixes: Mapping[int, Mapping[str, tuple[tuple[Term, Owners], ...]]]  # by the first letters of a prefix; how many

    @classmethod
    def of(cls, lists: Iterable[tuple[object, Iterable[Term]]]) -> "Lexicon":
        """Make one of lists of terms, each with the condition that owns it; regular expressions are left out."""
        owners: dict[Term, list[object]] = {}
        for owner, terms in lists:
            for term in terms:
                if term.words:
                    owners.setdefault(term, []).append(owner)
        words: dict[str, list[tuple[Term, Owners]]] = {}
        prefixes: dict[int, dict[str, list[tuple[Term, Owners]]]] = {}
        for term, owning in owners.items():
            first = term.words[0]
            key = first.folded[:LETTERS] if first.prefix else first.folded
            where = prefixes.setdefault(len(key), {}) if first.prefix else words
            where.setdefault(key, []).append((term, tuple(owning)))
        return cls(_frozen(words), {length: _frozen(listed) for length, listed in prefixes.items()})

    def find(self, text: Text) -> dict[object, Found]:
        """Return for each list that has a term in an article what its terms found, in order."""
        found: dict[object, list[Span]] = {}
        for word in self.words.keys() & text.where.keys():
            _collect(self.words[word], text, found)
        for length, prefixes in self.prefixes.items():
            for letters in prefixes.keys() & {word[:length] for word in text.where}:
                _collect(prefixes[letters], text, found)
        return {owner: in_order(spans) for owner, spans in found.items()}


def _collect(terms: Iterable[tuple[Term, Owners]], text: Text, found: dict[object, list[Span]]) -> None:
    for term, owners in terms:
        if text.speaks(term.speech) and (spans := term.find(text)):
            for owner in owners:
                found.setdefault(owner, []).extend(spans)


def _frozen(lists: Mapping[str, list[tuple[Term, Owners]]]) -> dict[str, tuple[tuple[Term, Owners], ...]]:
    return {key: tuple(listed) for key, listed in lists.items()}
