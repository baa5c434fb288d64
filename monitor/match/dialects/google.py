"""Google Alerts and Google search: words side by side are AND, OR binds more strongly, - excludes, AROUND(n)."""

import re

from monitor.match.dialects.boolean import Grammar, parse
from monitor.match.dialects.dialect import Dialect, Notes
from monitor.match.dialects.fields import ADDRESS, SITE, scoped, unsaid_all
from monitor.match.dialects.tree import Node

_OWN = re.compile(r"\bAROUND\s?\(\d+\)|\b(?:all)?in(?:title|text|url|anchor):|\bfiletype:")
_DATES = "a rule looks at what arrives; age: {max: 2d} leaves out what is old"

GRAMMAR = Grammar(
    title="Google",
    nearness=frozenset({"AROUND"}),
    fields={
        "intitle": scoped("title"),
        "allintitle": scoped("title", rest=True),
        "intext": scoped("body"),
        "allintext": scoped("body", rest=True),
        "site": SITE,
        **unsaid_all("inurl allinurl link related cache", ADDRESS),
        **unsaid_all("source location", "name the feeds in question: source: {publisher: ...}"),
        **unsaid_all("filetype ext inanchor allinanchor", "feeds do not say it"),
        **unsaid_all("before after daterange", _DATES),
    },
    or_first=True,
    gaps=True,
)


def _fits(query: str) -> bool:
    return bool(_OWN.search(query))


def _parse(query: str, notes: Notes) -> Node:
    return parse(query, GRAMMAR, notes)


DIALECT = Dialect("Google", _fits, _parse)
