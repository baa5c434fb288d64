"""The fields of foreign queries, such as `intitle:`: what each becomes as a condition, or why it becomes none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.match.dialects.tree import Either, Fact, LeftOut, Node, Say, Scoped
from monitor.match.languages import wrong_language

Make = Callable[[Node, str, int], Node]  # of its value, as it was written, and where
ADDRESS = "rules say nothing of addresses; name the feeds in question: source: {id: [...]}"
AUTHOR = "there is no condition on authors; name the feed: source: {id: ...}"
_COUNTRIES = {"UK": "GB", "EL": "GR"}


@dataclass(frozen=True, slots=True)
class Field:
    """What a field becomes; `rest`: it holds for everything up to the next bracket, not for the next word alone."""

    make: Make
    rest: bool = False


def scoped(scope: str, *, rest: bool = False) -> Field:
    """Return a field that becomes the condition `title` or `body`."""
    return Field(lambda part, _written, _at: Scoped(scope, part), rest)


def unsaid(why: str) -> Field:
    """Return a field that becomes nothing."""
    return Field(lambda _part, written, at: LeftOut(written, at, why))


def unsaid_all(names: str, why: str) -> dict[str, Field]:
    """Return several fields that become nothing, for one reason."""
    return {name: unsaid(why) for name in names.split()}


def _language(part: Node, written: str, at: int) -> Node:
    codes = [code.lower() for code in values(part)]
    for code in codes:
        if hint := wrong_language(code):
            return LeftOut(written, at, f"{code!r} is no language; {hint}")
    return _fact("language", codes, written, at)


def _country(part: Node, written: str, at: int) -> Node:
    codes = [_COUNTRIES.get(code.upper(), code.upper()) for code in values(part)]
    for code in codes:
        if len(code) != 2 or not code.isalpha():
            return LeftOut(written, at, f"{code!r} is no code of a country; write for example BY")
    fact = _fact("source", codes, written, at)
    return Fact("source", {"country": fact.value}) if isinstance(fact, Fact) else fact


def _fact(key: str, codes: Sequence[str], written: str, at: int) -> Node:
    if not codes:
        return LeftOut(written, at, "it names no code, or more than a list joined by OR")
    return Fact(key, codes[0] if len(codes) == 1 else list(codes))


def values(part: Node) -> list[str]:
    """Return the words of a word or of a list joined by OR; nothing where it is something else."""
    parts = part.parts if isinstance(part, Either) else (part,)
    words = [one.written for one in parts if isinstance(one, Say) and one.kind == "plain"]
    return words if len(words) == len(parts) else []


LANGUAGE, COUNTRY = Field(_language), Field(_country)
