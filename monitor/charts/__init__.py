"""Charts and maps as SVG text: data in, a drawing out; no scripts, no styles in attributes, no effects.

    from monitor import charts
    from monitor.charts.bars import Bars, Row

    data = Bars((Row("Gomel", 12, href="/?place=Gomel"), Row("Brest", 7)))
    charts.render("bars", data, charts.Frame(title="Places", id="places"))   # an <svg> for a page
    charts.rows("bars", data, charts.Frame(title="Places"))                   # the same as rows of text

A kind of chart is a file: its data as dataclasses, `chart` that draws it and `rows` that tells it. What it draws stands
in a page as it is (the page's style sheet begins with `stylesheet()`), or alone, in a file or a mail, with
`Frame(alone=True)`. `fitting` draws a chart for a wide page or for a phone.
"""

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from monitor.charts.frame import NARROW, WIDE, Frame, narrower, wider
from monitor.charts.svg import Svg
from monitor.charts.table import Table
from monitor.charts.theme import stylesheet

__all__ = ["CHARTS", "NARROW", "WIDE", "Frame", "Svg", "Table", "fitting", "render", "rows", "stylesheet"]

CHARTS: Final[Mapping[str, str]] = {
    "tempo": "monitor.charts.tempo",
    "sparkline": "monitor.charts.sparkline",
    "board": "monitor.charts.board",
    "calendar": "monitor.charts.calendar",
    "map": "monitor.charts.map",
    "bars": "monitor.charts.bars",
    "multiples": "monitor.charts.multiples",
    "timeline": "monitor.charts.timeline",
}


def render(name: str, data: Any, frame: Frame) -> Svg:
    """Return a chart as an <svg> element; `data` is what the file of its name says."""
    drawing: Svg = _module(name).chart(data, frame)
    return drawing


def fitting(name: str, data: Any, frame: Frame, *, slim: bool) -> Svg:
    """Return a chart for a phone, or for a wide page; a style sheet knows which by its class."""
    return render(name, data, narrower(frame) if slim else wider(frame))


def rows(name: str, data: Any, frame: Frame) -> Table:
    """Return what a chart shows as rows of text."""
    table: Table = _module(name).rows(data, frame)
    return table


def _module(name: str) -> ModuleType:
    if name not in CHARTS:
        raise ValueError(f"no chart {name!r}; there are: {', '.join(CHARTS)}")
    return import_module(CHARTS[name])
