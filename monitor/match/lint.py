"""Remarks on rules that are right in form, and hardly mean what they say; each is a warning with a line.

A check is one function of the outline of all rules and the sources there are; `LINTS` names them all. A warning should
rarely be wrong, so what is not plain is not remarked on. What can only be told from stored articles is in
`monitor.match.survey`.
"""

from collections.abc import Sequence

from monitor.errors import Problem
from monitor.match.lints import facts, lists, logic, words
from monitor.match.lints.base import Lint
from monitor.match.outline import Outline
from monitor.match.rulebook import RuleBook
from monitor.model import Source

LINTS: tuple[Lint, ...] = (
    logic.never,
    logic.quoted_only,
    logic.excluded_term,
    logic.everything,
    logic.everyday_word,
    logic.excluded_form,
    lists.twice,
    lists.unused,
    lists.bare_name,
    facts.unknown_source,
    words.written,
    words.letters,
    words.capitals,
)


def lint(book: RuleBook, sources: Sequence[Source] = ()) -> tuple[Problem, ...]:
    """Return all remarks on the rules of a book, in the order of files and lines; without sources, none on those."""
    outline = Outline.of(book)
    return tuple(sorted({remark.problem() for check in LINTS for remark in check(outline, sources)}))
