r"""Terms: words and phrases, prefixes, exact words, capitals and regular expressions.

| written | matches |
| --- | --- |
| border crossing | these words and their forms one after the other, whatever their case, accents and hyphens |
| deploy* | every word that begins so |
| =Orlan | exactly these letters, case and accents too |
| NATO | a word in capitals matches only in capitals |
| /T-\d{2}\b/ | RE2 syntax, in linear time; see `monitor.match.patterns` |
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from monitor.language import inflection
from monitor.language.fold import fold, plain, script
from monitor.language.tokens import stands_alone, tokenize
from monitor.match.patterns import BadPattern, Pattern, Readable
from monitor.match.text import Found, Part, Span, Text

LONGEST = 500  # characters of a term
SHORTEST = 2  # letters of a prefix
LONG, OPEN = 10, 8.0  # letters beyond which a word is not rarer; how much commoner a prefix is than a word
COMMONEST = 1e6
_LETTERS = r"(?:[A-Za-zÀ-ÖØ-öø-ž]+|[\u0400-\u045f\u0490\u0491]+)\*?"
_PLAIN = re.compile(f"{_LETTERS}(?: {_LETTERS})*")  # words between blanks, of Latin or Cyrillic letters


class BadTerm(ValueError):
    """A term cannot be read: the message says why, `hint` what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep both."""
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a term."""

    folded: str
    prefix: bool = False
    exact: str = ""  # the very letters, where they count
    capitals: int = 0  # so many letters must be capitals
    joined: bool = False  # nothing stands between it and the word before, in a script without blanks
    written: str = ""  # as it stands in the rule, where its forms match, too

    @property
    def key(self) -> str:
        """Return what a lexicon files it under."""
        return f"{self.folded}*" if self.prefix else self.folded

    def keys(self, language: str) -> tuple[str, ...]:
        """Return what it has in common with its forms, read in a language ("" = without forms), to compare terms by."""
        if self.prefix or not (language and self.written):
            return (self.key,)
        return (self.folded, *(f"{language}:{key}" for key in _keys_of_term(language, self.written)))

    def fits(self, text: Text, number: int, language: str) -> bool:
        """Tell whether a word of an article is this word."""
        found = text.words[number]
        same = found.startswith(self.folded) if self.prefix else found == self.folded
        if not same and language and self.written:
            same = not _keys_of_term(language, self.written).isdisjoint(
                inflection.of_text(language, text.written[number])
            )
        return same and self.fits_letters(text, number)

    def fits_letters(self, text: Text, number: int) -> bool:
        """Tell whether an article's word, equal when folded, has the right letters, too."""
        if self.exact:
            return plain(text.surface(number)) == self.exact
        if self.capitals:
            surface = text.surface(number)
            return (surface[: self.capitals] if self.prefix else surface).isupper()
        return True


@lru_cache(65_536)
def _keys_of_term(language: str, written: str) -> frozenset[str]:
    return frozenset(inflection.of_term(language, written))


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One string of a rule; equal strings of one language are one object, so that each is looked for once."""

    written: str
    speech: tuple[str, str] = ("", "")  # its language, and the script of its first word; see `Text.speaks`
    words: tuple[Word, ...] = ()
    pattern: Pattern | None = None

    def find(self, text: Text) -> Found:
        """Return every place where the term stands; worked out once for each article."""
        known: Found | None = text.memory.get(self)
        if known is None:
            known = text.memory[self] = self._search(text) if self.pattern else self._find(text)
        return known

    def _find(self, text: Text) -> Found:
        first, language = self.words[0], text.reading(self.speech)
        starts = [start for start in text.starts(first.key) if first.fits(text, start, language)]
        if len(self.words) == 1:
            return tuple([Span(start, start, self.written) for start in starts])
        last = len(self.words) - 1
        return tuple([Span(one, one + last, self.written) for one in starts if self._goes_on(text, one, language)])

    def _goes_on(self, text: Text, start: int, language: str) -> bool:
        """Tell whether the other words of a phrase follow its first, in the same sentence."""
        last = start + len(self.words) - 1
        if last >= len(text.words):
            return False
        if not all(word.fits(text, start + number, language) for number, word in enumerate(self.words[1:], 1)):
            return False
        if not text.stand_together(start, last):
            return False
        return all(text.touching(start + number - 1) for number, word in enumerate(self.words) if word.joined)

    def _search(self, text: Text) -> Found:
        assert self.pattern is not None
        found: list[Span] = []
        for part in text.parts:
            if part.tokens.words:
                spans = self.pattern.find(readable(text, part))
                found += [Span(*_numbers(part, *place), self.written, place) for place in spans]
        return tuple(found)


def commonness(term: Term) -> float:
    """Guess how often a term occurs, to compare lists: long words and phrases are rare, prefixes less so.

    Nothing is known of regular expressions, which moreover cost most to look for: these come last.
    """
    guess = 1.0 if term.words else COMMONEST
    for word in term.words:
        guess *= 2.0 ** -min(len(word.folded), LONG) * (OPEN if word.prefix else 1.0)
    return guess


def rarity(group: Iterable[Term]) -> float:
    """Guess how often one of these terms occurs: the least is the rarest group."""
    return sum(map(commonness, group))


def readable(text: Text, part: Part) -> Readable:
    """Return a field as regular expressions read it; made once for each article."""
    key = ("readable", part.field)
    if key not in text.memory:
        text.memory[key] = Readable(part.tokens.text)
    known: Readable = text.memory[key]
    return known


def _numbers(part: Part, start: int, end: int) -> tuple[int, int]:
    """Return the words that a stretch overlaps, or the one next to it."""
    tokens = part.tokens
    most = len(tokens.words) - 1
    first = min(bisect_right(tokens.ends, start), most)
    return part.first + first, part.first + max(first, bisect_left(tokens.starts, end) - 1)


class Terms:
    """Reads terms; the same string in the same language becomes the same object."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[tuple[str, str], Term] = {}

    def parse(self, written: str, language: str = "") -> Term:
        """Read one term; BadTerm says what is wrong with it."""
        key = (written, language)
        if key not in self._known:
            self._known[key] = _parse(written, language)
        return self._known[key]


def _parse(written: str, language: str) -> Term:
    text = written.strip()
    if not text:
        raise BadTerm("this term is empty", "write a word, or take it out")
    if len(text) > LONGEST:
        raise BadTerm(f"this term has more than {LONGEST} characters", "write several shorter ones")
    if text[0] == text[-1] == "/" and len(text) > 1:
        return _regular(text[1:-1], written, language)
    exact = text.startswith("=")
    inner = text.removeprefix("=")
    words = tuple(_plain_words(inner) if not exact and _PLAIN.fullmatch(inner) else _words(inner, exact=exact))
    if not words:
        raise BadTerm(f"{written!r} holds no word", "punctuation alone is matched by a /regular expression/ only")
    return Term(written, (language, script(words[0].folded)), words)


def _regular(pattern: str, written: str, language: str) -> Term:
    try:
        return Term(written, (language, ""), pattern=Pattern(pattern))
    except BadPattern as error:
        hint = "write it in RE2 syntax: no look-around, no back-references"
        raise BadTerm(f"the regular expression {written} cannot be used: {error}", hint) from None


def _plain_words(text: str) -> Iterable[Word]:
    """Do the same as `_words`, in a fifth of the time, for what most terms are."""
    for written in text.split(" "):
        surface = written.removesuffix("*")
        folded, prefix, loud = fold(surface), surface != written, len(surface) >= 2 and surface.isupper()
        _check_prefix(text, folded, prefix=prefix, exact=False, alone=False)
        yield Word(folded, prefix, capitals=len(surface) if loud else 0, written="" if prefix or loud else surface)


def _words(text: str, *, exact: bool) -> Iterable[Word]:
    tokens = tokenize(text)
    stars = [place for place, sign in enumerate(text) if sign == "*"]
    for number, (start, end) in enumerate(tokens.places):
        surface, folded = text[start:end], tokens.words[number]
        prefix = end in stars
        alone = stands_alone(surface)
        _check_prefix(text, folded, prefix=prefix, exact=exact, alone=alone)
        stars = [star for star in stars if star != end]
        touches = number > 0 and tokens.places[number - 1][1] == start
        letters = sum(sign.isalpha() for sign in surface)
        loud = letters >= 2 and surface.isupper() and not exact
        forms = not (exact or prefix or loud or alone or any(map(str.isdigit, surface)))
        yield Word(
            folded,
            prefix=prefix and not alone,
            exact=plain(surface) if exact else "",
            capitals=len(surface) if loud else 0,
            joined=touches and alone and stands_alone(text[tokens.starts[number - 1] :]),
            written=surface if forms else "",
        )
    if stars:
        raise BadTerm(f"{text!r}: a * stands at the end of a word only", "write deploy*, or use a /regular expression/")


def _check_prefix(text: str, folded: str, *, prefix: bool, exact: bool, alone: bool) -> None:
    if prefix and exact:
        raise BadTerm(f"={text!s}: = and * exclude each other", "write one of them")
    if prefix and len(folded) < SHORTEST and not alone:
        raise BadTerm(f"{text!r}: a prefix needs {SHORTEST} letters at least", "write more of the word before the *")
