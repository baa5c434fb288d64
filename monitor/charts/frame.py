"""The frame of every chart: its size and name, and what makes it fit to be read aloud, mailed, or put into a page."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from zlib import crc32

from monitor.charts import theme
from monitor.charts.svg import Svg, clean, link, tag

WIDE, NARROW = 720, 358  # pixels: a column of a page, a phone of 390
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_STOPS = 40  # links that the tab key stops at, one after the other; of more the table beside the chart serves


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How a chart is drawn, whatever it shows."""

    title: str  # what it shows, in a line
    description: str = ""  # what is to be seen in it; "" = the chart says it in its own words
    id: str = ""  # unique in the page; "" = made from the title
    width: int = WIDE  # pixels
    alone: bool = False  # True: a file of its own, for <img> or a mail, with its own style sheet
    base: str = ""  # address before the links, where it stands alone: "https://monitor.example.org"
    zone: tzinfo = UTC  # of the times that are written
    language: str = "en"
    classes: str = ""  # more classes of the <svg>

    def link(self, href: str, *children: str, stops: int = 0) -> Svg:
        """Return children with a link around them; `stops` is how many such links the chart has."""
        return link(href, *children, base=self.base, tab=stops <= _STOPS)

    @property
    def slim(self) -> bool:
        """Whether it is drawn for a narrow place."""
        return self.width < 520

    @property
    def key(self) -> str:
        """The id of its element."""
        return self.id if _ID.fullmatch(self.id) else f"chart-{crc32(self.title.encode('utf-8', 'ignore')):08x}"


def draw(frame: Frame, height: float, body: Svg, description: str) -> Svg:
    """Return the whole drawing.

    Without links it is an image for those who hear it; with links a group, since what is in an image cannot be reached.
    """
    key, linked = frame.key, "<a " in body
    parts = [
        tag("title", clean(frame.title) or "Chart", id=f"{key}-title"),
        tag("desc", clean(frame.description or description), id=f"{key}-desc"),
    ]
    if frame.alone:
        parts.append(Svg(f"<style>{theme.alone()}</style>"))
        parts.append(tag("rect", width=frame.width, height=height, **theme.fill("surface")))
    return tag(
        "svg",
        *parts,
        body,
        xmlns="http://www.w3.org/2000/svg",
        id=key,
        width=frame.width,
        height=height,
        viewBox=f"0 0 {frame.width} {height:g}",
        role="group" if linked else "img",
        aria_labelledby=f"{key}-title {key}-desc",
        lang=frame.language,
        font_family=theme.FONT,
        font_size="12",
        fill=theme.COLOURS["ink"][0],
        class_=" ".join(["chart", *frame.classes.split()]),
    )


def narrower(frame: Frame) -> Frame:
    """Return the frame of the same chart for a phone."""
    return replace(frame, width=NARROW, classes=f"{frame.classes} chart-narrow".strip())


def wider(frame: Frame) -> Frame:
    """Return the frame of the same chart for a wide page."""
    return replace(frame, classes=f"{frame.classes} chart-wide".strip())
