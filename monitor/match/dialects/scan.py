"""Cuts a Boolean query into its signs: brackets, operators, fields, phrases, regular expressions and words."""

import re
from typing import NamedTuple

from monitor.match.dialects.tree import QueryError

LONGEST = 10_000  # characters of a query


class Token(NamedTuple):
    """One sign of a query."""

    kind: str  # ( ) AND OR NOT near field phrase regex word end
    text: str
    at: int
    number: int | None = None  # of NEAR/5 and "a b"~5
    written: str = ""


_TOKEN = re.compile(
    r"""
      (?P<blank>\s+)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<around>AROUND\s?\((?P<about>\d+)\))
    | (?P<near>(?:O?NEAR|O?SENTENCE|O?PARAGRAPH)(?:/(?P<far>\d+))?(?![\w:]))
    | (?P<and>(?:AND(?![\w:])|&&))
    | (?P<or>(?:OR(?![\w:])|\|\|?))
    | (?P<not>NOT(?![\w:])|[-–—−](?=[\w"'’(/+#@]))
    | (?P<raw>\+{1,2})(?=[\w"(])
    | (?P<field>(?:[A-Za-z_.]+:(?!//)(?=[^\s)]|\s+["(])|allin[a-z]+:))
    | (?P<phrase>"(?P<inner>[^"]*)"(?:~(?P<slop>\d+))?)
    | (?P<regex>/(?:\\.|[^/\\\n])+/[a-z]*(?=[\s)]|$))
    | (?P<unclosed>")
    | (?P<word>[^\s()"]+)
    """,
    re.VERBOSE,
)
_QUOTES = str.maketrans("“”„‟«»＂", '"' * 7)
_OPERATORS = {"and": "AND", "or": "OR", "not": "NOT", "open": "(", "close": ")"}


def scan(query: str) -> list[Token]:
    """Return the tokens of a query, at last one of the kind `end`."""
    if len(query) > LONGEST:
        raise QueryError(f"the query has more than {LONGEST} characters", LONGEST, "import its parts one by one")
    text = query.translate(_QUOTES)
    tokens = [_token(match) for match in _TOKEN.finditer(text) if match.lastgroup != "blank"]
    return [*tokens, Token("end", "", len(query))]


def _token(match: re.Match[str]) -> Token:
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    whole, at = match[0], match.start()
    for name, kind in _OPERATORS.items():
        if name in groups:
            return Token(kind, whole, at, written=whole)
    if "unclosed" in groups:
        raise QueryError('this " is never closed', at, 'write a second " at the end of the phrase')
    if "around" in groups:
        return Token("near", "AROUND", at, int(groups["about"]), whole)
    if "near" in groups:
        far = groups.get("far")
        return Token("near", whole.partition("/")[0], at, int(far) if far else None, whole)
    if "phrase" in groups:
        slop = groups.get("slop")
        return Token("phrase", groups["inner"], at, int(slop) if slop else None, whole)
    kind = next(name for name in ("raw", "field", "regex", "word") if name in groups)
    return Token(kind, whole, at, written=whole)
