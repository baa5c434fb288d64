"""Folds words so that spellings of one word are equal: case, accents, typography, width.

After NFKC and case folding, accents are dropped in Latin, Greek, Hebrew and Arabic script. Cyrillic keeps the letters
that only look accented (й, ї, ў); ё becomes е. Other scripts keep their marks, which there are vowels.
"""

import unicodedata
from functools import lru_cache

APOSTROPHES = "'\u2019\u02bc\u2018`\u00b4\u02b9\uff07"
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\u200e\u200f\ufeff\u061c\u0640"))
KEPT = "йїўґќѓ"
_DROPPED = (  # accents and vowel points; not the vowel signs of Indic scripts
    (0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x06D6, 0x06ED), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
)  # fmt: skip
_OTHER = {
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ħ": "h",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ß": "ss",
    "ς": "σ",
}
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه"}


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return the folded form of one word."""
    if word.isascii():
        return word.lower().replace("'", "").replace("`", "")
    text = unicodedata.normalize("NFKC", word.translate(INVISIBLE)).casefold()
    return "".join(_letter(letter) for letter in unicodedata.normalize("NFC", text))


@lru_cache(maxsize=8192)
def _letter(letter: str) -> str:
    if letter in APOSTROPHES:
        return ""
    if letter in KEPT:
        return letter
    found = _OTHER.get(letter) or _ARABIC.get(letter)
    if found:
        return found
    kept = "".join(part for part in unicodedata.normalize("NFD", letter) if not _is_dropped(ord(part)))
    return unicodedata.normalize("NFC", "".join(_OTHER.get(part, part) for part in kept))


def _is_dropped(code: int) -> bool:
    return any(first <= code <= last for first, last in _DROPPED)
