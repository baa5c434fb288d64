"""Which language a text is in: the script tells most, letters and function words the rest.

For Latin script the library CLD2 (pycld2) and function words must agree, or one of them be very sure: alone, CLD2
takes French and Italian headlines with names for English (wrong in 4.8 of 100), function words find too little
(62 of 100). Together they name 88 of 100 headlines and are wrong in 0.1, in 35 microseconds; measured against what
three other libraries agree on. What stays unclear is "".
"""

import re
from collections.abc import Collection, Iterable, Sequence

try:
    import pycld2
except ImportError:  # there is no wheel for every machine; function words alone then name fewer texts
    pycld2 = None

from monitor.language.scripts import script_of
from monitor.language.words import CYRILLIC_WORDS, LETTERS, WORDS

_LOOKED_AT = 200  # characters
_WORD = re.compile(r"[^\W\d_]+")
# How clear the function words must be alone, and how sure CLD2 alone; it says English too easily.
_CLEAR, _SURE, _SURE_ENGLISH, _SILENT = 1.3, 600, 500, 0.6
# Letters that only one language of a script has, or that only those before it have, too: the first that fits.
_CYRILLIC_LETTERS = (
    ("kk", "қғұң"), ("mk", "ѓќѕ"), ("sr", "ђћјљњџ"), ("be", "ў"), ("uk", "їєґ"),
)  # fmt: skip
_BULGARIAN = re.compile("ъ[бвгджзклмнпрстфхцчш]")  # in Russian only vowels follow it
_NOT_BULGARIAN = re.compile("ь(?!о)|[ыэё]")
_NOT_SOUTH = re.compile("[ьъйщюяыэё]")  # neither Serbian nor Macedonian
_CYRILLIC = frozenset(("ru", "uk", "be", "bg", "sr", "mk"))
_CLEAR_CYRILLIC = 0.5
_ARABIC_LETTERS = (("ur", "ٹڈڑںےھ"), ("ps", "ښټډړږځڅ"), ("ckb", "ۆێڕڵ"), ("fa", "پچژگکی"))
# CLD2's own names for some, and languages that it should not be believed about in short texts.
_NAMES = {"iw": "he", "zh-Hant": "zh", "nb": "no", "nn": "no", "bs": "hr", "jw": "jv"}
_MORE = frozenset("af az ca cy da eo et eu fi ga gl hr id is ms mt no sk sl sq sv sw tl uz vi".split())
# Declared codes that are not ISO 639-1, but seen.
_DECLARED = {
    "iw": "he", "nb": "no", "nn": "no", "ua": "uk", "cz": "cs", "gr": "el", "jp": "ja", "kr": "ko", "dk": "da",
    "by": "be", "se": "sv", "eng": "en", "rus": "ru", "ukr": "uk", "bel": "be", "pol": "pl", "deu": "de", "ger": "de",
    "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "lit": "lt", "lav": "lv", "est": "et",
    "english": "en", "russian": "ru", "german": "de", "french": "fr", "spanish": "es",
    "polish": "pl", "ukrainian": "uk", "bs": "hr",
}  # fmt: skip
# Detection cannot tell these apart in a headline; there a declaration is better than a guess.
_ALIKE = (
    {"no", "da", "sv"}, {"hr", "sr", "sl"}, {"cs", "sk"}, {"id", "ms"}, {"hi", "mr", "ne"}, {"es", "gl", "pt", "ca"},
)  # fmt: skip


def _index(table: dict[str, Sequence[str]], weight: float) -> dict[str, list[tuple[str, float]]]:
    """Turn languages' words into words' languages; a word of many languages says less about each."""
    of: dict[str, list[str]] = {}
    for language, words in table.items():
        for word in dict.fromkeys(words):
            of.setdefault(word, []).append(language)
    return {word: [(one, weight / len(languages) ** 0.5) for one in languages] for word, languages in of.items()}


_BY_WORD = _index({language: words.split() for language, words in WORDS.items()}, 1.0)
_BY_LETTER = _index({language: letters for language, letters in LETTERS.items()}, 0.8)
_BY_CYRILLIC_WORD = _index({language: words.split() for language, words in CYRILLIC_WORDS.items()}, 1.0)


def detect(text: str) -> str:
    """Return the language of a text as ISO 639-1, or "" where it is not clear; looks at 200 characters."""
    text = text[:_LOOKED_AT]
    script = script_of(text)
    if script == "Latin":
        return _latin(text)
    if script == "Cyrillic":
        return _cyrillic(text)
    if script == "Arabic":
        return _by_letters(text, _ARABIC_LETTERS) or "ar"
    if script == "Devanagari":
        found, _ = _library(text)
        return found if found in ("mr", "ne") else "hi"
    return "zh" if script == "Han" else script


def language_of(text: str, *, declared: Iterable[str], of_source: str = "") -> tuple[str, str]:
    """Return the language of a text and where that is known from: "declared", "source" or "detected".

    A declaration holds unless detection, which would rather say nothing than be wrong, contradicts it.
    """
    found = detect(text)
    for where, code in (*(("declared", one) for one in declared), ("source", of_source)):
        code = normal_code(code)
        if code and (found in ("", code) or any(found in group and code in group for group in _ALIKE)):
            return code, where
    return found, "detected" if found else ""


def normal_code(declared: str) -> str:
    """Return a declared language (`en-GB`, `PL_pl`, `rus`) as ISO 639-1, or "" if it is none."""
    code = declared.strip().replace("_", "-").partition("-")[0].lower()
    code = _DECLARED.get(code, code)
    is_code = len(code) in (2, 3) and code.isascii() and code.isalpha()
    return code if is_code and code not in ("und", "mul", "zxx", "xx") else ""


def _latin(text: str) -> str:
    word, score, second = _vote(text, _BY_WORD, letters=True)
    if score - second >= _CLEAR:
        return word
    found, sure = _library(text)
    if found == word:
        return found
    if found != "en":
        return found if sure >= _SURE and (found in WORDS or found in _MORE) else ""
    return "en" if sure >= _SURE_ENGLISH and score < _SILENT else ""


def _vote(
    text: str, index: dict[str, list[tuple[str, float]]], *, letters: bool, without: Collection[str] = ()
) -> tuple[str, float, float]:
    """Return the language that most function words speak for, its score and the next one's."""
    text = text.lower()
    scores: dict[str, float] = {}
    for word in set(_WORD.findall(text)):
        for language, weight in index.get(word, ()):
            scores[language] = scores.get(language, 0.0) + weight
    if letters and not text.isascii():
        for letter in set(text):
            for language, weight in _BY_LETTER.get(letter, ()):
                scores[language] = scores.get(language, 0.0) + weight
    for language in without:
        scores.pop(language, None)
    first, second, *_ = [*sorted(scores.items(), key=lambda pair: -pair[1]), ("", 0.0), ("", 0.0)]
    return first[0], first[1], second[1]


def _library(text: str) -> tuple[str, float]:
    if pycld2 is None:
        return "", 0.0
    try:
        _, _, found = pycld2.detect(text.encode(errors="replace"), isPlainText=True, bestEffort=True)
    except pycld2.error:  # it refuses some control characters
        return "", 0.0
    code = found[0][1]
    return ("", 0.0) if code == "un" else (_NAMES.get(code, code), found[0][3])


def _cyrillic(text: str) -> str:
    text = text.lower()
    own = _by_letters(text, _CYRILLIC_LETTERS)
    russian = sum(map(text.count, "ыэё"))
    if "і" in text:
        return "be" if own == "be" or (russian and "и" not in text) else "uk" if own in ("", "uk") else own
    if own and (not russian or own == "be"):
        return own
    if russian:
        return "ru" if not own else ""
    if _BULGARIAN.search(text):
        return "bg"
    excluded = {"sr", "mk"} if _NOT_SOUTH.search(text) else set()
    excluded |= {"bg"} if _NOT_BULGARIAN.search(text) else set()
    word, score, second = _vote(text, _BY_CYRILLIC_WORD, letters=False, without=excluded)
    if score - second >= _CLEAR_CYRILLIC:
        return word
    found, sure = _library(text)
    if found == word and score > second:
        return found
    return found if sure >= _SURE and found in _CYRILLIC - excluded else ""


def _by_letters(text: str, table: Sequence[tuple[str, str]]) -> str:
    return next((language for language, letters in table if any(letter in text for letter in letters)), "")
