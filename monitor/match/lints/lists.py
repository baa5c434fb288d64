"""Checks of lists of terms: what is there twice, what another term finds already, term sets that nothing uses."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from monitor.match.covering import Cover, covers
from monitor.match.lints.base import Remark
from monitor.match.outline import Node, Outline, Placed
from monitor.match.reading import misspelt
from monitor.match.terms import Term
from monitor.model import Source

SHOWN = 12  # groups of terms that one warning names


def twice(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find terms that are in a list twice, or add nothing because a shorter or open one finds them, too."""
    for node, rule_id in outline.lists():
        cover = Cover.of(placed.term for placed in node.terms)
        numbers: dict[Term, int] = {}
        for number, placed in enumerate(node.terms):
            numbers.setdefault(placed.term, number)
        added: dict[Term, list[Placed]] = {}  # by the term that makes them needless
        for number, placed in enumerate(node.terms):
            if found := _instead(placed.term, number, cover, numbers):
                added.setdefault(found, []).append(placed)
        if added:
            first = min((placed for needless in added.values() for placed in needless), key=node.terms.index)
            yield Remark(first.document, first.place, *_said(added), rule_id)
        yield from _sets_twice(node, rule_id)


def _instead(term: Term, number: int, cover: Cover, numbers: Mapping[Term, int]) -> Term | None:
    """Return the term that makes another one needless: one that finds more, or of those alike the first one."""
    if numbers[term] < number:
        return term
    alike = []
    for found in cover.all_of(term):
        if not covers(term, found):
            return found
        alike.append(found)
    first = min(alike, key=numbers.__getitem__, default=term)
    return None if first is term else first


def _said(added: Mapping[Term, Sequence[Placed]]) -> tuple[str, str]:
    """Say all that a list repeats in one warning: most lists have none or many."""
    number = sum(map(len, added.values()))
    if number == 1:
        [(found, [placed])] = added.items()
        return _said_of_one(placed, found)
    groups = [f"{', '.join(map(str, needless))} ({_by(found, needless)})" for found, needless in added.items()]
    more = f"; ... {number} in all" if len(groups) > SHOWN else ""
    return f"{number} terms add nothing to this list: {'; '.join(groups[:SHOWN])}{more}", "take them out"


def _by(found: Term, needless: Sequence[Placed]) -> str:
    twice = all(placed.term is found for placed in needless)
    return "there twice" if twice else f"{found.written!r} finds {'it' if len(needless) == 1 else 'them'}"


def _said_of_one(placed: Placed, found: Term) -> tuple[str, str]:
    term = placed.term
    if term is found:
        return f"{placed} is in this list twice", "take one of them out"
    if [word.folded for word in term.words] == [word.folded for word in found.words] and covers(term, found):
        return f"{placed} is in this list twice: {found.written!r} finds the same", "take one of them out"
    return f"{placed} adds nothing to this list: {found.written!r} finds it already", "take it out"


def _sets_twice(node: Node, rule_id: str) -> Iterator[Remark]:
    for label, number in Counter(part.label for part in node.parts if part.label).items():
        if number > 1:
            yield Remark(
                node.document, node.place, f"${label} is in this list {number} times", "once is enough", rule_id
            )


def unused(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find term sets that no rule uses, neither directly nor by another set, nor by a misspelt or bare name."""
    meant = misspelt(outline.unknown, outline.sets) | {str(placed.term.written) for placed, _ in _bare(outline)}
    for name, node in outline.sets.items():
        if node is not None and name not in outline.used and name not in meant:
            yield Remark(
                node.document, node.place, f"no rule uses the term set ${name}", f"write ${name} in a rule, or drop it"
            )


def bare_name(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find terms that are the name of a term set which nothing uses: a $ was forgotten."""
    for placed, rule_id in _bare(outline):
        message = f"{placed} is the name of a term set, and stands here as a word"
        yield Remark(placed.document, placed.place, message, f"write ${placed.term.written}", rule_id)


def _bare(outline: Outline) -> Iterator[tuple[Placed, str]]:
    for node, rule_id in outline.lists():
        for placed in node.terms:
            name = placed.term.written
            if name in outline.sets and name not in outline.used and name != node.label:
                yield placed, rule_id
