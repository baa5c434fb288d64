"""Which terms a rule itself looks for, and where they are written; no effects."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.match.covering import Cover
from monitor.match.outline import Node, Outline
from monitor.match.rulebook import RuleBook
from monitor.match.terms import BadTerm, Term, Terms


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """The terms of a rule and of its term sets, those under `not` left out, each with where it is written."""

    places: dict[Term, str] = field(default_factory=dict)  # "$harm (rules/rail.yaml:9)", in the order of writing
    terms: Terms = field(default_factory=Terms)

    @classmethod
    def of(cls, book: RuleBook, rule_id: str) -> "OwnTerms":
        """Gather the terms of a rule; none where the book has no such rule."""
        made = cls()
        for outlined in Outline.of(book).rules:
            if outlined.rule.id == rule_id:
                for term, place in _written(outlined.root, f"the rule {rule_id}"):
                    made.places.setdefault(term, place)
        return made

    def of_word(self, text: str) -> str:
        """Say where a term is written that an exclusion of `text` would leave no find; "" where there is none."""
        try:
            cover = Cover.of([self.terms.parse(text)])
        except BadTerm:
            return ""
        return next((place for term, place in self.places.items() if cover.of_term(term)), "")


def _written(node: Node, label: str) -> Iterator[tuple[Term, str]]:
    if node.kind == "not":
        return
    label = f"${node.label}" if node.label else label
    for placed in node.terms:
        yield placed.term, f"{label} ({placed.document.file}:{placed.document.where(placed.place)[0]})"
    for part in node.parts:
        yield from _written(part, label)
