"""Reads conditions, terms and term sets from plain YAML data, noting every problem with its place."""

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

from monitor.match.languages import wrong_language
from monitor.match.terms import BadTerm, Term, Terms

if TYPE_CHECKING:
    from monitor.match.conditions.base import Condition

Path = tuple[str | int, ...]
DEPTH = 20  # conditions within conditions
A_CONDITION = "write a term, a list of terms, or for example near: {within: sentence, of: [$forces, border]}"


class Complain(Protocol):
    """Notes a problem: where, what is wrong, what to write instead.

    It can be said to follow from another problem only, and to be about the last key of the place, not its value.
    """

    def __call__(self, place: Path, message: str, hint: str = "", *, follows: bool = False, key: bool = False) -> None:
        """Note it."""


def misspelt(written: Iterable[object], known: Collection[str]) -> set[str]:
    """Return the known words that seem to be meant by words that are not known."""
    near = (difflib.get_close_matches(str(one).lower(), list(known), 1, 0.6) for one in written if one not in known)
    return {word for words in near for word in words}


def suggestion(word: object, known: Collection[str], sign: str = "") -> str:
    """Return a hint that names the nearest known word, or all of them where they are few."""
    near = difflib.get_close_matches(str(word).lower(), list(known), 1, 0.6)
    if near:
        return f"did you mean {sign}{near[0]}?"
    shown = ", ".join(f"{sign}{one}" for one in sorted(known)[:12])
    return f"write one of: {shown}" if len(known) <= 12 else f"there are {len(known)}: {shown}, ..."


@dataclass(slots=True)
class Items:
    """What stands in a list: terms, and other conditions."""

    terms: list[Term] = field(default_factory=list)
    parts: "list[Condition]" = field(default_factory=list)


@dataclass(slots=True)
class Reader:
    """Reads the conditions of one rule, or of one term set."""

    kinds: "Mapping[str, type[Condition]]"  # the map of conditions
    terms: Terms
    sets: "Callable[[str], Condition | None]"  # the condition of a term set; None where the set is broken
    names: Collection[str]  # of the term sets there are
    complain: Complain
    used: set[str] = field(default_factory=set)  # names of the term sets it used
    for_rule: bool = True  # a broken set within a set is told once, and not again for each set that holds it
    depth: int = 0

    def condition(self, data: Any, place: Path) -> "Condition | None":
        """Read a condition; None where it cannot be, and then its problems are noted."""
        if self.depth >= DEPTH:
            self.complain(place, f"conditions are nested more than {DEPTH} deep", "take some of them apart")
            return None
        self.depth += 1
        try:
            return self._condition(data, place)
        finally:
            self.depth -= 1

    def _condition(self, data: Any, place: Path) -> "Condition | None":
        if isinstance(data, Mapping):
            return self._mapping(data, place)
        if data is None or isinstance(data, bool):
            self.complain(place, "a condition is missing here", A_CONDITION)
            return None
        return self.kinds["any"].read(data, place, self)

    def _mapping(self, data: Mapping[Any, Any], place: Path) -> "Condition | None":
        parts: list[Condition | None] = []
        for key, value in data.items():
            kind = self.kinds.get(str(key))
            if kind is None:
                hint = suggestion(key, self.kinds) + " (a term with a colon stands in quotes)"
                self.complain((*place, key), f"there is no condition {str(key)!r}", hint, key=True)
            parts.append(kind.read(value, (*place, key), self) if kind else None)
        if not data:
            self.complain(place, "a condition is missing here", A_CONDITION)
        return self.all_of(parts)

    def all_of(self, parts: "list[Condition | None]") -> "Condition | None":
        """Return the conjunction of parts, or None where one of them could not be read."""
        whole = [part for part in parts if part is not None]
        if not whole or len(whole) < len(parts):
            return None
        return whole[0] if len(whole) == 1 else self.kinds["all"].made_of(tuple(whole))

    def members(self, data: Any, place: Path, *, least: int = 1) -> "tuple[Condition, ...] | None":
        """Read a list of conditions with so many members at least."""
        if not isinstance(data, list):
            self.complain(place, "this is not a list", "write for example [$forces, border]")
            return None
        if len(data) < least:
            few = "an empty list matches nothing" if not data else f"{len(data)} is too few: {least} are needed"
            self.complain(place, few, "name what is looked for, for example [$forces, border]")
            return None
        found = [self.condition(item, (*place, number)) for number, item in enumerate(data)]
        return tuple(one for one in found if one) if all(found) else None

    def items(self, data: Any, place: Path, language: str = "") -> Items | None:
        """Read a list of terms, term sets and conditions; None where one of them could not be read."""
        if isinstance(data, list) and not data:
            self.complain(place, "an empty list matches nothing", "name at least one term")
            return None
        items = Items()
        listed = [((*place, number), item) for number, item in enumerate(data)] if isinstance(data, list) else None
        read = [self._item(item, spot, language, items) for spot, item in listed or [(place, data)]]
        return items if all(read) else None

    def _item(self, item: Any, place: Path, language: str, items: Items) -> bool:
        if isinstance(item, str) and item.startswith("$"):
            part = self.set_of(item[1:], place)
        elif isinstance(item, list | Mapping):
            part = self.condition(item, place)
        else:
            term = self._term(item, place, language)
            items.terms += [term] if term else []
            return term is not None
        items.parts += [part] if part else []
        return part is not None

    def set_of(self, name: str, place: Path) -> "Condition | None":
        """Return the condition of a term set."""
        if name not in self.names:
            hint = suggestion(name, self.names, "$") if self.names else "define it under terms:"
            self.complain(place, f"there is no term set ${name}", hint)
            return None
        self.used.add(name)
        found = self.sets(name)
        if found is None and self.for_rule:
            hint = "mend the problem that is shown for it"
            self.complain(place, f"the term set ${name} cannot be used", hint, follows=True)
        return found

    def _term(self, item: Any, place: Path, language: str) -> Term | None:
        if isinstance(item, bool | float) or not isinstance(item, str | int):
            said = "nothing" if item is None else repr(item)
            self.complain(place, f"{said} is not a term", "put it in quotes if it is meant as a word")
            return None
        try:
            return self.terms.parse(str(item), language)
        except BadTerm as error:
            self.complain(place, str(error), error.hint)
            return None

    def keys(
        self, data: Any, place: Path, known: Collection[str], needed: Collection[str] = ()
    ) -> TypeGuard[Mapping[str, Any]]:
        """Check a mapping's keys; tell whether it can be read on."""
        if not isinstance(data, Mapping) or not data:
            self.complain(place, "keys are missing here", f"write {', '.join(f'{key}: ...' for key in known)}")
            return False
        wrong = [key for key in data if key not in known]
        for key in wrong:
            self.complain((*place, key), f"{str(key)!r} is not known here", suggestion(key, known), key=True)
        missing = [key for key in needed if key not in data and key not in misspelt(wrong, known)]
        for key in missing:
            self.complain(place, f"{key!r} is missing", f"write {key}: ...")
        return not wrong and not missing

    def texts(self, data: Any, place: Path) -> tuple[str, ...] | None:
        """Read one text, or a list of them."""
        values = data if isinstance(data, list) else [data]
        wrong = not values
        for number, value in enumerate(values):
            if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
                spot = (*place, number) if isinstance(data, list) else place
                self.complain(spot, f"{value!r} is not a text", "put it in quotes")
                wrong = True
        if not values:
            self.complain(place, "an empty list matches nothing", "name at least one value")
        return None if wrong else tuple(str(value).strip() for value in values)

    def languages(self, data: Any, place: Path) -> tuple[str, ...] | None:
        """Read one code of a language, or a list of them."""
        values = self.texts(data, place)
        for number, value in enumerate(values or ()):
            if hint := wrong_language(value):
                spot = (*place, number) if isinstance(data, list) else place
                self.complain(spot, f"{value!r} is no language", hint)
                values = None
        return values
