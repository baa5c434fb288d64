"""Cuts text into words with places, sentences and paragraphs, in every script; no effects.

A word is a run of letters, digits and their combining marks. Hyphens divide. Apostrophes divide, except inside
Cyrillic words (об'єкт); quotation marks do, except inside Hebrew ones (צה"ל). Capitals with stops are one word (U.S.).
Chinese, Japanese, Thai, Lao, Khmer and Burmese are written without blanks: there each character, with its marks, is
a word of its own, so that a phrase of them is found anywhere.
"""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import add

from monitor.language.fold import APOSTROPHES, INVISIBLE, QUOTES, fold
from monitor.language.sentences import paragraph_ends, sentence_ends

_ALONE = (  # Thai, Lao; Burmese, Khmer; Japanese; Chinese
    "\u0e01-\u0e30\u0e32\u0e33\u0e3f-\u0e46\u0e50-\u0e59\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0ed0-\u0edf"
    "\u1000-\u102a\u103f-\u1049\u1050-\u1055\u1780-\u17b3\u17d7\u17dc\u17e0-\u17e9"
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)


_HAVE_MARKS = (  # not Han, Hangul and Tangut, which are half of all signs
    range(0x300, 0x3400), range(0xA000, 0xAC00), range(0xFB00, 0x17000), range(0x1B000, 0x1F000),
)  # fmt: skip


def _combining() -> str:
    """Return all combining marks as the inside of a character class; Thai and Lao AM are spelt in two ways."""
    codes = [code for code in chain(*_HAVE_MARKS) if unicodedata.category(chr(code))[0] == "M"]
    ranges: list[list[int]] = []
    for code in codes:
        if code in (0x0E4D, 0x0ECD):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges) + "\U000e0100-\U000e01ef\uff9e\uff9f"


_MARKS = _combining() + INVISIBLE.replace("\u0640", "")
_LETTER = f"[^\\W_{_ALONE}{re.escape(APOSTROPHES)}]"
_INSIDE = (
    f"[{_MARKS}]+"
    f"|(?<=[\u0400-\u052f\u0301])[{APOSTROPHES}](?=[\u0400-\u052f])"
    f"|(?<=[\u0590-\u05ff])[{APOSTROPHES}{QUOTES}](?=[\u05d0-\u05ea])"
)
_CAPITAL = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0404\u0406\u0407\u040e\u0410-\u042f\u0490"
_STOPPED = f"(?<![^\\W_])[{_CAPITAL}](?:\\.[{_CAPITAL}])+(?![^\\W_])\\.?"  # U.S., С.Ш.А.
_USUAL = f"{_LETTER}+(?:(?:{_INSIDE}){_LETTER}*)*|[\u0e4d\u0ecd]?[{_ALONE}][{_MARKS}]*"
_WORDS = {True: re.compile(f"{_STOPPED}|{_USUAL}"), False: re.compile(_USUAL)}
_ASCII_WORDS = {
    True: re.compile("(?<![A-Za-z0-9])[A-Z](?:\\.[A-Z])+(?![A-Za-z0-9])\\.?|[A-Za-z0-9]+"),
    False: re.compile("[A-Za-z0-9]+"),
}
WORD_RUN = re.compile(f"[\\w{_MARKS}]+")  # what has word bounds at its ends for a regular expression
_HAS_STOPPED = re.compile(f"[{_CAPITAL}]\\.[{_CAPITAL}]")
_FIRST_ALONE = re.compile(f"[\u0e4d\u0ecd{_ALONE}]")
# Typographic signs that divide words as their plain ones do: without them most Western text is ASCII, which is quick.
_TYPOGRAPHIC = tuple(
    zip(
        "\u2019\u2018\u201c\u201d\u00ab\u00bb\u2013\u2014\u2011\u2026\u00a0\u2022",
        ("'", "'", '"', '"', '"', '"', "-", "-", "-", ";", " ", " "),
        strict=True,
    )
)


@dataclass(frozen=True)
class Tokens:
    """The words of one text; where they stand is worked out when it is first asked for."""

    text: str
    words: list[str]  # folded, in order
    written: list[str]  # the same as the text has them, where that makes a difference to their forms

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Start and end of each word, in characters of the text."""
        return list(zip(self.starts, self.ends, strict=True))

    @cached_property
    def starts(self) -> list[int]:
        """Where each word starts, in characters.

        Between two words stands nothing that a word can begin with, so each is the next place where its letters are.
        """
        text = _simple(self.text)
        find, end, found = (text.lower() if self.written is self.words else text).find, 0, []
        for word in self.written:
            start = find(word, end)
            end = start + len(word)
            found.append(start)
        return found

    @cached_property
    def ends(self) -> list[int]:
        """Past the last character of each word."""
        return list(map(add, self.starts, map(len, self.written)))

    @cached_property
    def sentences(self) -> list[int]:
        """The words that begin a sentence, but for the first word of the text."""
        return self._beginning(sentence_ends(self.text))

    @cached_property
    def paragraphs(self) -> list[int]:
        """The words that begin a paragraph, but for the first word of the text."""
        return self._beginning(paragraph_ends(self.text))

    def surface(self, number: int) -> str:
        """Return a word as the text has it."""
        start, end = self.places[number]
        return self.text[start:end]

    def _beginning(self, bounds: list[int]) -> list[int]:
        numbers = dict.fromkeys(bisect_left(self.starts, bound) for bound in bounds)
        return [number for number in numbers if 0 < number < len(self.words)]


def tokenize(text: str) -> Tokens:
    """Cut a text into words."""
    if not text:
        return Tokens(text, [], [])
    simple = _simple(text)
    if simple.isascii() and _HAS_STOPPED.search(simple) is None:
        words = _ASCII_WORDS[False].findall(simple.lower())
        return Tokens(text, words, words)
    written = _pattern(simple).findall(simple)
    return Tokens(text, [fold(word) for word in written], written)


def stands_alone(word: str) -> bool:
    """Tell whether a word is of a script that is written without blanks."""
    return _FIRST_ALONE.match(word) is not None


def _simple(text: str) -> str:
    """Return the text with plain quotation marks and dashes, of the same length."""
    if not text.isascii():
        for sign, usual in _TYPOGRAPHIC:
            text = text.replace(sign, usual)
    return text


def _pattern(simple: str) -> re.Pattern[str]:
    stopped = _HAS_STOPPED.search(simple) is not None
    return _ASCII_WORDS[stopped] if simple.isascii() else _WORDS[stopped]
