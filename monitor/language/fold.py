"""Folds words so that spellings of one word are equal: case, accents, typography, width; no effects.

After NFKC and full case folding, accents and vowel points are dropped in Latin, Greek, Hebrew and Arabic script.
Cyrillic keeps the letters that only look accented (й, ї, ў, ґ); ё becomes е, and stress marks go. Other scripts
keep their marks: there they are vowels. Letters that people type in several ways become one (ł l, ø o, ı i, ى ي).
"""

import unicodedata
from functools import lru_cache

APOSTROPHES = "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u05f3\u2018\u2019\u201b\u2032\uff07"
QUOTES = '"\u05f4\u201d\u201f\u2033'  # inside Hebrew abbreviations
INVISIBLE = "\u00ad\u034f\u061c\u0640\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
_GONE = dict.fromkeys(map(ord, APOSTROPHES + QUOTES + INVISIBLE + "."))  # a stop inside a word: U.S.
_DROPPED = (  # accents and vowel points; not the vowel signs of Indic scripts
    (0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x06D6, 0x06ED), (0x08D3, 0x08FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
)  # fmt: skip
_CYRILLIC = {"ё": "е", "ѐ": "е", "ѝ": "и"}
_OTHER = {"þ": "th", "æ": "ae", "œ": "oe"} | dict(
    zip("ıłøđħðəŧ" + "ٱىیېکةہھۀ", "ilodhdet" + "اييي" + "ك" + "هههه", strict=True)
)


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return the folded form of one word; "" where nothing of it is left."""
    if word.isascii():
        return word.lower().translate(_GONE)
    text = unicodedata.normalize("NFKC", word).translate(_GONE).casefold()
    return "".join(map(_letter, unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=65536)
def plain(word: str) -> str:
    """Return a word's very letters, for terms that ask for them: only invisible signs and ways of encoding go."""
    return word if word.isascii() else unicodedata.normalize("NFC", word.translate(_INVISIBLE_ONLY))


_INVISIBLE_ONLY = dict.fromkeys(map(ord, INVISIBLE))


@lru_cache(maxsize=16384)
def _letter(letter: str) -> str:
    if "\u0400" <= letter <= "\u052f":
        return _CYRILLIC.get(letter, letter)
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    kept = (part for part in unicodedata.normalize("NFD", letter) if not _is_dropped(ord(part)))
    return unicodedata.normalize("NFC", "".join(_OTHER.get(part, part) for part in kept))


def _is_dropped(code: int) -> bool:
    return any(first <= code <= last for first, last in _DROPPED)


@lru_cache(maxsize=16384)
def script(word: str) -> str:
    """Return the script of a word's first letter, as Unicode names it (LATIN, CYRILLIC, CJK); "" for digits."""
    first = word[:1]
    if first.isascii() or first.isdigit():
        return "LATIN" if first.isalpha() else ""
    return unicodedata.name(first, "OTHER").split()[0]
