"""A rule: a named condition with a severity, and the examples that prove it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.match.conditions.base import Condition
from monitor.match.reading import Path
from monitor.model import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text that the rule must match, or must ignore."""

    match: bool
    title: str
    text: str
    language: str = ""
    source: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # properties, as in the condition `source`
    place: Path = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A named condition with a severity."""

    id: str
    name: str
    watch: str
    severity: Severity
    condition: Condition
    file: str
    line: int
    hash: str  # changes with the wording of the rule, and of the term sets it uses
    description: str = ""
    tags: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    def describe(self) -> str:
        """Say in words what the rule looks for."""
        return self.condition.describe()


def hash_of(data: object) -> str:
    """Return 12 letters that stand for a rule's wording."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
