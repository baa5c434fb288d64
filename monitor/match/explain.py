"""Says of one rule and one article why it hit, nearly hit or missed, as a tree of conditions in words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.match.conditions.base import Told

NEAR = 1  # missing parts up to which a miss is a near one
NEAREST = 2  # of conditions one of which is enough, those that a short explanation shows


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one rule has to say about one article."""

    rule_id: str
    name: str
    told: Told

    @property
    def missing(self) -> int:
        """How many parts would have to hold as well."""
        return 0 if self.told.held else max(1, self.told.missing)

    @property
    def verdict(self) -> str:
        """`hit`; `near`: one part is missing and others were found; or `miss`."""
        if self.told.held:
            return "hit"
        return "near" if self.missing <= NEAR and _found_something(self.told) else "miss"

    def short(self) -> "Explanation":
        """Return the same with the nearest alternatives only, where none of many holds."""
        return replace(self, told=_nearest(self.told))

    def text(self) -> str:
        """Return the tree as indented lines: + holds, - does not."""
        return "\n".join([f"{self._head()}: {self.rule_id} - {self.name}", *_lines(self.told, 1)])

    def _head(self) -> str:
        if self.verdict == "hit":
            return "hit"
        return f"{self.verdict} ({self.missing} part{'s' if self.missing != 1 else ''} missing)"


def _found_something(told: Told) -> bool:
    return (told.held and bool(told.found)) or any(_found_something(part) for part in told.parts)


def _nearest(told: Told) -> Told:
    """Leave out what is farther away than other alternatives."""
    parts, note = told.parts, told.note
    if told.either and not told.held and len(parts) > NEAREST:
        ranked = sorted(parts, key=lambda part: (part.missing, not _found_something(part)))
        nearest = [part for part in ranked[:NEAREST] if part.missing == ranked[0].missing]
        others = len(parts) - len(nearest)
        parts, note = tuple(nearest), f"{others} other{'s' if others > 1 else ''}, none nearer"
    return replace(told, parts=tuple(_nearest(part) for part in parts), note=note)


def _lines(told: Told, depth: int) -> Iterator[str]:
    said = [f"{'  ' * depth}{'+' if told.held else '-'} {told.words}"]
    if told.found:
        said.append(f"found {told.found}" if told.held else f"but found {told.found}")
    elif not told.held and not told.parts and not told.note:
        said.append("not found")
    if told.note:
        said.append(told.note)
    yield said[0] + (f" [{'; '.join(said[1:])}]" if said[1:] else "")
    for part in told.parts:
        yield from _lines(part, depth + 1)
