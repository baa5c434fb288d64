"""Talkwalker: AND, OR, NOT, NEAR/n, ONEAR/n, SENTENCE, "a b"~n, * and ?, +exact, ++raw, and fields such as lang:."""

import re

from monitor.match.dialects import words
from monitor.match.dialects.boolean import TALKWALKER, Grammar, parse
from monitor.match.dialects.dialect import Dialect, Notes
from monitor.match.dialects.fields import ADDRESS, AUTHOR, COUNTRY, LANGUAGE, SITE, scoped, unsaid_all
from monitor.match.dialects.tree import Node

_OWN = re.compile(
    r"""\bO?(?:NEAR\b|SENTENCE\b|PARAGRAPH\b) | "~\d | (?:^|[\s(])\+{1,2}[\w"]
        | \b(?:title|content|lang|source[a-z]+|host|domainurl|engagement|reach|sentiment|published):""",
    re.VERBOSE,
)
_NUMBERS = "articles here have no such number"


def _raw(sign: str, text: str, at: int) -> Node:
    """Return the term for ++word (the very letters) or +word (as it is spelt, with its accents, in any case)."""
    if sign == "++":
        return words.exact(text, at)
    bare = " ".join(text.split())
    return words.pattern(rf"\b{words.escaped(bare)}\b", sign + text, at)


GRAMMAR = Grammar(
    title="Talkwalker",
    nearness=TALKWALKER,
    fields={
        "title": scoped("title"),
        "content": scoped("body"),
        "lang": LANGUAGE,
        "sourcecountry": COUNTRY,
        **dict.fromkeys(("site", "host", "domainurl"), SITE),
        **unsaid_all("url sourcegeo", ADDRESS),
        **unsaid_all("author authorshort blogtitle", AUTHOR),
        **unsaid_all("sourcetype posttype tags", "feeds do not say it; give your sources tags: source: {tag: ...}"),
        **unsaid_all("engagement reach sentiment alexapageviews comments likes shares", _NUMBERS),
        **unsaid_all("published searchindexed", "a rule looks at what arrives; age: {max: 2d} leaves out what is old"),
    },
    raw=_raw,
    wildcards="*?",
)


def _fits(query: str) -> bool:
    return bool(_OWN.search(query))


def _parse(query: str, notes: Notes) -> Node:
    return parse(query, GRAMMAR, notes)


DIALECT = Dialect("Talkwalker", _fits, _parse)
