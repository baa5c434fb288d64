"""Cuts text into words with places, in every script.

A word is a run of letters, digits and their combining marks. Hyphens divide; apostrophes divide except inside Cyrillic
words (об'єкт). Chinese, Japanese and Thai have no blanks: there each character is a word of its own, so that a phrase
of them matches anywhere.
"""

import re
from dataclasses import dataclass

from monitor.language.fold import fold

_ALONE = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\u0e00-\u0e7f\u0e80-\u0eff\u1780-\u17ff\u1000-\u109f\U00020000-\U0003ffff"
)
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u0900-\u0963\u0971-\u09e3\u0a00-\u0d65\u0f18-\u0fbc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u3099\u309a\u00ad\u200b-\u200d\u2060\u0640"
)
_LETTER = f"(?:(?![{_ALONE}])[^\\W_])"
WORD = re.compile(
    f"[{_ALONE}][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u3099\u309a]*"
    f"|{_LETTER}(?:{_LETTER}|[{_MARKS}]|(?<=[\u0400-\u052f])['\u2019\u02bc\u2018`](?=[\u0400-\u052f]))*"
)
_SHORT = """
mr mrs ms dr prof gen col lt maj sgt st no vs etc inc ltd co corp jan feb mar apr jun jul aug sep sept oct nov dec
u s e g i г ул им т д п тыс млн млрд руб см рис р ст ин płk mjr kpt np tzw ok ul nr св вул м ім
"""
_ABBREVIATIONS = frozenset(_SHORT.split())
_STOP = re.compile("[.!?…]+[\"'\u201d\u2019»)\\]]*(?=\\s)|[。！？｡؟।]|\\n")
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of one text; all lists are parallel."""

    words: list[str]  # folded
    starts: list[int]
    ends: list[int]
    sentences: list[int]  # number of the sentence, from 0
    paragraphs: list[int]


def tokenize(text: str) -> Tokens:
    """Cut a text into words."""
    words, starts, ends = [], [], []
    for found in WORD.finditer(text):
        words.append(fold(found[0]))
        starts.append(found.start())
        ends.append(found.end())
    return Tokens(
        words,
        starts,
        ends,
        _numbers(starts, sentence_ends(text)),
        _numbers(starts, [m.end() for m in _PARAGRAPH.finditer(text)]),
    )


def sentence_ends(text: str) -> list[int]:
    """Return where sentences end, in order; a line's end ends one, too."""
    return [found.end() for found in _STOP.finditer(text) if not _abbreviates(text, found)]


def _abbreviates(text: str, stop: re.Match[str]) -> bool:
    if stop[0] != ".":
        return False
    before = re.search(r"[^\W\d_]+$", text[max(0, stop.start() - 12) : stop.start()])
    after = text[stop.end() : stop.end() + 3].lstrip()[:1]
    if after.islower() or (after.isdigit() and before is not None and before[0].casefold() in _ABBREVIATIONS):
        return True
    return before is not None and (before[0].casefold() in _ABBREVIATIONS or len(before[0]) == 1)


def _numbers(starts: list[int], bounds: list[int]) -> list[int]:
    """Number each start by how many bounds lie at or before it."""
    numbers, passed = [], 0
    for start in starts:
        while passed < len(bounds) and bounds[passed] <= start:
            passed += 1
        numbers.append(passed)
    return numbers
