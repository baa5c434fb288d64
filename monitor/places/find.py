"""Finds the names of places, regions and countries in a text, with what each may stand for; chooses nothing yet.

Only words with a capital are looked at, and in Slavic languages adjectives ("брестский", "ukraińskie"). In headlines of
capitals only, or with a capital to each word, capitals tell nothing: `Named.shouted` says so.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from monitor.language.fold import fold
from monitor.places.gazetteer import COUNTRY, PLACE, REGION, Entry, gazetteer
from monitor.places.lemmas import adjective_key, lemmas

LANGUAGES = frozenset({"ru", "uk", "be", "pl"})  # whose endings are known
WATCHED = frozenset("BY UA PL LT LV EE RU MD FI GE AM AZ RO SK HU CZ".split())  # whose small places are known, too
LARGE = 100_000  # people: elsewhere only such a place is taken for what an inflected word names
MEMORY = 16_384  # words whose meaning is remembered


def _capitals() -> str:
    """Return the capitals of Latin and Cyrillic letters as the inside of a character class."""
    letters = [
        chr(code) for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x400, 0x530)) if chr(code).isupper()
    ]
    return "".join(letters)


_CAPITAL = _capitals()
_REST = r"\w*(?:[’'ʼ`](?!s\b)\w+)*"
_NAME = f"(?<![\\w])[{_CAPITAL}]{_REST}"
_SCAN = {
    "": re.compile(_NAME),
    "cyrillic": re.compile(
        f"{_NAME}|\\b[а-яёіїєґў]+[сцз]ь?к(?:ий|ая|ое|ие|ого|ому|им|ом|ой|ую|ою|их|ими|і|а|е|у|ої|ій|ім|ага|аму|ай|аю|ае|ія|іх|імі)\\b"
    ),
    "pl": re.compile(f"{_NAME}|\\b[a-ząćęłńóśźż]+[sczd]k(?:i|a|ą|ie|iego|iemu|im|iej|ich|imi)\\b"),
}
_NEXT = re.compile(r"[\s\u00a0]?[\s\u00a0\-\u2010\u2011\u2013]\s?(\w+(?:[’'ʼ`](?!s\b)\w+)*)")
_REGION_AFTER = re.compile(
    r"[\s\u00a0\-]+(?:(?P<big>oblasts?\b|region\b|provinces?\b|voivodeship\b|state\b|krai\b|republic\b|област[ьиюєяійе]\w*|обл\b"
    r"|вобласц\w*|вобл\b|кра[йяюеє]\w*|республик\w+)|(?P<small>district\b|raion\b|rayon\b|county\b|район\w*|раён\w*|р-н\w*))",
    re.IGNORECASE,
)
_REGION_BEFORE = re.compile(
    r"(?:(?P<big>\b(?:obw[oó]d\w*|wojew[oó]dztw\w*|(?:region|province|oblast|state) of(?: the)?))"
    r"|(?P<small>\b(?:rejon\w*|powia\w*)))\s+$",
    re.IGNORECASE,
)
_FIRST_CYRILLIC = "\u0400"
_BEGINNINGS = ("obw", "wojew", "rejon", "powia", "of", "the")
_LOOK_BACK = 30  # characters before a name that may say how it is meant
_LONGER = re.compile(r"[^\W\d]{4,}")
_LOOKED_AT = 300  # characters that tell whether capitals tell something
_SMALL_WORDS = frozenset(  # that a headline in which each word has a capital leaves small
    """
    with from over into after amid about among under between through against during before without than that when
    """.split()
)


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch of text that names something, and the numbers of all that it may name."""

    start: int
    end: int
    words: str
    candidates: tuple[Entry, ...]
    common: bool = False  # also an everyday word
    person: bool = False  # also the name of people
    adjective: bool = False
    shouted: bool = False  # its capital tells nothing
    region: bool = False  # the word for a region stands beside it
    generic_end: int = field(default=0)  # past that word, else `end`


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a word may stand for or begin."""

    alone: tuple[Entry, ...]  # of this word only
    longer: Mapping[str, tuple[Entry, ...]]  # of several words, by the second
    adjectives: tuple[Entry, ...]
    flags: str


def names_in(text: str, language: str) -> list[Named]:
    """Return what a text names, in its order; the longest where names begin alike."""
    if not text:
        return []
    found: list[Named] = []
    shouted: bool | None = None  # worked out when it is first asked for: most texts name nothing
    latin = language if language == "pl" else ""
    end = 0
    for match in _SCAN[_way(text, language)].finditer(text):
        word = match[0]
        meaning = meaning_of(word, latin if word[0] < _FIRST_CYRILLIC else _language_of(word, language))
        if meaning and match.start() >= end:
            shouted = is_shouted(text, language) if shouted is None else shouted
            one = _named(text, match.start(), match.end(), meaning, language, shouted)
            if one:
                found.append(one)
                end = one.generic_end
    return found


def is_shouted(text: str, language: str) -> bool:
    """Tell whether the capitals of a text tell nothing: all longer words have one, or in German nouns do."""
    if language == "de":
        return True
    longer = _LONGER.findall(text[:_LOOKED_AT])
    small = [word for word in longer if word[0].islower() and word not in _SMALL_WORDS]
    return len(longer) > 2 and len(small) <= len(longer) // 10


def _way(text: str, language: str) -> str:
    if language == "pl":
        return "pl"
    return "" if text.isascii() or language in {"en", "de", "fr", "es", "it"} else "cyrillic"


def _language_of(word: str, language: str) -> str:
    """Return by which endings a word is read: the article's own, else Cyrillic ones by their letters."""
    if word[0] < _FIRST_CYRILLIC:
        return language if language == "pl" else ""
    if language in LANGUAGES and language != "pl":
        return language
    lower = word.lower()
    if "ў" in lower:
        return "be"
    return "uk" if any(letter in lower for letter in "іїєґ") else "ru"


@lru_cache(MEMORY)
def meaning_of(word: str, language: str) -> _Meaning | None:
    """Return what a word may stand for or begin; None where that is nothing."""
    folded = fold(word)
    names, flags, entries, adjectives = gazetteer(), "", [], []
    if word[0].isupper():
        for key in lemmas(folded, language):
            if found := names.names(key):
                new = [one for one in found.entries if _may_be(one, word, key == folded, key.startswith(folded))]
                flags += found.flags if new else ""
                entries += new if key == folded else [one._replace(flags=one.flags + "i") for one in new]
    if stem := adjective_key(folded):
        found = names.names(stem)
        adjectives = [one for one in found.entries if "a" in one.flags] if found else []
    if not entries and not adjectives:
        return None
    longer: dict[str, tuple[Entry, ...]] = {}
    for one in entries:
        if one.rest:
            longer[one.rest[0]] = (*longer.get(one.rest[0], ()), one)
    return _Meaning(tuple(one for one in entries if not one.rest), longer, tuple(adjectives), flags)


def _may_be(entry: Entry, word: str, same: bool, grown: bool) -> bool:
    """Tell whether a name may stand in this form: abbreviations in capitals; far places of no size in their own form.

    A word that the name only adds an ending to (Сум: Сумы) is a form of few names, so only of those near.
    """
    if "a" in entry.flags or ("u" in entry.flags and not word.isupper()):
        return False
    names = gazetteer()
    if same or names.kind(entry.number) == COUNTRY or names.country(entry.number) in WATCHED:
        return True
    return not grown and names.people[entry.number] >= LARGE


def _named(text: str, start: int, end: int, meaning: _Meaning, language: str, shouted: bool) -> Named | None:
    word = text[start:end]
    if word.isupper() and _is_no_abbreviation(meaning, len(word), shouted and text[:_LOOKED_AT].isupper()):
        return None
    longer, last = _longest(text, end, meaning, language)
    stop = last if longer else end
    after = _REGION_AFTER.match(text, stop)
    before = None if after else _region_before(text, start)
    entries, adjective = _fitting(meaning, longer, after or before, language)
    if not entries:
        return None
    plain = not longer or longer[0].rest == ()
    return Named(
        start=start,
        end=stop,
        words=sys.intern(text[start : after.end() if after and _is_region(entries) else stop]),
        candidates=entries,
        common=plain and not adjective and "c" in meaning.flags,
        person=plain and not adjective and "p" in meaning.flags,
        adjective=adjective,
        shouted=shouted,
        region=bool(after or before) and _is_region(entries),
        generic_end=after.end() if after and _is_region(entries) else stop,
    )


def _region_before(text: str, start: int) -> re.Match[str] | None:
    """Return the word for a region that stands before a name; the last letters tell most that are none apart."""
    last = text[max(0, start - _LOOK_BACK) : start].rsplit(None, 1)[-1:]
    if not last or not last[0].lower().startswith(_BEGINNINGS):
        return None
    return _REGION_BEFORE.search(text, max(0, start - _LOOK_BACK), start)


def _is_no_abbreviation(meaning: _Meaning, letters: int, capitals: bool) -> bool:
    """Tell whether a word in capitals is none that is meant: "IT", or where all is in capitals "US"."""
    if capitals:
        return any("u" in one.flags for one in meaning.alone) and letters <= 2
    return letters <= 3 and not any(gazetteer().kind(one.number) == COUNTRY for one in meaning.alone)


def _longest(text: str, end: int, meaning: _Meaning, language: str) -> tuple[tuple[Entry, ...], int]:
    """Return the entries whose further words follow, those of the most words, and where they end."""
    best, most, last = meaning.alone, 0, end
    found = _NEXT.match(text, end) if meaning.longer else None
    if found is None:
        return best, last
    for word in lemmas(fold(found[1]), _language_of(found[1], language)):
        for one in meaning.longer.get(word, ()):
            stop = found.end() if len(one.rest) == 1 else _follows(text, found.end(), one.rest[1:], language)
            if stop and len(one.rest) >= most:
                best = (*best, one) if len(one.rest) == most else (one,)
                most, last = len(one.rest), stop
    return best, last


def _follows(text: str, at: int, rest: Iterable[str], language: str) -> int:
    """Return where further words end that are to stand there; 0 where they do not."""
    for wanted in rest:
        found = _NEXT.match(text, at)
        if not found or wanted not in lemmas(fold(found[1]), _language_of(found[1], language)):
            return 0
        at = found.end()
    return at


def _fitting(
    meaning: _Meaning, entries: tuple[Entry, ...], region: re.Match[str] | None, language: str
) -> tuple[tuple[Entry, ...], bool]:
    """Return the entries that fit what stands beside the name, and whether the word is read as an adjective."""
    names = gazetteer()
    if region:
        small = region["small"] is not None
        listed = [one for one in (*entries, *meaning.adjectives) if names.kind(one.number) == REGION]
        right = [one for one in listed if names.district(one.number) == small] or listed
        if right:
            return tuple(dict.fromkeys(right)), False
    out = "gx" if language == "en" else "g"
    left: dict[int, Entry] = {}
    for one in entries:
        if not set(out) & set(one.flags) and (one.number not in left or "o" in left[one.number].flags):
            left[one.number] = one
    if left:
        return tuple(left.values()), False
    return tuple(one for one in meaning.adjectives if "g" not in one.flags), True


def _is_region(entries: tuple[Entry, ...]) -> bool:
    return all(gazetteer().kind(one.number) == REGION for one in entries)


def country_of(one: Named) -> Iterator[str]:
    """Return the countries that a name stands for by itself."""
    names = gazetteer()
    for entry in one.candidates:
        if names.kind(entry.number) == COUNTRY:
            yield names.country(entry.number)


def places_of(one: Named) -> list[Entry]:
    """Return the candidates that are no countries."""
    return [entry for entry in one.candidates if gazetteer().kind(entry.number) != COUNTRY]


__all__ = ["COUNTRY", "PLACE", "REGION", "Named", "country_of", "names_in", "places_of"]
