"""All terms of a rule book by their first words, so that an article's words call up the few that may stand in it.

What is called up *may* stand there: its first words do, in one of their forms. Whether the whole term stands there, in
its language and letters, is looked at only when a rule asks for it. Nothing that stands there is ever left out.

Each word of an article is first told which words of the rules it may be a form of: by the keys of their forms, in the
languages that have terms of their own, and, for plain terms, in that of the article.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from monitor.language.fold import fold, script
from monitor.match.forms import Forms
from monitor.match.terms import Term
from monitor.match.text import Text

LETTERS = 4  # of a prefix that are looked up at once
MOST = 50_000  # words of which is remembered what they call up: most words of an article were in others, too


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


@dataclass(frozen=True, slots=True, eq=False)
class Called:
    """What one word calls up in articles of one language."""

    words: tuple[str, ...]  # the words of rules that it may be, folded, and with a * the prefixes that it begins with
    terms: tuple[Term, ...]
    pairs: Mapping[str, Sequence[Term]]  # phrases that it may begin, by their second words
    seconds: tuple[str, ...]  # those of its words that are the second one of any phrase


NOTHING: Mapping[str, Sequence[Term]] = {}


@dataclass(frozen=True, slots=True)
class _Memory:
    """What is remembered of the words of articles of one language; most of them call up nothing."""

    met: set[str] = field(default_factory=set)
    called: dict[str, Called] = field(default_factory=dict)  # by those words that call something up
    begins: dict[str, Mapping[str, Sequence[Term]]] = field(default_factory=dict)  # by those that begin phrases
    goes_on: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by those that may be a second word; which

    def take(self, word: str, called: "Called") -> None:
        """Remember what a word calls up."""
        if called.terms or called.pairs:
            self.called[word] = called
        if called.pairs:
            self.begins[word] = called.pairs
        if called.seconds:
            self.goes_on[word] = called.seconds


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Says which terms of a rule book may stand in an article; regular expressions are not among them."""

    words: Mapping[str, list[Term]] = field(default_factory=dict)  # by their only word, or before a prefix the first
    pairs: Mapping[str, Mapping[str, list[Term]]] = field(default_factory=dict)  # phrases by their first two words
    seconds: AbstractSet[str] = frozenset()  # the second words of these
    prefixes: Mapping[int, Mapping[str, _Prefixes]] = field(default_factory=dict)  # by how many first letters; which
    forms: Forms = field(default_factory=Forms)
    known: dict[str, _Memory] = field(default_factory=dict)  # by the language of an article

    @classmethod
    def of(cls, terms: Iterable[Term]) -> "Lexicon":
        """Make one of terms, each once."""
        words: dict[str, list[Term]] = {}
        pairs: dict[str, dict[str, list[Term]]] = {}
        prefixes: dict[int, dict[str, _Prefixes]] = {}
        worded = [term for term in terms if term.words]
        for term in worded:
            first, second = term.words[0], term.words[1] if len(term.words) > 1 else None
            if first.prefix:
                letters = first.folded[:LETTERS]
                prefixes.setdefault(len(letters), {}).setdefault(letters, _Prefixes()).add(term)
            elif second is None or second.prefix:
                words.setdefault(first.folded, []).append(term)
            else:
                pairs.setdefault(first.folded, {}).setdefault(second.folded, []).append(term)
        seconds = frozenset(second for listed in pairs.values() for second in listed)
        return cls(words, pairs, seconds, prefixes, Forms.of(worded))

    def present(self, text: Text) -> AbstractSet[Term]:
        """Return the terms whose first words stand in an article."""
        return self.phrases(text).union(*[called.terms for _, called in self.calling(text)])

    def calling(self, text: Text) -> list[tuple[str, Called]]:
        """Return the words of an article that call something up, with what: few of them do."""
        calling: list[tuple[str, Called]] | None = text.memory.get("calling")
        if calling is None:
            called = self._known(text).called
            calling = text.memory["calling"] = [(word, called[word]) for word in called.keys() & text.different]
        return calling

    def phrases(self, text: Text) -> set[Term]:
        """Return the phrases whose first two words stand in an article side by side."""
        found: set[Term] | None = text.memory.get("phrases")
        if found is None:
            found = text.memory["phrases"] = set()
            known, written = self._known(text), text.written
            if known.begins:
                beginning, following = map(known.begins.get, written), map(known.goes_on.get, written[1:])
                for pairs, seconds in zip(beginning, following):  # noqa: B905 - the last word is followed by none
                    if pairs and seconds and not pairs.keys().isdisjoint(seconds):
                        found.update(*[pairs[key] for key in seconds if key in pairs])
        return found

    def callers(self, text: Text, key: str) -> list[str]:
        """Return the words of an article that may begin a term, by the word of the rule, or by its prefix with a *."""
        return [word for word, called in self.calling(text) if key in called.words]

    def _known(self, text: Text) -> _Memory:
        """Return what each word of an article calls up, and more: it is remembered."""
        language = text.article.language
        known = self.known.setdefault(language, _Memory())
        if new := text.different.difference(known.met):
            if len(known.met) > MOST:
                known = self.known[language] = _Memory()
                new = text.different
            known.met.update(new)
            for word in new:
                if called := self._called_by(word, language):
                    known.take(word, called)
        return known

    def _called_by(self, word: str, language: str) -> Called | None:
        """Return what a word calls up in articles of a language; None where no rule has it."""
        folded = fold(word)
        words = (folded, *self.forms.of_word(word, script(folded), language))
        terms, begun = self._begun_with(folded)
        if len(words) == 1 and not (begun or folded in self.words or folded in self.pairs or folded in self.seconds):
            return None
        words = tuple(dict.fromkeys(words))
        terms += [term for one in words for term in self.words.get(one, ())]
        pairs = _merged([found for one in words if (found := self.pairs.get(one))])
        seconds = tuple([one for one in words if one in self.seconds])
        return Called((*words, *begun), tuple(dict.fromkeys(terms)), pairs, seconds)

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


def _merged(pairs: Sequence[Mapping[str, Sequence[Term]]]) -> Mapping[str, Sequence[Term]]:
    """Return several tables of second words as one."""
    if len(pairs) < 2:
        return pairs[0] if pairs else NOTHING
    merged: dict[str, list[Term]] = {}
    for table in pairs:
        for key, terms in table.items():
            merged.setdefault(key, []).extend(terms)
    return merged
