"""Checks of lists of terms: what is there twice, what another term finds already, term sets that nothing uses."""

from collections import Counter
from collections.abc import Iterator, Sequence

from monitor.match.covering import Cover, same
from monitor.match.lints.base import Remark
from monitor.match.outline import Node, Outline, Placed
from monitor.match.terms import Term
from monitor.model import Source


def twice(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find terms that are in a list twice, or add nothing because a shorter or open one finds them, too."""
    for node, rule_id in outline.lists():
        cover = Cover.of(placed.term for placed in node.terms)
        before: set[Term] = set()
        for placed in node.terms:
            if message := _repeats(placed, cover, before):
                yield Remark(placed.document, placed.place, message, "take one of them out", rule_id)
            before.add(placed.term)
        yield from _sets_twice(node, rule_id)


def _repeats(placed: Placed, cover: Cover, before: set[Term]) -> str:
    term = placed.term
    if term in before:
        return f"{placed} is in this list twice"
    found = cover.of_term(term, but=term)
    if found is None:
        return ""
    if not same(found, term):
        return f"{placed} adds nothing to this list: {found.written!r} finds it already"
    return f"{placed} is in this list twice: {found.written!r} finds the same" if found in before else ""


def _sets_twice(node: Node, rule_id: str) -> Iterator[Remark]:
    for label, number in Counter(part.label for part in node.parts if part.label).items():
        if number > 1:
            yield Remark(
                node.document, node.place, f"${label} is in this list {number} times", "once is enough", rule_id
            )


def unused(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find term sets that no rule uses, neither directly nor by another set."""
    for name, node in outline.sets.items():
        if node is not None and name not in outline.used:
            yield Remark(
                node.document, node.place, f"no rule uses the term set ${name}", f"write ${name} in a rule, or drop it"
            )
