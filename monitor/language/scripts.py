"""Which script a text is written in, and which language that says."""

from bisect import bisect_right
from collections import Counter

# First code point of a stretch and what is written in it: a language where the script has one, else the script.
_STRETCHES = (
    (0x0000, "Latin"), (0x0370, "el"), (0x0400, "Cyrillic"), (0x0530, "hy"), (0x0590, "he"), (0x0600, "Arabic"),
    (0x0700, ""), (0x0750, "Arabic"), (0x0780, ""), (0x08A0, "Arabic"), (0x0900, "Devanagari"), (0x0980, "bn"),
    (0x0A00, "pa"), (0x0A80, "gu"), (0x0B00, "or"), (0x0B80, "ta"), (0x0C00, "te"), (0x0C80, "kn"), (0x0D00, "ml"),
    (0x0D80, "si"), (0x0E00, "th"), (0x0E80, "lo"), (0x0F00, "bo"), (0x1000, "my"), (0x10A0, "ka"), (0x1100, "ko"),
    (0x1200, "am"), (0x1380, ""), (0x1780, "km"), (0x1800, ""), (0x1C80, "Cyrillic"), (0x1C90, "ka"), (0x1CC0, ""),
    (0x1E00, "Latin"), (0x1F00, "el"), (0x2000, ""), (0x2C60, "Latin"), (0x2C80, ""), (0x3040, "ja"), (0x3100, ""),
    (0x3130, "ko"), (0x3190, ""), (0x31F0, "ja"), (0x3200, ""), (0x3400, "Han"), (0xA000, ""), (0xA640, "Cyrillic"),
    (0xA6A0, ""), (0xAC00, "ko"), (0xD7B0, ""), (0xF900, "Han"), (0xFB00, "Latin"), (0xFB1D, "he"), (0xFB50, "Arabic"),
    (0xFE00, ""), (0xFE70, "Arabic"), (0xFF00, ""), (0xFF21, "Latin"), (0xFF66, "ja"), (0xFFA0, "ko"), (0xFFE0, ""),
    (0x20000, "Han"), (0x32000, ""),
)  # fmt: skip
_FIRST = [first for first, _ in _STRETCHES]
_SAMPLE = 40  # letters that decide
_ENOUGH = 0.3  # share of other letters: names in Latin script are common everywhere


def script_of(text: str) -> str:
    """Return "Latin", "Cyrillic", "Arabic", "Devanagari", "Han", the one language of another script, or ""."""
    if text.isascii():
        return "Latin" if any(map(str.isalpha, text)) else ""
    letters = [letter for letter in text if letter.isalpha()]
    step = len(letters) // _SAMPLE + 1
    found = Counter([_STRETCHES[bisect_right(_FIRST, ord(letter)) - 1][1] for letter in letters[::step]])
    total = found.total()
    if found["ja"] and found["ja"] + found["Han"] >= _ENOUGH * total:  # kana stands between Han characters
        return "ja"
    latin = found.pop("Latin", 0)
    other, number = max(found.items(), key=lambda pair: pair[1], default=("", 0))
    return other if number and number >= _ENOUGH * total else "Latin" if latin else ""
