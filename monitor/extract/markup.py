"""Tells markup from text that merely holds a `<`, marks where its blocks begin and end, and how deep it nests."""

import re
from collections import Counter

PARAGRAPH, LINE, BREAK = "\x02", "\x03", "\x04"  # stand for breaks while a parser looks at the markup

_BLOCKS = (
    "address article aside audio blockquote body center details dialog dir div dl fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr iframe main menu nav ol p pre section summary "
    "table ul video"
).split()
_LINES = "caption dd dt legend li option td th tr".split()
_INLINE = (
    "a abbr acronym applet area b base basefont bdi bdo big blink button canvas cite code col colgroup data "
    "datalist del dfn em embed font frame head html i img input ins kbd label link map mark marquee math meta "
    "meter nobr noframes noscript object optgroup output param picture progress q rp rt ruby s samp script "
    "select slot small source span strike strong style sub sup svg tbody template textarea tfoot thead time "
    "title track tt u var wbr xmp"
).split()


def _starts() -> dict[str, str]:
    """Map how a tag of HTML starts to the same with a break before it: there it is never inside an attribute."""
    kinds = ((PARAGRAPH, _BLOCKS), (LINE, _LINES), (BREAK, ["br"]), ("", _INLINE))
    return {
        f"{opening}{form}": f"{mark}{opening}{form}"
        for mark, names in kinds
        for name in names
        for form in (name, name.upper())
        for opening in ("<", "</")
    }


_STARTS = _starts()
_START = re.compile(r"</?[a-zA-Z][\w:.-]*|<!--|<!(?i:doctype)|<\?(?i:xml)|<")
_POSSIBLE = re.compile("<[a-zA-Z/!?]")
_OTHER = re.compile(r"</?[a-z][a-z0-9]*[:-]|<[!?]", re.IGNORECASE)  # o:p, amp-img; comments, declarations
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_MARKS = re.compile(f"[{PARAGRAPH}{LINE}{BREAK}]")
# A tree builder compares each attribute of a tag with all others: time grows with the square of their number.
_LONG_TAG = re.compile("</?[a-zA-Z][^<>]{4000,}>?")
_TAGS = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_FEW_TAGS = 1000  # markup with fewer tags cannot nest so deep that it costs much
_TOO_DEEP = 500


def is_markup(text: str) -> bool:
    """Return whether a text holds at least one tag, comment or declaration of HTML."""
    if "<" not in text or not _POSSIBLE.search(text):
        return False
    return any(start != "<" and _is_start(start) for start in _START.findall(text))


def mark_blocks(html: str) -> str:
    """Put a mark before every tag that bounds a block or a line, and write each `<` that opens no tag as an entity."""
    if "<![CDATA[" in html:
        html = _CDATA.sub("", html)
    return _START.sub(_marked, _LONG_TAG.sub("", _MARKS.sub("", html)))


def _marked(found: re.Match[str]) -> str:
    start = found[0]
    if known := _STARTS.get(start) or _STARTS.get(start.lower()):
        return known
    return start if _is_start(start) else "&lt;" + start[1:]


def _is_start(start: str) -> bool:
    return start in _STARTS or start.lower() in _STARTS or _OTHER.match(start) is not None


def nests_too_deep(html: str) -> bool:
    """Return whether markup nests so deep that a tree builder's time would grow with the square of its length."""
    if html.count("<") <= _FEW_TAGS:
        return False
    opened: Counter[str] = Counter()
    depth = 0
    for closing, name in _TAGS.findall(html):
        name = name.lower()
        if not closing and name not in _VOID:
            opened[name] += 1
            depth += 1
        elif closing and opened[name]:
            opened[name] -= 1
            depth -= 1
        if depth > _TOO_DEEP:
            return True
    return False
