"""What a YAML parser complains about, said so that a person can mend it; no effects."""

import re
import sys
from collections.abc import Sequence

_START = "text that starts with {char!r} must stand in quotes"
_BY_CHARACTER = {
    "\t": ("a tab is used where YAML wants spaces", "indent with spaces only"),
    "@": (_START.format(char="@"), "write '@...'"),
    "`": (_START.format(char="`"), "write '`...'"),
    "%": (_START.format(char="%"), "write '%...'"),
}
# What libyaml and PyYAML's own parser say (a pattern over "context: problem"), what is meant, and what to do.
_BY_COMPLAINT = (
    (r"tab character", *_BY_CHARACTER["\t"]),
    (r"alias: .*alphabetic", _START.format(char="*"), "write '*...'"),
    (r"anchor: .*alphabetic", _START.format(char="&"), "write '&...'"),
    (
        r"mapping values are not allowed",
        "a colon stands where YAML expects no key",
        "put text that holds ': ' in quotes, and indent keys of one block alike",
    ),
    (r"(entries|keys) are not allowed", "a list or a key cannot begin here", "put it on a line of its own"),
    (r"quoted scalar: .*end of stream", "a quote is opened here and never closed", "close it on the same line"),
    (
        r"unknown escape",
        "a backslash in double quotes begins an escape, and this one does not exist",
        "use single quotes: '\\d+'",
    ),
    (r"expected ':'", "a key without a colon", "write 'key: value', or '- text' in a list"),
    (r"flow sequence", "a list in [...] is not closed, or a comma is missing", "check brackets and commas"),
    (r"flow mapping", "a mapping in {...} is not closed, or a comma is missing", "check braces and commas"),
    (
        r"block collection",
        "this line does not fit into the list above it",
        "start each entry with '- ' at the same column, and quote text that goes on after a closing bracket or quote",
    ),
    (
        r"block mapping",
        "this does not fit into the block above it",
        "indent keys of one block alike, and quote text that goes on after a closing quote or bracket as a whole",
    ),
    (r"block scalar", "after '|' or '>' the text begins on the next line", "start a new line, indented deeper"),
    (r"tag", "text that starts with '!' must stand in quotes", "write '!...'"),
    (r"node content", "a value is missing before this character", "remove the character, or put the text in quotes"),
    (r"incompatible YAML", "this YAML version is not known", "remove the %YAML line"),
)


def say(context: str, problem: str, char: str) -> tuple[str, str]:
    """Return what is wrong and what to do, from a parser's complaint and the character that it stopped at."""
    if "cannot start any token" in problem and char in _BY_CHARACTER:
        return _BY_CHARACTER[char]
    if not char and "node content" in problem:
        return "the file ends in the middle of a value", "close the bracket or brace that is open, or write the value"
    complaint = f"{context}: {problem}"
    for pattern, message, advice in _BY_COMPLAINT:
        if re.search(pattern, complaint):
            return message, advice
    return f"this is not YAML: {problem or context}", "check quotes and indentation"


def misindented(context: str, problem: str, lines: Sequence[str], at: int) -> tuple[str, str] | None:
    """Say with which line above a line (counted from 0) should be in line, where it is in line with none of them."""
    if at >= len(lines) or not re.search(r"block (collection|mapping)|mapping values", f"{context}: {problem}"):
        return None
    own, open_ = _begins(lines[at])[0], _open_columns(lines[:at])
    if not open_ or own in open_ or own > max(open_):
        return None
    nearest = min(open_, key=lambda column: (abs(column - own), -column))
    spaces = "space" if own == 1 else "spaces"
    message = f"this line is indented by {own} {spaces}, which fits no line above it"
    return message, f"indent it by {nearest}, as in line {open_[nearest]}"


def _begins(line: str) -> list[int]:
    """Return the columns (from 0) at which a line begins something: its own, and what stands behind each `- `."""
    columns = [len(line) - len(line.lstrip(" "))]
    while line[columns[-1] : columns[-1] + 2] == "- ":
        rest = line[columns[-1] + 1 :]
        columns.append(columns[-1] + 1 + len(rest) - len(rest.lstrip(" ")))
    return columns


def _open_columns(above: Sequence[str]) -> dict[int, int]:
    """Return the columns at which the next line may go on with what is open, each with its last line (from 1)."""
    found: dict[int, int] = {}
    for number, line in reversed(list(enumerate(above, 1))):
        if line.strip() and not line.lstrip().startswith("#"):
            least = min(found, default=sys.maxsize)
            found |= {column: number for column in _begins(line) if column < least}
    return found


def opened_there(context: str, problem: str) -> bool:
    """Whether the place to mend is where something was opened, not where the parser gave up."""
    return bool("quoted scalar" in context and "end of stream" in problem) or "simple key" in context
