"""Checks of how conditions stand together: what can never hold, what always holds, what excludes too much."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor.match.covering import Cover, covers, meant_for, speaks
from monitor.match.everyday import everyday
from monitor.match.lints.base import Remark
from monitor.match.outline import Node, Outline, Outlined, Placed
from monitor.model import Source

MEND = "change one of them, or take the rule out"


@dataclass(frozen=True, slots=True)
class Given:
    """What must hold beside a condition: what is excluded around it, and the languages that are asked for."""

    excluded: tuple[Placed, ...] = ()
    cover: Cover = field(default_factory=Cover)
    languages: frozenset[str] | None = None

    def within(self, node: Node) -> "Given":
        """Return what is given for the parts of a condition of which all must hold."""
        if node.kind not in ("all", "near"):
            return self
        parts = list(conjuncts(node))
        fresh = tuple(placed for part in parts if part.kind == "not" for placed in _excluded(part))
        given = self
        if fresh:
            excluded = self.excluded + fresh
            given = replace(given, excluded=excluded, cover=Cover.of([placed.term for placed in excluded]))
        for codes in (_values(part.data) for part in parts if part.kind == "language"):
            given = replace(given, languages=codes if given.languages is None else given.languages & codes)
        return given

    def blocks(self, placed: Placed) -> str:
        """Say why a term can never count here, or ""."""
        if self.cover and (found := self.cover.of_term(placed.term)):
            return f"{placed} is excluded" + ("" if found is placed.term else f" by {found.written!r}")
        if self.languages and not any(speaks(placed.term, language) for language in self.languages):
            return f"{placed} is not for articles in {' or '.join(sorted(self.languages))}"
        return ""


NOTHING = Given()


def conjuncts(node: Node) -> Iterator[Node]:
    """Return the conditions of which all must hold; an `all` within an `all` or `near` is taken apart."""
    for part in node.parts:
        if part.kind == "all":
            yield from conjuncts(part)
        else:
            yield part


def _excluded(node: Node) -> Iterator[Placed]:
    """Return the terms of which each alone makes a `not` fail."""
    for part in node.parts:
        if part.kind == "any":
            yield from part.every_term()


def _values(data: object) -> frozenset[str]:
    return frozenset(str(one).strip().casefold() for one in (data if isinstance(data, list) else [data]))


# --- what can never hold ----------------------------------------------------------------------------------------------

Why = tuple[Node, str]  # the condition that cannot hold, and the reason


def impossible(node: Node, given: Given) -> Why | None:
    """Return which part of a condition can never hold, and why; None where it can, or where that is not plain."""
    if node.kind == "any":
        return _impossible_any(node, given)
    if node.kind == "at_least":
        return _impossible_at_least(node, given)
    if node.kind in ("title", "lead", "body"):
        return impossible(node.parts[0], given)
    if node.kind not in ("all", "near"):
        return None
    if reason := _too_close(node) or _at_odds(node):
        return node, reason
    inner = given.within(node)
    if inner.languages == frozenset():
        return node, "it asks for two languages at once"
    found = (impossible(part, inner) for part in node.parts if part.kind != "not")
    return next(filter(None, found), None)


def _impossible_any(node: Node, given: Given) -> Why | None:
    if not (given.cover or given.languages) and not node.parts:
        return None
    reasons = []
    for placed in node.terms:
        if not (reason := given.blocks(placed)):
            return None
        reasons.append(reason)
    for part in node.parts:
        if not (why := impossible(part, given)):
            return None
        reasons.append(why[1])
    if not reasons:
        return None
    name = f"${node.label}: " if node.label else ""
    return node, name + reasons[0] + (", and so is the rest" if len(reasons) > 1 else "")


def _impossible_at_least(node: Node, given: Given) -> Why | None:
    wrong = [why for part in node.parts if (why := impossible(part, given))]
    number = _mapping_value(node, "n")
    if not isinstance(number, int) or len(node.parts) - len(wrong) >= number:
        return None
    return node, f"{number} must hold, and only {len(node.parts) - len(wrong)} can: {wrong[0][1]}"


def _too_close(node: Node) -> str:
    """Say why the members of a `near` cannot stand so close together: each needs words of its own."""
    within = _mapping_value(node, "within")
    if node.kind != "near" or not isinstance(within, int):
        return ""
    lengths = [shortest for part in conjuncts(node) if (shortest := _shortest(part))]
    middle = lengths[1:-1] if _mapping_value(node, "ordered") else sorted(lengths)[:-2]
    least = sum(middle) + 1
    return f"{len(lengths)} members do not fit within {within}: {least} are needed" if least > within else ""


def _shortest(node: Node) -> int:
    """Return how many words a condition finds at least; 0 where it looks for none."""
    if node.kind == "not" or node.bare:
        return 0
    inner = [found for part in node.parts if (found := _shortest(part))]
    return min([len(placed.term.words) or 1 for placed in node.terms] + inner, default=0)


def _at_odds(node: Node) -> str:
    """Say which property of the source is asked to be two things at once."""
    asked: dict[str, frozenset[str]] = {}
    for part in conjuncts(node):
        if part.kind == "source" and isinstance(part.data, dict):
            for key, values in part.data.items():
                if key != "tag":  # of which a source has several
                    wanted = _values(values)
                    asked[key] = asked[key] & wanted if key in asked else wanted
                    if not asked[key]:
                        return f"no source has two values of {key!r}"
    return ""


def _mapping_value(node: Node, key: str) -> object:
    return node.data.get(key) if isinstance(node.data, dict) else None


def never(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find rules that can never match, parts of rules that can never hold, and exclusions that exclude nothing."""
    for outlined in outline.rules:
        if why := impossible(outlined.root, NOTHING):
            message = f"rule {outlined.rule.id} can never match: {why[1]}"
            yield _remark(outlined, why[0], outlined.root, message, MEND)
        else:
            yield from _never_within(outlined, outlined.root, NOTHING)


def _never_within(outlined: Outlined, node: Node, given: Given) -> Iterator[Remark]:
    inner = NOTHING if node.kind == "not" else given.within(node)
    for part in node.parts:
        if why := impossible(part, inner):
            said = "this excludes nothing" if node.kind == "not" else "this part can never hold"
            yield _remark(outlined, why[0], node, f"{said}: {why[1]}", "change it, or take it out")
        elif not part.label:
            yield from _never_within(outlined, part, inner)


def quoted_only(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find lists of which no term is in a script of the languages that the rule asks for."""
    for outlined in outline.rules:
        yield from _quoted_within(outlined, outlined.root, NOTHING)


def _quoted_within(outlined: Outlined, node: Node, given: Given) -> Iterator[Remark]:
    inner = NOTHING if node.kind == "not" else given.within(node)
    for part in node.parts:
        terms = [placed.term for placed in part.every_term()] if part.kind == "any" and inner.languages else []
        if terms and not any(meant_for(term, language) for term in terms for language in inner.languages or ()):
            codes = " or ".join(sorted(inner.languages or ()))
            message = f"no term of this list is in the letters of {codes}: it can match a quotation only"
            yield _remark(outlined, part, node, message, "name the terms' own language, or add terms")
        elif not part.label:
            yield from _quoted_within(outlined, part, inner)


def excluded_term(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find terms of a rule that never count, because the rule excludes every article that has them."""
    for outlined in outline.rules:
        if not impossible(outlined.root, NOTHING):
            yield from _excluded_within(outlined, outlined.root, NOTHING)


def _excluded_within(outlined: Outlined, node: Node, given: Given, *, near: bool = False) -> Iterator[Remark]:
    if node.kind == "any" and given.cover and not impossible(node, given):
        for placed in node.terms:
            if found := given.cover.of_term(placed.term):
                by = "" if found is placed.term else f" by {found.written!r}"
                message = f"{placed} is looked for and excluded{by} at once: it never counts"
                yield Remark(placed.document, placed.place, message, "take one of them out", outlined.rule.id)
    inner, near = NOTHING if node.kind == "not" else given.within(node), near or node.kind == "near"
    for part in node.parts:
        if not part.label:  # a whole term set of which a rule leaves out a few terms is meant so
            yield from _excluded_within(outlined, part, inner, near=near)
        elif near and inner.cover and not impossible(part, inner):
            yield from _excluded_of_set(outlined, part, inner)


def _excluded_of_set(outlined: Outlined, node: Node, given: Given) -> Iterator[Remark]:
    """Find exclusions that are themselves terms of a set in a `near`: hardly meant, where the set says what is near.

    One that only covers a term, as `struck` does "strike drone", is left alone: it seldom is what the set is for.
    """
    own = {found for one in node.every_term() if (found := given.cover.of_term(one.term)) and covers(one.term, found)}
    for excluded in given.excluded:
        if excluded.term in own:
            message = f"{excluded} is excluded, and is a term of ${node.label}: it can never be what matches here"
            yield Remark(excluded.document, excluded.place, message, "take it out of one of them", outlined.rule.id)


def _remark(outlined: Outlined, node: Node, parent: Node, message: str, hint: str) -> Remark:
    """Remark on a condition of a rule; a term set is remarked on where the rule uses it."""
    place = node.place if node.place[0] == "rules" and node.document is outlined.document else parent.place
    place = place if place[0] == "rules" else outlined.root.place
    return Remark(outlined.document, place, message, hint, outlined.rule.id)


# --- what always holds ------------------------------------------------------------------------------------------------


def telling(node: Node) -> bool:
    """Tell whether a condition chooses some articles, and does not hold for nearly all of them."""
    if node.kind == "any":
        return all(map(telling, node.parts))
    if node.kind == "all":
        return any(map(telling, node.parts)) or not all(part.known for part in node.parts)
    if node.kind == "at_least":
        number = _mapping_value(node, "n")
        return isinstance(number, int) and sum(not telling(part) for part in node.parts) < number
    if node.kind == "not":
        return any(part.kind == "not" for part in node.parts[0].walk())  # then it is not plain
    if node.kind in ("title", "lead", "body"):
        return telling(node.parts[0])
    return node.kind != "age"


def everything(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find rules, and alternatives in them, that hold for nearly every article: exclusions or an age alone."""
    hint = "add what is looked for, for example any: [...] beside not:"
    for outlined in outline.rules:
        if not telling(outlined.root):
            message = f"rule {outlined.rule.id} matches nearly every article: {_open(outlined.root)}"
            yield Remark(outlined.document, outlined.root.place, message, hint, outlined.rule.id)
            continue
        for node in _own(outlined.root):
            for part in node.parts if node.kind == "any" else ():
                if not telling(part):
                    message = f"this alternative holds for nearly every article: {_open(part)}"
                    yield _remark(outlined, part, node, message, hint)


def _open(node: Node) -> str:
    return "it says only how old" if node.kind == "age" else "nothing in it must be there"


def _own(node: Node) -> Iterator[Node]:
    """Return the conditions that are written in a rule itself and must hold: not those under `not` and in sets."""
    if node.kind != "not" and not node.label:
        yield node
        for part in node.parts:
            yield from _own(part)


# Of the everyday words those that tell nothing even within a sentence, and those that are meant as abbreviations.
EMPTY = frozenset(
    "a an and as at by from in is it of on or that the to us was with who и в на с по а и у i z w na".split()
)


def everyday_word(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find terms that are in very many articles, and so make a list hold nearly always, or exclude nearly all."""
    seen: set[tuple[int, bool, bool]] = set()
    for outlined in outline.rules:
        yield from _everyday(outlined.root, seen, excludes=False, near=False)


def _everyday(node: Node, seen: set[tuple[int, bool, bool]], *, excludes: bool, near: bool) -> Iterator[Remark]:
    if (id(node), excludes, near) in seen:
        return
    seen.add((id(node), excludes, near))
    if node.kind == "near":
        if isinstance(_mapping_value(node, "within"), int):
            return  # within a few words small words tell something: agree to
        near = True
    what = "it excludes very many articles" if excludes else "the list holds in very many articles"
    for placed in node.terms:
        word = everyday(placed.term)
        if word and (not near or word in EMPTY):
            yield Remark(placed.document, placed.place, *_everyday_said(placed, word, what))
    for part in node.parts:
        yield from _everyday(part, seen, excludes=excludes != (node.kind == "not"), near=near)


def _everyday_said(placed: Placed, word: str, what: str) -> tuple[str, str]:
    written = placed.term.words[0]
    if written.prefix:
        return f"{placed} finds {word!r}, an everyday word: {what}", "write more of the word"
    if word != written.folded:
        hint = f"write ={placed.term.written} for this form only, or a phrase"
        return f"{placed} finds its form {word!r}, an everyday word: {what}", hint
    hint = "write it in capitals if it is an abbreviation; else take it out, or put it into a phrase"
    return f"{placed} is an everyday word: {what}", hint


# --- what excludes more than it says ----------------------------------------------------------------------------------


def excluded_form(outline: Outline, _sources: Sequence[Source]) -> Iterator[Remark]:
    """Find exclusions such as "drilling" that leave out "drill", a form of the same word that the rule looks for."""
    for outlined in outline.rules:
        if impossible(outlined.root, NOTHING):
            continue
        excluded = [placed for node in outlined.root.walk() if node.kind == "not" for placed in _excluded(node)]
        verbal = [placed for placed in excluded if _is_verbal(placed)]
        wanted = list(_wanted(outlined.root)) if verbal else []
        numbers = _by_forms(wanted)
        for placed in verbal:
            near = sorted({number for key in placed.term.words[0].keys("en") for number in numbers.get(key, ())})
            lost = next((one for one in map(wanted.__getitem__, near) if _is_other_form(placed, one)), None)
            if lost:
                message = f"{placed} excludes every form of the word, also {lost}, which the rule looks for"
                hint = f"write ={placed.term.written} to exclude this form only"
                yield Remark(placed.document, placed.place, message, hint, outlined.rule.id)


def _is_verbal(placed: Placed) -> bool:
    """Tell whether an exclusion is one English word in a form that seldom stands for the word as a whole."""
    words, (language, script) = placed.term.words, placed.term.speech
    is_form = len(words) == 1 and bool(words[0].written) and words[0].folded.endswith(("ing", "ed"))
    return is_form and language in ("", "en") and script == "LATIN"


def _wanted(node: Node) -> Iterator[Placed]:
    """Return the terms that a rule looks for, those of its term sets, too."""
    if node.kind != "not":
        yield from node.terms
        for part in node.parts:
            yield from _wanted(part)


def _by_forms(wanted: Sequence[Placed]) -> Mapping[str, list[int]]:
    """Return the numbers of the terms of one word, by what they have in common with other forms of that word."""
    numbers: dict[str, list[int]] = {}
    for number, placed in enumerate(wanted):
        if len(placed.term.words) == 1:
            word = placed.term.words[0]
            for key in (f"en:{word.folded}",) if word.prefix else word.keys("en"):
                numbers.setdefault(key, []).append(number)
    return numbers


def _is_other_form(placed: Placed, other: Placed) -> bool:
    """Tell whether a term is another form of an excluded word, or a prefix that finds one: drill, drill*."""
    words, excluded = other.term.words, placed.term.words[0]
    if len(words) != 1 or words[0].folded.endswith(("ing", "ed")) or other.term.speech[0] not in ("", "en"):
        return False
    if words[0].prefix:
        return f"en:{words[0].folded}" in excluded.keys("en")
    return words[0].folded != excluded.folded and covers(placed.term, other.term)
