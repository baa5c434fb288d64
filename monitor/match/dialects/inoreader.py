"""Inoreader: its search (AND, OR, NOT, -, "phrase", intitle:, inauthor:) and its rules, one condition a line.

A line of a rule says field, verb and value, as the form on its page does: `Title contains troops`. A first line
`any` joins them by "or"; `all`, which is the default, by "and".
"""

import re

from monitor.match.dialects import words
from monitor.match.dialects.boolean import Grammar, parse
from monitor.match.dialects.dialect import Dialect, Notes, lines_of
from monitor.match.dialects.fields import ADDRESS, AUTHOR, LANGUAGE, SITE, scoped, unsaid, unsaid_all
from monitor.match.dialects.tree import Both, Either, Node, QueryError, Say, Scoped, Without

_NOT = r"(?:does\s+not|doesn['’]t)\s+"
_LINE = re.compile(
    rf"""\s*(?P<field>title\s+or\s+content|content\s+or\s+title|title|content|url|author|feed|folder|tag|language)
        \s+(?P<verb>contains|{_NOT}contain|is\s+not|isn['’]t|is|(?:starts|begins|ends)\s+with
           |(?:{_NOT}match|matches)(?:\s+(?:regexp?|regular\s+expression))?)
        :?\s+(?P<value>\S.*?)\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_JOIN = re.compile(r"\s*(?:match\s+)?(?P<join>all|any)(?:\s+(?:of\s+the\s+)?conditions?)?\s*:?\s*", re.IGNORECASE)
_OWN = re.compile(r"\b(?:inauthor|intag|infeed|infolder):")
_REGEX = re.compile(r"/(?P<body>.*)/(?P<flags>[a-z]*)", re.DOTALL)
_SCOPES = {"title": "title", "content": "body"}
_PARTS = "'contains' looked inside words, too; here words are whole: write troop* for all that begin so"

GRAMMAR = Grammar(
    title="Inoreader",
    fields={
        **dict.fromkeys(("intitle", "title"), scoped("title")),
        **dict.fromkeys(("incontent", "content", "inbody"), scoped("body")),
        **unsaid_all("inauthor author", AUTHOR),
        "site": SITE,
        **unsaid_all("inurl url", ADDRESS),
        **unsaid_all("intag tag infeed feed infolder folder", "name your sources: source: {id: ...} or {tag: ...}"),
        "language": LANGUAGE,
        "lang": LANGUAGE,
    },
    regexes=True,
)


def _fits(query: str) -> bool:
    lines = [line for line in query.splitlines() if line.strip()]
    return any(_LINE.fullmatch(line) for line in lines) or bool(_OWN.search(query))


def _parse(query: str, notes: Notes) -> Node:
    if not any(_LINE.fullmatch(line) for line in query.splitlines()):
        return parse(query, GRAMMAR, notes)
    kind = "all"
    parts: list[Node] = []
    for line, at in lines_of(query):
        if not parts and (joined := _JOIN.fullmatch(line)):
            kind = joined["join"].lower()
        elif match := _LINE.fullmatch(line):
            parts.append(_condition(match, at, notes))
        else:
            raise QueryError("this line is no condition of Inoreader", at, "write for example: Title contains troops")
    if len(parts) == 1:
        return parts[0]
    return Either(tuple(parts)) if kind == "any" else Both(tuple(parts))


def _condition(match: re.Match[str], at: int, notes: Notes) -> Node:
    fields = match["field"].lower().split()
    verb = " ".join(match["verb"].lower().split())
    negative = re.search(r"n['’]t| not", verb) is not None
    value = Say(match["value"], at) if fields == ["language"] else _value(verb, match["value"], at, notes)
    part = _in_field(fields, value, match[0].strip(), at)
    return Without(part) if negative else part


def _in_field(fields: list[str], part: Node, written: str, at: int) -> Node:
    if len(fields) > 1:
        return part
    if fields[0] in _SCOPES:
        return Scoped(_SCOPES[fields[0]], part)
    name = fields[0]
    if name == "language":
        return LANGUAGE.make(part, written, at)
    return GRAMMAR.fields.get(f"in{name}", unsaid("there is no such condition")).make(part, written, at)


def _value(verb: str, value: str, at: int, notes: Notes) -> Node:
    bare = value.strip("\"“”'")
    if "match" in verb:
        regex = _REGEX.fullmatch(value)
        body, flags = (regex["body"], regex["flags"]) if regex else (value, "i")
        return words.pattern(body if "i" in flags else f"(?-i){body}", value, at)
    if "contain" in verb:
        notes.add(_PARTS)
        return words.plain(bare, at)
    text = words.escaped(bare)
    shapes = {"starts with": rf"^\s*{text}", "begins with": rf"^\s*{text}", "ends with": rf"{text}\s*$"}
    return words.pattern(shapes.get(verb, rf"^\s*{text}\s*$"), value, at)


DIALECT = Dialect("Inoreader", _fits, _parse)
