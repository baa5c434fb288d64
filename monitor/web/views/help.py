"""`/help`: the keys, and how the page is used."""

from starlette.responses import Response

from monitor.web.ask import Ask

KEYS = (
    ("j", "next row"),
    ("k", "row before"),
    ("o", "open the row"),
    ("a", "acknowledge the story"),
    ("w", "mark the hit wrong"),
    ("s", "silence"),
    ("Esc", "leave a field, or the row: then the list changes by itself again"),
    ("u", "back to the list"),
    ("/", "search"),
    ("r", "load what is new"),
    ("?", "this help"),
)


def help(ask: Ask) -> Response:
    """Show the keys."""
    return ask.page("help.html", keys=KEYS)
