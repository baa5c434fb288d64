"""Says of one rule and one article why it hit, nearly hit or missed."""

from dataclasses import dataclass

from monitor.match.conditions.base import Told

NEAR = 1  # missing parts up to which a miss is a near one


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one rule has to say about one article."""

    rule_id: str
    name: str
    told: Told

    @property
    def missing(self) -> int:
        """How many parts would have to hold as well."""
        return self.told.missing

    @property
    def verdict(self) -> str:
        """hit, near (one part is missing, others are there) or miss."""
        if self.told.held:
            return "hit"
        return "near" if self.missing <= NEAR and _something(self.told) else "miss"

    def text(self) -> str:
        """Return the tree as indented lines."""
        lines = [f"{self.verdict}: {self.rule_id} - {self.name}"]
        _lines(self.told, 1, lines)
        return "\n".join(lines)


def _something(told: Told) -> bool:
    return any((part.held and part.found) or _something(part) for part in told.parts)


def _lines(told: Told, depth: int, lines: list[str]) -> None:
    sign = "+" if told.held else "-"
    found = f"  [{told.found}]" if told.found else ("" if told.held else "  (missing)")
    lines.append(f"{'  ' * depth}{sign} {told.words}{found}")
    for part in told.parts:
        _lines(part, depth + 1, lines)
