"""`body`: a condition on all text but the title."""

from dataclasses import dataclass

from monitor.match.conditions.scope import Scope


@dataclass(frozen=True, slots=True, eq=False)
class Body(Scope):
    """What it finds must stand in summary or body."""

    name = "body"
