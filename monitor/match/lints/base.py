"""What every check of rules is and returns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from monitor.errors import Problem
from monitor.match.compiler import RuleDocument
from monitor.match.outline import Outline
from monitor.match.reading import Path
from monitor.model import Source


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in a rules file that is allowed, and hardly meant."""

    document: RuleDocument
    place: Path
    message: str  # what is so
    hint: str  # what to write instead
    rule_id: str = ""

    def problem(self) -> Problem:
        """Return it as a warning at its line and column."""
        line, column = self.document.where(self.place)
        return Problem(self.document.file, line, column, self.message, self.hint, True, self.rule_id)


Lint = Callable[[Outline, Sequence[Source]], Iterator[Remark]]
