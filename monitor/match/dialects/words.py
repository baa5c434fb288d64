"""Makes terms of a foreign query's words: wildcards, exact words, and words in capitals."""

import re

from monitor.match.dialects.dialect import Notes
from monitor.match.dialects.tree import LeftOut, Node, Say, leaves, mapped
from monitor.match.terms import BadTerm, Terms

ACRONYM = 6  # letters that an acronym has at most: ATACMS, HIMARS
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR"})  # within a phrase they are words like others
_EDGES = "=$/,;:.!?'’#@~&"  # signs at the ends of a word that say nothing, or something else, in a term
_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r"[^*?]*[^\W_]{2}\*|[^*?]*")  # a word without wildcards, or the beginning of one


def say(written: str, at: int, wildcards: str = "*") -> Node:
    """Return the term for a word or phrase in which `*` and, where it is named, `?` are wildcards."""
    text = " ".join((written if "?" in wildcards else written.replace("?", " ")).split())
    if all(_TERM.fullmatch(word) for word in text.split()):
        return plain(text, at)
    if not _WORD.search(text):
        return LeftOut(written, at, "it holds no word")
    return pattern(rf"\b{_wild(text.strip(_EDGES.replace('?', '')))}\b", written, at)


def plain(written: str, at: int) -> Node:
    """Return the term for a word or phrase as it stands; signs at its ends are dropped."""
    return _checked(Say(" ".join(written.split()).strip(_EDGES), at), written)


def exact(written: str, at: int) -> Node:
    """Return the term for the very letters."""
    return _checked(Say("=" + " ".join(written.replace("*", " ").split()).strip(_EDGES), at, "exact"))


def pattern(regex: str, written: str, at: int) -> Node:
    """Return the term for a regular expression."""
    return _checked(Say(f"/{regex}/", at, "pattern"), written)


def _checked(term: Say, written: str = "") -> Node:
    try:
        Terms().parse(term.written)
    except BadTerm as error:
        return LeftOut(written or term.written, term.at, str(error))
    return term


def _wild(text: str) -> str:
    """Write a text with wildcards as a regular expression: `*` stands for any letters, `?` for one."""
    kinds = {"*": r"\w*", "?": r"\w", " ": r"\s+"}
    return "".join(kinds.get(sign, escaped(sign)) for sign in text)


def escaped(text: str) -> str:
    """Return a text as a regular expression that finds just it."""
    return re.escape(text).replace("\\ ", " ")


def calmed(tree: Node, notes: Notes) -> Node:
    """Write words in capitals small, unless they are acronyms: here, a word in capitals matches only in capitals.

    A word of up to six letters is taken for an acronym, unless the whole query is in capitals and has several words.
    """
    plain_terms = [leaf for leaf in leaves(tree) if isinstance(leaf, Say) and leaf.kind == "plain"]
    words = [word for term in plain_terms for word in _WORD.findall(term.written)]
    shouted = len(words) > 1 and all(word.isupper() or not word.isalpha() for word in words)
    kept: list[str] = []
    lowered: list[str] = []

    def small(match: re.Match[str]) -> str:
        word = match[0]
        if sum(sign.isalpha() for sign in word) < 2 or not word.isupper():
            return word
        if shouted or len(word) > ACRONYM or word in _OPERATORS:
            lowered.append(word)
            return word.lower()
        kept.append(word)
        return word

    def change(leaf: Node) -> Node:
        if not isinstance(leaf, Say) or leaf.kind != "plain":
            return leaf
        return Say(_WORD.sub(small, leaf.written), leaf.at)

    changed = mapped(tree, change)
    _say_capitals(kept, lowered, notes)
    return changed


def _say_capitals(kept: list[str], lowered: list[str], notes: Notes) -> None:
    if kept:
        first = kept[0]
        notes.add(f"in capitals, so found only in capitals: {_listed(kept)}; write {first.lower()} to find any case")
    if lowered:
        first = lowered[0]
        notes.add(f"written small, so found in any case: {_listed(lowered)}; write {first} to find it only in capitals")


def _listed(words: list[str]) -> str:
    return ", ".join(dict.fromkeys(words))
