"""The application: its routes, and what they share."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from monitor.config import Config
from monitor.signing import signing_key
from monitor.store import Store
from monitor.web import acknowledge, guard
from monitor.web.pages import Pages
from monitor.web.site import Site

_STATIC = Path(__file__).parent / "static"


def create_app(
    config: Config,
    store: Store,
    *,
    environ: Mapping[str, str],
    port: int | None = None,
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """Make the application over an open, writable store; ConfigError where the secret of links cannot be had.

    `port` is the one that is listened on, where that is not the configured one; the Host header has to name it.
    """
    web = config.settings.web
    site = Site(
        config=config,
        store=store,
        key=signing_key(web, store, environ=environ),
        pages=Pages(zone=config.settings.timezone),
        clock=clock,
    )
    hosts = guard.hosts_of(web, port=port)
    app = Starlette(
        routes=[
            *acknowledge.routes(site),
            Mount("/static", StaticFiles(directory=_STATIC)),
            Route("/", site.nothing_here),
        ],
        middleware=[Middleware(guard.Guard, hosts=hosts)],
        exception_handlers={404: site.not_found, 405: site.not_found, Exception: site.failed},
    )
    app.state.site = site
    return app
