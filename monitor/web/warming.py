"""Before the first reader comes: what a first answer would wait for is imported, compiled, read and remembered.

Each view is asked once as a reader would ask it, so nothing here has to know what a view needs.
"""

import logging
import threading
import time
from typing import Final

from starlette.requests import Request

from monitor.errors import MonitorError
from monitor.model import Role
from monitor.store import Store
from monitor.store.listing import Wanted
from monitor.story.attribution import GRAMMARS
from monitor.story.claims import reading
from monitor.web.access import User
from monitor.web.ask import Ask
from monitor.web.refusal import Refusal, not_found
from monitor.web.site import Site
from monitor.web.view import View
from monitor.web.views import VIEWS

log = logging.getLogger("monitor.web")
LONGEST: Final = 3.0  # seconds that the first readers wait for it
# What is asked, in the order in which readers come; braces are filled in with something that is there.
ASKED: Final = (
    "stories", "story", "picture", "rules", "rule", "sources", "source", "deliveries", "silences", "help", "login",
    "bench", "source-add", "stories-atom", "api-stories", "api-story", "api-hits", "api-openapi", "story-export",
    "preview", "preview-story", "delivery", "trial",
)  # fmt: skip
# Of the picture also the largest, which reads most, and its usual neighbour; of hits what walks all and finds none.
MORE: Final = (("picture", "since=365d"), ("picture", "since=90d"), ("api-hits", "source=-"))


def warm(site: Site, longest: float = LONGEST) -> threading.Thread:
    """Ask each view in a thread; return after so many seconds even where that takes longer."""
    thread = threading.Thread(target=_ask_all, args=(site,), name="warming", daemon=True)
    thread.start()
    thread.join(longest)
    return thread


def _ask_all(site: Site) -> None:
    start = time.monotonic()
    views = {view.name: view for view in VIEWS}
    for name, query in [*((name, "") for name in ASKED), *MORE]:
        try:
            _ask(site, views[name], query)
        except (MonitorError, Refusal) as error:  # no database or no story yet: then there is nothing to wait for
            log.debug("the view %s could not be asked at the start: %s", name, error)
        except Exception:  # a reader who asks it gets the same, and sees it
            log.warning("the view %s failed at the start", name, exc_info=True)
    for language in GRAMMARS:  # a story in any of them: 0.1 s each
        reading(language)
    site.remarks.begin(site.config)
    log.debug("asked all views in %.1f s", time.monotonic() - start)


def _ask(site: Site, view: View, query: str) -> None:
    """Ask a view as somebody who may only look, and who gets no answer."""
    function = view.function()
    with site.readers.reading(view.slow) as store:
        parts = _parts(site, view, store)
        scope = {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "server": ("127.0.0.1", 80),
            "path": site.url(view.name, **parts),
            "path_params": parts,
            "query_string": query.encode(),
            "headers": [],
        }
        ask = Ask(request=Request(scope), site=site, view=view, now=site.clock(), config=site.config)
        ask.user, ask.lent = User("monitor", Role.ADMIN, "token"), store
        function(ask)


def _parts(site: Site, view: View, store: Store) -> dict[str, str]:
    """Return something that is there for the braces in a view's path; not_found where nothing is."""
    if view.name in ("story", "story-export", "api-story", "preview-story"):
        rows = store.listing.page(Wanted(), site.clock(), limit=1)
        kind = {"kind": "html"} if view.name == "story-export" else {}
        return {"id": _some([row.id for row in rows]), **kind}
    if view.name == "delivery":
        return {"id": _some([str(one.delivery.id) for one in store.alerts.list(limit=1)])}
    if view.name == "rule":
        return {"id": _some([rule.id for rule in site.config.rules.rules])}
    if view.name == "source":
        return {"id": _some([source.id for source in site.config.sources])}
    return {}


def _some(ids: list[str]) -> str:
    if not ids:
        raise not_found("such thing yet")
    return ids[0]
