"""What of an article tells which event it is about: weighted terms, numbers, names, and a sketch of its wording.

Terms are the keys of words' forms, so that inflection does not divide; characters of scripts without blanks go in
pairs. A name is also kept as its consonants in Latin letters, which are alike over languages and scripts.
"""

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from sys import intern

from monitor.language import inflection
from monitor.language.detect import detect
from monitor.language.fold import script
from monitor.language.tokens import Tokens, stands_alone, tokenize
from monitor.model import Article
from monitor.story.furniture import COMMON, COUNTED, NUMBERS
from monitor.story.wording import sketch

READ = 220  # words of the text that are read; what an article is about stands at its beginning
MOST_TERMS, MOST_NAMES = 56, 16
NAME = "~"  # before the consonants of a name
TITLE = 2.0  # how much more a word of the title counts
LEAD, LATER = 40, 0.5  # words of the text that count whole; how much the others do
_THOUSANDS = re.compile(r"(?<=\d)[,\u00a0\u202f' ](?=\d{3}(?!\d))")
_DIGITS = re.compile(r"\d+")
_OUTLET = re.compile(r"\s+[-|\u2013\u2014\u00b7]\s+([^-|\u2013\u2014\u00b7]{2,40})$")


@dataclass(frozen=True, slots=True)
class Features:
    """What grouping knows of one article; small, since a hundred thousand are kept in memory."""

    article_id: str
    source_id: str
    at: float  # seconds since the epoch: published, else seen
    language: str
    url: str
    terms: tuple[str, ...]  # those of the title first
    weights: "array[float]"  # how much the article makes of each term, before rarity
    titled: int  # how many of the terms are of the title
    names: tuple[str, ...]  # as consonants in Latin letters
    subjects: frozenset[str]  # terms of the title that are surely names: none where all its words have capitals
    sketch: "array[int]"
    editions: frozenset[tuple[str, str]]  # ("day", "524"): which number of a column this is
    column: str  # the title with its numbers masked

    @property
    def numbers(self) -> frozenset[str]:
        """Those of its terms that are numbers."""
        return frozenset(term for term in self.terms if term.isdecimal())


def features(article: Article) -> Features:
    """Read an article; the same article gives the same features on every machine."""
    heading = without_outlet(_THOUSANDS.sub("", article.title))
    text = _THOUSANDS.sub("", f"{article.summary}\n\n{article.body}" if article.body else article.summary)
    title, rest = tokenize(heading), tokenize(text[: READ * 9])
    language = article.language or detect(f"{heading} {text[:300]}")
    of_title = list(dict.fromkeys(key for key in _keys(title, language) if key))[: MOST_TERMS // 2]
    weighed = _weighed(of_title, _keys(rest, language)[:READ])
    return Features(
        article_id=article.id,
        source_id=article.source_id,
        at=article.published_at or article.seen_at,
        language=language,
        url=article.url,
        terms=tuple(weighed),
        weights=array("f", weighed.values()),
        titled=len(of_title),
        names=tuple(dict.fromkeys(_names((title, rest), language)))[:MOST_NAMES],
        subjects=frozenset(_subjects(title, language)),
        sketch=sketch(title.words, rest.words),
        editions=editions(title.words),
        column=_DIGITS.sub("#", " ".join(title.words)),
    )


@lru_cache(maxsize=4096)
def numbers_in(title: str, language: str) -> frozenset[str]:
    """Return the numbers that a headline names, also those that it writes as words."""
    tokens = tokenize(without_outlet(_THOUSANDS.sub("", title)))
    return frozenset(key for key in _keys(tokens, language) if key.isdecimal())


def without_outlet(title: str) -> str:
    """Take the outlet's name off the end of a title, as news aggregators put it there."""
    found = _OUTLET.search(title)
    if found and len(title) - len(found[0]) >= 20 and len(found[1].split()) <= 5:
        return title[: found.start()]
    return title


def editions(title: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Return which edition of a column a title names: a day that is counted, a date, an issue."""
    found = set()
    for word, after in pairwise(title):
        for name, number in ((word, after), (after, word)):
            if number.isdecimal() and len(number) <= 4 and name in COUNTED:
                found.add((COUNTED[name], number.lstrip("0")))
    return frozenset(found)


def _weighed(title: list[str], text: list[str]) -> dict[str, float]:
    """Return how much an article makes of each term: a word said often counts more, but not as often as it is said."""
    counts = dict.fromkeys(title, TITLE)
    for place, key in enumerate(text):
        if key:
            counts[key] = counts.get(key, 0.0) + (1.0 if place < LEAD else LATER)
    others = sorted((key for key in counts if key not in set(title)), key=lambda key: (-counts[key], key))
    return {key: counts[key] ** 0.5 for key in (*title, *others[: MOST_TERMS - len(title)])}


def _keys(tokens: Tokens, language: str) -> list[str]:
    """Return a key for each word, in order; "" for words that say nothing of an event."""
    words = tokens.words
    keys = []
    for number, word in enumerate(words):
        if stands_alone(word):
            after = words[number + 1] if number + 1 < len(words) else ""
            keys.append(intern(word + after) if after and stands_alone(after) else "")
        else:
            keys.append(_key(word, tokens.written[number], language))
    return keys


@lru_cache(maxsize=131_072)
def _key(word: str, written: str, language: str) -> str:
    if word in NUMBERS:
        return NUMBERS[word]
    if word.isdecimal():
        return intern(word.lstrip("0") or "0")
    read = inflection.reading(language, script(word))
    if len(word) < 2 or word in COMMON.get(language, ()) or word in COMMON.get(read, ()):
        return ""
    keys = inflection.of_both(read, written) if read else ()
    return intern(keys[0] if keys else word)


# --- names over scripts ---------------------------------------------------------------------------------------------

_LATIN = dict(
    zip("абвгґдежзийклмнопрстуфхцчшщыэўіїєёюя", (
        "a b v g g d e z z i i k l m n o p r s t u f h c c s s i e v i i e e iu ia".split()), strict=True)
)  # fmt: skip
_LATIN |= {"ь": "", "ъ": "", "'": ""}
_ALIKE = (("shch", "s"), ("sch", "s"), ("tch", "c"), ("ch", "c"), ("cz", "c"), ("sh", "s"), ("sz", "s"), ("kh", "h"),
          ("zh", "z"), ("rz", "z"), ("ts", "c"), ("tz", "c"), ("ck", "k"), ("ph", "f"), ("w", "v"), ("x", "ks"),
          ("j", "i"), ("q", "k"))  # fmt: skip
_VOWELS = re.compile("[aeiouy]+")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=65_536)
def skeleton(word: str) -> str:
    """Return the first letter and the consonants of a name in Latin letters; "" where too little is left to tell it."""
    text = "".join(_LATIN.get(letter, letter) for letter in word)
    if not text.isascii() or not text.isalpha():
        return ""
    for written, alike in _ALIKE:
        text = text.replace(written, alike)
    found = _TWICE.sub(r"\1", text[:1] + _VOWELS.sub("", text[1:]))
    return intern(NAME + found) if len(found) >= 4 else ""


def _subjects(title: Tokens, language: str) -> list[str]:
    """Return the keys of the names in a title that has capitals only where names are; its first word may be any."""
    written = [title.surface(number) for number in range(len(title.words))]
    long = [word for word in written[1:] if len(word) > 3]
    if language == "de" or sum(word[:1].isupper() for word in long) * 2 > len(long):
        return []
    keys = (
        _key(title.words[number], title.written[number], language)
        for number in range(1, len(written))
        if written[number][:1].isupper()
    )
    return [key for key in keys if key]


def _names(parts: Iterable[Tokens], language: str) -> list[str]:
    found = []
    for tokens in parts:
        for number in range(min(len(tokens.words), LEAD * 2)):
            word = tokens.words[number]
            if len(word) >= 4 and tokens.surface(number)[:1].isupper():
                key = _key(word, tokens.written[number], language)
                name = skeleton(key) if key else ""
                if name:
                    found.append(name)
    return found
