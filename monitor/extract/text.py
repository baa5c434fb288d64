"""Turns HTML, or what claims to be text, into plain text whose blank lines bound paragraphs."""

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.clean import one_line, strip_hidden
from monitor.extract.markup import BREAK, LINE, PARAGRAPH, is_markup, mark_blocks, nests_too_deep

_NO_TEXT = (
    "script style noscript template head title iframe object svg math audio video canvas textarea noframes xmp".split()
)
_HAS_NO_TEXT = re.compile(f"<(?:{'|'.join(_NO_TEXT)})", re.IGNORECASE)
# A tag without a doubt about where it ends. Where all are so, a parser finds the same text in ten times the time.
_SIMPLE_TAG = re.compile(r"""</?[a-zA-Z][^<>"']*+(?:"[^<>"]*+"[^<>"']*+|'[^<>']*+'[^<>"']*+)*+>""")
_UNSEEN = re.compile(r"<(/?)(?:script|style|noscript|head|title|template|iframe|svg)\b[^<>]*>?", re.IGNORECASE)
_ANY_TAG = re.compile("<[^<>]*>?")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_BREAKS = re.compile(rf" ?[{PARAGRAPH}{LINE}{BREAK}][ {PARAGRAPH}{LINE}{BREAK}]*")
_MANY_BREAKS = re.compile(r"\n{3,}")
# A line that ends in the middle of a sentence was broken by whoever wrapped the text, unless a list goes on.
_WRAPPED = re.compile(r"(?<=[^\s.!?:;…»”\")])\n(?=[^\s\-–—•*·#>\d])")
_UNESCAPES = 3  # `&amp;amp;quot;` is seen in feeds that pass through several programs


def html_to_text(html: str) -> str:
    """Return the plain text of HTML or text: blank lines between blocks, newlines for `<br>` and list items."""
    if not html:
        return ""
    if is_markup(html):
        return _squeeze(_text_of(html))
    if "&" in html:
        html = _unescaped(html)
        if is_markup(html):  # it was escaped twice
            return _squeeze(_text_of(html))
    text = _squeeze(html)
    return _WRAPPED.sub(" ", text) if "\n" in text else text


def title_to_text(html: str) -> str:
    """Return a title as one line of plain text."""
    if "<" not in html and "&" not in html:
        return one_line(html)
    return one_line(html_to_text(html))


def _text_of(html: str) -> str:
    marked = mark_blocks(html)
    if not _HAS_NO_TEXT.search(marked):
        text = _SIMPLE_TAG.sub("", marked)
        if "<" not in text:
            return _broken(_unescaped(text) if "&" in text else text)
    if nests_too_deep(marked):
        return _without_tags(marked)
    parser = LexborHTMLParser(marked)
    if _HAS_NO_TEXT.search(marked):
        parser.strip_tags(_NO_TEXT)
    body = parser.body or parser.root
    text = body.text() if body is not None else ""
    text = _unescaped(text) if "&" in text else text
    return _broken(text)


def _broken(text: str) -> str:
    """Let the marks be the only line breaks: in markup a newline is no more than a space."""
    return _BREAKS.sub(_break, " ".join(text.split()))


def _break(found: re.Match[str]) -> str:
    run = found[0]
    return "\n\n" if PARAGRAPH in run or run.count(BREAK) > 1 else "\n"


def _without_tags(marked: str) -> str:
    """Take the tags out without building a tree: for markup that nests as no honest page does."""
    seen, position = [], 0
    for found in _UNSEEN.finditer(marked):
        if not found[1]:  # up to the next tag of this kind, whichever it is, is text
            seen.append(marked[max(position, 0) : found.start()] if position >= 0 else "")
            position = -1
        else:
            position = found.end()
    seen.append(marked[position:] if position >= 0 else "")
    return _broken(_unescaped(_ANY_TAG.sub(" ", "".join(seen))))


def _unescaped(text: str) -> str:
    """Resolve entities, also those that were escaped more than once."""
    for _ in range(_UNESCAPES):
        if not _ENTITY.search(text):
            break
        text = unescape(text)
    return text


def _squeeze(text: str) -> str:
    text = strip_hidden(text)
    if "\n" not in text:
        return " ".join(text.split())
    return _MANY_BREAKS.sub("\n\n", "\n".join([" ".join(line.split()) for line in text.split("\n")])).strip()
