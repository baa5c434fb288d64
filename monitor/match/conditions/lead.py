"""`lead`: a condition on the lead: the first paragraph of the text, up to 60 words."""

from dataclasses import dataclass

from monitor.match.conditions.scope import Scope


@dataclass(frozen=True, slots=True, eq=False)
class Lead(Scope):
    """What it finds must stand in the lead."""

    name = "lead"
