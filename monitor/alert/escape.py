"""Escapes untrusted text for the format it goes out in, and highlights evidence; what is done is `Safe`."""

import re
from collections.abc import Callable, Iterable

from markupsafe import Markup, escape

from monitor.alert.clean import one_line, web_link, without_calls
from monitor.alert.shape import Format

_MARKDOWN = re.compile(r"([\\`*_\[\]<>~]|&(?=#|\w+;))")  # & only where it begins a character reference
_MARKDOWN_START = re.compile(r"^(?:([-+=#:])|(\d{1,9})([.)]))")
# A title is plain text, but some services read it as their own markup: these look alike and mean nothing.
_TITLE = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "`": "'", "*": "∗", "\\": "/"})

STRETCH = 40  # letters of an address that stay together


class Safe(str):
    """Text that is escaped already."""

    __slots__ = ()


def as_text(value: object) -> str:
    """Return a value as one harmless line of plain text."""
    return Safe(without_calls(one_line(str(value))))


def as_markdown(value: object) -> str:
    """Return a value as one line of Markdown that shows it literally."""
    line = _MARKDOWN.sub(r"\\\1", without_calls(one_line(str(value))))
    return Safe(_MARKDOWN_START.sub(_escape_start, line))


def _escape_start(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


def as_html(value: object) -> str:
    """Return a value as one line of HTML that shows it literally."""
    return escape(without_calls(one_line(str(value))))


def as_title(value: str) -> str:
    """Return a title: one plain line in which nothing is markup in any service."""
    return without_calls(one_line(value).translate(_TITLE))


ESCAPE: dict[Format, Callable[[object], str]] = {"text": as_text, "markdown": as_markdown, "html": as_html}
MARKS: dict[Format, tuple[str, str]] = {"text": ("*", "*"), "markdown": ("**", "**"), "html": ("<b>", "</b>")}


def highlight(stretches: Iterable[tuple[object, bool]], form: Format) -> str:
    """Return stretches of (text, is it evidence) in a format, with what is evidence marked."""
    before, after = MARKS[form]
    said = []
    for text, marked in stretches:
        raw = str(text)
        body = ESCAPE[form](raw)
        left, right = (" " if raw[:1].isspace() else ""), (" " if raw[-1:].isspace() and body else "")
        said.append(f"{left}{before if marked else ''}{body}{after if marked else ''}{right}")
    return _done("".join(said).strip(), form)


def link(url: object, form: Format) -> str:
    """Return an http(s) link in a format, or nothing for any other."""
    address = web_link(str(url))
    if not address:
        return _done("", form)
    whole = {
        "text": address,
        "markdown": f"<{address}>",
        "html": f'<a href="{escape(address)}">{_breakable(address)}</a>',
    }
    return _done(whole[form], form)


def _breakable(address: str) -> str:
    """Return an address as HTML that a narrow screen may break: one of 500 letters would widen the whole page."""
    return "<wbr>".join(escape(address[at : at + STRETCH]) for at in range(0, len(address), STRETCH))


def _done(text: str, form: Format) -> str:
    return Markup(text) if form == "html" else Safe(text)  # noqa: S704  (escaped piece by piece above)
