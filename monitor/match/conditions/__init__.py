"""The conditions: one file each, and the map that names them all."""

import builtins
import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any as Anything

from monitor.match.conditions.age import Age
from monitor.match.conditions.all import All
from monitor.match.conditions.any import Any
from monitor.match.conditions.at_least import AtLeast
from monitor.match.conditions.base import Condition, Found, Told
from monitor.match.conditions.body import Body
from monitor.match.conditions.language import LanguageIs
from monitor.match.conditions.lead import Lead
from monitor.match.conditions.near import Near
from monitor.match.conditions.none import Not
from monitor.match.conditions.source import KEYS, SourceIs
from monitor.match.conditions.title import Title
from monitor.match.rule import Path, Reader
from monitor.match.terms import BadTerm, Term, parse

__all__ = ["CONDITIONS", "Condition", "Found", "Told", "read", "suggestion"]
DEPTH = 20
Build = Callable[[Anything, Path, Reader], Condition | None]
UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}


def suggestion(word: str, known: Anything) -> str:
    """Return a hint that names the nearest known word, or all of them."""
    near = difflib.get_close_matches(str(word), list(known), 1)
    return f"did you mean {near[0]!r}?" if near else f"write one of: {', '.join(sorted(known))}"


def read(data: Anything, place: Path, reader: Reader) -> Condition | None:
    """Make a condition of plain data; problems go to the reader, and None comes back."""
    if len(place) > 3 * DEPTH:
        reader.problem(place, "conditions are nested too deeply")
        return None
    if isinstance(data, Mapping):
        return _mapping(data, place, reader)
    if isinstance(data, list | str | int | float) and not isinstance(data, bool):
        return _list(data if isinstance(data, list) else [data], place, reader)
    reader.problem(
        place, "a condition is a term, a list of terms or a mapping", "write for example: any: [troops, soldiers]"
    )
    return None


def _mapping(data: Mapping[str, Anything], place: Path, reader: Reader) -> Condition | None:
    parts = []
    for key, value in data.items():
        build = CONDITIONS.get(str(key))
        if build is None:
            reader.problem((*place, key), f"there is no condition {str(key)!r}", suggestion(str(key), CONDITIONS))
        elif part := build(value, (*place, key), reader):
            parts.append(part)
    if not data:
        reader.problem(place, "an empty condition matches nothing", "write for example: any: [troops, soldiers]")
    return parts[0] if len(parts) == 1 else All(tuple(parts)) if parts else None


def _list(items: list[Anything], place: Path, reader: Reader, label: str = "") -> Any | None:
    """Read a list of terms and conditions: `any`."""
    terms: list[Term] = []
    parts: list[Condition] = []
    if not items:
        reader.problem(place, "an empty list matches nothing", "name at least one term")
    for number, item in enumerate(items):
        spot = (*place, number) if len(items) > 1 or isinstance(item, Mapping | list) else place
        if isinstance(item, str) and item.startswith("$"):
            part = _set(item[1:], spot, reader)
            parts += [part] if part else []
        elif isinstance(item, Mapping | list):
            part = read(item, spot, reader)
            parts += [part] if part else []
        else:
            terms += _term(item, spot, reader)
    return Any(tuple(dict.fromkeys(terms)), tuple(parts), label=label) if terms or parts else None


def _term(item: Anything, place: Path, reader: Reader, language: str = "") -> list[Term]:
    if isinstance(item, bool) or not isinstance(item, str | int | float):
        reader.problem(place, f"{item!r} is not a term", "put it in quotes if it is meant as a word")
        return []
    try:
        return [parse(str(item), language)]
    except BadTerm as error:
        reader.problem(place, str(error))
        return []


def _set(name: str, place: Path, reader: Reader) -> Condition | None:
    """Read a term set: a list, or lists under languages."""
    if name not in reader.sets:
        reader.problem(
            place,
            f"there is no term set ${name}",
            suggestion(name, reader.sets) if reader.sets else "define it under terms:",
        )
        return None
    if name in reader.using:
        reader.problem(place, f"term set ${name} contains itself: {' -> '.join([*reader.using, name])}")
        return None
    reader.using.append(name)
    try:
        return _set_of(name, reader.sets[name], place, reader)
    finally:
        reader.using.pop()


def _set_of(name: str, data: Anything, place: Path, reader: Reader) -> Condition | None:
    if isinstance(data, Mapping):
        terms: list[Term] = []
        parts: list[Condition] = []
        for language, items in data.items():
            for item in items if isinstance(items, list) else [items]:
                if isinstance(item, str) and item.startswith("$"):
                    part = _set(item[1:], place, reader)
                    parts += [part] if part else []
                else:
                    terms += _term(item, place, reader, str(language))
        return Any(tuple(dict.fromkeys(terms)), tuple(parts), label=name) if terms or parts else None
    return _list(data if isinstance(data, list) else [data], place, reader, label=name)


def _members(value: Anything, place: Path, reader: Reader) -> list[Condition]:
    if not isinstance(value, list) or not value:
        reader.problem(place, "a list is needed here", "write for example: [$forces, border]")
        return []
    found = [read(item, (*place, number), reader) for number, item in enumerate(value)]
    return [one for one in found if one is not None]


def _any(value: Anything, place: Path, reader: Reader) -> Condition | None:
    return _list(value if isinstance(value, list) else [value], place, reader)


def _all(value: Anything, place: Path, reader: Reader) -> Condition | None:
    return All(tuple(_members(value, place, reader)))


def _not(value: Anything, place: Path, reader: Reader) -> Condition | None:
    part = read(value, place, reader)
    return Not(part) if part else None


def _keys(value: Anything, place: Path, reader: Reader, known: tuple[str, ...], needed: tuple[str, ...]) -> bool:
    if not isinstance(value, Mapping):
        reader.problem(place, f"a mapping is needed here with {', '.join(known)}")
        return False
    for key in value:
        if key not in known:
            reader.problem((*place, key), f"{str(key)!r} is not known here", suggestion(str(key), known))
    for key in needed:
        if key not in value:
            reader.problem(place, f"{key!r} is missing")
    return builtins.all(key in value for key in needed)


def _at_least(value: Anything, place: Path, reader: Reader) -> Condition | None:
    if not _keys(value, place, reader, ("n", "of"), ("n", "of")):
        return None
    parts = _members(value["of"], (*place, "of"), reader)
    number = value["n"]
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= len(value["of"]):
        reader.problem((*place, "n"), f"{number!r} is not a number from 1 to {len(value['of'])}")
        return None
    return AtLeast(number, tuple(parts))


def _near(value: Anything, place: Path, reader: Reader) -> Condition | None:
    if not _keys(value, place, reader, ("within", "ordered", "of"), ("within", "of")):
        return None
    within, ordered = value["within"], value.get("ordered", False)
    number = isinstance(within, int) and not isinstance(within, bool) and 0 <= within <= 1000
    if not number and within not in ("sentence", "paragraph"):
        reader.problem(
            (*place, "within"),
            f"{within!r} is no distance",
            "write a number of words up to 1000, sentence or paragraph",
        )
    if not isinstance(ordered, bool):
        reader.problem((*place, "ordered"), "true or false is needed here")
    parts = _members(value["of"], (*place, "of"), reader)
    if len(parts) < 2 and not reader.bad:
        reader.problem((*place, "of"), "near needs two members at least")
    return Near(within, tuple(parts), bool(ordered))


def _scoped(kind: Anything) -> Build:
    def build(value: Anything, place: Path, reader: Reader) -> Condition | None:
        part = read(value, place, reader)
        return kind(part) if part else None

    return build


def _source(value: Anything, place: Path, reader: Reader) -> Condition | None:
    if not _keys(value, place, reader, KEYS, ()):
        return None
    wanted = [
        (key, tuple(str(one).casefold() for one in (values if isinstance(values, list) else [values])))
        for key, values in value.items()
    ]
    return SourceIs(tuple(wanted))


def _language(value: Anything, place: Path, reader: Reader) -> Condition | None:
    values = value if isinstance(value, list) else [value]
    for one in values:
        if not isinstance(one, str) or not re.fullmatch(r"[a-z]{2,3}", one):
            reader.problem(place, f"{one!r} is no language", "write ISO 639-1, for example uk")
    return LanguageIs(tuple(map(str, values)))


def _age(value: Anything, place: Path, reader: Reader) -> Condition | None:
    if not isinstance(value, Mapping):
        value = {"max": value}
    if not _keys(value, place, reader, ("max", "min"), ()):
        return None
    return Age(_duration(value.get("max"), place, reader), _duration(value.get("min"), place, reader))


def _duration(value: Anything, place: Path, reader: Reader) -> float | None:
    if value is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhdw]?)", str(value))
    if not found:
        reader.problem(place, f"{value!r} is no duration", "write for example 6h or 2d")
        return None
    return float(found[1]) * UNITS.get(found[2], 1.0)


CONDITIONS: dict[str, Build] = {
    "any": _any,
    "all": _all,
    "not": _not,
    "at_least": _at_least,
    "near": _near,
    "title": _scoped(Title),
    "lead": _scoped(Lead),
    "body": _scoped(Body),
    "source": _source,
    "language": _language,
    "age": _age,
}
