"""`near`: one find of each member, close together, each on words of its own."""

import re
import typing
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.match.conditions.all import All
from monitor.match.conditions.base import Condition, Piece, Searched, Told, say
from monitor.match.reading import Path, Reader, suggestion
from monitor.match.terms import Term
from monitor.match.text import Area, Found, Span, Text, meet

UNITS = ("sentence", "paragraph")
WIDEST = 1000  # words
MOST = 32  # stretches found in one area
STEPS = 500  # choices tried for one stretch
ANCHORS = 20_000  # finds from which stretches are looked for in one area


@dataclass(frozen=True, slots=True, eq=False)
class Near(Searched):
    """Members that stand in one sentence, in one paragraph, or within so many words."""

    name = "near"
    cost = 3
    distance: int | str
    members: tuple[Condition, ...]
    ordered: bool
    needed: tuple[Condition, ...]  # members that must hold in the whole area, to hold somewhere in it

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: Reader) -> Condition | None:
        """Read `within`, `of` and `ordered`."""
        if not reader.keys(data, place, ("within", "of", "ordered"), ("within", "of")):
            return None
        right = [_right_distance(data["within"], (*place, "within"), reader)]
        ordered = data.get("ordered", False)
        if not isinstance(ordered, bool):
            reader.complain((*place, "ordered"), f"{ordered!r} is neither true nor false", "write ordered: true")
            right.append(False)
        members = reader.members(data["of"], (*place, "of"), least=2)
        if members is None or not all(right):
            return None
        if sum(member.finds for member in members) < 2:
            reader.complain((*place, "of"), "near needs two members that look for words", "add one, or use all")
            return None
        flat = tuple(_flat(members))
        return cls(data["within"], flat, ordered, tuple(member for member in flat if member.monotone))

    @staticmethod
    def schema(condition: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """`within`, `of` and `ordered`."""
        number = {"type": "integer", "minimum": 1, "maximum": WIDEST}
        return {
            "type": "object",
            "properties": {
                "within": {"anyOf": [{"enum": list(UNITS)}, number], "description": "How close together."},
                "of": {"type": "array", "items": condition, "minItems": 2},
                "ordered": {"type": "boolean", "description": "Whether they must stand in this order."},
            },
            "required": ["within", "of"],
            "additionalProperties": False,
        }

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The members."""
        return self.members

    @property
    def single(self) -> bool:
        """It is: each stretch has all members."""
        return True

    def search(self, text: Text, area: Area) -> Found | None:
        """Return the stretches, each with the words found in it as its parts."""
        for member in self.needed:
            if member.look(text, area) is None:
                return None
        found = self._in_units(text, area) if isinstance(self.distance, str) else self._in_words(text, area)
        return tuple(dict.fromkeys(found)) or None

    def _in_units(self, text: Text, area: Area) -> list[Span]:
        kind = str(self.distance)
        stretches = []
        for number in self._candidates(text, area, kind):
            unit = meet(area, text.unit(kind, number))
            if chosen := self._choose(text, unit):
                stretches.append(_stretch(chosen))
                if len(stretches) == MOST:
                    break
        return stretches

    def _candidates(self, text: Text, area: Area, kind: str) -> Iterable[int]:
        """Return the units that hold a find of every member of which each find counts for itself."""
        shared: set[int] | None = None
        for member in self.members:
            if member.finds and member.single and member.monotone:
                units = {text.unit_number(kind, span.first) for span in member.look(text, area) or ()}
                shared = units if shared is None else shared & units
        return text.units(kind, area) if shared is None else sorted(shared)

    def _choose(self, text: Text, area: Area) -> list[Span]:
        lists = []
        for member in self.members:
            found = member.look(text, area)
            if found is None:
                return []
            if member.finds and found:
                lists.append(found)
        return self._pick(lists)

    def _in_words(self, text: Text, area: Area) -> list[Span]:
        wholes = [(member.look(text, area) or ()) if member.finds else () for member in self.members]
        stretches: list[Span] = []
        for owner, anchor in self._anchors(wholes):
            lists = self._reachable(text, area, wholes, owner, anchor)
            chosen = [] if None in lists else self._pick([found for found in lists if found])
            if chosen and self._others_hold(text, area, chosen):
                stretches.append(_stretch(chosen))
                if len(stretches) == MOST:
                    break
        return stretches

    def _anchors(self, wholes: Sequence[Found]) -> list[tuple[int, Span]]:
        """Return the finds that may begin a stretch, each with the number of its member."""
        owners = [number for number, member in enumerate(self.members) if member.finds]
        if self.ordered:
            owners = owners[:1]
        anchors = [(number, span) for number in owners for span in wholes[number]]
        return sorted(anchors, key=lambda one: (one[1].first, one[1].last))[:ANCHORS]

    def _reachable(
        self, text: Text, area: Area, wholes: Sequence[Found], owner: int, anchor: Span
    ) -> list[Found | None]:
        """Return for each member what it finds from an anchor on, as far as `within` goes; None where that fails."""
        end = min(area[1], text.part_of(anchor.first).area[1])
        limit = min(end, anchor.last + int(self.distance) + 1)
        lists: list[Found | None] = []
        for number, member in enumerate(self.members):
            if number == owner:
                lists.append((anchor,))
            elif member.finds and member.single:
                low = bisect_left(wholes[number], anchor.first, key=_first)
                high = bisect_left(wholes[number], limit, lo=low, key=_first)
                lists.append(tuple(span for span in wholes[number][low:high] if span.last < end) or None)
            elif member.finds:
                lists.append(member.look(text, (anchor.first, limit)))
        return lists

    def _others_hold(self, text: Text, area: Area, chosen: Sequence[Span]) -> bool:
        """Tell whether the members that look for no words hold around a stretch, as far as `within` goes."""
        reach, field = int(self.distance), text.part_of(chosen[0].first).area
        low, high = min(span.first for span in chosen) - reach, max(span.last for span in chosen) + reach + 1
        around = meet(meet((low, high), field), area)
        return all(member.look(text, around) is not None for member in self.members if not member.finds)

    def _pick(self, lists: list[Found]) -> list[Span]:
        return _in_order(lists) if self.ordered else _apart(lists)

    def _how(self) -> str:
        if isinstance(self.distance, str):
            close = f"within one {self.distance}"
        else:
            close = f"within {self.distance} word{'s' if self.distance != 1 else ''}"
        return close + (" and in this order" if self.ordered else "")

    def needs(self) -> tuple[tuple[Term, ...], ...]:
        """All that its members need."""
        return tuple(group for member in self.members for group in member.needs())

    def describe(self) -> str:
        """Say the distance and the members."""
        return f"{self._how()}: {'; and '.join(part.describe() for part in self.members)}"

    def tell(self, text: Text, area: Area) -> Told:
        """Tell of the members, and whether they stand close together."""
        found = self.look(text, area)
        leaves = tuple(leaf for stretch in _telling(found or (), text)[:1] for leaf in stretch.leaves)
        parts = tuple(part.tell(text, area) for part in self.members)
        missing = sum(part.missing for part in parts if not part.held)
        far = found is None and not missing
        note = "all are there, but nowhere close together on words of their own" if far else ""
        return Told(f"{self._how()}:", found is not None, say(leaves, text), note, int(far) or missing, parts)

    def evidence(self, text: Text, area: Area) -> Iterable[Piece]:
        """Return the words of each stretch: the title's first, then the shortest stretches."""
        stretches = _telling(self.look(text, area) or (), text)
        return [Piece(self.name, leaf) for stretch in stretches for leaf in stretch.leaves]


def _right_distance(value: typing.Any, place: Path, reader: Reader) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        if 1 <= value <= WIDEST:
            return True
        reader.complain(place, f"{value} is no distance", f"write a number of words from 1 to {WIDEST}")
        return False
    if value not in UNITS:
        reader.complain(place, f"{value!r} is no distance", _distance_hint(value))
        return False
    return True


def _distance_hint(value: typing.Any) -> str:
    if number := re.match(r"[1-9]\d*", str(value)):
        return f"write {number[0]}: a number alone counts words"
    hint = suggestion(value, UNITS)
    return hint if hint.endswith("?") else f"write sentence, paragraph, or a number of words from 1 to {WIDEST}"


def _flat(members: Iterable[Condition]) -> Iterable[Condition]:
    """Take the parts of `all` as members: each of them must stand near."""
    for member in members:
        if isinstance(member, All):
            yield from _flat(member.members)
        else:
            yield member


def _first(span: Span) -> int:
    return span.first


def _telling(stretches: Found, text: Text) -> list[Span]:
    title = text.scope("title")[1]
    return sorted(stretches, key=lambda one: (one.first >= title, one.last - one.first, one.first))


def _stretch(chosen: Sequence[Span]) -> Span:
    leaves = tuple(sorted(leaf for span in chosen for leaf in span.leaves))
    return Span(min(span.first for span in chosen), max(span.last for span in chosen), parts=leaves)


def _overlap(one: Span, other: Span) -> bool:
    if one.last < other.first or other.last < one.first:
        return False
    if not one.parts and not other.parts:
        return True
    return any(_overlap(mine, theirs) for mine in one.leaves for theirs in other.leaves)


def _in_order(lists: Sequence[Found]) -> list[Span]:
    """Choose one find of each list, each after the one before; the earliest end leaves most room for the next."""
    chosen: list[Span] = []
    for number, spans in enumerate(lists):
        after = [span for span in spans if not chosen or span.first > chosen[-1].last]
        if not after:
            return []
        last = number == len(lists) - 1
        chosen.append(min(after, key=lambda span: span.first) if last else min(after, key=lambda span: span.last))
    return chosen


def _apart(lists: Sequence[Found]) -> list[Span]:
    """Choose one find of each list so that no two share a word; the shortest list chooses first."""
    tried = 0

    def extended(chosen: list[Span], waiting: Sequence[Found]) -> list[Span]:
        nonlocal tried
        if not waiting:
            return chosen
        for span in waiting[0]:
            tried += 1
            if tried > STEPS:
                return []
            free = not any(_overlap(span, had) for had in chosen)
            if free and (whole := extended([*chosen, span], waiting[1:])):
                return whole
        return []

    return extended([], sorted(lists, key=len))
