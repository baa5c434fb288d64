"""Which words are forms of one word: those that share a key, in one language; no effects.

A word has one key or several: a stem, or the dictionary forms that it may come from. Keys of a term and of a text are
asked for apart, since a text may hold what a rule's author does not write: prepositions and articles joined to a word.
Keys are folded as words are, so that accents that somebody left out do not count here either.

To add a language: one line in `ENGINES`, and its words in `tests/cases/inflection.yaml`.
"""

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from monitor.language.fold import APOSTROPHES, INVISIBLE, fold, script
from monitor.language.inflection import arabic, belarusian, english, estonian, lemmas, morphology, snowball, turkish
from monitor.language.inflection.engine import Engine

MEMORY = 8_192  # words of texts whose keys are remembered, for the few that are asked for again; see `match.lexicon`
SHORTEST = 3  # letters; shorter words have no forms that could be told from other words

# language -> what makes the keys of its words, loaded when the first word is asked for
ENGINES: Mapping[str, Callable[[], Engine]] = {
    "ar": arabic.Arabic,
    "be": belarusian.Belarusian,
    "ca": lambda: snowball.Snowball("catalan"),
    "cs": lambda: snowball.Snowball("czech"),
    "da": lambda: snowball.Snowball("danish"),
    "de": lambda: snowball.Snowball("german"),
    "el": lambda: snowball.Snowball("greek"),
    "en": english.English,
    "es": lambda: snowball.Snowball("spanish"),
    "et": estonian.Estonian,
    "fa": lambda: snowball.Snowball("persian"),
    "fi": lambda: snowball.Snowball("finnish"),
    "fr": lambda: snowball.Snowball("french"),
    "he": lambda: lemmas.Lemmas("he", joined="ובכלמשה"),
    "hi": lambda: snowball.Snowball("hindi"),
    "hu": lambda: snowball.Snowball("hungarian"),
    "hy": lambda: snowball.Snowball("armenian"),
    "it": lambda: snowball.Snowball("italian"),
    "lt": lambda: snowball.Snowball("lithuanian"),
    "lv": lambda: lemmas.Lemmas("lv"),
    "nl": lambda: snowball.Snowball("dutch"),
    "no": lambda: snowball.Snowball("norwegian"),
    "pl": lambda: snowball.Snowball("polish"),
    "pt": lambda: snowball.Snowball("portuguese"),
    "ro": lambda: snowball.Snowball("romanian"),
    "ru": lambda: morphology.Morphology("ru"),
    "sv": lambda: snowball.Snowball("swedish"),
    "ta": lambda: snowball.Snowball("tamil"),
    "tr": turkish.Turkish,
    "uk": lambda: morphology.Morphology("uk"),
}
# The script of each language, as `fold.script` names it; all others in the list are Latin.
SCRIPTS: Mapping[str, str] = {
    **dict.fromkeys(ENGINES, "LATIN"),
    **dict.fromkeys("ru uk be bg mk sr kk ky mn tg tt ba ce cv os".split(), "CYRILLIC"),
    **dict.fromkeys("ar fa ur ps ckb ug sd".split(), "ARABIC"),
    "he": "HEBREW",
    "yi": "HEBREW",
    "el": "GREEK",
    "hi": "DEVANAGARI",
    "mr": "DEVANAGARI",
    "ne": "DEVANAGARI",
    "hy": "ARMENIAN",
    "ta": "TAMIL",
}
# The language that a plain term is read in where that of the article is not known or has another script.
USUAL: Mapping[str, str] = {
    "LATIN": "en", "CYRILLIC": "ru", "ARABIC": "ar", "HEBREW": "he", "GREEK": "el", "DEVANAGARI": "hi",
    "ARMENIAN": "hy", "TAMIL": "ta",
}  # fmt: skip
_NOT_LATIN = frozenset("am bn dv dz gu ja ka km kn ko ks lo ml my or pa sa si te th ti bo yi zh".split())
_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))
_APOSTROPHES = dict.fromkeys(map(ord, APOSTROPHES), "'")


def inflects(language: str) -> bool:
    """Return whether forms of words are known in a language (ISO 639-1)."""
    return language in ENGINES


def reading(language: str, script: str) -> str:
    """Return the language in which words of a script are read in an article of a language; "" where no forms are.

    They are read in the article's own where that is written so; a quotation in another script in the usual language
    of that script.
    """
    if language and _script_of(language) == script:
        return language if language in ENGINES else ""
    return USUAL.get(script, "")


def _script_of(language: str) -> str:
    return SCRIPTS.get(language) or ("" if language in _NOT_LATIN else "LATIN")


@lru_cache(MEMORY)
def of_text(language: str, word: str) -> tuple[str, ...]:
    """Return the keys of a word as it stands in a text; none where it is not in the script of the language."""
    shown = _shape(language, word)
    return _folded(_engine(language).of_text(shown)) if _has_forms(language, shown) else ()


def of_both(language: str, word: str) -> tuple[str, ...]:
    """Return keys by which two words of texts are told to be forms of one; dearer than `of_text` in some languages."""
    shown = _shape(language, word)
    if not _has_forms(language, shown):
        return ()
    engine = _engine(language)
    return _folded(engine.lemmas(shown) if isinstance(engine, morphology.Morphology) else engine.of_text(shown))


def of_term(language: str, word: str) -> tuple[str, ...]:
    """Return the keys of a word as somebody writes it into a rule."""
    shown = _shape(language, word)
    return _folded(_engine(language).of_term(shown)) if _has_forms(language, shown) else ()


def _has_forms(language: str, word: str) -> bool:
    return len(word) >= SHORTEST and script(word[:1]) == SCRIPTS[language] and not any(map(str.isdigit, word))


def _folded(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(key) for key in keys))


@cache
def _engine(language: str) -> Engine:
    return ENGINES[language]()


def _shape(language: str, word: str) -> str:
    """Return a word in small letters, with one kind of apostrophe and without what is not seen."""
    if word.isascii():
        return turkish.lower(word) if language == "tr" else word.lower()
    word = unicodedata.normalize("NFKC", word).translate(_INVISIBLE).translate(_APOSTROPHES)
    return turkish.lower(word) if language == "tr" else word.lower()
