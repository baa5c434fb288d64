"""`title`: a condition on the article's title."""

from dataclasses import dataclass

from monitor.match.conditions.scope import Scope


@dataclass(frozen=True, slots=True, eq=False)
class Title(Scope):
    """What it finds must stand in the title."""

    name = "title"
