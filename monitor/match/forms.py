"""Which words of rules a word of an article may be a form of: asked once for each different word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.language import inflection
from monitor.match.terms import Term

Groups = Mapping[str, tuple[str, ...]]  # key of forms -> the words of rules that have it, folded
Words = Mapping[str, str]  # as they stand in rules -> folded
PLAIN = ""  # in the place of a language: words of terms that have none of their own


@dataclass(frozen=True, slots=True)
class Forms:
    """The words of all terms whose forms match, too."""

    words: Mapping[tuple[str, str], Words] = field(default_factory=dict)  # by language (or `PLAIN`) and script
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # script -> languages that have terms
    groups: dict[tuple[str, str], Groups] = field(default_factory=dict)  # of which words, in which language; made late

    @classmethod
    def of(cls, terms: Iterable[Term]) -> "Forms":
        """Take the first two words of each term: by those it is called up."""
        words: dict[tuple[str, str], dict[str, str]] = {}
        languages: dict[str, dict[str, None]] = {}
        for term in terms:
            language, letters = term.speech
            if language and not inflection.inflects(language):
                continue
            letters = inflection.SCRIPTS[language] if language else letters
            if language:
                languages.setdefault(letters, {})[language] = None
            known = words.setdefault((language, letters), {})
            known.update({word.written: word.folded for word in term.words[:2] if word.written})
        return cls(words, {letters: tuple(found) for letters, found in languages.items()})

    def of_word(self, word: str, letters: str, language: str) -> list[str]:
        """Return the words of rules that a word in a script may be a form of, in an article of a language."""
        found: list[str] = []
        for one in self.languages.get(letters, ()):
            groups = self.groups.get((one, one)) or self._groups(one, one, letters)
            for key in inflection.of_text(one, word):
                found += groups.get(key, ())
        if (PLAIN, letters) in self.words and (plain := inflection.reading(language, letters)):
            groups = self.groups.get((PLAIN, plain)) or self._groups(PLAIN, plain, letters)
            for key in inflection.of_text(plain, word):
                found += groups.get(key, ())
        return found

    def _groups(self, whose: str, language: str, letters: str) -> Groups:
        """Return the words of terms by the keys of their forms; made when the first article needs them."""
        groups = self.groups.get((whose, language))
        if groups is None:
            made: dict[str, tuple[str, ...]] = {}
            for written, folded in self.words.get((whose, letters), {}).items():
                for key in inflection.of_term(language, written):
                    made[key] = (*made.get(key, ()), folded)
            groups = self.groups[whose, language] = made
        return groups
