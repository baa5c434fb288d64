"""What a foreign query says, as a tree of values; every part knows where in the query it stood."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal


class QueryError(ValueError):
    """A query cannot be read, or nothing of it can be said as a rule; `at` counts characters from 0."""

    def __init__(self, message: str, at: int = 0, hint: str = "") -> None:
        """Keep what is wrong, where, and what to write instead."""
        super().__init__(message)
        self.message, self.at, self.hint = message, at, hint


@dataclass(frozen=True, slots=True)
class Say:
    """A word, phrase, prefix or regular expression, as our terms are written."""

    written: str
    at: int
    kind: Literal["plain", "exact", "pattern"] = "plain"


@dataclass(frozen=True, slots=True)
class Both:
    """Everything in it."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of what is in it."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Without:
    """Not what is in it."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Close:
    """Parts that stand close together; `within` as the condition `near` counts it."""

    within: int | str
    ordered: bool
    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Scoped:
    """Something in one part of the article: `title` or `body`."""

    scope: str
    part: "Node"


@dataclass(frozen=True, slots=True)
class Fact:
    """A condition that looks for no words: `language`, `source` or `age`, with its value."""

    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class Site:
    """Web sites, which become the feeds of these sites, where some are known."""

    written: str
    at: int
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part that cannot be said as a rule, as it was written, with the reason."""

    written: str
    at: int
    why: str


Node = Say | Both | Either | Without | Close | Scoped | Fact | Site | LeftOut
MORE, LESS = "the rule matches more than the query", "the rule matches less than the query"


@dataclass(frozen=True, slots=True)
class Lost:
    """A part that was left out, and what that does to the rule."""

    part: LeftOut
    effect: str = ""  # `MORE` or `LESS`


def children(node: Node) -> "tuple[Node, ...]":
    """Return the parts of a node."""
    if isinstance(node, Both | Either | Close):
        return node.parts
    return (node.part,) if isinstance(node, Without | Scoped) else ()


def remade(node: Node, parts: "tuple[Node, ...]") -> Node:
    """Return a node with other parts."""
    if isinstance(node, Both | Either | Close):
        return replace(node, parts=parts)
    return replace(node, part=parts[0]) if isinstance(node, Without | Scoped) else node


def mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return a tree in which every leaf is changed."""
    parts = children(node)
    return remade(node, tuple(mapped(part, change) for part in parts)) if parts else change(node)


def leaves(node: Node) -> Iterator[Node]:
    """Return the leaves from left to right."""
    parts = children(node)
    if not parts:
        yield node
    for part in parts:
        yield from leaves(part)


def pruned(node: Node, *, positive: bool = True) -> tuple[Node | None, tuple[Lost, ...]]:
    """Return a tree without what cannot be said (None where nothing stays), and what was lost with its effect.

    A part lost from an "and" makes a rule match more, from an "or" less; under a "not" it is the other way round.
    """
    if isinstance(node, LeftOut):
        return None, (Lost(node),)
    parts = children(node)
    if not parts:
        return node, ()
    inner = positive != isinstance(node, Without)
    results = [pruned(part, positive=inner) for part in parts]
    kept = tuple(part for part, _ in results if part is not None)
    lost = tuple(one for _, losses in results for one in losses)
    if not kept:
        return None, lost
    more = positive != isinstance(node, Either)
    lost = tuple(one if one.effect else replace(one, effect=MORE if more else LESS) for one in lost)
    if len(kept) == 1 and len(parts) > 1:
        return kept[0], lost
    return remade(node, kept), lost
