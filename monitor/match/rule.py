"""A rule, and how it is read from plain YAML data with every problem and its place."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from monitor.match.conditions.base import Condition
from monitor.model import Severity

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A text that the rule must match, or ignore."""

    text: str
    match: bool
    title: str = ""
    language: str = ""
    source: str = ""
    place: Path = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A named condition with a severity."""

    id: str
    name: str
    watch: str
    severity: Severity
    condition: Condition
    file: str
    line: int
    hash: str
    description: str = ""
    tags: tuple[str, ...] = ()
    examples: tuple[Example, ...] = field(default=())

    def describe(self) -> str:
        """Say the condition in words."""
        return self.condition.describe()


def hash_of(data: Any) -> str:
    """Return which wording of a rule this is: 12 letters."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:12]


@dataclass(slots=True)
class Reader:
    """Collects problems while one file's data are read."""

    complain: Callable[[Path, str, str], None]
    sets: dict[str, Any]
    using: list[str] = field(default_factory=list)  # term sets being read, to see circles
    bad: bool = False

    def problem(self, place: Path, message: str, hint: str = "") -> None:
        """Note what is wrong at a place."""
        self.bad = True
        self.complain(place, message, hint)
