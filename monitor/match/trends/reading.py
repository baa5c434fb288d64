"""Reads trends from plain YAML data, noting every problem with its place."""

import re
import typing
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.match.reading import Complain, Path, Reader, suggestion
from monitor.match.trends.keys import PATTERN
from monitor.match.trends.values import Values, names_of, written_in

if typing.TYPE_CHECKING:
    from monitor.match.conditions import Condition
    from monitor.match.rule import Rule

LONGEST = 366 * 86400.0  # seconds
A_RULE = "write rule: ID, rules: [ID, ...] or watch: NAME"
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}


@dataclass(slots=True)
class TrendReader:
    """Reads the keys of one trend."""

    reader: Reader  # how keys, texts and term sets are read in rules
    rules: "Mapping[str, Rule]"  # those that are live, by id
    ids: Collection[str]  # of all rules that there are, also of those that are not live
    trends: Collection[str]  # ids of the trends read before
    sets: "Callable[[str], Condition | None]"
    used: set[str]  # names of the term sets it used
    enabled: bool = True
    broken: Collection[str] = ()  # ids of the rules, and names of the watches, that have problems of their own

    @property
    def complain(self) -> Complain:
        """What notes a problem."""
        return self.reader.complain

    def keys(self, data: Any, place: Path, known: Collection[str], needed: Collection[str] = ()) -> bool:
        """Check a mapping's keys; tell whether it can be read on."""
        return self.reader.keys(data, place, known, needed)

    # --- what is counted

    def counted(self, data: Mapping[str, Any], place: Path) -> tuple[str, ...] | None:
        """Return the ids of the rules that are counted: `rule`, `rules` or `watch`, and only one of them."""
        given = [key for key in ("rule", "rules", "watch") if data.get(key) is not None]
        if len(given) != 1:
            wrong = "it does not say what is counted" if not given else f"{' and '.join(given)} stand side by side"
            self.complain(place, wrong, A_RULE)
            return None
        key = given[0]
        if key == "rule" and isinstance(data[key], list):
            self.complain((*place, key), "rule is not a list", "write rules: for several")
            return None
        return self._watch(data[key], (*place, key)) if key == "watch" else self._rules(data[key], (*place, key))

    def side(self, data: Any, place: Path) -> tuple[str, ...] | None:
        """Return the ids of the rules of one side of a sequence: an id, a list of ids, or {watch: name}."""
        if isinstance(data, Mapping):
            if not self.keys(data, place, ("watch",), needed=("watch",)):
                return None
            return self._watch(data["watch"], (*place, "watch"))
        return self._rules(data, place)

    def _rules(self, data: Any, place: Path) -> tuple[str, ...] | None:
        named = self.reader.texts(data, place)
        right = [
            self._is_rule(rule_id, (*place, number) if isinstance(data, list) else place)
            for number, rule_id in enumerate(named or ())
        ]
        return tuple(dict.fromkeys(named)) if named and all(right) else None

    def _is_rule(self, rule_id: str, place: Path) -> bool:
        if rule_id in self.rules or (rule_id in self.ids and not self.enabled):
            return True
        if rule_id in self.ids:
            is_broken = rule_id in self.broken
            hint = f"{'mend' if is_broken else 'enable'} it, or set enabled: false here"
            message = f"the rule {rule_id!r} is not in use, so nothing of it is counted"
            self.complain(place, message, hint, follows=is_broken)
        elif rule_id in self.trends:
            self.complain(place, f"{rule_id!r} is a trend; a trend counts the hits of rules", "name the rule itself")
        else:
            hint = suggestion(rule_id, self.ids) if self.ids else "write one under rules:"
            self.complain(place, f"there is no rule {rule_id!r}", hint)
        return False

    def _watch(self, data: Any, place: Path) -> tuple[str, ...] | None:
        watches = {rule.watch for rule in self.rules.values() if rule.watch}
        if not isinstance(data, str) or data not in watches:
            hint = suggestion(data, watches) if watches else "no rules file has the key watch: yet"
            follows = isinstance(data, str) and data in self.broken
            self.complain(place, f"there is no watch {data!r}", hint, follows=follows)
            return None
        return tuple(rule_id for rule_id, rule in self.rules.items() if rule.watch == data)

    # --- values

    def values(self, data: Mapping[str, Any], of: str, place: Path, *sides: Collection[str]) -> Values | None:
        """Return what values are told apart; with a term set each of the sides must look for one of its terms."""
        name = data.get("set")
        if name is None and of != "place":
            return Values(of)
        if name is None:
            hint = "write for example set: places"
            self.complain(place, "a place is a term of a term set, and none is named", hint)
            return None
        if of not in ("term", "words", "place"):
            self.complain((*place, "set"), "a term set goes with terms only", "write place, term or words, or no set")
            return None
        condition = self._set(name, (*place, "set"))
        if condition is None:
            return None
        names = names_of(condition)
        for side in sides:
            live = [self.rules[rule_id].condition for rule_id in side if rule_id in self.rules]
            if live and written_in(live).isdisjoint(names):
                hint = f"name ${str(name).removeprefix('$')} in the condition of the rule"
                looked = f"{', '.join(side)} looks for no term of it, so none is ever found"
                self.complain((*place, "set"), looked, hint)
                return None
        return Values(of, str(name).removeprefix("$"), names)

    def _set(self, name: Any, place: Path) -> "Condition | None":
        if not isinstance(name, str):
            self.complain(place, f"{name!r} is no name of a term set", "write for example set: places")
            return None
        bare = name.removeprefix("$")
        if bare not in self.reader.names:
            hint = suggestion(bare, self.reader.names) if self.reader.names else "define it under terms:"
            self.complain(place, f"there is no term set {bare!r}", hint)
            return None
        self.used.add(bare)
        found = self.sets(bare)
        if found is None:
            hint = "mend the problem that is shown for it"
            self.complain(place, f"the term set ${bare} cannot be used", hint, follows=True)
        return found

    # --- single values

    def duration(
        self,
        data: Mapping[str, Any],
        key: str,
        place: Path,
        *,
        least: float = 60.0,
        most: float = LONGEST,
        default: float | None = None,
    ) -> float | None:
        """Return a duration in seconds."""
        value = data.get(key)
        if value is None and default is not None:
            return default
        seconds = _seconds(value)
        if seconds is None:
            self.complain((*place, key), f"{value!r} is not a duration", "write for example 90m, 6h, 2d or 1w")
        elif not least <= seconds <= most:
            wrong = f"{value} is too {'short' if seconds < least else 'long'}"
            self.complain((*place, key), wrong, f"write {_short(least)} to {_short(most)}")
        else:
            return seconds
        return None

    def whole(
        self,
        data: Mapping[str, Any],
        key: str,
        place: Path,
        *,
        least: int,
        most: int = 1_000_000,
        default: int | None = None,
    ) -> int | None:
        """Return a whole number."""
        value = data.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.complain((*place, key), f"{value!r} is no number for {key}", f"write {least} to {most}")
            return None
        return value

    def share(
        self, data: Mapping[str, Any], key: str, place: Path, *, least: float, most: float, default: float
    ) -> float | None:
        """Return a number between two others."""
        value = data.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.complain((*place, key), f"{value!r} is no number for {key}", f"write {least:g} to {most:g}")
            return None
        return float(value)

    def choice(self, data: Mapping[str, Any], key: str, place: Path, known: tuple[str, ...]) -> str | None:
        """Return one of several words, the first of them where none is given."""
        value = data.get(key)
        if value is None:
            return known[0]
        if value not in known:
            self.complain((*place, key), f"{value!r} is not known here", suggestion(value, known))
            return None
        return str(value)


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    found = re.fullmatch(PATTERN, str(value))
    return float(found[1]) * _UNITS[found[2]] if found else None


def _short(seconds: float) -> str:
    unit = next((unit for unit in ("d", "h", "m") if seconds and seconds % _UNITS[unit] == 0), "s")
    return f"{seconds / _UNITS[unit]:g}{unit}"
