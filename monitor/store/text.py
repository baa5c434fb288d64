"""What the full-text index needs beyond SQLite's own folding, and queries that can never be a syntax error; pure.

SQLite's tokenizer lowers case and takes accents off, but knows neither ß = ss, ё = е, full width, Arabic and Hebrew
vowel signs, nor words in scripts that write none apart. The folded forms of exactly such words go into the column
`variants`; a query asks for the word as typed or folded.
"""

import re
import unicodedata
from dataclasses import dataclass

_LETTERS = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "\u02bc": "'", "\u2019": "'", "\u0640": ""}
)
_VOWEL_SIGNS = "\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
# Accents are taken off, but й, ї and ў are letters of their own, whatever their code points are made of.
_SIGNS = re.compile(f"(?<![иуі])[\u0300-\u036f]|[{_VOWEL_SIGNS}]")
# Words with one of these are folded otherwise here than by SQLite: see the docstring.
_SPECIAL = re.compile(
    f"[ёЁłŁđĐøØæÆœŒı\u02bcßẞſ\u0300-\u036f\u0386-\u0390\u03aa-\u03b0\u03ca-\u03ce\u1f00-\u1fff\u0640{_VOWEL_SIGNS}"
    "\ufb00-\ufdff\ufe70-\ufefc\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9f]"
)
# Scripts that put no space between words: each character becomes a word, a query a phrase of characters.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_TERM = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


def storable(text: str) -> str:
    """Return the text with lone surrogates replaced: they cannot be stored as UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def fold(text: str) -> str:
    """Return the text in the one form in which spellings of the same word agree."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", _SIGNS.sub("", apart).translate(_LETTERS))


def variants(text: str) -> str:
    """Return what the index has to hold beside the text itself; mostly nothing."""
    if text.isascii():
        return ""
    special, unspaced = _SPECIAL.search(text), _UNSPACED.search(text)
    if not special and not unspaced:
        return ""
    words = ((word, _SPECIAL.search(word)) for word in text.split())
    return " . ".join(
        _spaced(fold(word) if folds else word)
        for word, folds in words
        if folds or (unspaced and _UNSPACED.search(word))
    )


def _spaced(text: str) -> str:
    return _UNSPACED.sub(lambda run: " " + " ".join(run[0]) + " ", text)


@dataclass(frozen=True, slots=True)
class Query:
    """A search in the syntax of FTS5: what must match, and what must not; "" where nothing is asked."""

    wanted: str
    unwanted: str


def query(text: str) -> Query:
    """Read `words "a phrase" prefix* this OR that -not`; anything a person may type is a valid query."""
    groups: list[list[str]] = []  # all of them, and of each one any
    unwanted: list[str] = []
    either = False
    for found in _TERM.finditer(storable(text).replace("\0", " ")):
        if found["word"] == "OR" and not found["no"]:
            either = True
            continue
        if term := _term(found["phrase"] if found["word"] is None else found["word"], word=found["word"] is not None):
            _place(term, groups, unwanted, negative=bool(found["no"]), either=either)
        either = False
    return Query(" AND ".join(_any(group) for group in groups), " OR ".join(unwanted))


def _place(term: str, groups: list[list[str]], unwanted: list[str], *, negative: bool, either: bool) -> None:
    if negative:
        unwanted.append(term)
    elif either and groups:
        groups[-1].append(term)
    else:
        groups.append([term])


def _any(terms: list[str]) -> str:
    return terms[0] if len(terms) == 1 else "(" + " OR ".join(terms) + ")"


def _term(text: str, *, word: bool) -> str:
    prefix = word and text.endswith("*")
    forms = dict.fromkeys(form for form in (_matching(text, prefix), _matching(fold(text), prefix)) if form)
    return _any(list(forms)) if forms else ""


def _matching(text: str, prefix: bool) -> str:
    """Return one spelling as an FTS5 expression: its unspaced runs and the rest, all of which must be there."""
    parts = [" ".join(run) for run in _UNSPACED.findall(text)]
    rest = _UNSPACED.sub(" ", text)
    if any(unicodedata.category(letter)[0] in "LN" for letter in rest):
        parts.append(rest.replace("*", " ").strip())
    quoted = [f'"{part}"' for part in parts]
    if prefix and quoted:
        quoted[-1] += " *"
    return f"({' AND '.join(quoted)})" if len(quoted) > 1 else "".join(quoted)
