r"""Regular expressions in RE2 syntax, with word bounds and classes that are right in every script.

RE2 takes linear time, but its `\b`, `\w`, `\d` and `\s` know ASCII only. So the classes are written out, and for `\b`
the expression is run on a copy of the text in which a sign that occurs nowhere else stands at every word bound:
`\b` becomes that sign, and any other character may have it before itself.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import re2

from monitor.language.tokens import WORD_RUN

MOST = 100  # matches taken from one field
MEMORY = 8 << 20  # bytes for one compiled expression
BOUND = "\ufdd0"  # a code point that is no character, and never will be one
_WORD_RUNS = re.compile(f"({WORD_RUN.pattern})")
_WORD, _BLANK, _DIGIT = r"\p{L}\p{M}\p{N}_", r"\s\p{Z}", r"\p{Nd}"
_CLASSES = {"w": _WORD, "s": _BLANK, "d": _DIGIT}
_PIECE = re.compile(
    r"""
      \\Q(?P<literal>.*?)(?:\\E|$)
    | \\(?P<property>[pP](?:\{[^}]*\}|.))
    | (?P<code>\\x\{[^}]*\}|\\x..|\\[0-7]{1,3})
    | \\(?P<escape>.)
    | (?P<set>\[\^?\]?(?:\[:[^]]*:\]|\\.|[^\]\\])*\])
    | (?P<group>\(\?(?:P?<[^>]*>|[a-zA-Z-]*[:)]))
    | (?P<syntax>[()|*+?]|\{\d+(?:,\d*)?\})
    | (?P<anchor>[$^])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_SET = re.compile(r"\\([pP](?:\{[^}]*\}|.)|x\{[^}]*\}|.)", re.DOTALL)


class BadPattern(ValueError):
    """A regular expression cannot be used; the message says why."""


class Pattern:
    """One compiled expression; letters of either case are the same unless it says `(?-i)`."""

    def __init__(self, written: str) -> None:
        """Compile; BadPattern carries RE2's own message."""
        self.bounded = r"\b" in written
        _compile(written)  # so that the message is about what was written, not about what it became
        self.translated = _Translation(written, bounded=self.bounded).result
        self._compiled = _compile(self.translated)
        for nothing in ("", BOUND, BOUND * 2):
            if self._compiled.fullmatch(nothing):
                raise BadPattern("it matches the empty text, so it would match everywhere")

    def find(self, text: "Readable") -> list[tuple[int, int]]:
        """Return start and end of the first matches, in characters."""
        raw = text.bounded if self.bounded else text.plain
        spans = [match.span() for match in islice(self._compiled.finditer(raw), MOST)]
        if self.bounded:
            spans = [(text.original(start), text.original(end)) for start, end in spans]
        return [(start, end) for start, end in spans if start < end]


class Together:
    """Some expressions as one, which says whether any of them matches: most match nothing in most texts."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        """Compile; BadPattern where they are too large together. All have bounds, or none has."""
        self.bounded = patterns[0].bounded
        self._compiled = _compile("|".join(f"(?:{pattern.translated})" for pattern in patterns))

    def matches(self, text: "Readable") -> bool:
        """Tell whether one of them matches, perhaps nothing but the empty text."""
        return self._compiled.search(text.bounded if self.bounded else text.plain) is not None


class Readable:
    """A text in the forms that expressions are run on; each is made when it is first needed."""

    def __init__(self, text: str) -> None:
        """Take a text as it is."""
        self._text = text

    @cached_property
    def plain(self) -> str:
        """The text without what UTF-8 cannot say, and without the sign for bounds; of the same length."""
        text = self._text.replace(BOUND, " ")
        return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)

    @cached_property
    def bounded(self) -> str:
        """The text with the sign at every word bound."""
        pieces = _WORD_RUNS.split(self.plain)  # word runs are the odd ones; quicker than a substitution
        pieces[1::2] = [f"{BOUND}{run}{BOUND}" for run in pieces[1::2]]
        return "".join(pieces)

    @cached_property
    def _bounds(self) -> list[int]:
        return [place for place, sign in enumerate(self.bounded) if sign == BOUND]

    def original(self, place: int) -> int:
        """Return the place in the text of a place in `bounded`."""
        return place - bisect_left(self._bounds, place)


class _Translation:
    """Rewrites one expression piece by piece."""

    def __init__(self, written: str, *, bounded: bool) -> None:
        self.sign = BOUND if bounded else ""
        self.dot = "."
        if self.sign:
            self.dot = f"[^{self.sign}]" if re.search(r"\(\?[a-zA-Z]*s", written) else f"[^\n{self.sign}]"
        self.result = "".join(self._piece(match) for match in _PIECE.finditer(written))

    def _piece(self, match: re.Match[str]) -> str:
        kind, piece = str(match.lastgroup), match[0]
        if kind in ("group", "syntax"):
            return piece
        make = {
            "literal": lambda: "".join(self._atom(f"\\x{{{ord(sign):x}}}") for sign in match["literal"]),
            "property": lambda: self._atom(self._property(match["property"])),
            "escape": lambda: self._escape(match["escape"]),
            "set": lambda: self._atom(self._set(piece)),
            "anchor": lambda: f"{self.sign}?$" if piece == "$" and self.sign else piece,
            "other": lambda: self._atom(self.dot if piece == "." else piece),
        }
        return make.get(kind, lambda: self._atom(piece))()

    def _atom(self, piece: str) -> str:
        return f"(?:{self.sign}?{piece})" if self.sign else piece

    def _property(self, name: str) -> str:
        return f"[^\\p{name[1:]}{self.sign}]" if name[0] == "P" and self.sign else f"\\{name}"

    def _escape(self, sign: str) -> str:
        if sign == "b":
            return self.sign
        if sign in ("B", "C"):
            raise BadPattern(f"\\{sign} is not supported; say it with \\b or a class")
        if sign in ("A", "z"):
            return f"{self.sign}?\\z" if sign == "z" and self.sign else f"\\{sign}"
        if sign in _CLASSES:
            return self._atom(f"[{_CLASSES[sign]}]")
        if sign.lower() in _CLASSES:
            return self._atom(f"[^{_CLASSES[sign.lower()]}{self.sign}]")
        return self._atom(f"\\{sign}")

    def _set(self, piece: str) -> str:
        inner = _IN_SET.sub(self._in_set, piece[1:-1])
        return f"[{inner}{self.sign}]" if inner.startswith("^") else f"[{inner}]"

    def _in_set(self, match: re.Match[str]) -> str:
        sign = match[1]
        if sign in _CLASSES:
            return _CLASSES[sign]
        if sign == "D":
            return r"\P{Nd}"
        if sign in ("W", "S"):
            raise BadPattern(f"\\{sign} inside [...] is not supported; write the class with [^...]")
        return match[0]


def _compile(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.never_capture = True
    options.max_mem = MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0] if error.args else str(error)
        raise BadPattern(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)) from None
    except UnicodeEncodeError:
        raise BadPattern("it holds half a character (a lone surrogate)") from None
