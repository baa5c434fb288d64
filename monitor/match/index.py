"""Rules by what they need: an article's own terms choose the few rules that can hold, and only those are tried.

A rule that wants one of these *and* one of those needs a term of each list ("conjunctive normal form" without the
negations). It is filed under the terms of its rarest list. Of the rules that an article's terms call up so, those drop
out whose next rarest list has no term there, and then those of which any other list has none. Only the rest is tried,
by the same evaluator that tries every rule: the index decides nothing; it saves work. A rule that needs no term (only
exclusions, or a source) is always tried. Regular expressions are looked for only where a rule has nothing better.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.match.gate import Gate
from monitor.match.lexicon import MOST, Called, Lexicon
from monitor.match.rule import Rule
from monitor.match.terms import Term, rarity
from monitor.match.text import Text

Group = tuple[Term, ...]  # terms of which one must occur
NO_LIST = -1  # stands for the second list of a rule that has one list only
Numbers = tuple[tuple[int, ...], tuple[int, ...]]  # of rules, and of second lists


@dataclass(frozen=True, slots=True)
class Index:
    """Chooses rules, by their numbers."""

    always: frozenset[int] = frozenset()
    filed: Mapping[Term, Sequence[int]] = field(default_factory=dict)  # the rules whose rarest list has a term
    lists: Mapping[Term, Sequence[int]] = field(default_factory=dict)  # the second lists that have a term
    second: Sequence[int] = ()  # of each rule the number of its second list
    others: Mapping[int, tuple[Group, ...]] = field(default_factory=dict)  # the further lists of a rule
    gate: Gate = field(default_factory=Gate)  # the regular expressions of `filed`
    lexicon: Lexicon = field(default_factory=Lexicon)
    known: dict[Called, Numbers] = field(default_factory=dict)  # what a word calls up, in numbers; remembered

    @classmethod
    def of(cls, rules: Iterable[Rule], lexicon: Lexicon) -> "Index":
        """File every rule; `lexicon` has their terms."""
        needs = _rarest_first([rule.condition.needs() for rule in rules])
        numbers: dict[Group, int] = {}
        filed: dict[Term, list[int]] = {}
        for rule, groups in enumerate(needs):
            for term in groups[0] if groups else ():
                filed.setdefault(term, []).append(rule)
        second = [numbers.setdefault(groups[1], len(numbers)) if len(groups) > 1 else NO_LIST for groups in needs]
        lists: dict[Term, list[int]] = {}
        for group, number in numbers.items():
            for term in group:
                lists.setdefault(term, []).append(number)
        always = frozenset(rule for rule, groups in enumerate(needs) if not groups)
        others = {rule: tuple(groups[2:]) for rule, groups in enumerate(needs) if len(groups) > 2}
        return cls(always, _packed(filed), _packed(lists), second, others, Gate.of(filed), lexicon)

    def candidates(self, text: Text) -> list[int]:
        """Return the numbers of the rules that may hold for an article, in order."""
        numbers = self._called_up(text)
        chosen = self.always.union(*[rules for rules, _ in numbers])
        if not chosen:
            return []
        touched, second, others = {NO_LIST}.union(*[lists for _, lists in numbers]), self.second, self.others
        kept = [rule for rule in chosen if second[rule] in touched]
        return sorted([rule for rule in kept if not any(map(text.present.isdisjoint, others.get(rule, ())))])

    def _called_up(self, text: Text) -> list[Numbers]:
        """Return what an article's words, phrases and regular expressions call up."""
        known = self.known
        if len(known) > MOST:
            known.clear()
        numbers = []
        for _, called in self.lexicon.calling(text):
            if called not in known:
                known[called] = self._numbers(called.terms)
            numbers.append(known[called])
        if phrases := self.lexicon.phrases(text):
            numbers.append(self._numbers(phrases))
        if self.gate.batches:
            numbers.append(self._numbers(self.gate.present(text)))
        return numbers

    def _numbers(self, terms: Iterable[Term]) -> Numbers:
        filed, lists = self.filed, self.lists
        return (
            tuple([rule for term in terms for rule in filed.get(term, ())]),
            tuple([number for term in terms for number in lists.get(term, ())]),
        )


def _packed(lists: Mapping[Term, list[int]]) -> dict[Term, tuple[int, ...]]:
    """Return the same in less memory."""
    return {term: tuple(numbers) for term, numbers in lists.items()}


def _rarest_first(needs: Sequence[tuple[Group, ...]]) -> list[list[Group]]:
    """Sort the lists of each rule; those with regular expressions are left out beyond the first.

    A list that many rules share is what the book is about, so it is likely in an article; and to be called up by it
    would call up all of them at once.
    """
    shared = Counter(group for groups in needs for group in dict.fromkeys(groups))
    weights = {group: rarity(group) * rules**0.5 for group, rules in shared.items()}
    ordered = [sorted(dict.fromkeys(groups), key=weights.__getitem__) for groups in needs]
    worded = {group for group in shared if all(term.words for term in group)}
    return [[*groups[:1], *(group for group in groups[1:] if group in worded)] for groups in ordered]
