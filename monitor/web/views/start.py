"""`/`: the start page is the list of stories."""

from starlette.responses import Response

from monitor.web.ask import Ask


def start(ask: Ask) -> Response:
    """Send the browser to the first view of the navigation."""
    from monitor.web.views import VIEWS

    names = [view.name for view in VIEWS if view.nav]
    return ask.redirect(ask.url("stories" if "stories" in names else next(iter(names), "help")))
