"""Says of two terms whether one stands wherever the other does; pure comparison, no article is looked at.

What is not plain from the letters counts as "no": two regular expressions are compared by their writing only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from monitor.language import inflection
from monitor.language.fold import script
from monitor.language.inflection import english
from monitor.match.terms import SHORTEST, Term, Word
from monitor.match.text import NOT_LATIN

DICTIONARIES = frozenset("be et he lv tr".split())  # languages of which one key stands for all forms of a word
MIXED = frozenset("az bs ku sh sr tk uz".split())  # languages that are written in Latin and in Cyrillic letters


def covers(term: Term, other: Term) -> bool:
    """Tell whether a term is found in every text in which another one is, at the same words."""
    if term is other:
        return True
    if not _tried_where(term, other):
        return False
    if term.pattern or other.pattern:
        return bool(term.pattern and other.pattern) and term.written == other.written
    language = _read_in(term, other)
    return any(_at(term, other, start, language) for start in range(len(other.words) - len(term.words) + 1))


def speaks(term: Term, language: str) -> bool:
    """Tell whether a term is tried on articles of a language, as `Text.speaks` does where its script occurs there."""
    own, script = term.speech
    return not own or own == language or script != "LATIN" or language in NOT_LATIN


def meant_for(term: Term, language: str) -> bool:
    """Tell whether a term is in the script of a language, and not only found in what such an article quotes."""
    script = term.speech[1]
    return script in ("", "LATIN") or language in MIXED or language in NOT_LATIN


def _tried_where(term: Term, other: Term) -> bool:
    """Tell whether a term is tried on every article on which another one is; see `Text.speaks`."""
    own, script = term.speech
    return not own or own == other.speech[0] or script != "LATIN"


def _read_in(term: Term, other: Term) -> str:
    """Return the language in which both are read wherever the other one is tried; "" where that is not one."""
    own, language = term.speech[0], other.speech[0]
    is_one = own == language or (not own and inflection.USUAL.get(other.speech[1]) == language)
    return language if is_one and inflection.inflects(language) else ""


def _at(term: Term, other: Term, start: int, language: str) -> bool:
    """Tell whether the words of a term are those of another one from a number on."""
    pairs = list(zip(term.words, other.words[start:], strict=False))
    joined = all(theirs.joined for mine, theirs in pairs[1:] if mine.joined)
    return joined and all(_covers_word(mine, theirs, language) for mine, theirs in pairs)


def _covers_word(mine: Word, theirs: Word, language: str) -> bool:
    if mine.exact:
        return mine.exact == theirs.exact
    if mine.capitals and not (theirs.capitals or (theirs.exact and theirs.exact.isupper())):
        return False
    if mine.prefix:
        return theirs.folded.startswith(mine.folded) and _begins_forms(mine.folded, theirs, language)
    if theirs.prefix:
        return False
    if language and mine.written and theirs.written and (forms := inflection.of_term(language, theirs.written)):
        # An irregular English form has a key of its own before that of its base, and no other word has that.
        needed = forms[-1:] if language == "en" else forms
        return not set(needed).difference(inflection.of_term(language, mine.written))
    return mine.folded == theirs.folded and not (theirs.written and mine.capitals)


def _begins_forms(prefix: str, word: Word, language: str) -> bool:
    """Tell whether the forms of a word begin with a prefix, as far as that is plain: `send*` does not find "sent".

    A plain word is read in the usual language of its script. A dictionary form tells of the others only where the
    prefix leaves out its end.
    """
    language = language or inflection.USUAL.get(script(word.folded), "")
    forms = [key.partition(":")[2] for key in word.keys(language)[1:]]
    if language == "en":
        return all(form.startswith(prefix) for form in (*forms, *english.irregular(forms)))
    spare = 0 if language not in DICTIONARIES else 1
    return all(form.startswith(prefix) and len(form) >= len(prefix) + spare for form in forms)


@dataclass(slots=True)
class Cover:
    """Many terms by their first words, to ask at once whether one of them covers another term."""

    words: dict[str, list[Term]] = field(default_factory=dict)  # by the keys of the first word
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
                for key in _keys(term, term.words[0]):
                    made.words.setdefault(key, []).append(term)
        return made

    def __bool__(self) -> bool:
        """Whether there is any term."""
        return bool(self.words or self.prefixes or self.patterns)

    def of_term(self, other: Term) -> Term | None:
        """Return a term that covers another one, or None."""
        return next(iter(self.all_of(other)), None)

    def all_of(self, other: Term) -> Iterator[Term]:
        """Return every term that covers another one, itself too."""
        return (term for term in dict.fromkeys(self._near(other)) if covers(term, other))

    def _near(self, other: Term) -> Iterable[Term]:
        if other.pattern:
            return [self.patterns[other.written]] if other.written in self.patterns else []
        return [
            term
            for word in other.words
            for found in (
                *(self.words.get(key, ()) for key in _keys(other, word)),
                self.prefixes.get(word.folded[:SHORTEST], ()),
            )
            for term in found
        ]


def _keys(term: Term, word: Word) -> Iterable[str]:
    """Return what a word is looked up by: a plain one in the usual language of its script, too."""
    if word.prefix:
        return ()
    language = term.speech[0] or inflection.USUAL.get(term.speech[1], "")
    return word.keys(language if inflection.inflects(language) else "")
