"""Checks of single terms: signs that are not read as their writer thinks, letters of a wrong script, capitals."""

import re
from collections.abc import Callable, Iterator, Sequence, Set
from functools import partial

from monitor.language.tokens import tokenize
from monitor.match.covering import MIXED
from monitor.match.everyday import is_common
from monitor.match.lints.base import Remark
from monitor.match.outline import Outline, Placed
from monitor.match.rule import Example
from monitor.match.text import NOT_LATIN
from monitor.model import Source

_OPERATOR = re.compile(r"(?<![\w*])(?:AND|OR|NOT|NEAR(?:/\d+)?|W/\d+|И|ИЛИ|НЕ|ТА|АБО|ORAZ|LUB)(?![\w*])")
_SIGN = re.compile(r"\|\||&&|\w\s*\|\s*\w|\w\"?~\d")
_REGEX = re.compile(r"\\[bdswBDSW]|\.\*|\.\+|\[[^\]\s]+-[^\]\s]+\]|\(\?|[^\s(]\|[^\s)]|\w\{\d")
_INNER_STAR = re.compile(r"(\w+)\*(\w+)")
_INNER_MARK = re.compile(r"\w+\?\w+")
_EXCLUDES = re.compile(r"-[^\W\d_]")
_COMMAS = 2  # in one term: a list was meant; with one it can be a place, as in "Paris, Texas"
_LONG = 5  # letters, beyond which a word in capitals may be no abbreviation
_LATIN, _CYRILLIC = re.compile("[A-Za-z]"), re.compile("[\u0400-\u04ff]")
_CYRILLIC_LANGUAGES = frozenset("ab ba be bg ce cv kk ky mk mn os ru tg tt uk".split())

Said = tuple[str, str]  # what is so, and what to write


def written(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find terms whose signs are not read as in a search box: operators, commas, stars in the middle, stops."""
    for node, rule_id in outline.lists():
        for placed in node.terms:
            if said := _first(placed, _WRITTEN):
                yield Remark(placed.document, placed.place, *said, rule_id)


def letters(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find terms whose letters are of another script than their language, or of two scripts within a word."""
    latin = {
        word.folded
        for node, _ in outline.lists()
        for placed in node.terms
        if placed.term.speech[0] not in ("", *_CYRILLIC_LANGUAGES)
        for word in placed.term.words
    }
    for node, rule_id in outline.lists():
        for placed in node.terms:
            if said := _first(placed, (_two_scripts, partial(_wrong_script, latin=latin))):
                yield Remark(placed.document, placed.place, *said, rule_id)


def capitals(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find usual words in capitals: they are found in capitals only."""
    small = _small_words(outline)
    for node, rule_id in outline.lists():
        for placed in node.terms:
            loud = [word.folded for word in placed.term.words if word.capitals > _LONG]
            if any(is_common(word) or word in small for word in loud):
                message = f"{placed} is found in capitals only"
                yield Remark(placed.document, placed.place, message, "write it in small letters", rule_id)


def _small_words(outline: Outline) -> set[str]:
    """Return the words that the rules' own terms, and the examples to match, have in small letters."""
    found = {
        word.folded
        for node, _ in outline.lists()
        for placed in node.terms
        for word in placed.term.words
        if not word.capitals and not word.exact and not word.prefix
    }
    for outlined in outline.rules:
        for example in filter(_is_to_match, outlined.rule.examples):
            tokens = tokenize(f"{example.title}\n\n{example.text}")
            found |= {word for number, word in enumerate(tokens.words) if tokens.surface(number).islower()}
    return found


def _is_to_match(example: Example) -> bool:
    return example.match


def _first(placed: Placed, checks: Sequence[Callable[[Placed], Said | None]]) -> Said | None:
    if placed.term.pattern:
        return None
    return next(filter(None, (check(placed) for check in checks)), None)


# --- signs ------------------------------------------------------------------------------------------------------------


def _operator(placed: Placed) -> Said | None:
    text = placed.term.written
    found = _OPERATOR.search(text) if len(placed.term.words) > 1 else None
    rest = _OPERATOR.sub("", text)
    if found and (rest.upper() != rest or "/" in found[0]):
        sign = found[0]
    elif signs := _SIGN.search(text):
        sign = signs[0].strip()
    else:
        return None
    instead = (
        "near: {within: 5, of: [...]}" if "NEAR" in sign or "~" in sign else "all: [...], any: [...] or not: [...]"
    )
    return f"{placed} is read as a phrase: {sign!r} has no meaning in a term", f"write {instead}"


def _expression(placed: Placed) -> Said | None:
    if _REGEX.search(placed.term.written):
        return f"{placed} is read as words, not as a regular expression", "put it between slashes: '/.../'"
    return None


def _star(placed: Placed) -> Said | None:
    if found := _INNER_STAR.search(placed.term.written):
        message = f"{placed} is read as a phrase, {found[1]}* and then {found[2]}"
        return message, f"write {found[1]}*, or a /regular expression/"
    return None


def _mark(placed: Placed) -> Said | None:
    if found := _INNER_MARK.search(placed.term.written):
        spelt = found[0].replace("?", ".")
        return f"{placed} is read as a phrase: ? stands for no letter", rf"write both spellings, or '/\b{spelt}\b/'"
    return None


def _minus(placed: Placed) -> Said | None:
    if _EXCLUDES.match(placed.term.written):
        word = placed.term.written[1:]
        hint = f"write {word}: it stands under not already" if "not" in placed.place else f"write not: [{word}]"
        return f"{placed} looks for the word: a - excludes nothing", hint
    return None


def _dollar(placed: Placed) -> Said | None:
    if found := re.search(r"\s\$([A-Za-z][\w-]*)", placed.term.written):
        message = f"{placed} is read as a phrase: a term set within a term is none"
        return message, f"write near: {{within: sentence, of: [..., ${found[1]}]}}"
    return None


def _commas(placed: Placed) -> Said | None:
    text = placed.term.written
    if text.count(",") >= _COMMAS or ";" in text:
        parts = [part.strip() for part in re.split("[,;]", text)]
        return f"{placed} is read as one phrase: signs divide no terms", f"write [{', '.join(filter(None, parts))}]"
    return None


def _stop(placed: Placed) -> Said | None:
    if len(placed.term.words) > 1 and tokenize(placed.term.written.strip()).sentences:
        return f"{placed} is never found as it is written: a phrase ends with its sentence", "divide it, or use near:"
    return None


_WRITTEN = (_operator, _dollar, _expression, _star, _mark, _minus, _commas, _stop)


# --- scripts ----------------------------------------------------------------------------------------------------------


def _two_scripts(placed: Placed) -> Said | None:
    for word in tokenize(placed.term.written).places:
        surface = placed.term.written[slice(*word)]
        if _LATIN.search(surface) and _CYRILLIC.search(surface):
            few = _LATIN if len(_LATIN.findall(surface)) < len(_CYRILLIC.findall(surface)) else _CYRILLIC
            odd, name = few.findall(surface), "Latin" if few is _LATIN else "Cyrillic"
            message = (
                f"{surface!r} has {name} letters among others ({', '.join(dict.fromkeys(odd))}): it is hardly found"
            )
            return message, "type these letters again"
    return None


def _wrong_script(placed: Placed, latin: Set[str]) -> Said | None:
    """Say which term is in the wrong list; names in Latin letters are usual in Cyrillic texts, other words are not."""
    language, script = placed.term.speech
    if script == "LATIN" and language in _CYRILLIC_LANGUAGES:
        words, surface = [word.folded for word in placed.term.words], placed.term.written.lstrip("=")
        strays = surface.islower() and any(is_common(word) or word in latin for word in words)
        if strays or _is_lookalike(surface):
            return f"{placed} is in Latin letters, and stands under {language!r}", "move it to its language"
    if script == "CYRILLIC" and language and language not in NOT_LATIN and language not in MIXED:
        return f"{placed} is in Cyrillic letters, and stands under {language!r}", "move it to its language"
    return None


def _is_lookalike(surface: str) -> bool:
    """Tell whether a name begins with one Latin letter that looks Cyrillic: C 300 where С 300 is written."""
    return re.match(r"[ABCEHKMOPTX][\s-]*\d", surface) is not None
