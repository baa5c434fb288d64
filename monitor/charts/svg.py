"""Writes SVG: elements, text that is always escaped, and links that never leave the page's own host.

A `str` is somebody's words and is escaped; an `Svg` is markup that came from here. Attributes are presentation
attributes only: a policy without inline style lets them pass, and a mail program without a style sheet shows them.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

Value = str | float | None
DOTS: Final = "…"
# What XML cannot hold, and the marks that turn the order of the letters around them.
_UNFIT = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]"
)
_BLANKS = re.compile(r"\s+")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_LOCAL = re.compile(r"(?:/(?![/\\])|[?#])[^\s\\\x00-\x1f\x7f]*")
_BASE = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(?:/[A-Za-z0-9._~/\-]*)?")
_NARROW, _WIDE = frozenset("ijlIft.,:;'|!()[]`·’ r-/"), frozenset("mwMWщшжюЩШЖЮФфыЫ@%—…&")
_SIZES = {"narrow": 0.37, "plain": 0.61, "capital": 0.7, "wide": 0.95, "full": 1.02}  # em


class Svg(str):
    """Markup that was written here, and is not escaped again."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: Value) -> Svg:
    """Return an element; `fill_opacity` is written fill-opacity, `class_` class, and None leaves an attribute out."""
    written = "".join([f' {_key(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None])
    if not children:
        return Svg(f"<{name}{written}/>")
    inner = "".join([child if isinstance(child, Svg) else escape(child) for child in children])
    return Svg(f"<{name}{written}>{inner}</{name}>")


def _key(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)


def join(parts: Iterable[str]) -> Svg:
    """Return pieces of markup as one."""
    return Svg("".join([part if isinstance(part, Svg) else escape(part) for part in parts]))


def escape(text: str) -> str:
    """Return text as XML may hold it, in an element or between quotes."""
    plain = text if text.isascii() and text.isprintable() else _UNFIT.sub("", text)
    return plain.translate(_ESCAPES)


def clean(text: str) -> str:
    """Return a label in one line, without what cannot be drawn."""
    return _BLANKS.sub(" ", _UNFIT.sub("", text)).strip()


def number(value: float) -> str:
    """Write a number of a drawing, to the hundredth; what is no number is 0."""
    if isinstance(value, int):
        return str(value)
    return f"{value:.2f}".rstrip("0").rstrip(".") if math.isfinite(value) else "0"


def local(href: str) -> str:
    """Return a link within the page's own host ("/hits?day=1", "?day=1", "#x"), or "" for any other."""
    return href if _LOCAL.fullmatch(href) else ""


def link(href: str, *children: str, base: str = "", tab: bool = True) -> Svg:
    """Return what it links around its children; where the link is none of ours, the children alone.

    `base` is the address of the page as a mail needs it ("https://monitor.example.org"); it comes from the
    configuration, never from data. `tab` False takes the link out of the order of the tab key.
    """
    target = local(href)
    if not target or (base and not _BASE.fullmatch(base)):
        return join(children)
    return tag("a", *children, href=base.rstrip("/") + target, tabindex=None if tab else "-1")


# --- text ------------------------------------------------------------------------------------------------------------


def extent(text: str, size: float) -> float:
    """Return how wide a text is at most, in pixels: as in DejaVu Sans, the widest face that is common."""
    return sum([_width(letter) for letter in text]) * size


def _width(letter: str) -> float:
    if letter in _NARROW:
        return _SIZES["narrow"]
    if letter in _WIDE:
        return _SIZES["wide"]
    if letter < "\u0300":
        return _SIZES["capital" if letter.isupper() else "plain"]
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return _SIZES["full"]
    return _SIZES["capital" if letter.isupper() else "plain"] * 1.04


def shorten(text: str, room: float, size: float) -> str:
    """Return a label, cut with an ellipsis to fit this many pixels."""
    whole = clean(text)
    if extent(whole[:400], size) <= room:
        return whole[:400]
    left = room - extent(DOTS, size)
    kept = []
    for letter in whole:
        left -= _width(letter) * size
        if left < 0:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + DOTS


def is_rightward(text: str) -> bool:
    """Tell whether a text is read from the left; its first letter with a direction decides."""
    for letter in text[:200]:
        direction = unicodedata.bidirectional(letter)
        if direction in ("R", "AL"):
            return False
        if direction == "L":
            return True
    return True


def label(
    text: str, x: float, y: float, *, room: float = 0, size: float = 12, anchor: str = "start", **more: Value
) -> Svg:
    """Return a line of text that stands at x: its left ("start"), "middle" or right ("end") edge, whatever its script.

    With `room` it is cut to as many pixels, and the whole text is what a pointer shows.
    """
    whole = clean(text)
    shown = shorten(whole, room, size) if room else whole
    turned = not is_rightward(shown)
    if turned:  # "start" of a text that is read from the right is its right edge
        anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
    full = [tag("title", whole)] if shown != whole else []
    attributes: dict[str, Value] = {"x": x, "y": y, "font_size": size if size != 12 else None}
    attributes |= {"text_anchor": anchor if anchor != "start" else None, "direction": "rtl" if turned else None}
    return tag("text", *full, shown, **(attributes | more))
