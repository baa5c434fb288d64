"""Rules by what they need: an article's own terms choose the few rules that can hold, and only those are tried.

A rule that wants one of these *and* one of those needs a term of each list ("conjunctive normal form" without the
negations). It is filed under the terms of its rarest list; when one of them may stand in an article, its other lists
are compared, and only then the rule itself is tried, by the same evaluator that tries every rule. So the index decides
nothing; it saves work. A rule that needs no term (only exclusions, a source, a regular expression) is always tried.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.match.rule import Rule
from monitor.match.terms import Term, rarity
from monitor.match.text import Text

Group = tuple[Term, ...]  # terms of which one must occur


@dataclass(frozen=True, slots=True)
class Index:
    """Chooses rules, by their numbers."""

    always: tuple[int, ...]
    filed: Mapping[Term, Sequence[int]]  # the rules whose rarest list has a term
    others: Mapping[int, tuple[Group, ...]]  # the other lists of a rule, the rarest first

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "Index":
        """File every rule."""
        always: list[int] = []
        filed: dict[Term, list[int]] = {}
        others: dict[int, tuple[Group, ...]] = {}
        for number, rule in enumerate(rules):
            groups = sorted(rule.condition.needs(), key=rarity)
            if not groups:
                always.append(number)
                continue
            for term in groups[0]:
                filed.setdefault(term, []).append(number)
            if len(groups) > 1:
                others[number] = tuple(groups[1:])
        return cls(tuple(always), filed, others)

    def candidates(self, text: Text) -> list[int]:
        """Return the numbers of the rules that may hold for an article, in order."""
        present = text.present
        chosen = set(self.always)
        for term in self.filed.keys() & present:
            chosen.update(self.filed[term])
        others = self.others
        return sorted([n for n in chosen if not any(map(present.isdisjoint, others.get(n, ())))])
