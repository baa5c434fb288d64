"""Marks lines that are not the article's own: cross-links, calls to read on."""

import re

from monitor.model import Field, Mark

LINE = re.compile(r"[^\n]+")
CALLS = re.compile(
    r"^\W*(?:click here|read more|read also|also read|see also|related:|recommended:|subscribe|sign up for|continue reading|"
    r"читайте также|читать далее|подробнее|подписывайтесь|читайте також|читати далі|czytaj też|czytaj także|czytaj więcej|zobacz też|"
    r"чытайце таксама|the post .{3,200} appeared first on)",
    re.IGNORECASE,
)


def marks(part: Field, text: str) -> tuple[Mark, ...]:
    """Return the lines of a part that are kept, but not matched."""
    lines = list(LINE.finditer(text))
    found = []
    for number, line in enumerate(lines):
        words = line[0].strip()
        if CALLS.match(words) and len(words) < 240:
            found.append(Mark(part, line.start(), line.end(), "boilerplate"))
        elif 0 < number < len(lines) - 1 and _shouts(words):
            found.append(Mark(part, line.start(), line.end(), "crosslink"))
    return tuple(found)


def _shouts(line: str) -> bool:
    """An all-caps headline between paragraphs links elsewhere."""
    return line.isupper() and len(line.split()) >= 4 and len(line) < 200
