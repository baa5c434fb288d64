"""What a dialect is: how its queries are recognised, and what makes trees of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from monitor.match.dialects.tree import Node


@dataclass(slots=True)
class Notes:
    """What the author of a query should know about its translation; each thing is said once."""

    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        """Say something, unless it was said."""
        if line not in self.lines:
            self.lines.append(line)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One tool's way to write a query."""

    title: str  # the tool's name, for people
    fits: Callable[[str], bool]  # whether a query can only be of this dialect
    parse: Callable[[str, Notes], Node]
    ignores_case: bool = True


def lines_of(query: str) -> Iterator[tuple[str, int]]:
    """Return the lines of a query that are not empty, each with its place in it, in characters."""
    at = 0
    for line in query.splitlines(keepends=True):
        if line.strip():
            yield line.rstrip("\r\n"), at
        at += len(line)
