"""Rules as trees of what is written, each part with its place in its file: what remarks on rules are made from.

The conditions that match articles know no places, and what they are made of is put together for speed. Only rules
that were read without a problem are outlined, so nothing is checked a second time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.match.compiler import RuleDocument
from monitor.match.reading import Path
from monitor.match.rule import Rule
from monitor.match.rulebook import RuleBook
from monitor.match.terms import BadTerm, Term, Terms

WHOLE = ("any", "all", "not", "title", "lead", "body")  # conditions whose value is a condition or a list of them


@dataclass(frozen=True, slots=True)
class Placed:
    """A term where it is written."""

    term: Term
    document: RuleDocument
    place: Path

    def __str__(self) -> str:
        """Return it in quotes."""
        return repr(self.term.written)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A condition, or a term set; `any` is also a list, `all` also a mapping with several conditions."""

    kind: str  # the key in YAML
    document: RuleDocument
    place: Path
    terms: tuple[Placed, ...] = ()
    parts: "tuple[Node, ...]" = ()
    data: Any = None  # what is written under its key
    label: str = ""  # the name of the term set that it is

    @property
    def known(self) -> bool:
        """Whether it is a kind that is understood here."""
        return self.kind in (*WHOLE, "near", "at_least", "source", "language", "age")

    @property
    def bare(self) -> bool:
        """Whether it is about the article as a whole, and looks for no words."""
        return self.kind in ("source", "language", "age")

    def walk(self) -> "Iterator[Node]":
        """Return it and all conditions in it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def every_term(self) -> Iterator[Placed]:
        """Return the terms of a list, and of the lists and term sets in it."""
        yield from self.terms
        for part in self.parts:
            if part.kind == "any":
                yield from part.every_term()


@dataclass(frozen=True, slots=True)
class Outlined:
    """A rule with its condition."""

    rule: Rule
    document: RuleDocument
    root: Node


@dataclass(slots=True)
class Outline:
    """All rules and term sets of a book."""

    book: RuleBook
    rules: list[Outlined] = field(default_factory=list)
    sets: dict[str, Node | None] = field(default_factory=dict)  # None: it cannot be read, or is being read
    used: set[str] = field(default_factory=set)  # term sets that something uses
    unknown: set[str] = field(default_factory=set)  # names that are written as those of term sets, and are none
    _written: dict[str, tuple[RuleDocument, Any]] = field(default_factory=dict)
    _terms: Terms = field(default_factory=Terms)

    @classmethod
    def of(cls, book: RuleBook) -> "Outline":
        """Outline the rules of a book, and the term sets of its files."""
        made = cls(book)
        for document in book.documents:
            for name, data in _mapping(document.data, "terms").items():
                made._written.setdefault(str(name), (document, data))
        for name in made._written:
            made._set(name)
        live = {(rule.file, rule.id): rule for rule in book.rules}
        for document in book.documents:
            made._read(document, live)
        made.used, made.unknown = _used(book, made._written)
        return made

    def lists(self) -> Iterator[tuple[Node, str]]:
        """Return every list that is written, once, with the id of its rule; term sets first, a language a list."""
        for node in self.sets.values():
            if node is not None:
                yield from ((one, "") for one in _by_language(node))
        for outlined in self.rules:
            own = (node for node in outlined.root.walk() if node.kind == "any" and not node.label)
            # What lies in a term set is not written in the rule.
            yield from ((node, outlined.rule.id) for node in own if node.place[0] == "rules")

    def _read(self, document: RuleDocument, live: Mapping[tuple[str, str], Rule]) -> None:
        listed = document.data.get("rules") if isinstance(document.data, Mapping) else None
        for number, data in enumerate(listed if isinstance(listed, list) else ()):
            rule = live.get((document.file, str(data.get("id")))) if isinstance(data, Mapping) else None
            if rule is not None:
                root = self._condition(data["match"], ("rules", number, "match"), document)
                self.rules.append(Outlined(rule, document, root))

    def _set(self, name: str) -> Node | None:
        if name not in self.sets:
            self.sets[name] = None  # while it is read: a set that holds itself is no set
            document, data = self._written[name]
            place: Path = ("terms", name)
            if isinstance(data, Mapping):
                inner = [self._list(one, (*place, key), document, str(key)) for key, one in data.items()]
                terms = tuple(term for node in inner for term in node.terms)
                parts = tuple(part for node in inner for part in node.parts)
                self.sets[name] = Node("any", document, place, terms, parts, data, name)
            else:
                node = self._list(data, place, document)
                self.sets[name] = Node("any", document, place, node.terms, node.parts, data, name)
        return self.sets[name]

    def _condition(self, data: Any, place: Path, document: RuleDocument) -> Node:
        if not isinstance(data, Mapping):
            return self._list(data, place, document)
        parts = tuple(self._kind(str(key), value, (*place, key), document) for key, value in data.items())
        return parts[0] if len(parts) == 1 else Node("all", document, place, parts=parts, data=data)

    def _kind(self, kind: str, value: Any, place: Path, document: RuleDocument) -> Node:
        if kind == "any":
            return self._list(value, place, document)
        if kind in ("not", "title", "lead", "body"):
            return Node(kind, document, place, parts=(self._condition(value, place, document),), data=value)
        where, listed = (place, value) if kind == "all" else ((*place, "of"), _mapping(value).get("of"))
        if kind in ("all", "near", "at_least") and isinstance(listed, list):
            parts = tuple(self._condition(one, (*where, number), document) for number, one in enumerate(listed))
            return Node(kind, document, place, parts=parts, data=value)
        return Node(kind, document, place, data=value)

    def _list(self, data: Any, place: Path, document: RuleDocument, language: str = "") -> Node:
        terms: list[Placed] = []
        parts: list[Node] = []
        listed = [((*place, n), one) for n, one in enumerate(data)] if isinstance(data, list) else [(place, data)]
        for spot, item in listed:
            if isinstance(item, str) and item.startswith("$"):
                found = self._set(item[1:]) if item[1:] in self._written else None
                parts += [found] if found else []
            elif isinstance(item, list | Mapping):
                parts.append(self._condition(item, spot, document))
            else:
                terms += self._term(item, spot, document, language)
        return Node("any", document, place, tuple(terms), tuple(parts), data)

    def _term(self, item: Any, place: Path, document: RuleDocument, language: str) -> list[Placed]:
        try:
            return [Placed(self._terms.parse(str(item), language), document, place)]
        except BadTerm:
            return []  # of a broken term set, which no rule uses


def _mapping(data: Any, *keys: str) -> Mapping[Any, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def _by_language(node: Node) -> Iterator[Node]:
    """Return the lists of a term set: one, or one a language."""
    if not isinstance(node.data, Mapping):
        yield node
        return
    for language in node.data:
        terms = tuple(placed for placed in node.terms if placed.term.speech[0] == str(language))
        yield Node("any", node.document, (*node.place, language), terms, (), node.data[language], node.label)


def _used(book: RuleBook, sets: Mapping[str, tuple[RuleDocument, Any]]) -> tuple[set[str], set[str]]:
    """Return the term sets that anything but an unused term set names, also rules that are off; and unknown names."""
    waiting: list[Any] = []
    for document in book.documents:
        if isinstance(document.data, Mapping):
            waiting += [value for key, value in document.data.items() if key != "terms"]
    used: set[str] = set()
    unknown: set[str] = set()
    while waiting:
        data = waiting.pop()
        if isinstance(data, Mapping):
            waiting += data.values()
        elif isinstance(data, list):
            waiting += data
        elif isinstance(data, str) and data.startswith("$") and data[1:] not in used:
            if data[1:] in sets:
                used.add(data[1:])
                waiting.append(sets[data[1:]][1])
            else:
                unknown.add(data[1:])
    return used, unknown
