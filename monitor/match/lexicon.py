"""All terms of a rule book by their first words, so that an article's words call up the few that may stand in it.

What is called up *may* stand there: its first words do, in one of their forms. Whether the whole term stands there, in
its language and letters, is looked at only when a rule asks for it. Nothing that stands there is ever left out.

Words are looked up by keys: as they are folded, and by the keys of their forms in each language that has terms. A plain
term has no language of its own: it is read in that of the article, so there is a table of plain terms for each
language, made when the first article in it comes.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise

from monitor.language import inflection
from monitor.language.fold import fold, script
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
class _Table:
    """Terms by the keys of their first words, read in one language."""

    words: dict[str, list[Term]] = field(default_factory=dict)  # of one word, or of which the second is a prefix
    pairs: dict[str, dict[str, list[Term]]] = field(default_factory=dict)  # phrases by their first two words
    seconds: set[str] = field(default_factory=set)  # the second words of all phrases

    def add(self, term: Term, language: str, *, beyond: bool = False) -> None:
        """Take a term whose first word is no prefix; `beyond` leaves out what it has without a language."""
        first, second = term.words[0].keys(language), None
        if len(term.words) > 1 and not term.words[1].prefix:
            second = term.words[1].keys(language)
        for number, key in enumerate(first):
            if second is None:
                if number or not beyond:
                    self.words.setdefault(key, []).append(term)
                continue
            self.seconds.update(second)
            for next_key in second[1:] if beyond and not number else second:
                self.pairs.setdefault(key, {}).setdefault(next_key, []).append(term)


@dataclass(frozen=True, slots=True, eq=False)
class Called:
    """What one word calls up in articles of one language."""

    keys: tuple[str, ...]  # its own, as `Word.keys` writes them, and the prefixes that it begins with
    terms: tuple[Term, ...]
    pairs: Mapping[str, Sequence[Term]]  # phrases that it may begin, by their second words
    seconds: tuple[str, ...]  # those of its keys that are the second word of any phrase
    calls: bool  # whether it calls up terms or begins phrases


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Says which terms of a rule book may stand in an article; regular expressions are not among them."""

    table: _Table = field(default_factory=_Table)  # terms of each language read in it, and plain ones without forms
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # script -> languages that have terms
    prefixes: Mapping[int, Mapping[str, _Prefixes]] = field(default_factory=dict)  # by how many first letters; which
    plain: tuple[Term, ...] = ()  # plain terms that have forms in the language of an article
    plain_tables: dict[str, _Table] = field(default_factory=dict)
    known: dict[str, dict[str, Called]] = field(default_factory=dict)  # language of an article -> word; see `MOST`

    @classmethod
    def of(cls, terms: Iterable[Term]) -> "Lexicon":
        """Make one of terms, each once."""
        table, prefixes, plain = _Table(), dict[int, dict[str, _Prefixes]](), list[Term]()
        languages: dict[str, dict[str, None]] = {}
        for term in terms:
            if not term.words:
                continue
            language = term.speech[0] if inflection.inflects(term.speech[0]) else ""
            if language:
                languages.setdefault(inflection.SCRIPTS[language], {})[language] = None
            if term.words[0].prefix:
                letters = term.words[0].folded[:LETTERS]
                prefixes.setdefault(len(letters), {}).setdefault(letters, _Prefixes()).add(term)
                continue
            table.add(term, language)
            if not term.speech[0] and any(word.written for word in term.words[:2]):
                plain.append(term)
        return cls(table, {script: tuple(found) for script, found in languages.items()}, prefixes, tuple(plain))

    def present(self, text: Text) -> AbstractSet[Term]:
        """Return the terms whose first words stand in an article."""
        return self.phrases(text).union(*[called.terms for _, called in self.calling(text)])

    def calling(self, text: Text) -> list[tuple[str, Called]]:
        """Return the words of an article that call something up, with what: few of them do."""
        calling: list[tuple[str, Called]] | None = text.memory.get("calling")
        if calling is None:
            known = self._known(text)
            found = [(word, known[word]) for word in text.different]
            calling = text.memory["calling"] = [one for one in found if one[1].calls]
        return calling

    def phrases(self, text: Text) -> set[Term]:
        """Return the phrases whose first two words stand in an article side by side."""
        found: set[Term] | None = text.memory.get("phrases")
        if found is None:
            found = text.memory["phrases"] = set()
            if begins := {word: called.pairs for word, called in self.calling(text) if called.pairs}:
                known = self._known(text)
                for first, second in pairwise(text.written):
                    if (pairs := begins.get(first)) and (keys := known[second].seconds):
                        for key in keys:
                            found.update(pairs.get(key, ()))
        return found

    def callers(self, text: Text) -> Mapping[str, Sequence[str]]:
        """Return by key the words of an article that begin a term, or may."""
        found: dict[str, list[str]] = {}
        for word, called in self.calling(text):
            for key in called.keys:
                if key in found:
                    found[key].append(word)
                else:
                    found[key] = [word]
        return found

    def _known(self, text: Text) -> dict[str, Called]:
        """Return what each word of an article calls up, and more: it is remembered."""
        language = text.article.language
        known = self.known.setdefault(language, {})
        if new := text.different.difference(known):
            if len(known) > MOST:
                known.clear()
                new = text.different
            known.update({word: self._called_by(word, language) for word in new})
        return known

    def _called_by(self, word: str, language: str) -> Called:
        """Return what a word calls up in articles of a language."""
        folded = fold(word)
        letters = script(folded)
        plain = inflection.reading(language, letters) if self.plain else ""
        languages = dict.fromkeys([*self.languages.get(letters, ()), *([plain] if plain else [])])
        keys = [folded, *(f"{one}:{key}" for one in languages for key in inflection.of_text(one, word))]
        terms, begun = self._begun_with(folded)
        tables = (self.table, self._plain(plain)) if plain else (self.table,)
        terms += [term for table in tables for key in keys for term in table.words.get(key, ())]
        pairs = [found for table in tables for key in keys if (found := table.pairs.get(key))]
        seconds = tuple([key for key in keys if any([key in table.seconds for table in tables])])
        whole = (*keys, *begun)
        return Called(whole, tuple(dict.fromkeys(terms)), _merged(pairs), seconds, bool(terms or pairs))

    def _begun_with(self, folded: str) -> tuple[list[Term], list[str]]:
        """Return the terms whose first word is a prefix of a word, and these prefixes as keys."""
        terms, keys = list[Term](), list[str]()
        for letters, listed in self.prefixes.items():
            if alike := listed.get(folded[:letters]):
                for length in alike.lengths:
                    if found := alike.terms.get(folded[:length]):
                        terms += found
                        keys.append(f"{folded[:length]}*")
        return terms, keys

    def _plain(self, language: str) -> _Table:
        """Return the plain terms read in a language; made when the first article needs it."""
        table = self.plain_tables.get(language)
        if table is None:
            table = _Table()
            for term in self.plain:
                if inflection.SCRIPTS[language] == term.speech[1]:
                    table.add(term, language, beyond=True)
            self.plain_tables[language] = table
        return table


def _merged(pairs: Sequence[Mapping[str, Sequence[Term]]]) -> Mapping[str, Sequence[Term]]:
    """Return several tables of second words as one."""
    if len(pairs) < 2:
        return pairs[0] if pairs else {}
    merged: dict[str, list[Term]] = {}
    for table in pairs:
        for key, terms in table.items():
            merged.setdefault(key, []).extend(terms)
    return merged
