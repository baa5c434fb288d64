"""Charts as parts of a page: each with its heading, its drawing, and the same as a table."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from monitor import charts
from monitor.charts import Frame, Table
from monitor.charts.sparkline import Sparkline

FULL, BROAD, SLIM = 1200, 720, 436  # pixels that a chart has in the page's columns


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart of a page."""

    id: str
    title: str
    drawing: Markup  # svg that `monitor.charts` has written and escaped
    table: Table
    note: str = ""  # what must be known to read it


@dataclass(frozen=True, slots=True)
class Easel:
    """Draws panels in one zone, for a phone or a wide page."""

    zone: ZoneInfo
    slim: bool = False

    def panel(self, kind: str, id: str, title: str, data: Any, *, width: int = FULL, note: str = "") -> Panel:
        """Return a chart with its table."""
        frame = Frame(title=title, id=id, width=width, zone=self.zone)
        drawing = Markup(charts.fitting(kind, data, frame, slim=self.slim))  # noqa: S704 - charts escape every word
        return Panel(id, title, drawing, charts.rows(kind, data, frame), note)

    def spark(
        self, counts: tuple[int | None, ...], start: float, step: float, title: str, noun: str, id: str = ""
    ) -> Markup:
        """Return a small series in the height of a line."""
        data = Sparkline(counts, start, step, noun=noun)
        frame = Frame(title=title, id=id, width=120, zone=self.zone)
        return Markup(charts.render("sparkline", data, frame))  # noqa: S704 - charts escape every word
