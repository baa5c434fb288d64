"""Queries of other tools as rules: one file a dialect, and the map that names them all; no effects.

A query is read into a tree (`tree`), what no rule can say is taken out of it and named, and the rest is written as
the data of a rule (`writing`). Google, Inoreader and Talkwalker share one parser (`boolean`), which a grammar steers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.match.compiler import RuleDocument, compile_rules
from monitor.match.dialects import google, inoreader, miniflux, talkwalker
from monitor.match.dialects.dialect import Dialect, Notes
from monitor.match.dialects.fields import feeds_of
from monitor.match.dialects.tree import Fact, Lost, Node, QueryError, Site, Without, mapped, pruned
from monitor.match.dialects.words import calmed
from monitor.match.dialects.writing import match_of

__all__ = ["DIALECTS", "Lost", "QueryError", "Translation", "dialect_of", "translate"]

# name -> dialect; what is found first is chosen, where a query fits several. The last takes any.
DIALECTS: Mapping[str, Dialect] = {
    "miniflux": miniflux.DIALECT,
    "inoreader": inoreader.DIALECT,
    "talkwalker": talkwalker.DIALECT,
    "google": google.DIALECT,
}
_ALONE = "it only excludes, so it holds for every other article; put it under not: of the rule it belongs to"


@dataclass(frozen=True, slots=True)
class Translation:
    """A query as a rule's condition."""

    dialect: str  # a key of `DIALECTS`
    match: Any  # the data of `match`
    notes: tuple[str, ...] = ()  # what is a little different, and what was decided
    lost: tuple[Lost, ...] = ()  # what could not be said


def dialect_of(query: str) -> str:
    """Return the name of the dialect that a query is written in: the first that it fits, else Google's."""
    return next((name for name, dialect in DIALECTS.items() if dialect.fits(query)), "google")


def translate(query: str, dialect: str = "", hosts: Mapping[str, str] | None = None) -> Translation:
    """Return a query as a condition; QueryError where it cannot be read, or nothing of it can be said.

    `hosts` has the hosts of the sources there are, by id: `site:` becomes the sources of that site.
    """
    name = dialect or dialect_of(query)
    if not query.strip():
        raise QueryError("the query is empty", 0, "write for example 'troops NEAR/5 border'")
    notes = Notes()
    whole = mapped(DIALECTS[name].parse(query, notes), lambda leaf: _feeds(leaf, hosts or {}, notes))
    tree, lost = pruned(whole)
    if tree is None:
        first = lost[0].part
        raise QueryError(f"nothing of it can be said as a rule: {first.written}: {first.why}", first.at)
    if DIALECTS[name].ignores_case:
        tree = calmed(tree, notes)
    if isinstance(tree, Without):
        notes.add(_ALONE)
    match = match_of(tree)
    if wrong := _problem(match):
        raise QueryError(f"no rule can say it: {wrong}")
    return Translation(name, match, tuple(notes.lines), lost)


def _problem(match: Any) -> str:
    """Return what the compiler has against a condition: nothing, unless it is too deep, say."""
    document = RuleDocument("query", {"rules": [{"id": "query", "match": match}]}, lambda _: (1, 1))
    _, problems = compile_rules([document])
    return str(problems[0].message) if problems else ""


def _feeds(leaf: Node, hosts: Mapping[str, str], notes: Notes) -> Node:
    if not isinstance(leaf, Site):
        return leaf
    found = feeds_of(leaf, hosts)
    if isinstance(found, Fact):
        notes.add(f"{leaf.written} became those of your sources that are feeds of it")
    return found
