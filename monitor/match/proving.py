"""Lets rules prove themselves before they are used: those whose examples fail keep their old wording, or go live.

At a start there is no old wording: a rule that fails is live all the same, since a missed event is worse than a noisy
one. On a reload its old version stays while all other rules change; a new rule waits until its examples hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.errors import Problem
from monitor.match.rule import Rule
from monitor.match.rulebook import RuleBook

LIVE = "it is live all the same"
OLD = "its old version stays"
WAITS = "it is not live until they hold"


@dataclass(frozen=True, slots=True)
class Proof:
    """A book that can be used, and what is to be said of rules whose examples fail."""

    book: RuleBook
    failing: Mapping[str, str] = field(default_factory=dict)  # rule id -> what became of it, and why


def prove(book: RuleBook, before: RuleBook | None = None) -> Proof:
    """Try every rule on its examples; with `before`, what was live so far, a rule that fails does not change.

    The book that comes back is ready to match.
    """
    failed: dict[str, list[Problem]] = {}
    for problem in book.check_examples():
        failed.setdefault(problem.rule_id, []).append(problem)
    if not failed:
        return Proof(book.ready())
    if before is None:
        return Proof(book.ready(), {rule_id: _said(LIVE, problems) for rule_id, problems in failed.items()})
    old = {rule.id: rule for rule in before.rules if rule.id in failed}
    said = {rule_id: _said(OLD if rule_id in old else WAITS, problems) for rule_id, problems in failed.items()}
    return Proof(book.with_rules(_chosen(book.rules, failed, old)).ready(), said)


def _chosen(rules: Iterable[Rule], failed: Mapping[str, object], old: Mapping[str, Rule]) -> tuple[Rule, ...]:
    return tuple(old.get(rule.id, rule) for rule in rules if rule.id not in failed or rule.id in old)


def _said(fate: str, problems: list[Problem]) -> str:
    number = "an example fails" if len(problems) == 1 else f"{len(problems)} examples fail"
    return "\n".join([f"{number}; {fate}", *map(str, problems)])
