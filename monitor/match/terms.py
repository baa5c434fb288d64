"""Terms: words and phrases, prefixes, exact words, capitals and regular expressions.

| written | matches |
| --- | --- |
| border crossing | these words one after the other, whatever case, accents and hyphens |
| deploy* | every word that begins so |
| =Orlan | exactly these letters, case and accents too |
| NATO | a word in capitals matches only in capitals |
| /T-\\d{2}/ | RE2 syntax, linear time, at word bounds |
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from monitor.language.tokens import tokenize
from monitor.match.text import PARTS, Span, Text

LONGEST = 500  # characters of a term
SCRIPTS = (  # languages that share a script: a term of one is tried on articles of the others
    ("ru", "uk", "be", "bg", "sr", "mk", "kk"),
    ("ar", "fa", "ur", "ps"),
    ("he", "yi"),
    ("ja", "zh"),
    ("hi", "mr", "ne"),
)


class BadTerm(ValueError):
    """A term cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a term."""

    folded: str
    prefix: bool = False
    surface: str = ""  # the very letters, where they count


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """What one string of a rule stands for; the same string is the same object, so that it is looked for once."""

    written: str
    words: tuple[Word, ...] = ()
    pattern: Any = None
    language: str = ""  # only for articles of this language, or of an unknown one

    @property
    def head(self) -> str:
        """The word without which the term cannot stand, or "" where it begins with a prefix or is a pattern."""
        return "" if not self.words or self.words[0].prefix else self.words[0].folded

    def find(self, text: Text) -> tuple[Span, ...]:
        """Return every place where the term stands; asked once for each article."""
        known = text.memory.get(self)
        if known is None:
            known = text.memory[self] = self._find(text) if self._speaks(text) else ()
        return known

    def _speaks(self, text: Text) -> bool:
        """A term of a language is tried on articles of that language, of an unknown one, and of its script."""
        language = text.article.language
        if not self.language or not language or language == self.language:
            return True
        return any(self.language in group and language in group for group in SCRIPTS)

    def _find(self, text: Text) -> tuple[Span, ...]:
        if self.pattern is not None:
            return self._search(text)
        first, rest = self.words[0], self.words[1:]
        starts = text.beginning(first.folded) if first.prefix else text.where.get(first.folded, [])
        found = []
        for start in starts:
            if _same(first, text, start) and (last := _follow(rest, text, start)) is not None:
                found.append(Span(start, last, self.written))
        return tuple(found)

    def _search(self, text: Text) -> tuple[Span, ...]:
        found = []
        for part in PARTS:
            raw = text.article.text(part)
            for match in self.pattern.finditer(raw):
                if _at_word_bounds(raw, *match.span()) and (place := text.tokens_in(part, *match.span())):
                    found.append(Span(*place, self.written))
        return tuple(found)


def _at_word_bounds(raw: str, start: int, end: int) -> bool:
    """RE2 knows the bounds of ASCII words only; here a bound is right in every script."""
    left = start > 0 and raw[start - 1].isalnum() and raw[start : start + 1].isalnum()
    right = end < len(raw) and raw[end].isalnum() and raw[end - 1 : end].isalnum()
    return start < end and not left and not right


def _same(word: Word, text: Text, token: int) -> bool:
    return not word.surface or text.surfaces[token] == word.surface


def _follow(rest: tuple[Word, ...], text: Text, last: int) -> int | None:
    """Return the last token of a phrase whose first one is known, or None."""
    for word in rest:
        token = last + 1
        if not text.adjoining(last, token) or not _same(word, text, token):
            return None
        found = text.words[token]
        if not (found.startswith(word.folded) if word.prefix else found == word.folded):
            return None
        last = token
    return last


@lru_cache(maxsize=200_000)
def parse(written: str, language: str = "") -> Term:
    """Read one term; BadTerm says what is wrong with it."""
    text = written.strip()
    if not text:
        raise BadTerm("an empty term")
    if len(text) > LONGEST:
        raise BadTerm(f"a term of more than {LONGEST} characters")
    if len(text) > 1 and text[0] == text[-1] == "/":
        return Term(written, pattern=_compiled(text[1:-1]), language=language)
    exact = text.startswith("=")
    words = tuple(_words(text.removeprefix("="), exact=exact))
    if not words:
        raise BadTerm(f"{written!r} holds no word; punctuation alone is not matched")
    return Term(written, words, language=language)


def _words(text: str, *, exact: bool) -> list[Word]:
    tokens = tokenize(text)
    words = []
    for folded, start, end in zip(tokens.words, tokens.starts, tokens.ends, strict=True):
        surface = text[start:end]
        prefix = text[end : end + 1] == "*"
        if prefix and exact:
            raise BadTerm("= and * exclude each other")
        shout = surface.isupper() and sum(letter.isalpha() for letter in surface) > 1 and not prefix
        words.append(Word(folded, prefix, surface if exact or shout else ""))
    if "*" in text and not any(word.prefix for word in words):
        raise BadTerm("a * stands at the end of a word")
    return words


def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = 8 << 20
    try:
        return re2.compile(pattern.replace(r"\b", ""), options)
    except re2.error as error:
        said = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise BadTerm(f"the regular expression is not understood: {said}") from None
