"""Finds where sentences and paragraphs end, in every script; no effects.

A stop does not end a sentence after an abbreviation or an initial, inside a number or an address, nor before a small
letter. A blank line ends a paragraph; a line's end ends a sentence unless the next line goes on in small letters.
"""

import re

_CLOSERS = "\"'\u2019\u201d\u00bb\u203a)\\]\u300d\u300f\uff09"
_STOP = re.compile(
    f"[.!?\u2026]+[{_CLOSERS}]*(?=\\s)"
    f"|[\u3002\uff01\uff1f\uff61\u061f\u06d4\u0964\u0965\u0589\u1362\u17d4\u104b\u0f0d][{_CLOSERS}]*"
    "|\\n"
)
_PARAGRAPH = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_BEFORE = re.compile(r"(?:^|[^\w.])((?:[^\W\d_]\.)*[^\W_]+)$")
_NEXT = re.compile(r"[\W_]*([^\W_]*)")

# Never the end of a sentence: a name or a number follows.
_NEVER = frozenset(
    """
    mr mrs ms messrs dr prof gen col lt maj capt cmdr sgt cpl adm brig gov sen rep rev hon st vs e.g i.e cf approx
    ул им т д т.е т.к т.н см св проф акад ген полк подп обл пос просп пер д.р гр тов см рис стр гл пл н.э
    вул ім см проф акад ген обл див гр м.п напр пл бул
    płk ppłk mjr kpt por gen św prof im ul al pl np tzw m.in tj hab inż red ks
    hr fr z.b bzw ca nr d.h u.a usw dipl ing mme mlle sr sra srta dña ee
    """.split()
)
# Mostly inside a sentence; its end only where a usual first word follows.
_SELDOM = frozenset(
    "inc ltd co corp jr bros dept est etc al mt ft a.m p.m u.s u.n u.k e.u jan feb aug sept oct nov dec".split()
)
# Before a number only.
_NUMBERED = frozenset(
    """
    no nos nr art sec fig vol ch pp p para jan feb mar apr jun jul aug sep sept oct nov dec
    п пп ст гл рис табл стр с ч др ч.п poz str rys art ust pkt r godz
    """.split()
)
_STARTERS = frozenset(
    """
    the a an it its he she they we i you this that these those there in on at by from for after before during since
    with as if when while but and or so however meanwhile officials president minister
    """.split()
)
_MONTHS = frozenset("januar februar märz april mai juni juli august september oktober november dezember".split())
_PLACES = frozenset("г м с")
_CASELESS_SMALL = re.compile("[\u10d0-\u10ff]")  # Georgian letters count as small, and begin sentences


def sentence_ends(text: str) -> list[int]:
    """Return where sentences end, in characters, in order."""
    return [found.end() for found in _STOP.finditer(text) if _ends(text, found)]


def paragraph_ends(text: str) -> list[int]:
    """Return where paragraphs end, in characters, in order."""
    return [found.end() for found in _PARAGRAPH.finditer(text)]


def _ends(text: str, stop: re.Match[str]) -> bool:
    sign = stop[0]
    if sign == "\n":
        return not _goes_on(text, stop.end()) or text[stop.end() : stop.end() + 1] == "\n"
    if not sign[0].isascii() and sign[0] != "\u2026":
        return True
    if _goes_on(text, stop.end()):
        return False
    return not sign.startswith(".") or sign.startswith("..") or not _abbreviates(text, stop.start(), stop.end())


def _goes_on(text: str, end: int) -> bool:
    """Tell whether what follows begins with a small letter."""
    rest = text[end : end + 8].lstrip()[:1]
    return rest.islower() and not _CASELESS_SMALL.match(rest)


def _abbreviates(text: str, stop: int, end: int) -> bool:
    """Tell whether the stop belongs to an abbreviation, an initial or an ordinal number."""
    found = _BEFORE.search(text, max(0, stop - 16), stop)
    if found is None:
        return False
    word, following = found[1].casefold(), _following(text, end)
    if word.isdigit():
        return following in _MONTHS
    if word in _NEVER:
        return True
    if word in _NUMBERED and following[:1].isdigit():
        return True
    if word in _SELDOM or len(word.replace(".", "")) * 2 - 1 == len(word) > 1:
        return following not in _STARTERS
    if word in _PLACES:  # a city's name follows (г. Минск); but 2022 г., 5 м. and 3 с. end a sentence
        return not text[: found.start(1)].rstrip()[-1:].isdigit()
    return len(word) == 1 and word.isalpha() and found[1].isupper()


def _following(text: str, end: int) -> str:
    found = _NEXT.match(text, end)
    return found[1].casefold() if found else ""
