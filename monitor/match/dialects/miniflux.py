"""Miniflux: filter rules, one a line, FIELD=regex in RE2 syntax; keep rules, and block rules below a line `block:`.

An article is kept where one of the keep rules matches it (or there is none) and none of the block rules does.
"""

import re

from monitor.match.dialects import words
from monitor.match.dialects.dialect import Dialect, Notes, lines_of
from monitor.match.dialects.fields import ADDRESS, AUTHOR
from monitor.match.dialects.tree import Both, Either, Fact, LeftOut, Node, QueryError, Scoped, Without

_LINE = re.compile(r"\s*(?:(?P<kind>block|keep)\s*:?\s*)?(?P<field>Entry[A-Za-z]+)=(?P<value>.*?)\s*", re.IGNORECASE)
_HEAD = re.compile(r"\s*(?P<kind>block|keep)(?:\s+rules)?\s*:?\s*", re.IGNORECASE)
_FLAGS = re.compile(r"\(\?(?P<flags>[imsU]+)\)")
_AGE = re.compile(r"max-age:(?P<number>\d+)(?P<unit>s|m|h|d)")
_SCOPES = {"EntryTitle": "title", "EntryContent": "body"}
_WHY = {
    "EntryURL": ADDRESS,
    "EntryCommentsURL": ADDRESS,
    "EntryAuthor": AUTHOR,
    "EntryTag": "there is no condition on an article's own tags; look for the words themselves",
}


def _fits(query: str) -> bool:
    return any(_LINE.fullmatch(line) for line in query.splitlines())


def _parse(query: str, _notes: Notes) -> Node:
    listed: dict[str, list[Node]] = {"keep": [], "block": []}
    kind = "keep"
    for line, at in lines_of(query):
        if head := _HEAD.fullmatch(line):
            kind = head["kind"].lower()
        elif match := _LINE.fullmatch(line):
            listed[(match["kind"] or kind).lower()].append(_filter(match, at))
        else:
            raise QueryError("this line is no filter rule of Miniflux", at, "write for example: EntryTitle=(?i)troops")
    parts: list[Node] = [_either(listed["keep"])] if listed["keep"] else []
    parts += [Without(_either(listed["block"]))] if listed["block"] else []
    if not parts:
        raise QueryError("there is no filter rule", 0, "write for example: EntryTitle=(?i)troops")
    return parts[0] if len(parts) == 1 else Both(tuple(parts))


def _either(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Either(tuple(nodes))


def _filter(match: re.Match[str], at: int) -> Node:
    field, value, written = match["field"], match["value"], match[0].strip()
    if not value:
        raise QueryError(f"{field} has no expression", at, f"write for example {field}=(?i)troops")
    if field in _SCOPES:
        part = words.pattern(_regex(value), written, at)
        return part if isinstance(part, LeftOut) else Scoped(_SCOPES[field], part)
    if field == "EntryDate":
        age = _AGE.fullmatch(value)
        why = "a rule looks at what arrives; age: {max: 2d} leaves out what is old"
        return Fact("age", {"max": age["number"] + age["unit"]}) if age else LeftOut(written, at, why)
    return LeftOut(written, at, _WHY.get(field, f"Miniflux has no field {field} that is known here"))


def _regex(value: str) -> str:
    """Return the expression with case as Miniflux has it: it counts, unless (?i) says otherwise."""
    flags = _FLAGS.match(value)
    rest = value[flags.end() :] if flags else value
    others = flags["flags"].replace("i", "") if flags else ""
    case = "" if flags and "i" in flags["flags"] else "-i"
    return (f"(?{others}{case})" if others or case else "") + rest


DIALECT = Dialect("Miniflux", _fits, _parse, ignores_case=False)
