"""The colours and letters of all charts, in light and dark, and the style sheet that switches them.

Every colour stands in the drawing as a presentation attribute, in the light theme: so it looks right in a mail, and
under a policy without inline style. A class beside it lets a style sheet say otherwise.

Eight colours tell rules apart. They were searched from Okabe and Ito's hues ("Color Universal Design", 2008) for the
largest smallest difference (OKLab) in the eyes of people with and without red, green or blue weakness (the matrices of
Machado, Oliveira and Fernandes, 2009), each with a contrast of 3 to 1 or more against its background. The tests measure
this again.
"""

from collections.abc import Mapping
from typing import Any, Final

FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
PHONE: Final = 640  # pixels of a window, up to which the narrow charts are shown
# name -> (light, dark); `surface` is what a chart lies on.
COLOURS: Final[Mapping[str, tuple[str, str]]] = {
    "surface": ("#ffffff", "#16181d"),
    "ink": ("#1d2126", "#e8eaed"),
    "soft": ("#5a626c", "#a2aab5"),
    "line": ("#c9ced4", "#3d444e"),
    "hollow": ("#eef0f2", "#262a31"),
    "mark": ("#a73d01", "#f09d36"),
    "rule1": ("#408eec", "#569bdb"),
    "rule2": ("#a73d01", "#f09d36"),
    "rule3": ("#1c7063", "#11d5a7"),
    "rule4": ("#a5819f", "#da5d85"),
    "rule5": ("#d07804", "#f7e04f"),
    "rule6": ("#19406f", "#b6e6ff"),
    "rule7": ("#7a48af", "#7b59c3"),
    "rule8": ("#642723", "#9c6325"),
    "others": ("#7b8188", "#878f99"),
    "heat1": ("#6796c5", "#3f6f9e"),
    "heat2": ("#4a7fb5", "#5c90c2"),
    "heat3": ("#2b6099", "#83b1de"),
    "heat4": ("#154475", "#b1d3f2"),
    "heat5": ("#082a50", "#e0f0ff"),
    "sea": ("#f3f6f9", "#16181d"),
    "land": ("#e3e5e2", "#2b3037"),
    "border": ("#ffffff", "#16181d"),
    "area1": ("#d5deec", "#323f52"),
    "area2": ("#c0cfe6", "#384e6c"),
    "area3": ("#a9bfdf", "#405d85"),
    "area4": ("#92aed7", "#466999"),
    "quiet": ("#5a626c", "#a2aab5"),
    "single": ("#19609f", "#6fb1ee"),
    "corroborated": ("#1c7063", "#11d5a7"),
    "bar": ("#3f74ab", "#6a9ccc"),
    "surge": ("#a73d01", "#f09d36"),
}
RULES: Final = tuple(f"rule{number}" for number in range(1, 9))
HEAT: Final = tuple(f"heat{number}" for number in range(1, 6))
AREAS: Final = tuple(f"area{number}" for number in range(1, 5))


def fill(name: str) -> dict[str, Any]:
    """Return the attributes that fill a shape in a colour of either theme."""
    return {"class_": f"f-{name}", "fill": COLOURS[name][0]}


def stroke(name: str) -> dict[str, Any]:
    """Return the attributes that draw a line in a colour of either theme."""
    return {"class_": f"s-{name}", "stroke": COLOURS[name][0]}


def both(inner: str, outer: str) -> dict[str, Any]:
    """Return the attributes of a shape that is filled in one colour and edged in another."""
    return {"class_": f"f-{inner} s-{outer}", "fill": COLOURS[inner][0], "stroke": COLOURS[outer][0]}


def stylesheet() -> str:
    """Return the style sheet of a page with charts: the dark theme, the focus of links, and what becomes of a wide one.

    The dark theme follows the reader's system, or `data-theme="dark"` (or "light") on the root element.
    """
    system, chosen = ':root:not([data-theme="light"])', ':root[data-theme="dark"]'
    return "\n".join(
        [
            ".chart { max-width: 100%; height: auto; display: block; }",
            ".chart a:focus-visible { outline: 2px solid currentColor; outline-offset: 1px; }",
            ".chart a:hover { opacity: .8; }",
            # A wide one in a narrow window can be moved about, instead of being too small to read.
            ".drawing { overflow-x: auto; }",
            f"@media (max-width: {PHONE}px) {{ .chart-wide {{ max-width: none; }} }}",
            "@media screen and (prefers-color-scheme: dark) {",
            *_rules(system, 1),
            "}",
            "@media screen {",
            *_rules(chosen, 1),
            "}",
            "",
        ]
    )


def alone() -> str:
    """Return the style sheet that a chart carries which stands alone: the dark theme by the reader's system."""
    return f"@media (prefers-color-scheme:dark){{{''.join(_rules('', 1))}}}"


def _rules(prefix: str, theme: int) -> list[str]:
    """Return the rules that set a theme; what has no colour of its own inherits that of the whole drawing."""
    within = f"{prefix} .chart".lstrip()
    written = [f"{within}{{fill:{COLOURS['ink'][theme]}}}"]
    for name, colours in COLOURS.items():
        written.append(f"{within} .f-{name}{{fill:{colours[theme]}}}")
        written.append(f"{within} .s-{name}{{stroke:{colours[theme]}}}")
    return written
